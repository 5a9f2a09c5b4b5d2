// QUEUE-BUSY-PRODUCER: A submit while the drain visits the thread is rejected with QUEUE_BUSY or accepted
// whole, never torn; single emits go on.
import { defineCheck } from '../../check.js';
import { delivering, findLoss, findPhantoms, findWrongOutcome, finding, recordsOf } from '../../checkers/index.js';
import { emit, register, settle, steppedWith, submit, turn } from '../../scenarios/build.js';

export default defineCheck({
  id: 'QUEUE-BUSY-PRODUCER',
  scenarios: [
    steppedWith(
      { detailCapacity: 0 },
      { 0: [submit(1, 3), emit(1, 'index', 2)] },
      register(1),
      emit(1, 'index', 5),
      turn(),
      submit(1, 2),
      settle(4096),
    ),
  ],
  judge(history) {
    return delivering(history, () => {
      const [during, after] = recordsOf(history, 'submit');
      const inside = recordsOf(history, 'emit').find(({ record }) => record.from > 5);
      if (during === undefined || after === undefined || inside === undefined)
        return { inconclusive: 'nothing was submitted during a visit' };
      const found = findWrongOutcome(
        [during.record],
        () => 'a submit of thread 1',
        ['QUEUE_BUSY', 'accepted'],
        'came while the drain visited the thread',
      );
      if (inside.record.outcome !== 'accepted')
        found.push(
          finding(
            'busy',
            `a single emit of thread 1 during a visit was told '${inside.record.outcome}'`,
            'accepted',
            inside.record.outcome,
            [inside.at],
          ),
        );
      if (after.record.outcome !== 'accepted')
        found.push(
          finding(
            'busy',
            `a submit of thread 1 after the visit was told '${after.record.outcome}': the queue was not given back`,
            'accepted',
            after.record.outcome,
            [after.at],
          ),
        );
      return [...found, ...findPhantoms(history), ...findLoss(history)];
    });
  },
});
