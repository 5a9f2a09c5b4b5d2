// THREAD-DEAD-DELIVERED: After declareDead() everything that the thread had published is delivered and its slot
// is reclaimed and usable.
import { defineCheck } from '../../check.js';
import { delivering, findLoss, finding, recordsOf } from '../../checkers/index.js';
import { declareDead, emit, kill, leave, register, settle, stepped, turn } from '../../scenarios/build.js';

export default defineCheck({
  id: 'THREAD-DEAD-DELIVERED',
  scenarios: [
    stepped(
      { detailCapacity: 0, slots: 1, quantum: 4 },
      register(1),
      emit(1, 'index', 11),
      kill(1),
      turn(),
      declareDead(1),
      settle(4096),
      register(2),
      emit(2, 'index', 3),
      settle(4096),
    ),
    // dead while it was leaving
    stepped(
      { detailCapacity: 0, slots: 1 },
      register(1),
      emit(1, 'index', 11),
      leave(1),
      kill(1),
      declareDead(1),
      settle(4096),
      register(2),
      emit(2, 'index', 3),
      settle(4096),
    ),
  ],
  judge(history) {
    return delivering(history, () => {
      const dead = recordsOf(history, 'dead')[0];
      if (dead?.record.outcome !== 'accepted') {
        return [
          finding(
            'dead',
            `declareDead() of a dead thread was told '${dead?.record.outcome ?? 'nothing'}'`,
            'accepted',
            dead?.record.outcome ?? 'nothing',
            [dead?.at ?? 0],
          ),
        ];
      }
      const next = recordsOf(history, 'register').find(({ record }) => record.thread === 2);
      const reclaimed =
        next?.record.outcome === 'accepted'
          ? []
          : [
              finding(
                'dead',
                "a dead thread's slot was not reclaimed: another thread could not register",
                'accepted',
                next?.record.outcome ?? 'nothing',
                [dead.at, next?.at ?? dead.at],
              ),
            ];
      const lost = findLoss(history).map((fault) => ({
        ...fault,
        message: `a dead thread's events: ${fault.message}`,
      }));
      return [...lost, ...reclaimed];
    });
  },
});
