// ITER-CONTINUES: After an iteration that was cut short the next one begins with the threads that had no turn;
// under priority within each class.
import { defineCheck } from '../../check.js';
import { analyse, delivering, findLoss, finding, iterationEnd, recordsOf, visitsOf } from '../../checkers/index.js';
import { emit, register, settle, sink, stepped, threads, turn } from '../../scenarios/build.js';

export default defineCheck({
  id: 'ITER-CONTINUES',
  // each cuts an iteration after so many visits of four events
  scenarios: [2, 4]
    .flatMap((visits) => [
      { visits, limits: { maxIterationVisits: visits } },
      { visits, limits: { maxIterationEvents: 4 * visits } },
      { visits, limits: { maxIterationNs: 1000 * visits } },
    ])
    .map(({ visits, limits }) =>
      stepped(
        { detailCapacity: 0, quantum: 4, ...limits },
        sink('accept', { costNs: 1000 }),
        ...threads(8).map((id) => register(id)),
        ...threads(8).map((id) => emit(id, 'index', 100)),
        turn(8 / visits),
        settle(4096),
      ),
    ),
  judge(history) {
    return delivering(history, () => {
      const turns = recordsOf(history, 'iteration').filter(({ record }) => record.truncated !== 'no').length;
      if (turns === 0) return { inconclusive: 'no iteration was cut short' };
      const { config } = analyse(history);
      const visits = [
        config('maxIterationVisits', 0),
        config('maxIterationEvents', 0) / 4,
        config('maxIterationNs', 0) / 1000,
      ];
      const rounds = 8 / Math.max(...visits);
      const visited = new Set(
        visitsOf(history)
          .filter(({ iteration }) => iteration < rounds)
          .map(({ thread }) => thread),
      );
      const missed = threads(8).filter((thread) => !visited.has(thread));
      if (missed.length === 0) return findLoss(history);
      const message = `${rounds} iterations that were cut short visited ${visited.size} of 8 threads: thread ${missed[0]} had no turn`;
      return [
        finding(
          'continues',
          message,
          'each iteration to begin with the threads that had no turn',
          `threads ${missed.join(', ')} left out`,
          [iterationEnd(history, rounds - 1)],
        ),
      ];
    });
  },
});
