// THREAD-KILLED-RUNNING: A thread that is terminated at an arbitrary moment loses none of the events it was
// told are accepted, and delays nobody.
import { defineCheck } from '../../check.js';
import {
  delivering,
  findDisorder,
  findDuplicates,
  findLoss,
  findMisattribution,
  findPhantoms,
  findTorn,
  overlap,
  recordsOf,
} from '../../checkers/index.js';
import { free, threads } from '../../scenarios/build.js';

const TOGETHER = 2;
const programs = threads(6).map((id) => ({
  threadId: id,
  events: 20_000,
  ending: id % 2 === 0 ? ('terminate' as const) : ('leave' as const),
}));

export default defineCheck({
  id: 'THREAD-KILLED-RUNNING',
  scenarios: [
    free({ detailCapacity: 0, slots: 8, indexCapacity: 256 }, programs),
    free({ detailCapacity: 0, slots: 8, indexCapacity: 16, quantum: 4 }, programs),
  ],
  judge(history) {
    return delivering(history, () => {
      const together = overlap(history);
      if (together < TOGETHER) return { inconclusive: `only ${together} threads overlapped` };
      const killed = recordsOf(history, 'kill').length;
      if (killed < 3) return { inconclusive: `only ${killed} threads were terminated` };
      return [
        ...findLoss(history),
        ...findDuplicates(history),
        ...findDisorder(history),
        ...findTorn(history),
        ...findMisattribution(history),
        ...findPhantoms(history),
      ];
    });
  },
});
