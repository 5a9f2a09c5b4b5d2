// THREAD-LANES-OUTLIVE: Events of a thread that ended (its worker or thread gone, leave() or not) are delivered
// as long as the drain lives.
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
const programs = threads(4).flatMap((id) => [
  { threadId: id, events: 500 },
  { threadId: 100 + id, events: 500, ending: 'vanish' as const },
]);

export default defineCheck({
  id: 'THREAD-LANES-OUTLIVE',
  scenarios: [free({ detailCapacity: 0, slots: 16, indexCapacity: 1024, quantum: 8 }, programs)],
  judge(history) {
    return delivering(history, () => {
      const together = overlap(history);
      if (together < TOGETHER) return { inconclusive: `only ${together} threads overlapped` };
      const gone = recordsOf(history, 'dead').length;
      if (gone < 4) return { inconclusive: `only ${gone} threads ended without leave()` };
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
