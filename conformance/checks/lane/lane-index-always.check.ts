// LANE-INDEX-ALWAYS: A visit to a thread whose index lane is not empty delivers index events of that thread,
// whether or not anything is marked.
import { defineCheck } from '../../check.js';
import { delivering, findLoss, findUnservedThreads } from '../../checkers/index.js';
import { mixed } from '../../scenarios/arbitrary.js';
import { emit, register, settle, stepped, turn } from '../../scenarios/build.js';

export default defineCheck({
  id: 'LANE-INDEX-ALWAYS',
  scenarios: [
    stepped(
      { detailCapacity: 0 },
      register(1),
      ...[1, 5, 1, 30].flatMap((count) => [emit(1, 'index', count), turn()]),
      settle(4096),
    ),
  ],
  generated: { arbitrary: mixed({ during: false }), runs: 60 },
  judge(history) {
    return delivering(history, () => [
      ...findUnservedThreads(history).map((fault) => ({
        ...fault,
        message: `a visit delivered no index event: ${fault.message}`,
      })),
      ...findLoss(history),
    ]);
  },
});
