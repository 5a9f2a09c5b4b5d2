// FAIR-LAG-SKIPS: Under policies with one line and with at most K consecutive skips the lag stays within (2K + 1)
// quanta, for however many rounds.
import fc from 'fast-check';
import { serviceLagBound } from '../../../spec/index.js';
import { defineCheck } from '../../check.js';
import { delivering, findLagFaults, recordsOf, visitsOf } from '../../checkers/index.js';
import { holding, holdings, type Holding } from '../../scenarios/arbitrary-queue.js';

/** Thread 1 is held for as many iterations as it may be skipped, again and again. */
const again = (times: number, held: number): Holding[] =>
  Array.from({ length: times }, () => ({ thread: 1, held, after: 1 }));

export default defineCheck({
  id: 'FAIR-LAG-SKIPS',
  scenarios: [
    ...[1, 2, 4].map((maxSkips) => holding({ quantum: 8, maxSkips }, again(60, maxSkips))),
    // two threads, and 64
    holding({ quantum: 8, maxSkips: 2 }, again(40, 2), {}, 2),
    holding({ quantum: 2, maxSkips: 3 }, again(12, 3), { indexCapacity: 1024 }, 64),
  ],
  generated: {
    arbitrary: fc
      .tuple(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 4 }))
      .chain(([quantum, maxSkips]) => holdings(maxSkips).map((rounds) => holding({ quantum, maxSkips }, rounds))),
    runs: 80,
  },
  also: [
    // the credit is kept under every policy
    {
      needs: ['weights'],
      scenarios: [holding({ quantum: 4, maxSkips: 2 }, again(30, 2), { policy: 'weighted-fair' })],
    },
    {
      needs: ['adaptive'],
      scenarios: [
        holding({ quantum: 8, maxSkips: 2 }, again(30, 2), { policy: 'adaptive', quantumMin: 8, quantumMax: 8 }),
      ],
    },
  ],
  judge(history) {
    const held = recordsOf(history, 'submit').filter(({ record }) => record.outcome === 'accepted').length / 2;
    return delivering(history, () => {
      const skipped = recordsOf(history, 'iteration').some(({ record }) => record.skips > 0);
      if (held === 0 || !skipped || visitsOf(history).length < held)
        return { inconclusive: 'no thread was skipped and visited' };
      return findLagFaults(history, ({ quantum, maxSkips }) => serviceLagBound(quantum, maxSkips)).map((fault) => ({
        ...fault,
        message: `with a queue that was held ${held} times: ${fault.message}`,
      }));
    });
  },
});
