// LOSS-NO-DUPLICATE: No event that the sink acknowledged is handed to it again.
import { defineCheck } from '../../check.js';
import { delivering, findDuplicates } from '../../checkers/index.js';
import { mixed } from '../../scenarios/arbitrary.js';
import { emit, register, settle, sink, stepped, turn } from '../../scenarios/build.js';

export default defineCheck({
  id: 'LOSS-NO-DUPLICATE',
  scenarios: [
    stepped(
      { detailCapacity: 0, maxBackoffIterations: 1 },
      register(1),
      emit(1, 'index', 20),
      sink('partial', { take: 7, times: 1 }),
      turn(3),
      sink('throw', { times: 1 }),
      turn(3),
      settle(4096),
    ),
  ],
  generated: { arbitrary: mixed({ sinks: true, leaves: true }), runs: 150 },
  judge(history) {
    return delivering(history, () => findDuplicates(history));
  },
});
