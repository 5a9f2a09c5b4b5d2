import type { Fault } from '../fault.js';

/** The drain remembers of each thread that it was declared dead. */
const KNOWS_WHO_DIED: Fault['edits'] = [
  {
    file: 'drain-iterator.ts',
    find: 'takeOver(this.view, slot);',
    replace: `takeOver(this.view, slot);
    const found = this.parts.discovery.tracked[slot];
    if (found !== undefined) found.died = true;`,
  },
  { file: 'thread-drain-state.ts', find: 'failuresInRow = 0;', replace: 'failuresInRow = 0;\n  died = false;' },
];

/** Faults of what begins or ends beside something else: slots, handles, books, back-off, stops, looks. */
export const FAULTS: readonly Fault[] = [
  {
    name: 'detail-close-kept',
    what: 'A slot that is used again keeps the close word of its detail lane.',
    requirement: 'THREAD-LEAVE-DELIVERS',
    phrase: 'with threads that leave',
    edits: [
      {
        file: 'registry.ts',
        find: 'Atomics.store(arena.longs, arena.slot(slot, SLOT.detailClose) / 2, 0n);',
        replace: '',
      },
    ],
  },
  {
    name: 'stale-seal',
    what: "seal() of a thread that was declared dead seals its successor's window.",
    requirement: 'THREAD-STALE-HANDLE',
    phrase: 'through the stale handle',
    edits: [
      {
        file: 'thread-handle.ts',
        find: `seal(): EmitOutcome {
    const refusal = this.#refusal();
    if (refusal !== undefined) return refusal;`,
        replace: `seal(): EmitOutcome {
    if (this.#left) return 'THREAD_LEFT';`,
      },
    ],
  },
  {
    name: 'stale-seal-in-secret',
    what: "seal() of a thread that was declared dead tells STALE_HANDLE, and seals its successor's window.",
    requirement: 'THREAD-STALE-HANDLE',
    phrase: 'was drained while it was open',
    edits: [
      {
        file: 'thread-handle.ts',
        find: `seal(): EmitOutcome {
    const refusal = this.#refusal();
    if (refusal !== undefined) return refusal;`,
        replace: `seal(): EmitOutcome {
    const refusal = this.#refusal();
    if (refusal === 'STALE_HANDLE') this.#detail.seal();
    if (refusal !== undefined) return refusal;`,
      },
    ],
  },
  {
    name: 'detail-emit-after-dead',
    what: 'emitDetail() of a thread that was declared dead tells STALE_HANDLE, and moves the tail of its successor.',
    requirement: 'THREAD-STALE-HANDLE',
    phrase: 'never delivered',
    edits: [
      {
        file: 'thread-handle.ts',
        find: `#emitDetail(record: Uint8Array): EmitOutcome {
    const refusal = this.#refusal();
    if (refusal !== undefined) return refusal;`,
        replace: `#emitDetail(record: Uint8Array): EmitOutcome {
    if (this.#left) return 'THREAD_LEFT';`,
      },
    ],
  },
  {
    name: 'stale-set-weight',
    what: 'setWeight() and setPriority() of a thread that left change its successor.',
    requirement: 'THREAD-EMIT-AFTER-LEAVE',
    phrase: 'came after leave()',
    edits: [
      {
        file: 'thread-handle.ts',
        find: `const absence = this.#absence();
    if (absence !== undefined) return absence;
    Atomics`,
        replace: 'Atomics',
      },
    ],
  },
  {
    name: 'dead-ledger-lost',
    what: 'The ledger of a thread that was declared dead is forgotten when its slot is free.',
    requirement: 'LEDGER-TRUE',
    phrase: 'the ledger says accepted',
    edits: [
      ...KNOWS_WHO_DIED,
      {
        file: 'metrics.ts',
        find: '  retire(thread: ThreadDrainState): void {',
        replace: '  retire(thread: ThreadDrainState): void {\n    if (thread.died) return;',
      },
    ],
  },
  {
    name: 'dead-staged-evicted',
    what: 'What a dead thread had staged in its windows is counted as evicted.',
    requirement: 'LEDGER-BALANCE',
    phrase: 'the ledger does not balance',
    edits: [
      {
        file: 'thread-drain-state.ts',
        find: 'this.evictedAtEnd = this.pendingDetail();',
        replace: `for (let window = 0; window < this.windows.count; window += 1)
      if (this.windows.state(window) !== WINDOW_STATE.free)
        this.evictedAtEnd += this.windows.written(window) - this.windows.released(window);`,
      },
    ],
  },
  {
    name: 'dead-not-in-metrics',
    what: 'The reclaim of a dead thread is not counted in the metrics.',
    requirement: 'METRIC-EXACT',
    phrase: 'the metrics say reclaimed',
    edits: [
      ...KNOWS_WHO_DIED,
      { file: 'turns.ts', find: 'counters.reclaimed += 1;', replace: 'if (!thread.died) counters.reclaimed += 1;' },
    ],
  },
  {
    name: 'rejected-when-left',
    what: 'What a stale handle is told is counted as rejected, in the books of the successor.',
    requirement: 'LEDGER-TRUE',
    phrase: 'the ledger says rejected',
    edits: [
      {
        file: 'thread-handle.ts',
        find: "if (outcome === 'LANE_FULL' || outcome === 'TIMED_OUT')",
        replace: "if (outcome === 'LANE_FULL' || outcome === 'TIMED_OUT' || outcome === 'STALE_HANDLE')",
      },
    ],
  },
  {
    name: 'back-off-shared',
    what: 'Failures in a row are counted for the whole drain: a success of another thread begins anew.',
    requirement: 'SINK-BACKS-OFF',
    phrase: 'no back-off',
    edits: [
      {
        file: 'visit.ts',
        find: `if (taken > 0) thread.failuresInRow = 0;
    else {
      this.result.sinkFailures += 1;
      thread.failuresInRow += 1;
      thread.backoff = backoffIterations(thread.failuresInRow, this.#maxBackoff);`,
        replace: `if (taken > 0) shared.failuresInRow = 0;
    else {
      this.result.sinkFailures += 1;
      shared.failuresInRow += 1;
      thread.backoff = backoffIterations(shared.failuresInRow, this.#maxBackoff);`,
      },
      {
        file: 'visit.ts',
        find: '/** Delivers up to `allowance` events of a thread whose queue',
        replace: 'const shared = { failuresInRow: 0 };\n/** Delivers up to `allowance` events of a thread whose queue',
      },
    ],
  },
  {
    name: 'back-off-in-a-word',
    what: 'The back-off is computed in 32 bits: after 33 failures in a row it begins anew.',
    requirement: 'SINK-BACKS-OFF',
    phrase: 'no back-off',
    edits: [
      {
        file: 'visit.ts',
        find: 'thread.backoff = backoffIterations(thread.failuresInRow, this.#maxBackoff);',
        replace: 'thread.backoff = Math.min((2 ** (thread.failuresInRow - 1)) >>> 0 || 1, this.#maxBackoff);',
      },
    ],
  },
  {
    name: 'left-skips-held',
    what: 'stop() does not count what is left of a thread whose queue is held.',
    requirement: 'STOP-DEADLINE',
    phrase: 'stop() gave up and says it left',
    edits: [
      {
        file: 'stop.ts',
        find: '    revoke(view, thread.slot);\n',
        replace: `    if (Atomics.load(view.words, view.slot(thread.slot, SLOT.queue)) !== 0) {
      revoke(view, thread.slot);
      continue;
    }
`,
      },
    ],
  },
  {
    name: 'left-detail-staged',
    what: 'stop() counts as left the detail that a group which is held has staged.',
    requirement: 'STOP-DEADLINE',
    phrase: 'detail events, and',
    edits: [
      {
        file: 'stop.ts',
        find: 'leftDetail += thread.dueDetail(true, closedTail(view, slot, SLOT.detailClose, windows.tail));',
        replace: `const beyond = (closedTail(view, slot, SLOT.detailClose, windows.tail) + 1000) >>> 0;
    leftDetail += thread.dueDetail(true, beyond);`,
      },
    ],
  },
  {
    name: 'revoked-kept',
    what: 'A commit that stop() refused does not free the queue: a second stop() waits for it in vain.',
    requirement: 'STOP-TWICE',
    phrase: 'is not complete',
    edits: [
      {
        file: 'thread-handle.ts',
        find: 'this.#swapQueue(QUEUE_STATE.revoked, QUEUE_STATE.free); // a second stop() may finish now',
        replace: '',
      },
    ],
  },
  {
    name: 'stop-deadline-in-a-word',
    what: 'The deadline of stop() is kept in 32 bits: five seconds are seven tenths of one.',
    requirement: 'STOP-DELIVERS-ALL',
    phrase: 'says it is not complete',
    edits: [
      {
        file: 'stop.ts',
        find: 'Number(environment.now() - started) >= deadlineNs',
        replace: 'Number(environment.now() - started) >= deadlineNs >>> 0',
      },
    ],
  },
  {
    name: 'released-by-drain',
    what: 'Each drain remembers for itself how much of a window was released: a second drain begins anew.',
    requirement: 'QUEUE-EXCLUSIVE',
    phrase: 'delivered twice',
    edits: [
      {
        file: 'window.ts',
        find: '    return this.#load(window, WINDOW.released);',
        replace: "    return this.#taken.get(window + ':' + this.sequence(window)) ?? 0;",
      },
      {
        file: 'window.ts',
        find: `    Atomics.store(this.#arena.words, this.#word(window, WINDOW.released), count);
  }

  /** Writer only: the descriptor`,
        replace: `    this.#taken.set(window + ':' + this.sequence(window), count);
  }

  /** Writer only: the descriptor`,
      },
      {
        file: 'window.ts',
        find: '  readonly #tailWord: number;\n\n  constructor',
        replace: '  readonly #tailWord: number;\n  readonly #taken = new Map<string, number>();\n\n  constructor',
      },
    ],
  },
  {
    name: 'detail-only-group',
    what: 'A group without index events publishes nothing.',
    requirement: 'QUEUE-GROUP-VISIBLE',
    phrase: 'a committed group was not delivered whole',
    edits: [
      {
        file: 'thread-handle.ts',
        find: 'if (this.#hasDetail) this.#detail.publish();',
        replace: 'if (this.#hasDetail && this.#index.published !== indexBefore) this.#detail.publish();',
      },
    ],
  },
  {
    name: 'bad-weight-keeps-slot',
    what: 'register() looks at the weight when it has taken a slot, and keeps the slot of who is refused.',
    requirement: 'THREAD-SLOTS-PLATEAU',
    phrase: 'slots leak',
    edits: [
      {
        file: 'registry.ts',
        find: '    checkWeight(weight);\n    checkPriority(priority);\n    if (!Number',
        replace: '    if (!Number',
      },
      {
        file: 'registry.ts',
        find: 'const { slot, generation } = this.#claim(threadId);',
        replace:
          'const { slot, generation } = this.#claim(threadId);\n    checkWeight(weight);\n    checkPriority(priority);',
      },
    ],
  },
  {
    name: 'metrics-weight-first',
    what: 'The metrics tell the weight of the registration after setWeight().',
    requirement: 'METRIC-PER-THREAD',
    phrase: 'has weight',
    edits: [
      {
        file: 'metrics.ts',
        find: 'const { threadId, slot, generation, weight, priority, visits,',
        replace: 'const { threadId, slot, generation, priority, visits,',
      },
      {
        file: 'metrics.ts',
        find: 'const [index, detail] = [indexLedger(thread), detailLedger(thread)];',
        replace:
          'const [index, detail] = [indexLedger(thread), detailLedger(thread)];\n  const weight = thread.firstWeight;',
      },
      {
        file: 'thread-drain-state.ts',
        find: 'this.lane = new IndexReader(arena, slot);',
        replace: 'this.lane = new IndexReader(arena, slot);\n    this.firstWeight = this.counter(SLOT.weight);',
      },
      { file: 'thread-drain-state.ts', find: 'failuresInRow = 0;', replace: 'failuresInRow = 0;\n  firstWeight = 0;' },
    ],
  },
  {
    name: 'window-no-detail',
    what: 'Windows of the fairness metrics count deliveries of the index lane only.',
    requirement: 'METRIC-FAIRNESS',
    phrase: "the metrics say that the window's delivered is",
    edits: [
      {
        file: 'thread-drain-state.ts',
        find: 'return this.index.delivered + this.detail.delivered;',
        replace: 'return this.index.delivered;',
      },
    ],
  },
  {
    name: 'window-pending-no-detail',
    what: 'The demand in a window of the fairness metrics leaves out detail that is due.',
    requirement: 'METRIC-FAIRNESS',
    phrase: 'the metrics say that',
    edits: [{ file: 'fairness-window.ts', find: ' + thread.dueDetail(thread.isLeaving);', replace: ';' }],
  },
  {
    name: 'window-by-hand-counts',
    what: 'Visits by hand count for the window of the fairness metrics.',
    requirement: 'METRIC-FAIRNESS',
    phrase: "the metrics say that the window's",
    edits: [{ file: 'drain-iterator.ts', find: 'window.countService(thread);', replace: 'window.countVisit(thread);' }],
  },
  {
    name: 'metrics-discovers',
    what: 'metrics() looks for threads with work: who emitted before it is in line before the others.',
    requirement: 'METRIC-PEEK',
    phrase: 'looking changed something',
    edits: [
      {
        file: 'metrics.ts',
        find: 'const present = drain.parts.discovery.present();',
        replace: 'drain.parts.discovery.discover();\n  const present = drain.parts.discovery.present();',
      },
    ],
  },
  {
    name: 'by-hand-takes-all',
    what: 'A visit by hand delivers all there is, whatever it was asked for.',
    requirement: 'ITER-QUANTUM',
    phrase: 'a visit by hand was to deliver',
    edits: [
      {
        file: 'drain-iterator.ts',
        find: 'thread, scheduler).run(maxEvents);',
        replace: 'thread, scheduler).run(2 ** 31);',
      },
    ],
  },
  {
    name: 'stop-tells-last-pass',
    what: 'stop() tells as delivered what its last pass delivered.',
    requirement: 'STOP-DELIVERS-ALL',
    phrase: 'stop() says that it delivered',
    edits: [{ file: 'stop.ts', find: 'delivered += pass.delivered;', replace: 'delivered = pass.delivered;' }],
  },
];
