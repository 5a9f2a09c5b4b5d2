// METRIC-FAIRNESS: Jain’s index, smallest share, service lag and the share of each thread in the last window, and the
// longest wait, equal what happened.
import fc from 'fast-check';
import type { ScenarioInput, StepInput } from '../../../spec/index.js';
import { defineCheck } from '../../check.js';
import { delivering, findWindowFairnessFaults, recordsOf } from '../../checkers/index.js';
import {
  acquire,
  begin,
  commit,
  emit,
  leave,
  mark,
  metrics,
  register,
  release,
  settle,
  stepped,
  steppedWith,
  threads,
  turn,
  visit,
} from '../../scenarios/build.js';

const load = (config: object, weights: readonly number[], ...steps: StepInput[]): ScenarioInput =>
  stepped(
    { detailCapacity: 0, quantum: 4, maxSkips: 2, fairnessWindowVisits: 8, indexCapacity: 1024, ...config },
    ...weights.map((weight, i) => register(i + 1, weight)),
    ...steps,
  );
const windows = { detailCapacity: 128, windowRecords: 4, detailRecordBytes: 64, preRoll: 16, postRoll: 1 };
const ones = (n: number): number[] => threads(n).map(() => 1);
/** Iterations with a look after each. */
const watched = (times: number): StepInput[] => Array.from({ length: times }, () => [turn(), metrics()]).flat();

/** Threads with these demands before each iteration. */
const demands = (config: object, each: readonly (readonly number[])[]): ScenarioInput =>
  load(
    config,
    ones(3),
    metrics(),
    ...each.flatMap((counts): StepInput[] => [
      ...counts.flatMap((count, i) => (count === 0 ? [] : [emit(i + 1, 'index', count)])),
      turn(),
      metrics(),
    ]),
  );

export default defineCheck({
  id: 'METRIC-FAIRNESS',
  scenarios: [
    load({}, ones(4), ...threads(3).map((id) => emit(id, 'index', 60 * id)), metrics(), ...watched(14)),
    // iterations that are cut short; a newcomer in the middle of a window; a thread without demand
    load(
      { maxIterationVisits: 3, fairnessWindowVisits: 7 },
      ones(5),
      ...threads(4).map((id) => emit(id, 'index', 90)),
      ...watched(5),
      emit(5, 'index', 30),
      ...watched(16),
    ),
    // the first window is unfair, the next is not: what was before is forgotten
    load(
      { fairnessWindowVisits: 4 },
      ones(2),
      emit(1, 'index', 60),
      ...watched(6),
      emit(2, 'index', 200),
      ...watched(9),
    ),
    // thread 2 is given all that it has in each turn, and has more at its end
    steppedWith(
      { detailCapacity: 0, quantum: 4, fairnessWindowVisits: 6 },
      Object.fromEntries(threads(9).map((n) => [2 * n - 1, [emit(2, 'index', 2)]])),
      ...[register(1), register(2), emit(1, 'index', 200), emit(2, 'index', 2)],
      ...watched(9),
    ),
    demands({ fairnessWindowVisits: 1 }, [
      [9, 1, 0],
      [0, 5, 2],
      [1, 1, 1],
      [0, 0, 0],
      [30, 2, 0],
    ]),
  ],
  generated: {
    arbitrary: fc
      .tuple(
        fc.array(fc.tuple(fc.nat(12), fc.nat(12), fc.nat(3)), { minLength: 2, maxLength: 14, size: 'max' }),
        fc.integer({ min: 1, max: 9 }),
        fc.nat(3),
        fc.integer({ min: 1, max: 7 }),
      )
      .map(([each, fairnessWindowVisits, maxIterationVisits, quantum]) =>
        demands({ fairnessWindowVisits, maxIterationVisits, quantum }, each),
      ),
    runs: 60,
  },
  also: [
    {
      needs: ['submit'],
      // a thread whose queue is held for a whole window gets nothing, and is counted
      scenarios: [
        load(
          { fairnessWindowVisits: 6 },
          ones(3),
          ...threads(3).map((id) => emit(id, 'index', 200)),
          ...[turn(), begin(2, 1), ...watched(9), commit(2), ...watched(6)],
        ),
      ],
    },
    {
      needs: ['submit'],
      // what is delivered by hand is delivered, and is no visit
      scenarios: [
        load(
          { fairnessWindowVisits: 6 },
          ones(2),
          ...threads(2).map((id) => emit(id, 'index', 120)),
          ...[turn(), acquire(1), visit(1, 1), visit(1, 3), release(1), ...watched(9)],
        ),
      ],
    },
    {
      needs: ['detail'],
      scenarios: [
        // each lane counts: one thread with index only, one with detail only; cut short, so that they are not served alike
        ...[0, 1].map((maxIterationVisits) =>
          load(
            { ...windows, fairnessWindowVisits: 3, maxIterationVisits },
            ones(2),
            ...[emit(1, 'index', 60), emit(2, 'detail', 60), mark(2), ...watched(12)],
          ),
        ),
        // one with both; detail that is due later, in the middle of a window
        load(
          { ...windows, fairnessWindowVisits: 5 },
          ones(3),
          ...[emit(1, 'index', 60), emit(1, 'detail', 20), emit(2, 'detail', 24), mark(2), emit(3, 'index', 90)],
          ...[...watched(4), mark(1), ...watched(14)],
        ),
      ],
    },
    {
      needs: ['weights'],
      scenarios: [
        load(
          { policy: 'weighted-fair', fairnessWindowVisits: 9 },
          [1, 3, 2],
          ...threads(3).map((id) => emit(id, 'index', 300)),
          ...watched(12),
        ),
      ],
    },
    {
      needs: ['thread-events'],
      // who has gone is no part of the window that ends then
      scenarios: [
        load(
          { fairnessWindowVisits: 10 },
          ones(3),
          ...threads(3).map((id) => emit(id, 'index', 60)),
          ...[turn(2), emit(1, 'index', 4), leave(1), ...watched(22), settle(64), metrics()],
        ),
      ],
    },
  ],
  judge(history) {
    return delivering(history, () => {
      const found = findWindowFairnessFaults(history);
      const windows = recordsOf(history, 'metrics').at(-1)?.record.fairness?.windows ?? 0;
      return found.length > 0 || windows > 0 ? found : { inconclusive: 'no window ended' };
    });
  },
});
