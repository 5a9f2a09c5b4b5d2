// ARENA-CROSS-NATIVE: 64 native threads that write the arena by its published layout are drained without loss,
// in order, bytes equal.
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

const TOGETHER = 64;
const programs = threads(64).map((threadId) => ({ threadId, events: 100_001 }));

export default defineCheck({
  id: 'ARENA-CROSS-NATIVE',
  scenarios: [free({ detailCapacity: 0, slots: 64, indexCapacity: 1024 }, programs, { producers: 'native' })],
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
