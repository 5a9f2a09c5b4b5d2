// FAIR-JOIN-ROUND: Under policies with one line a thread that becomes backlogged between two iterations is
// visited after at most one visit of each other thread, however iterations are cut, skips apart.
import fc from 'fast-check';
import type { ScenarioInput, StepInput } from '../../../spec/index.js';
import { defineCheck } from '../../check.js';
import { delivering, findLateJoins, visitsOf } from '../../checkers/index.js';
import { emit, register, stepped, threads, turn } from '../../scenarios/build.js';

/** Threads that stay backlogged, beside one that comes now and then with one event. */
function guests(stay: number, visits: number, config: object, gaps: readonly number[]): ScenarioInput {
  const guest = stay + 1;
  const comes = gaps.flatMap((gap): StepInput[] => [emit(guest, 'index', 1), turn(gap)]);
  return stepped(
    { detailCapacity: 0, quantum: 4, maxIterationVisits: visits, ...config },
    ...threads(guest).map((id) => register(id)),
    ...threads(stay).map((id) => emit(id, 'index', 1000)),
    turn(),
    ...comes,
    turn(2 * stay + 2),
  );
}

/** Threads that come, one or more before each iteration, beside one that stays: it must have its turns too. */
const crowd = (n: number, visits: number, turns: number): ScenarioInput =>
  stepped(
    { detailCapacity: 0, quantum: 3, maxIterationVisits: visits },
    ...threads(n).map((id) => register(id)),
    emit(1, 'index', 1000),
    ...Array.from({ length: turns }, (_, i) => [
      emit(2 + (i % (n - 1)), 'index', 1),
      emit(2 + ((i + 1) % (n - 1)), 'index', 2),
      turn(),
    ]).flat(),
  );

export default defineCheck({
  id: 'FAIR-JOIN-ROUND',
  scenarios: [
    guests(4, 1, {}, [1, 6, 9, 2]),
    guests(4, 2, {}, [7, 7, 1, 8]),
    guests(3, 0, {}, [1, 2, 1]),
    guests(63, 5, { indexCapacity: 1024, slots: 64 }, [14, 15]),
    crowd(6, 1, 40),
    crowd(5, 2, 30),
  ],
  generated: {
    arbitrary: fc
      .tuple(
        fc.integer({ min: 1, max: 6 }),
        fc.nat(4),
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 6 }),
      )
      .map(([stay, visits, gaps]) => guests(stay, visits, {}, gaps)),
    runs: 50,
  },
  also: [
    { needs: ['weights'], scenarios: [guests(4, 2, { policy: 'weighted-fair' }, [5, 7, 1])] },
    { needs: ['adaptive'], scenarios: [guests(4, 2, { policy: 'adaptive', quantumMin: 2, quantumMax: 8 }, [5, 7, 1])] },
  ],
  judge(history) {
    return delivering(history, () => {
      const found = findLateJoins(history);
      const visits = visitsOf(history).length;
      return found.length > 0 || visits > 4 ? found : { inconclusive: `only ${visits} visits were made` };
    });
  },
});
