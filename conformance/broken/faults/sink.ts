import type { Fault } from '../fault.js';

/** One broken drain, or more, for each requirement of the family SINK. */
export const FAULTS: readonly Fault[] = [
  {
    name: 'throw-counts-as-taken',
    what: 'A batch that made the sink throw is released.',
    requirement: 'SINK-THROW-KEEPS',
    phrase: 'after a failing sink',
    bug: 'bug 30',
    edits: [{ file: 'visit.ts', find: '} catch {\n    return 0;', replace: '} catch {\n    return batch.count;' }],
  },
  {
    name: 'partial-offered-again',
    what: 'After a partial acknowledgement the whole batch is offered again.',
    requirement: 'SINK-PARTIAL',
    phrase: 'after a batch was taken in part',
    edits: [
      {
        file: 'visit.ts',
        find: 'if (taken > 0) lane.release(head, taken);',
        replace: 'if (taken === count) lane.release(head, taken);',
      },
    ],
  },
  {
    name: 'partial-released-late',
    what: 'One record of what the sink took stays unwritable until the lane is empty.',
    requirement: 'SINK-PARTIAL',
    phrase: 'was refused with LANE_FULL although',
    edits: [
      {
        file: 'index-lane.ts',
        find: 'return distance(this.#staged, this.#seenHead) <= free;',
        replace: 'return this.published === this.#seenHead || distance(this.#staged, this.#seenHead) <= free - 1;',
      },
    ],
  },
  {
    name: 'failure-ends-iteration',
    what: 'A failing batch ends the whole iteration.',
    requirement: 'SINK-OTHERS-GO-ON',
    phrase: 'the sink failed for thread',
    edits: [
      {
        file: 'drain-iterator.ts',
        find: "if (result.truncated !== 'no') break;",
        replace: "if (result.truncated !== 'no' || result.sinkFailures > 0) break;",
      },
    ],
  },
  {
    name: 'hot-retry',
    what: 'A failing batch is offered in every iteration.',
    requirement: 'SINK-BACKS-OFF',
    phrase: 'no back-off',
    bug: 'bug 32',
    edits: [
      {
        file: 'visit.ts',
        find: 'thread.backoff = backoffIterations(thread.failuresInRow, this.#maxBackoff);',
        replace: 'thread.backoff = 0;',
      },
    ],
  },
  {
    name: 'back-off-without-bound',
    what: 'The back-off grows beyond maxBackoffIterations.',
    requirement: 'SINK-BACKS-OFF',
    phrase: 'a failing batch waited for',
    edits: [
      {
        file: 'visit.ts',
        find: 'thread.backoff = backoffIterations(thread.failuresInRow, this.#maxBackoff);',
        replace: 'thread.backoff = backoffIterations(thread.failuresInRow, 65536);',
      },
    ],
  },
  {
    name: 'failures-never-forgotten',
    what: 'A success does not reset the count of failures.',
    requirement: 'SINK-BACKS-OFF',
    phrase: 'after a success',
    edits: [
      {
        file: 'visit.ts',
        find: 'if (taken > 0) thread.failuresInRow = 0;\n    else {',
        replace: 'if (taken === 0) {',
      },
    ],
  },
  {
    name: 'nonsense-trusted',
    what: 'A number beyond the batch counts as the whole batch.',
    requirement: 'SINK-NONSENSE',
    phrase: 'after an impossible acknowledgement',
    edits: [
      {
        file: 'visit.ts',
        find: 'return Number.isInteger(taken) && (taken as number) >= 0 && (taken as number) <= batch.count',
        replace:
          'if (taken > batch.count) return batch.count;\n    return Number.isInteger(taken) && (taken as number) >= 0',
      },
    ],
  },
];
