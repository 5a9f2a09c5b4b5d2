// FAIR-AGEING: Under priority a waiting thread rises by a class after every ageAfter missed iterations: it is
// visited before the bound of longestWaitPriority, however many threads of higher classes stay backlogged.
import fc from 'fast-check';
import { longestWaitPriority, type ScenarioInput } from '../../../spec/index.js';
import { defineCheck } from '../../check.js';
import { analyse, delivering, findAgeingFaults, recordsOf, visitsOf } from '../../checkers/index.js';
import { emit, registerAs, stepped, turn } from '../../scenarios/build.js';

/** Saturated threads of these classes, in iterations too short for all, for longer than anybody may wait. */
function starving(classes: readonly number[], visits: number, ageAfter: number): ScenarioInput {
  const longest = longestWaitPriority({
    threads: classes.length,
    visitsPerIteration: visits,
    ageAfter,
    maxSkips: 0,
    priority: Math.min(...classes),
  });
  const turns = Math.ceil((longest + 2) / visits) + 2;
  return stepped(
    {
      detailCapacity: 0,
      policy: 'priority',
      quantum: 2,
      maxSkips: 0,
      maxIterationVisits: visits,
      ageAfter,
      indexCapacity: 4096,
    },
    ...classes.flatMap((one, i) => [registerAs(i + 1, one), emit(i + 1, 'index', Math.min(4000, 2 * visits * turns))]),
    turn(turns),
  );
}

export default defineCheck({
  id: 'FAIR-AGEING',
  scenarios: [
    starving([0, 7, 7], 1, 1),
    starving([0, 7, 7, 7], 2, 4),
    starving([3, 5, 0, 7, 7], 2, 2),
    starving([6, 7, 7], 1, 8),
  ],
  generated: {
    arbitrary: fc
      .tuple(
        fc.array(fc.nat(7), { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 2 }),
        fc.integer({ min: 1, max: 4 }),
      )
      .map(([classes, visits, ageAfter]) => starving([...classes, 7, 7, 7], visits, ageAfter)),
    runs: 15,
  },
  judge(history) {
    return delivering(history, () => {
      const cut = recordsOf(history, 'iteration').filter(({ record }) => record.truncated !== 'no').length;
      const found = findAgeingFaults(history).map((fault) => ({
        ...fault,
        message: `beside threads of higher classes ${fault.message}`,
      }));
      if (found.length > 0) return found;
      const few = visitsOf(history).length <= analyse(history).registrations.size;
      return cut === 0 || few ? { inconclusive: 'no iteration was too short for all' } : [];
    });
  },
});
