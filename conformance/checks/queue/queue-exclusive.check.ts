// QUEUE-EXCLUSIVE: Two drains never hold one thread at once: while one visits it, the other skips it, and
// nothing is delivered twice.
import { defineCheck } from '../../check.js';
import { delivering, findDuplicates, findLoss, finding, recordsOf } from '../../checkers/index.js';
import {
  acquire,
  emit,
  openDrain,
  register,
  release,
  settle,
  stepped,
  steppedWith,
  turn,
  visit,
} from '../../scenarios/build.js';

export default defineCheck({
  id: 'QUEUE-EXCLUSIVE',
  scenarios: [
    steppedWith(
      { detailCapacity: 0 },
      { 0: [turn(1, 1), acquire(1, 1)] },
      register(1),
      openDrain(1),
      emit(1, 'index', 9),
      turn(),
      emit(1, 'index', 3),
      turn(1, 1),
      settle(4096),
    ),
    // a queue that is held by hand
    stepped(
      { detailCapacity: 0 },
      register(1),
      openDrain(1),
      emit(1, 'index', 4),
      acquire(1),
      turn(2, 1),
      visit(1, 2),
      turn(1, 1),
      release(1),
      settle(4096, 1),
      settle(4096),
    ),
  ],
  judge(history) {
    return delivering(history, () => {
      const rival = recordsOf(history, 'iteration').find(({ record }) => record.drain === 1);
      if (rival === undefined) return { inconclusive: 'the second drain made no iteration' };
      const both = recordsOf(history, 'acquire').filter(({ record }) => record.drain === 1 && record.acquired);
      const found = both.map(({ at }) =>
        finding(
          'exclusive',
          'a second drain took the queue of thread 1 while the first one was visiting it: two drains hold one thread',
          'false',
          'true',
          [at],
        ),
      );
      if (rival.record.delivered > 0)
        found.push(
          finding(
            'exclusive',
            `a second drain delivered ${rival.record.delivered} events of a thread that the first one held`,
            'a skip',
            'a visit',
            [rival.at],
          ),
        );
      return [...found, ...findDuplicates(history), ...findLoss(history)];
    });
  },
});
