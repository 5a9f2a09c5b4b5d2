// FAIR-LAG-SKIPS: With at most K consecutive skips the lag stays within (2K + 1) quanta, for however many
// rounds.
import { serviceLagBound } from '../../../spec/index.js';
import { defineCheck } from '../../check.js';
import { delivering, findLagFaults, recordsOf } from '../../checkers/index.js';
import { begin, commit, emit, register, stepped, threads, turn } from '../../scenarios/build.js';

const QUANTUM = 8;
const SKIPS = 2;

/** Thread 1 is held for as many iterations as it may be skipped, again and again. */
const round = [
  begin(1, 1),
  emit(2, 'index', 3 * QUANTUM),
  emit(3, 'index', 3 * QUANTUM),
  turn(SKIPS),
  commit(1),
  emit(1, 'index', 3 * QUANTUM),
  turn(),
];

export default defineCheck({
  id: 'FAIR-LAG-SKIPS',
  scenarios: [
    stepped(
      { detailCapacity: 0, quantum: QUANTUM, maxSkips: SKIPS, indexCapacity: 4096 },
      ...threads(3).map((id) => register(id)),
      ...threads(3).map((id) => emit(id, 'index', 1500)),
      ...Array.from({ length: 40 }, () => round).flat(),
    ),
  ],
  judge(history) {
    return delivering(history, () => {
      const skips = recordsOf(history, 'iteration').reduce((sum, { record }) => sum + record.skips, 0);
      if (skips < 40) return { inconclusive: `only ${skips} skips happened` };
      return findLagFaults(history, serviceLagBound(QUANTUM, SKIPS)).map((fault) => ({
        ...fault,
        message: `with ${skips} skips: ${fault.message}`,
      }));
    });
  },
});
