// LOSS-EXACTLY-ONCE: Every accepted index event is delivered and acknowledged once the lane has been drained,
// in any sequence of emits, marks, visits, leaves and sink failures.
import { defineCheck } from '../../check.js';
import { delivering, findLoss } from '../../checkers/index.js';
import { mixed } from '../../scenarios/arbitrary.js';
import { emit, leave, register, settle, stepped } from '../../scenarios/build.js';

export default defineCheck({
  id: 'LOSS-EXACTLY-ONCE',
  scenarios: [
    stepped(
      { detailCapacity: 0 },
      register(1),
      register(2),
      emit(1, 'index', 300),
      emit(2, 'index', 700),
      settle(4096),
      leave(1),
      emit(2, 'index', 1),
      settle(4096),
    ),
  ],
  generated: { arbitrary: mixed({ sinks: true, leaves: true }), runs: 250 },
  judge(history) {
    return delivering(history, () => findLoss(history));
  },
});
