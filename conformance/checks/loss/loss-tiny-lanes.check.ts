// LOSS-TINY-LANES: Threads whose lanes hold two to eight records, and so are full nearly always, lose nothing
// and overwrite nothing.
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

const TOGETHER = 4;
const programs = threads(8).map((threadId) => ({ threadId, events: 5_000 }));

export default defineCheck({
  id: 'LOSS-TINY-LANES',
  scenarios: [
    free({ detailCapacity: 0, slots: 8, indexCapacity: 2 }, programs),
    free({ detailCapacity: 0, slots: 8, indexCapacity: 8, quantum: 3, initialCursor: 2 ** 32 - 1000 }, programs),
  ],
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
      if (findings.length === 0 && retriesOf(history) < 400) return { inconclusive: 'the lanes were seldom full' };
      return findings;
    });
  },
});
