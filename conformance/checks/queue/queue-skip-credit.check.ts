// QUEUE-SKIP-CREDIT: A skipped thread keeps its unspent credit: after s skips it may take up to (s + 1) quanta
// in its next visit, at most (maxSkips + 1).
import { defineCheck } from '../../check.js';
import { delivering, finding, recordsOf, visitsOf } from '../../checkers/index.js';
import { begin, commit, emit, register, stepped, turn } from '../../scenarios/build.js';

const QUANTUM = 4;

export default defineCheck({
  id: 'QUEUE-SKIP-CREDIT',
  scenarios: [1, 2, 3].map((skips) =>
    stepped(
      { detailCapacity: 0, quantum: QUANTUM, maxSkips: 3 },
      register(1),
      register(2),
      emit(1, 'index', 60),
      emit(2, 'index', 60),
      turn(),
      begin(1, 1),
      turn(skips),
      commit(1),
      turn(),
    ),
  ),
  judge(history) {
    return delivering(history, () => {
      const skips = recordsOf(history, 'iteration').reduce((sum, { record }) => sum + record.skips, 0);
      if (skips === 0) return { inconclusive: 'no skip happened' };
      const visits = visitsOf(history).filter(({ thread }) => thread === 1);
      const [before, after] = [visits[0], visits.at(-1)];
      if (before === undefined || after === undefined || visits.length < 2)
        return { inconclusive: 'thread 1 was not visited before and after the skips' };
      const most = (skips + 1) * QUANTUM;
      if (after.index > most)
        return [
          finding(
            'credit',
            `after ${skips} skips thread 1 took ${after.index} events in a visit: more than its credit`,
            `at most ${most}`,
            `${after.index}`,
            after.records,
          ),
        ];
      // a drain that never uses its quantum up has no credit to keep
      if (before.index < QUANTUM || after.index === most) return [];
      const message = `after ${skips} skips thread 1 took ${after.index} events in its next visit: the credit of the skips was thrown away`;
      return [finding('credit', message, `${most}`, `${after.index}`, after.records)];
    });
  },
});
