// FAIR-LAG-SKIPS: With at most K consecutive skips the lag stays within (2K + 1) quanta, for however many
// rounds.
import fc from 'fast-check';
import { serviceLagBound } from '../../../spec/index.js';
import { defineCheck } from '../../check.js';
import { analyse, delivering, findLagFaults, recordsOf, visitsOf } from '../../checkers/index.js';
import { holding, holdings, type Holding } from '../../scenarios/arbitrary-queue.js';

/** Thread 1 is held for as many iterations as it may be skipped, again and again. */
const again = (times: number, held: number): Holding[] =>
  Array.from({ length: times }, () => ({ thread: 1, held, after: 1 }));

export default defineCheck({
  id: 'FAIR-LAG-SKIPS',
  scenarios: [1, 2, 4].map((maxSkips) => holding({ quantum: 8, maxSkips }, again(60, maxSkips))),
  generated: {
    arbitrary: fc
      .tuple(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 4 }))
      .chain(([quantum, maxSkips]) => holdings(maxSkips).map((rounds) => holding({ quantum, maxSkips }, rounds))),
    runs: 80,
  },
  judge(history) {
    const { config } = analyse(history);
    const held = recordsOf(history, 'submit').filter(({ record }) => record.outcome === 'accepted').length / 2;
    return delivering(history, () => {
      const skipped = recordsOf(history, 'iteration').some(({ record }) => record.skips > 0);
      if (held === 0 || !skipped || visitsOf(history).length < held)
        return { inconclusive: 'no thread was skipped and visited' };
      return findLagFaults(history, serviceLagBound(config('quantum', 256), config('maxSkips', 4))).map((fault) => ({
        ...fault,
        message: `with a queue that was held ${held} times: ${fault.message}`,
      }));
    });
  },
});
