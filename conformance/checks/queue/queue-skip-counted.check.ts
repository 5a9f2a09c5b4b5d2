// QUEUE-SKIP-COUNTED: A thread whose submit queue is held is skipped without a visit, and every skip is counted
// in the iteration’s result.
import { defineCheck } from '../../check.js';
import { delivering, findLoss, finding, recordsOf } from '../../checkers/index.js';
import { begin, commit, emit, register, settle, stepped, turn } from '../../scenarios/build.js';

export default defineCheck({
  id: 'QUEUE-SKIP-COUNTED',
  scenarios: [
    stepped(
      { detailCapacity: 0 },
      register(1),
      register(2),
      emit(1, 'index', 3),
      begin(1, 1),
      emit(2, 'index', 2),
      turn(3),
      commit(1),
      settle(4096),
    ),
  ],
  judge(history) {
    return delivering(history, () => {
      const commit = recordsOf(history, 'submit').find(({ record }) => record.phase === 'commit');
      const held = recordsOf(history, 'iteration').filter(({ at }) => at < (commit?.at ?? 0));
      if (held.length < 3) return { inconclusive: 'no iteration met a held queue' };
      const visited = history.findIndex(
        (record, at) => record.type === 'batch' && record.thread === 1 && at < commit!.at,
      );
      const found =
        visited === -1
          ? []
          : [finding('skip', 'thread 1 was visited while its submit queue was held', 'a skip', 'a visit', [visited])];
      for (const { record, at } of held) {
        if (record.skips !== 1)
          found.push(
            finding(
              'skip',
              `an iteration that met one held queue says it skipped ${record.skips}`,
              'skips 1',
              `${record.skips}`,
              [at],
            ),
          );
      }
      return [...found, ...findLoss(history)];
    });
  },
});
