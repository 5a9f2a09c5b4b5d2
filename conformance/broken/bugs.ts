/** Bugs that shipped in good systems, and defects known to be broken by design: each has a broken drain, or a reason why not. */
export interface Bug {
  /** What went wrong, in a few words. */
  readonly what: string;
  /** Where it shipped. */
  readonly shipped: string;
  /** Why no broken drain stands for it. */
  readonly absent?: string;
}

export const BUGS: Readonly<Record<string, Bug>> = {
  'bug 1': { what: 'batched read cursor left unpublished when drained', shipped: 'quill#946' },
  'bug 2': { what: 'reader reloads the head and never leaves', shipped: 'bcc#3822' },
  'bug 3': { what: 'one huge batch makes the ring look full', shipped: 'disruptor#255' },
  'bug 4': { what: 'the largest queue always chosen', shipped: 'concurrentqueue#103' },
  'bug 5': { what: 'one wake-up for many buffers', shipped: 'lttng-tools 02b3d176' },
  'bug 6': { what: 'a peek that moved the cursor', shipped: 'lttng-tools 5420e5db' },
  'bug 7': {
    what: 'ordered compare of wrapped counters',
    shipped: 'lttng-tools 9377d830, lttng-ust bef0fcc0, ck c7945fe',
  },
  'bug 8': { what: 'wrap with a capacity that is no power of two', shipped: 'iceoryx2#986' },
  'bug 9': { what: 'full looks empty after a wrap', shipped: 'NanoLog 9c5c110' },
  'bug 10': { what: 'plain cursor hoisted out of a loop', shipped: 'NanoLog#8' },
  'bug 11': { what: 'buffer recycled without happens-before', shipped: 'concurrentqueue#404' },
  'bug 12': { what: 'stale cursors lose a notification', shipped: 'libbpf kernel-patches#5363, lttng-ust 9fba335b' },
  'bug 13': { what: 'already-signalled fast path skips the wake', shipped: 'boost.log#255' },
  'bug 14': { what: 'waiter tests equality, the index jumps past', shipped: 'thread-stream#245, #250' },
  'bug 15': { what: 'events below a watermark stranded', shipped: 'rasdaemon#85' },
  'bug 16': { what: 'flush waits for empty under load', shipped: 'spdlog#664' },
  'bug 17': { what: 'last packet of each thread lost', shipped: 'perfetto#97' },
  'bug 18': { what: 'a leaving application skipped by stop', shipped: 'lttng-tools b9adce36' },
  'bug 19': { what: 'hang-up handled before data', shipped: 'lttng-tools 03e43155' },
  'bug 20': { what: 'crash between reserve and commit blocks others', shipped: 'lttng-ust 11c22feb' },
  'bug 21': { what: 'unblocker published a live claim', shipped: 'aeron#377' },
  'bug 22': { what: 'emit during thread teardown', shipped: 'quill#305, tracy#61' },
  'bug 23': { what: 'slot reuse races at thread exit', shipped: 'concurrentqueue#288' },
  'bug 24': { what: 'early registrant orphaned by a queue re-init', shipped: 'tracy dfded9d5' },
  'bug 25': { what: 'buffers leak over start and stop', shipped: 'openj9#24399' },
  'bug 26': {
    what: 'a forked child drains the lanes twice',
    shipped: 'quill#818, #860',
    absent: 'JavaScript cannot fork without exec, so no scenario can have a child with the lanes of its parent',
  },
  'bug 27': { what: 'three quarters lost and no counter moved', shipped: 'perfetto#6052' },
  'bug 28': { what: 'duplicates, and false loss reports', shipped: 'perfetto#5695, #5644' },
  'bug 29': { what: 'flush overwrote the oldest snapshot packet', shipped: 'lttng-tools 43d9b732' },
  'bug 30': { what: 'EAGAIN for ever; short writes ignored', shipped: 'sonic-boom#250, NanoLog' },
  'bug 31': { what: 'dead worker, memory grows without a word', shipped: 'pino#2106' },
  'bug 32': { what: 'hot retry starves a lock holder', shipped: 'lttng-tools 838d6b4c' },
  'bug 33': {
    what: 'ageing promoted everyone into one queue',
    shipped: 'field notes',
    absent:
      'the contract has no priority classes: a promotion changes a place in the list, which QUEUE-SKIP-FIRST holds',
  },
  'bug 34': { what: 'external memory detached when a worker exits', shipped: 'node#30551' },
  'smallest credits/pending': {
    what: 'the thread with the smallest credits per pending event is chosen',
    shipped: 'by design',
  },
  'credit thrown away on a skip': { what: 'a skipped thread loses its credit', shipped: 'by design' },
  'quantum counted in buffers': { what: 'a visit costs the same however long its batch is', shipped: 'by design' },
  'Jain without zeros': { what: 'the fairness index leaves out the starved', shipped: 'by design' },
};
