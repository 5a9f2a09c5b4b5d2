// SINK-BACKS-OFF: A thread whose batches fail again and again is offered less and less often, up to
// maxBackoffIterations, and again at once after a success.
import { defineCheck } from '../../check.js';
import { delivering, findLoss, finding, recordsOf } from '../../checkers/index.js';
import { emit, register, sink, stepped, turn } from '../../scenarios/build.js';

const LONGEST = 8;

export default defineCheck({
  id: 'SINK-BACKS-OFF',
  scenarios: [
    stepped(
      { detailCapacity: 0, maxBackoffIterations: LONGEST },
      register(1),
      emit(1, 'index', 5),
      sink('throw'),
      turn(80),
      sink('accept'),
      turn(LONGEST + 2),
      emit(1, 'index', 1),
      turn(),
    ),
  ],
  judge(history) {
    return delivering(history, () => {
      const tries = recordsOf(history, 'batch').filter(({ record }) => record.acknowledged === 0);
      const turns = tries.map(
        ({ at }) => recordsOf(history, 'iteration').filter((iteration) => iteration.at < at).length,
      );
      const gaps = turns.slice(1).map((turn, i) => turn - turns[i]!);
      if (gaps.length < 2) {
        return [
          finding(
            'back-off',
            `a failing batch was offered ${tries.length} times in 80 iterations: the drain gave up`,
            'offered again, less and less often',
            `${tries.length}`,
            [history.length - 1],
          ),
        ];
      }
      if (gaps.at(-1)! < LONGEST / 2 || gaps.some((gap, i) => gap < (gaps[i - 1] ?? 0))) {
        const message = `a failing batch was offered again after ${gaps.slice(0, 8).join(', ')} iterations: no back-off`;
        return [
          finding(
            'back-off',
            message,
            'gaps that grow',
            gaps.slice(0, 8).join(', '),
            tries.slice(0, 3).map(({ at }) => at),
          ),
        ];
      }
      if (gaps.some((gap) => gap > LONGEST + 1)) {
        return [
          finding(
            'back-off',
            `a failing batch waited for ${Math.max(...gaps)} iterations`,
            `at most maxBackoffIterations (${LONGEST})`,
            `${Math.max(...gaps)}`,
            [tries.at(-1)!.at],
          ),
        ];
      }
      const late = findLoss(history);
      return late.map((fault) => ({ ...fault, message: `after the sink recovered: ${fault.message}` }));
    });
  },
});
