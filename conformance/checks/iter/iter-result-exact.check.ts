// ITER-RESULT-EXACT: An iteration’s result counts exactly the batches handed over, the events acknowledged, the
// sink failures and the slots reclaimed in it.
import { defineCheck } from '../../check.js';
import { delivering, findIterationFaults } from '../../checkers/index.js';
import { finish, mixed } from '../../scenarios/arbitrary.js';
import { emit, leave, register, sink, stepped, turn } from '../../scenarios/build.js';

export default defineCheck({
  id: 'ITER-RESULT-EXACT',
  scenarios: [
    stepped(
      { detailCapacity: 0, quantum: 4 },
      register(1),
      register(2),
      emit(1, 'index', 9),
      emit(2, 'index', 3),
      sink('partial', { take: 1, times: 1 }),
      turn(),
      sink('throw', { times: 1 }),
      turn(2),
      leave(2),
      ...finish(),
    ),
  ],
  generated: { arbitrary: mixed({ sinks: true, leaves: true }), runs: 120 },
  judge(history) {
    return delivering(history, () => findIterationFaults(history));
  },
});
