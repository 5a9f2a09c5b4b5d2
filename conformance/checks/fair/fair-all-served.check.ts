// FAIR-ALL-SERVED: In every full iteration each backlogged thread is visited once; no thread is chosen again
// before the others had their turn.
import { defineCheck } from '../../check.js';
import { delivering, findUnservedThreads, finding, visitsOf } from '../../checkers/index.js';
import { mixed } from '../../scenarios/arbitrary.js';
import { emit, register, stepped, threads, turn } from '../../scenarios/build.js';

export default defineCheck({
  id: 'FAIR-ALL-SERVED',
  scenarios: [
    stepped(
      { detailCapacity: 0, quantum: 8 },
      ...threads(6).map((id) => register(id)),
      ...threads(6).map((id) => emit(id, 'index', 900)),
      turn(20),
    ),
  ],
  generated: { arbitrary: mixed({ during: false }), runs: 80 },
  judge(history) {
    return delivering(history, () => {
      const again = visitsOf(history).flatMap((visit, i, all) => {
        const twice = all
          .slice(0, i)
          .some(({ thread, iteration }) => thread === visit.thread && iteration === visit.iteration);
        return twice
          ? [
              finding(
                'served',
                `thread ${visit.thread} was chosen again in an iteration before it ended`,
                'one turn in an iteration',
                'two',
                visit.records,
              ),
            ]
          : [];
      });
      return [...findUnservedThreads(history), ...again];
    });
  },
});
