import type { Fault } from '../fault.js';

/** One broken drain, or more, for each requirement of the family QUEUE. */
export const FAULTS: readonly Fault[] = [
  {
    name: 'takes-held-queue',
    what: 'tryAcquireDrain says true whoever holds the queue.',
    requirement: 'QUEUE-TRY-NONBLOCKING',
    phrase: 'while its producer held it',
    edits: [
      {
        file: 'drain-iterator.ts',
        find: 'if (thread === undefined || !tryAcquire(this.view, slot)) return false;',
        replace: 'if (thread === undefined) return false;\n    tryAcquire(this.view, slot);',
      },
    ],
  },
  {
    name: 'waits-for-queue',
    what: 'tryAcquireDrain tries until the queue is free.',
    requirement: 'QUEUE-TRY-NONBLOCKING',
    phrase: 'gave no answer within',
    edits: [
      {
        file: 'drain-iterator.ts',
        find: 'if (thread === undefined || !tryAcquire(this.view, slot)) return false;',
        replace: 'if (thread === undefined) return false;\n    while (!tryAcquire(this.view, slot));',
      },
    ],
  },
  {
    name: 'keeps-released-queue',
    what: 'releaseDrain does not give the queue back.',
    requirement: 'QUEUE-TRY-NONBLOCKING',
    phrase: 'did not take the free queue',
    edits: [
      {
        file: 'drain-iterator.ts',
        find: 'this.#held.delete(slot);\n    release(this.view, slot);',
        replace: 'this.#held.delete(slot);',
      },
    ],
  },
  {
    name: 'lets-go-before-the-visit',
    what: 'The queue is given back before the visit instead of after it.',
    requirement: 'QUEUE-EXCLUSIVE',
    phrase: 'two drains held one thread',
    edits: [
      {
        file: 'turns.ts',
        find: 'scheduler.beginVisit(thread);',
        replace: 'release(view, thread.slot);\n    scheduler.beginVisit(thread);',
      },
    ],
  },
  {
    name: 'looks-without-taking',
    what: 'A drain looks whether the queue is free, and does not take it.',
    requirement: 'QUEUE-EXCLUSIVE',
    phrase: 'two drains held one thread',
    edits: [
      {
        file: 'submit-queue.ts',
        find: 'return swap(arena, slot, QUEUE_STATE.free, QUEUE_STATE.drain);',
        replace: 'return swap(arena, slot, QUEUE_STATE.free, QUEUE_STATE.free);',
      },
    ],
  },
  {
    name: 'visible-at-begin',
    what: 'A group is published when it begins, and visits take no notice of the queue.',
    requirement: 'QUEUE-GROUP-VISIBLE',
    phrase: 'of a group was delivered before its commit',
    edits: [
      {
        file: 'thread-handle.ts',
        find: 'this.#held = group;',
        replace: 'this.#held = group;\n    this.#index.publish();',
      },
      {
        file: 'turns.ts',
        find: 'if (!tryAcquire(view, thread.slot)) {',
        replace: 'if (!tryAcquire(view, thread.slot) && thread.slot < 0) {',
      },
    ],
  },
  {
    name: 'commits-one-lane',
    what: 'A commit publishes the index records only.',
    requirement: 'QUEUE-GROUP-VISIBLE',
    phrase: 'a committed group was not delivered whole',
    edits: [{ file: 'thread-handle.ts', find: 'if (this.#hasDetail) this.#detail.publish();', replace: '' }],
  },
  {
    name: 'tests-one-lane',
    what: 'Room for a group is looked for in the index lane only.',
    requirement: 'QUEUE-GROUP-WHOLE',
    phrase: 'which do not fit, was told',
    edits: [
      {
        file: 'thread-handle.ts',
        find: "return group.detail.length > this.#detail.room() ? 'DETAIL_FULL' : undefined;",
        replace: 'return undefined;',
      },
    ],
  },
  {
    name: 'group-cut-in-two',
    what: 'What fits of a group is kept, the group rejected.',
    requirement: 'QUEUE-GROUP-WHOLE',
    phrase: 'a part of a rejected group',
    edits: [
      {
        file: 'thread-handle.ts',
        find: "if (!this.#index.fits(group.index.length)) return 'LANE_FULL';",
        replace:
          "if (!this.#index.fits(group.index.length)) {\n      for (const record of group.index) if (this.#index.fits(1)) this.#index.stage(record);\n      return 'LANE_FULL';\n    }",
      },
    ],
  },
  {
    name: 'rejected-group-holds',
    what: 'A rejected group keeps the queue.',
    requirement: 'QUEUE-GROUP-WHOLE',
    phrase: 'which fit, was told',
    edits: [
      {
        file: 'thread-handle.ts',
        find: 'this.#swapQueue(QUEUE_STATE.producer, QUEUE_STATE.free);\n      return full;',
        replace: 'return full;',
      },
    ],
  },
  {
    name: 'skips-not-counted',
    what: 'A skip is not in the result of the iteration.',
    requirement: 'QUEUE-SKIP-COUNTED',
    phrase: 'says that it skipped 0',
    edits: [{ file: 'turns.ts', find: 'this.tally.skips += 1;', replace: '' }],
  },
  {
    name: 'visits-held-thread',
    what: 'A thread is visited though its producer holds the queue.',
    requirement: 'QUEUE-SKIP-COUNTED',
    phrase: 'was visited while its submit queue was held',
    edits: [
      {
        file: 'turns.ts',
        find: 'if (!tryAcquire(view, thread.slot)) {',
        replace: 'if (!tryAcquire(view, thread.slot) && thread.slot < 0) {',
      },
    ],
  },
  {
    name: 'skip-takes-credit',
    what: 'A skip throws the credit away.',
    requirement: 'QUEUE-SKIP-CREDIT',
    phrase: 'the credit of the skips was thrown away',
    edits: [{ file: 'turns.ts', find: 'thread.skips += 1;', replace: 'thread.skips += 1;\n    thread.credit = 0;' }],
  },
  {
    name: 'credit-without-cap',
    what: 'Credit grows with every skip.',
    requirement: 'QUEUE-SKIP-CREDIT',
    phrase: 'more than its credit',
    edits: [
      {
        file: 'scheduler.ts',
        find: 'thread.credit = Math.min(thread.credit + share * this.quantum, cap);',
        replace: 'thread.credit += Math.min(share * this.quantum, cap);',
      },
    ],
  },
  {
    name: 'never-promoted',
    what: 'A thread that is skipped again and again stays where it is.',
    requirement: 'QUEUE-SKIP-FIRST',
    phrase: 'was not first in the next one',
    edits: [
      {
        file: 'scheduler.ts',
        find: 'if (thread.skipsInRow >= this.#config.maxSkips)',
        replace: 'if (thread.skipsInRow < 0)',
      },
    ],
  },
  {
    name: 'promoted-one-late',
    what: 'A thread is promoted after maxSkips + 1 skips.',
    requirement: 'QUEUE-SKIP-FIRST',
    phrase: 'was not first in the next one',
    edits: [
      {
        file: 'scheduler.ts',
        find: 'thread.skipsInRow >= this.#config.maxSkips',
        replace: 'thread.skipsInRow > this.#config.maxSkips',
      },
    ],
  },
  {
    name: 'skip-ends-iteration',
    what: 'An iteration ends at a queue that is held.',
    requirement: 'QUEUE-OTHERS-GO-ON',
    phrase: 'did not deliver the event of thread',
    edits: [
      {
        file: 'drain-iterator.ts',
        find: 'turns.take(scheduler.select()!);',
        replace: 'turns.take(scheduler.select()!);\n      if (result.skips > 0) break;',
      },
    ],
  },
  {
    name: 'hot-queue-retry',
    what: 'An iteration tries a held queue until it is free.',
    requirement: 'QUEUE-OTHERS-GO-ON',
    phrase: 'gave no answer within',
    edits: [
      {
        file: 'turns.ts',
        find: 'if (!tryAcquire(view, thread.slot)) {',
        replace: 'while (!tryAcquire(view, thread.slot));\n    if (thread.slot < 0) {',
      },
    ],
  },
  {
    name: 'pending-beside-cursors',
    what: 'Pending events are counted at visits, not from the cursors.',
    requirement: 'QUEUE-PENDING-EXACT',
    phrase: 'are pending, and the metrics say',
    edits: [
      {
        file: 'metrics.ts',
        find: 'thread.countAccepted();\n  const pending = distance(thread.lane.tail, thread.lane.head);',
        replace:
          'const pending = Math.max(0, thread.index.accepted - thread.index.delivered);\n  thread.countAccepted();',
      },
    ],
  },
  {
    name: 'pending-marked-only',
    what: 'Pending detail is what is marked.',
    requirement: 'QUEUE-PENDING-EXACT',
    phrase: 'detail lane:',
    edits: [{ file: 'metrics.ts', find: 'thread.pendingDetail(), left,', replace: 'thread.dueDetail(false), left,' }],
  },
  {
    name: 'wake-up-lost',
    what: 'Producers wake nobody, and a drain that nobody woke does not look again.',
    requirement: 'QUEUE-WAKE',
    phrase: 'were delivered by stop() only',
    bug: 'bug 12',
    edits: [
      {
        file: 'wake.ts',
        find: 'Atomics.compareExchange(arena.words, sleeping, 1, 0) !== 1) return;',
        replace: 'Atomics.compareExchange(arena.words, sleeping, 1, 0) !== 2) return;',
      },
      { file: 'wake.ts', find: 'if (!hasWork())', replace: 'if (!hasWork() || sequence >= 0)' },
      {
        file: 'drain-iterator.ts',
        find: "if (why === 'woken') counters.wakeups += 1;",
        replace: "this.asleep = why !== 'woken';",
      },
      {
        file: 'drain-iterator.ts',
        find: 'discovery.discover();',
        replace: 'if (this.asleep !== true || !mode.limited) discovery.discover();',
      },
    ],
  },
  {
    name: 'busy-group-staged',
    what: 'A group that meets a visiting drain is told QUEUE_BUSY, and its records stay staged.',
    requirement: 'QUEUE-BUSY-PRODUCER',
    phrase: 'though it was rejected with QUEUE_BUSY',
    edits: [
      {
        file: 'thread-handle.ts',
        find: "if (!this.#swapQueue(QUEUE_STATE.free, QUEUE_STATE.producer)) return 'QUEUE_BUSY';",
        replace:
          "if (!this.#swapQueue(QUEUE_STATE.free, QUEUE_STATE.producer)) {\n      for (const record of group.index) this.#index.stage(record);\n      return 'QUEUE_BUSY';\n    }",
      },
    ],
  },
  {
    name: 'emit-waits-its-turn',
    what: 'A single emit is refused while the drain visits the thread.',
    requirement: 'QUEUE-BUSY-PRODUCER',
    phrase: 'a single emit of thread',
    edits: [
      {
        file: 'thread-handle.ts',
        find: "if (!this.#index.fits(1)) return 'LANE_FULL';",
        replace:
          "if (!this.#index.fits(1)) return 'LANE_FULL';\n    if (Atomics.load(this.#arena.words, this.#arena.slot(this.slot, SLOT.queue)) === QUEUE_STATE.drain) return 'LANE_FULL';",
      },
    ],
  },
  {
    name: 'one-wake-for-many',
    what: 'The drain does not look again before it sleeps: what came while it was awake has no wake-up of its own.',
    requirement: 'QUEUE-WAKE',
    phrase: 'beside a sleeping drain',
    racy: true,
    bug: 'bug 5',
    edits: [
      { file: 'wake.ts', find: 'if (!hasWork())', replace: 'if (!hasWork() || sequence >= 0)' },
      {
        file: 'drain-iterator.ts',
        find: "if (why === 'woken') counters.wakeups += 1;",
        replace: "this.asleep = why !== 'woken';",
      },
      {
        file: 'drain-iterator.ts',
        find: 'discovery.discover();',
        replace: 'if (this.asleep !== true || !mode.limited) discovery.discover();',
      },
    ],
  },
];
