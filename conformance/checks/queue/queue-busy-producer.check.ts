// QUEUE-BUSY-PRODUCER: A submit while the drain visits the thread is rejected with QUEUE_BUSY or accepted
// whole, never torn; single emits go on.
import fc from 'fast-check';
import type { HistoryRecord, ScenarioInput, StepInput } from '../../../spec/index.js';
import { defineCheck } from '../../check.js';
import { delivering, findJoinFaults, findWrongOutcome, recordsOf } from '../../checkers/index.js';
import { findRaceFaults } from '../../checkers/racing.js';
import {
  begin,
  commit,
  emit,
  free,
  register,
  settle,
  steppedWith,
  submit,
  threads,
  turn,
} from '../../scenarios/build.js';

const word: fc.Arbitrary<StepInput[]> = fc.constantFrom(
  [submit(1, 3), emit(1, 'index', 2)],
  [emit(1, 'index', 1), submit(1, 2), submit(2, 2)],
  [begin(1, 2), commit(1), emit(1, 'index', 1)],
);

/** Room for all that is emitted; submits while a batch of thread 1 (or 2) is handed over, and after it. */
const scenario = (quantum: number, during: readonly (readonly [number, StepInput[]])[]): ScenarioInput =>
  steppedWith(
    { detailCapacity: 0, quantum },
    Object.fromEntries(during),
    ...[register(1), register(2), emit(1, 'index', 9), emit(2, 'index', 9)],
    ...[turn(3), submit(1, 2), settle(4096), submit(1, 2), submit(2, 1), settle(4096)],
  );

/** A submit of thread 1 before the next batch of thread 1 is told, and no iteration between, happened during that visit. */
function metVisit(history: readonly HistoryRecord[]): boolean {
  return recordsOf(history, 'submit').some(({ record, at }) => {
    const next = history.slice(at).find(({ type }) => type === 'batch' || type === 'iteration');
    return next?.type === 'batch' && next.thread === record.thread;
  });
}

export default defineCheck({
  id: 'QUEUE-BUSY-PRODUCER',
  scenarios: [scenario(256, [[0, [submit(1, 3), emit(1, 'index', 2), submit(2, 3), emit(2, 'index', 2)]]])],
  generated: {
    arbitrary: fc
      .tuple(fc.integer({ min: 1, max: 12 }), fc.array(fc.tuple(fc.nat(6), word), { minLength: 1, maxLength: 4 }))
      .map(([quantum, during]) => scenario(quantum, during)),
    runs: 80,
  },
  also: [
    {
      needs: ['threads', 'detail'],
      scenarios: [
        free(
          { detailCapacity: 64, detailRecordBytes: 64, quantum: 8, indexCapacity: 64 },
          threads(4).map((threadId) => ({ threadId, events: 10_000, detailEvery: 2, markEvery: 3 })),
        ),
      ],
    },
  ],
  judge(history, input) {
    if (input.mode === 'stepped' && !metVisit(history))
      return { inconclusive: 'no submit came while its thread was visited' };
    return delivering(history, () => {
      const stepped = input.mode === 'stepped' ? history : [];
      const told = findWrongOutcome(
        stepped,
        (record) => (record.type === 'submit' ? `a ${record.phase} of thread ${record.thread}` : undefined),
        ['accepted', 'QUEUE_BUSY', 'NOT_HOLDING'],
        'came beside a visit, with room for it,',
      );
      const single = findWrongOutcome(
        stepped,
        (record) => (record.type === 'emit' ? `a single emit of thread ${record.thread}` : undefined),
        ['accepted'],
        'came beside a visit, with room for it,',
      );
      return [...told, ...single, ...findRaceFaults(history), ...findJoinFaults(history)];
    });
  },
});
