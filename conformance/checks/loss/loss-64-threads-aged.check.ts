// LOSS-64-THREADS-AGED: The same 64 threads lose nothing in an arena whose cursors start at 2^32 - 1000.
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
  retriesOf,
} from '../../checkers/index.js';
import { free, threads } from '../../scenarios/build.js';

const TOGETHER = 64;
const programs = threads(64).map((threadId) => ({ threadId, events: 100_000 }));

export default defineCheck({
  id: 'LOSS-64-THREADS-AGED',
  scenarios: [free({ detailCapacity: 0, slots: 64, indexCapacity: 1024, initialCursor: 2 ** 32 - 1000 }, programs)],
  judge(history) {
    return delivering(history, () => {
      const together = overlap(history);
      if (together < TOGETHER) return { inconclusive: `only ${together} threads overlapped` };
      const findings = [
        ...findLoss(history),
        ...findDuplicates(history),
        ...findDisorder(history),
        ...findTorn(history),
        ...findMisattribution(history),
        ...findPhantoms(history),
      ];
      // a drain that takes too much never says that it is full: that is found above
      if (findings.length === 0 && retriesOf(history) < TOGETHER) return { inconclusive: 'the lanes were seldom full' };
      return findings;
    });
  },
});
