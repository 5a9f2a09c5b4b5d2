// ARENA-CROSS-CHURN: Threads of the other language that join and leave all the time, in an arena aged to 2^32 -
// 1000, are drained without loss.
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
} from '../../checkers/index.js';
import { free, threads } from '../../scenarios/build.js';

const TOGETHER = 4;
const programs = threads(8).map((id) => ({ threadId: 1000 * id, lives: 40, events: 150 }));

export default defineCheck({
  id: 'ARENA-CROSS-CHURN',
  scenarios: (['workers', 'native'] as const).map((producers) =>
    free({ detailCapacity: 0, slots: 9, indexCapacity: 64, initialCursor: 2 ** 32 - 100 }, programs, { producers }),
  ),
  judge(history) {
    return delivering(history, () => {
      const together = overlap(history);
      if (together < TOGETHER) return { inconclusive: `only ${together} threads overlapped` };
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
