// THREAD-DOUBLE-LEAVE: A second leave() throws THREAD_LEFT, and changes nothing.
import { defineCheck } from '../../check.js';
import { delivering, findLoss, findWrongOutcome, finding, recordsOf } from '../../checkers/index.js';
import { emit, leave, register, settle, stepped, turn } from '../../scenarios/build.js';

const one = { detailCapacity: 0, slots: 1, quantum: 4 };

export default defineCheck({
  id: 'THREAD-DOUBLE-LEAVE',
  scenarios: [
    // before its final drain, and when another thread has its slot
    stepped(
      one,
      ...[register(1), emit(1, 'index', 10), leave(1), leave(1), turn(), leave(1), settle(4096), leave(1)],
      ...[register(2), emit(2, 'index', 2), leave(1), emit(2, 'index', 2), turn(2), register(3)],
      ...[emit(2, 'index', 1), settle(4096)],
    ),
    stepped({ detailCapacity: 0 }, ...[register(1), emit(1, 'index', 1), leave(1), leave(1), settle(4096), leave(1)]),
  ],
  judge(history) {
    return delivering(history, () => {
      const [first, ...again] = recordsOf(history, 'leave');
      if (first?.record.outcome !== 'accepted' || again.length === 0) {
        const told = first?.record.outcome ?? 'nothing';
        return [
          finding('leave', `the first leave() of thread 1 was told '${told}'`, 'accepted', told, [first?.at ?? 0]),
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
      const successor = findWrongOutcome(
        history,
        (record) => (record.type === 'emit' && record.thread === 2 ? 'an emit of thread 2' : undefined),
        ['accepted'],
        'came after a second leave() of thread 1, which had its slot before,',
      );
      const given = recordsOf(history, 'register').filter(
        ({ record }) => record.thread === 3 && record.outcome === 'accepted',
      );
      const freed = given.map(({ at }) =>
        finding('leave', 'thread 3 got the only slot, which thread 2 still has', 'REGISTRY_FULL', 'accepted', [at]),
      );
      return [...wrong, ...successor, ...freed, ...findLoss(history)];
    });
  },
});
