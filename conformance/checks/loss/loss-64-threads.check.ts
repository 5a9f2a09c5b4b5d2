// LOSS-64-THREADS: 64 real threads that emit 100,000 events each into lanes that are often full lose nothing,
// repeat nothing and keep their order and bytes.
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
  id: 'LOSS-64-THREADS',
  scenarios: [free({ detailCapacity: 0, slots: 64, indexCapacity: 1024 }, programs)],
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
