// QUEUE-SKIP-FIRST: A thread that was skipped maxSkips times in a row is the first to be tried in the next
// iteration.
import { defineCheck } from '../../check.js';
import { delivering, findLoss, finding, recordsOf, visitsOf } from '../../checkers/index.js';
import { begin, commit, emit, register, settle, stepped, threads, turn } from '../../scenarios/build.js';

const SKIPS = 2;

export default defineCheck({
  id: 'QUEUE-SKIP-FIRST',
  scenarios: [3, 5].map((held) =>
    stepped(
      { detailCapacity: 0, quantum: 4, maxSkips: SKIPS },
      ...threads(5).map((id) => register(id)),
      ...threads(5).map((id) => emit(id, 'index', 90)),
      turn(),
      begin(held, 1),
      turn(SKIPS),
      commit(held),
      turn(),
      settle(4096),
    ),
  ),
  judge(history) {
    return delivering(history, () => {
      const skips = recordsOf(history, 'iteration').filter(({ record }) => record.skips > 0).length;
      if (skips < SKIPS) return { inconclusive: `only ${skips} skips happened` };
      const held = recordsOf(history, 'submit')[0]?.record.thread ?? 0;
      const first = visitsOf(history).find(({ iteration }) => iteration === 1 + SKIPS);
      if (first?.thread === held) return findLoss(history);
      const message = `thread ${held} was skipped ${SKIPS} times in a row, and thread ${first?.thread ?? 'none'} was visited first in the next iteration`;
      return [
        finding(
          'skip-first',
          message,
          `thread ${held} first`,
          `thread ${first?.thread ?? 'none'}`,
          first?.records ?? [],
        ),
      ];
    });
  },
});
