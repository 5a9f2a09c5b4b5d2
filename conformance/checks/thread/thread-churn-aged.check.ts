// THREAD-CHURN-AGED: The same churn loses nothing in an arena whose cursors start at 2^32 - 1000.
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
  wrapped,
} from '../../checkers/index.js';
import { free, threads } from '../../scenarios/build.js';

const TOGETHER = 4;
const programs = threads(8).map((id) => ({ threadId: 1000 * id, lives: 100, events: 1_100 }));

export default defineCheck({
  id: 'THREAD-CHURN-AGED',
  scenarios: [free({ detailCapacity: 0, slots: 10, indexCapacity: 256, initialCursor: 2 ** 32 - 1000 }, programs)],
  judge(history) {
    return delivering(history, () => {
      const together = overlap(history);
      if (together < TOGETHER) return { inconclusive: `only ${together} threads overlapped` };
      const lives = recordsOf(history, 'life').length;
      if (lives < 500) return { inconclusive: `only ${lives} lives were lived` };
      if (!wrapped(history)) return { inconclusive: 'no cursor passed 2^32' };
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
