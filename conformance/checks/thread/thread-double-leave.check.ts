// THREAD-DOUBLE-LEAVE: A second leave() throws THREAD_LEFT, and changes nothing.
import { defineCheck } from '../../check.js';
import { delivering, findLoss, finding, recordsOf } from '../../checkers/index.js';
import { emit, leave, register, settle, stepped } from '../../scenarios/build.js';

export default defineCheck({
  id: 'THREAD-DOUBLE-LEAVE',
  scenarios: [
    stepped(
      { detailCapacity: 0, slots: 1 },
      register(1),
      emit(1, 'index', 3),
      leave(1),
      leave(1),
      settle(4096),
      register(2),
      emit(2, 'index', 2),
      leave(1),
      emit(2, 'index', 2),
      settle(4096),
    ),
  ],
  judge(history) {
    return delivering(history, () => {
      const [first, ...again] = recordsOf(history, 'leave');
      if (first?.record.outcome !== 'accepted') {
        return [
          finding(
            'leave',
            `the first leave() of thread 1 was told '${first?.record.outcome ?? 'nothing'}'`,
            'accepted',
            first?.record.outcome ?? 'nothing',
            [first?.at ?? 0],
          ),
        ];
      }
      const wrong = again
        .filter(({ record }) => record.outcome !== 'THREAD_LEFT')
        .map(({ record, at }) =>
          finding('leave', `a second leave() of thread 1 was told '${record.outcome}'`, 'THREAD_LEFT', record.outcome, [
            first.at,
            at,
          ]),
        );
      return [...wrong, ...findLoss(history)];
    });
  },
});
