// FAIR-WAIT-EVENTS: Under policies with one line a backlogged thread waits for at most (2 x maxSkips + 1) x
// quantum events of each other thread, per unit of its weight, between two turns of its own.
import fc from 'fast-check';
import type { ScenarioInput } from '../../../spec/index.js';
import { defineCheck } from '../../check.js';
import { delivering, findEventWaitFaults, visitsOf } from '../../checkers/index.js';
import { holding, holdings } from '../../scenarios/arbitrary-queue.js';
import { emit, register, stepped, threads, turn } from '../../scenarios/build.js';

/** The first thread has a small backlog, the others of these weights have very large ones. */
const load = (policy: string, weights: readonly number[], config: object, turns: number): ScenarioInput =>
  stepped(
    { detailCapacity: 0, policy, quantum: 8, maxSkips: 0, indexCapacity: 4096, ...config },
    ...weights.map((weight, i) => register(i + 1, weight)),
    ...weights.map((_, i) => emit(i + 1, 'index', i === 0 ? 200 : 2000)),
    turn(turns),
  );
const ones = (n: number): number[] => threads(n).map(() => 1);

export default defineCheck({
  id: 'FAIR-WAIT-EVENTS',
  scenarios: [
    load('round-robin', ones(2), {}, 12),
    load('round-robin', ones(64), { quantum: 4 }, 5),
    // iterations that are cut short
    load('round-robin', ones(5), { maxIterationVisits: 3 }, 30),
    load('round-robin', ones(3), { maxIterationEvents: 9 }, 30),
  ],
  generated: {
    arbitrary: fc
      .tuple(
        fc.integer({ min: 2, max: 6 }),
        fc.integer({ min: 1, max: 20 }),
        fc.nat(4),
        fc.integer({ min: 4, max: 20 }),
      )
      .map(([n, quantum, maxIterationVisits, turns]) =>
        load('round-robin', ones(n), { quantum, maxIterationVisits }, turns),
      ),
    runs: 40,
  },
  also: [
    { needs: ['weights'], scenarios: [load('weighted-fair', [1, 5, 2, 9], {}, 12)] },
    {
      needs: ['adaptive'],
      scenarios: [load('adaptive', ones(4), { quantumMin: 4, quantumMax: 32, batchMax: 16 }, 20)],
    },
    {
      needs: ['submit'],
      scenarios: fc
        .sample(holdings(3), { seed: 2, numRuns: 12 })
        .map((rounds) => holding({ quantum: 4, maxSkips: 3 }, rounds)),
    },
  ],
  judge(history) {
    return delivering(history, () => {
      const found = findEventWaitFaults(history);
      const visits = visitsOf(history).length;
      return found.length > 0 || visits > 4 ? found : { inconclusive: `only ${visits} visits were made` };
    });
  },
});
