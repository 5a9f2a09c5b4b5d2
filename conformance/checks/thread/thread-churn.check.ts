// THREAD-CHURN: 8 real threads that join, emit and leave all the time lose nothing, and every life is drained
// whole before its slot is used again.
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

const TOGETHER = 4;
const programs = threads(8).map((id) => ({ threadId: 1000 * id, lives: 100, events: 100 }));

export default defineCheck({
  id: 'THREAD-CHURN',
  scenarios: [free({ detailCapacity: 0, slots: 10, indexCapacity: 64 }, programs)],
  judge(history) {
    return delivering(history, () => {
      const together = overlap(history);
      if (together < TOGETHER) return { inconclusive: `only ${together} threads overlapped` };
      const lives = recordsOf(history, 'life').length;
      if (lives < 500) return { inconclusive: `only ${lives} lives were lived` };
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
