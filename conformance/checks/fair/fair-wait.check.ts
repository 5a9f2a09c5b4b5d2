// FAIR-WAIT: Under policies with one line a backlogged thread is visited after at most (maxSkips + 1) x n visits
// of other threads, n being the backlogged threads.
import fc from 'fast-check';
import { longestWaitVisits, type ScenarioInput } from '../../../spec/index.js';
import { defineCheck } from '../../check.js';
import { analyse, delivering, findWaitFaults, visitsOf } from '../../checkers/index.js';
import { holding, holdings } from '../../scenarios/arbitrary-queue.js';
import { emit, register, stepped, threads, turn } from '../../scenarios/build.js';

/** The first thread has a large backlog, the others one event before each iteration, or a backlog too. */
const scenario = (
  n: number,
  maxIterationVisits: number,
  maxSkips: number,
  turns: number,
  each: number,
  config: object = {},
): ScenarioInput =>
  stepped(
    { detailCapacity: 0, quantum: 4, maxSkips, maxIterationVisits, ...config },
    ...threads(n).map((id) => register(id)),
    emit(1, 'index', 1000),
    ...Array.from({ length: turns }, () => [
      ...threads(n)
        .slice(1)
        .map((id) => emit(id, 'index', each)),
      turn(),
    ]).flat(),
  );

export default defineCheck({
  id: 'FAIR-WAIT',
  scenarios: [
    scenario(6, 0, 0, 12, 9),
    // iterations that are cut short go on where they stopped
    scenario(6, 4, 0, 30, 9),
    scenario(3, 1, 0, 40, 1),
    scenario(5, 2, 2, 60, 4),
    scenario(2, 1, 0, 20, 3),
    scenario(64, 7, 0, 30, 5),
  ],
  generated: {
    arbitrary: fc
      .tuple(
        fc.integer({ min: 2, max: 6 }),
        fc.nat(4),
        fc.nat(2),
        fc.integer({ min: 6, max: 40 }),
        fc.integer({ min: 1, max: 9 }),
      )
      .map((parts) => scenario(...parts)),
    runs: 60,
  },
  also: [
    { needs: ['weights'], scenarios: [scenario(6, 4, 0, 30, 9, { policy: 'weighted-fair' })] },
    {
      needs: ['adaptive'],
      scenarios: [scenario(6, 4, 0, 30, 9, { policy: 'adaptive', quantumMin: 2, quantumMax: 16 })],
    },
    {
      needs: ['submit'],
      // threads whose queues are held for as long as they may be skipped
      scenarios: fc
        .sample(holdings(2), { seed: 1, numRuns: 20 })
        .map((rounds) => holding({ quantum: 4, maxSkips: 2 }, rounds)),
    },
  ],
  judge(history) {
    return delivering(history, () => {
      const { lanes, config } = analyse(history);
      const visits = visitsOf(history).length;
      const found = findWaitFaults(history, longestWaitVisits(lanes.length, config('maxSkips', 4)));
      return found.length > 0 || visits > lanes.length ? found : { inconclusive: `only ${visits} visits were made` };
    });
  },
});
