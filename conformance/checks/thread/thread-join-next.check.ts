// THREAD-JOIN-NEXT: A thread that registers while an iteration is under way, or between two, has its events
// delivered by the next full iteration.
import { defineCheck } from '../../check.js';
import { acknowledged, delivering, finding, iterationEnd, recordsOf } from '../../checkers/index.js';
import { emit, register, stepped, steppedWith, turn } from '../../scenarios/build.js';

export default defineCheck({
  id: 'THREAD-JOIN-NEXT',
  scenarios: [
    // between two iterations, and while one is under way
    stepped({ detailCapacity: 0 }, register(1), emit(1, 'index', 10), turn(), register(2), emit(2, 'index', 1), turn()),
    steppedWith(
      { detailCapacity: 0 },
      { 0: [register(2), emit(2, 'index', 1)] },
      register(1),
      emit(1, 'index', 10),
      turn(),
      turn(),
    ),
  ],
  judge(history) {
    return delivering(history, () => {
      const joined = recordsOf(history, 'register').find(
        ({ record }) => record.thread === 2 && record.outcome === 'accepted',
      );
      if (joined === undefined) return { inconclusive: 'thread 2 did not register' };
      if (acknowledged(history, { thread: 2, before: iterationEnd(history, 1) }) > 0) return [];
      const message = 'thread 2 registered before the second iteration began, and its event was not delivered in it';
      return [
        finding('join', message, 'a new thread in the next iteration', 'not visited', [
          joined.at,
          iterationEnd(history, 1),
        ]),
      ];
    });
  },
});
