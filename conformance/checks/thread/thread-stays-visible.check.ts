// THREAD-STAYS-VISIBLE: A thread that registered early and stays quiet while others register and leave is still
// drained when it emits.
import { defineCheck } from '../../check.js';
import { delivering, findLoss } from '../../checkers/index.js';
import { emit, leave, register, settle, stepped, threads, turn } from '../../scenarios/build.js';

export default defineCheck({
  id: 'THREAD-STAYS-VISIBLE',
  scenarios: [
    stepped(
      { detailCapacity: 0, slots: 4 },
      register(1),
      register(2),
      emit(1, 'index', 1),
      settle(64),
      ...threads(6).flatMap((n) => [register(10 + n), emit(10 + n, 'index', 2), turn(), leave(10 + n), settle(64)]),
      emit(1, 'index', 3),
      emit(2, 'index', 3),
      settle(4096),
    ),
  ],
  judge(history) {
    return delivering(history, () =>
      findLoss(history).map((fault) => ({
        ...fault,
        message: `after others had registered and left: ${fault.message}`,
      })),
    );
  },
});
