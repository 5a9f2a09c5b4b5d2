import type { Fault } from '../fault.js';

/** Faults of the books that show only in one lane, in one way of emitting, in one way of visiting or in a slot that is used again. */
export const FAULTS: readonly Fault[] = [
  {
    name: 'evict-group',
    what: 'Evictions of a group are not counted.',
    requirement: 'LEDGER-EVICTED',
    phrase: 'are counted as evicted',
    edits: [
      {
        file: 'thread-handle.ts',
        find: 'for (const record of group.detail) this.#detail.stage(record);',
        replace:
          'const was = Atomics.load(this.#arena.words, this.#arena.slot(this.slot, SLOT.detailEvicted));\n for (const record of group.detail) this.#detail.stage(record);\n Atomics.store(this.#arena.words, this.#arena.slot(this.slot, SLOT.detailEvicted), was);',
      },
    ],
  },
  {
    name: 'left-detail-ledger',
    what: 'What stop left of detail stays pending.',
    requirement: 'LEDGER-LEFT',
    phrase: 'detail lane: stop() left',
    edits: [
      {
        file: 'metrics.ts',
        find: 'const left = thread.isStopped ? thread.dueDetail(true) : 0;',
        replace: 'const left = 0 * Number(thread.isStopped);',
      },
    ],
  },
  {
    name: 'busy-counted',
    what: 'A group that finds the queue busy counts as rejected.',
    requirement: 'LEDGER-TRUE',
    phrase: 'the ledger says rejected',
    edits: [
      {
        file: 'thread-handle.ts',
        find: "if (cause !== 'LANE_FULL' && cause",
        replace: "if (cause !== 'QUEUE_BUSY' && cause !== 'LANE_FULL' && cause",
      },
    ],
  },
  {
    name: 'group-rejections-not-counted',
    what: 'A rejected group is not counted.',
    requirement: 'LEDGER-TRUE',
    phrase: 'the ledger says rejected',
    edits: [
      {
        file: 'thread-handle.ts',
        find: '    const outcome = this.#beginSubmit(group);\n    this.#countRejected(group, outcome);',
        replace: '    const outcome = this.#beginSubmit(group);',
      },
    ],
  },
  {
    name: 'rejected-inherited',
    what: 'A reused slot keeps the index rejected count.',
    requirement: 'LEDGER-TRUE',
    phrase: 'the ledger says rejected',
    edits: [
      { file: 'registry.ts', find: 'SLOT.postRollLeft, SLOT.indexRejected, SLOT', replace: 'SLOT.postRollLeft, SLOT' },
    ],
  },
  {
    name: 'gone-detail-forgotten',
    what: 'The detail ledger of threads gone is forgotten.',
    requirement: 'LEDGER-TRUE',
    phrase: 'the ledger says accepted',
    edits: [{ file: 'metrics.ts', find: 'add(this.goneDetail, detailLedger(thread));', replace: '' }],
  },
  {
    name: 'timed-out-not-counted',
    what: 'An emit that timed out is not counted as rejected.',
    requirement: 'LEDGER-TRUE',
    phrase: 'the ledger says rejected',
    edits: [
      {
        file: 'thread-handle.ts',
        find: "if (outcome === 'LANE_FULL' || outcome === 'TIMED_OUT')",
        replace: "if (outcome === 'LANE_FULL')",
      },
    ],
  },
  {
    name: 'cut-delivered',
    what: 'An iteration cut short tells fewer events.',
    requirement: 'ITER-RESULT-EXACT',
    phrase: 'an iteration says delivered',
    edits: [
      {
        file: 'drain-iterator.ts',
        find: '    window.endIteration();',
        replace: "    window.endIteration();\n    if (result.truncated !== 'no') result.delivered -= 1;",
      },
    ],
  },
  {
    name: 'stop-not-counted',
    what: 'What stop does is not in the counters.',
    requirement: 'METRIC-EXACT',
    phrase: 'the metrics say',
    edits: [
      {
        file: 'drain-iterator.ts',
        find: 'counters.countIteration(result,',
        replace: 'if (mode.limited) counters.countIteration(result,',
      },
    ],
  },
  {
    name: 'registered-twice',
    what: 'Registrations are counted by the reclaim too.',
    requirement: 'METRIC-EXACT',
    phrase: 'the metrics say registered 3',
    edits: [
      {
        file: 'turns.ts',
        find: 'counters.reclaimed += 1;',
        replace: 'counters.reclaimed += 1;\n    counters.registered += 1;',
      },
    ],
  },
  {
    name: 'jain-unweighted',
    what: 'The fairness index knows no weights.',
    requirement: 'METRIC-JAIN',
    phrase: 'the metrics give a fairness index',
    edits: [{ file: 'metrics.ts', find: 'weight: scheduler.shareOf(thread)', replace: 'weight: 1' }],
  },
  {
    name: 'metrics-clears-backoff',
    what: 'metrics() clears the back-off.',
    requirement: 'METRIC-PEEK',
    phrase: 'looking changed something',
    edits: [
      {
        file: 'metrics.ts',
        find: 'const threads = present.map(threadMetrics);',
        replace: 'const threads = present.map(threadMetrics);\n for (const t of present) t.backoff = 0;',
      },
    ],
  },
  {
    name: 'thread-skips-not-counted',
    what: 'Skips of a thread are not counted in its metrics.',
    requirement: 'METRIC-PER-THREAD',
    phrase: '0 skips of their threads',
    edits: [{ file: 'turns.ts', find: 'thread.skips += 1;', replace: '' }],
  },
  {
    name: 'thread-generation-wrong',
    what: 'The metrics tell the generation that comes next.',
    requirement: 'METRIC-PER-THREAD',
    phrase: 'the metrics say slot',
    edits: [
      {
        file: 'metrics.ts',
        find: '...{ threadId, slot, generation, weight',
        replace: '...{ threadId, slot, generation: generation + 1, weight',
      },
    ],
  },
  {
    name: 'stop-no-revoke',
    what: 'stop does not revoke a held submit.',
    requirement: 'STOP-REJECTS-LATER',
    phrase: 'came after stop()',
    edits: [{ file: 'stop.ts', find: 'revoke(view, thread.slot);', replace: '' }],
  },
  {
    name: 'events-dead',
    what: 'A declared dead thread is not reported as leaving.',
    requirement: 'THREAD-EVENTS',
    phrase: 'the drain reported',
    edits: [
      {
        file: 'drain-iterator.ts',
        find: 'takeOver(this.view, slot);',
        replace:
          'takeOver(this.view, slot); if (this.parts.discovery.tracked[slot] !== undefined) this.parts.discovery.tracked[slot]!.leaving = true;',
      },
    ],
  },
];
