// FAIR-WAIT: A backlogged thread is visited after at most (maxSkips + 1) x n visits of other threads, n being
// the backlogged threads.
import { longestWaitVisits } from '../../../spec/index.js';
import { defineCheck } from '../../check.js';
import { analyse, delivering, findWaitFaults, visitsOf } from '../../checkers/index.js';
import { emit, register, stepped, threads, turn } from '../../scenarios/build.js';

const SKIPS = 2;

export default defineCheck({
  id: 'FAIR-WAIT',
  scenarios: [
    stepped(
      { detailCapacity: 0, quantum: 8, maxSkips: SKIPS },
      ...threads(6).map((id) => register(id)),
      ...threads(6).map((id) => emit(id, 'index', 900)),
      turn(12),
    ),
    // iterations that are cut short must go on where they stopped
    stepped(
      { detailCapacity: 0, quantum: 8, maxSkips: SKIPS, maxIterationVisits: 4 },
      ...threads(6).map((id) => register(id)),
      ...threads(6).map((id) => emit(id, 'index', 900)),
      turn(30),
    ),
  ],
  judge(history) {
    return delivering(history, () => {
      const n = analyse(history).lanes.length;
      if (visitsOf(history).length < 2 * n)
        return { inconclusive: `only ${visitsOf(history).length} visits were made` };
      return findWaitFaults(history, longestWaitVisits(n, SKIPS));
    });
  },
});
