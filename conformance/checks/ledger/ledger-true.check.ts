// LEDGER-TRUE: The ledger’s accepted, rejected and delivered counts equal what the producers were told and what
// the sink acknowledged.
import { defineCheck } from '../../check.js';
import { delivering, findUntruth, recordsOf } from '../../checkers/index.js';
import { mixed } from '../../scenarios/arbitrary.js';
import { emit, leave, metrics, register, settle, stepped, turn } from '../../scenarios/build.js';

export default defineCheck({
  id: 'LEDGER-TRUE',
  scenarios: [
    stepped(
      { detailCapacity: 0, indexCapacity: 8 },
      register(1),
      register(2),
      emit(1, 'index', 12),
      emit(2, 'index', 3),
      metrics(),
      turn(),
      metrics(),
      emit(1, 'index', 9),
      leave(2),
      settle(4096),
      metrics(),
    ),
    stepped(
      { detailCapacity: 0, indexCapacity: 4, initialCursor: 2 ** 32 - 3 },
      register(1),
      ...[3, 5, 2].flatMap((n) => [emit(1, 'index', n), metrics(), turn(), metrics()]),
    ),
  ],
  generated: { arbitrary: mixed({ sinks: true, leaves: true, metrics: true, during: false }), runs: 120 },
  judge(history) {
    if (recordsOf(history, 'metrics').length === 0) return { inconclusive: 'there are no metrics' };
    return delivering(history, () => findUntruth(history));
  },
});
