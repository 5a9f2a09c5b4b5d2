// FAIR-FINAL-CLASS: Under priority leaving threads have a class of their own: at most every other visit is a final
// drain’s while others wait for their turn in the iteration, and at least every other visit is one while final drains do,
// whatever the classes.
import fc from 'fast-check';
import type { ScenarioInput } from '../../../spec/index.js';
import { defineCheck } from '../../check.js';
import { classTurns, delivering, findLoss, findMonopolies } from '../../checkers/index.js';
import { emit, leave, registerAs, settle, stepped, turn } from '../../scenarios/build.js';

/** Threads of these classes, of which the first few leave with all their backlog. */
const scenario = (classes: readonly number[], leavers: number, config: object, turns: number): ScenarioInput =>
  stepped(
    { detailCapacity: 0, policy: 'priority', quantum: 3, indexCapacity: 1024, ...config },
    ...classes.flatMap((one, i) => [registerAs(i + 1, one), emit(i + 1, 'index', 150)]),
    turn(),
    ...classes.slice(0, leavers).map((_, i) => leave(i + 1)),
    turn(turns),
    settle(4096),
  );

export default defineCheck({
  id: 'FAIR-FINAL-CLASS',
  scenarios: [
    scenario([0, 0, 0, 7, 7, 7], 3, {}, 8),
    scenario([7, 7, 7, 0, 0, 0], 3, {}, 8),
    scenario([0, 7, 5, 3], 1, { maxIterationVisits: 2 }, 20),
    scenario([7, 7, 7, 0, 0], 3, { maxIterationVisits: 1 }, 24),
    scenario([3, 1, 5, 2, 2, 6], 2, { maxIterationVisits: 3 }, 20),
  ],
  generated: {
    arbitrary: fc
      .tuple(fc.array(fc.nat(7), { minLength: 3, maxLength: 7 }), fc.integer({ min: 1, max: 3 }), fc.nat(4))
      .map(([classes, leavers, maxIterationVisits]) =>
        scenario(classes, Math.min(leavers, classes.length - 1), { maxIterationVisits }, 16),
      ),
    runs: 40,
  },
  judge(history) {
    return delivering(history, () => {
      const { finalVisits } = classTurns(history);
      const found = [...findMonopolies(history), ...findLoss(history)];
      return found.length > 0 || finalVisits > 1 ? found : { inconclusive: 'there were no two final drains' };
    });
  },
});
