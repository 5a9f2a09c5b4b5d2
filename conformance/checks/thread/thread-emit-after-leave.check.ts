// THREAD-EMIT-AFTER-LEAVE: An emit, mark or submit after leave() is rejected with THREAD_LEFT.
import { defineCheck } from '../../check.js';
import { delivering, findPhantoms, finding, recordsOf } from '../../checkers/index.js';
import { emit, leave, register, settle, stepped } from '../../scenarios/build.js';

export default defineCheck({
  id: 'THREAD-EMIT-AFTER-LEAVE',
  scenarios: [
    stepped(
      { detailCapacity: 0 },
      register(1),
      emit(1, 'index', 3),
      leave(1),
      emit(1, 'index', 2),
      settle(4096),
      emit(1, 'index', 2),
      settle(4096),
    ),
  ],
  judge(history) {
    return delivering(history, () => {
      const left = history.findIndex(({ type }) => type === 'leave');
      const after = recordsOf(history, 'emit').filter(({ at }) => at > left);
      if (after.length === 0) return { inconclusive: 'nothing was emitted after leave()' };
      const wrong = after
        .filter(({ record }) => record.outcome !== 'THREAD_LEFT')
        .map(({ record, at }) =>
          finding(
            'after-leave',
            `an emit of thread 1 after leave() was told '${record.outcome}'`,
            'THREAD_LEFT',
            record.outcome,
            [left, at],
          ),
        );
      return [...wrong, ...findPhantoms(history)];
    });
  },
});
