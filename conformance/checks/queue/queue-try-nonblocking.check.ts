// QUEUE-TRY-NONBLOCKING: tryAcquireDrain returns false at once while a producer holds the submit queue, and
// true when it is free.
import { defineCheck } from '../../check.js';
import { delivering, findLoss, finding, recordsOf } from '../../checkers/index.js';
import { acquire, begin, commit, emit, register, release, settle, stepped, turn } from '../../scenarios/build.js';

export default defineCheck({
  id: 'QUEUE-TRY-NONBLOCKING',
  scenarios: [
    stepped(
      { detailCapacity: 0 },
      register(1),
      emit(1, 'index', 2),
      turn(),
      begin(1, 1),
      acquire(1),
      commit(1),
      acquire(1),
      release(1),
      settle(4096),
    ),
  ],
  judge(history) {
    if (!recordsOf(history, 'submit').some(({ record }) => record.phase === 'begin' && record.outcome === 'accepted'))
      return { inconclusive: 'no producer held its queue' };
    return delivering(history, () => {
      const [held, free] = recordsOf(history, 'acquire');
      const found = [];
      if (held?.record.acquired !== false)
        found.push(
          finding(
            'try',
            'tryAcquireDrain took the queue of thread 1 while its producer held it',
            'false',
            `${held?.record.acquired ?? 'no answer'}`,
            [held?.at ?? 0],
          ),
        );
      if (free?.record.acquired !== true)
        found.push(
          finding(
            'try',
            'tryAcquireDrain did not take the free queue of thread 1',
            'true',
            `${free?.record.acquired ?? 'no answer'}`,
            [free?.at ?? 0],
          ),
        );
      return [...found, ...findLoss(history)];
    });
  },
});
