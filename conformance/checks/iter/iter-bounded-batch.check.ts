// ITER-BOUNDED-BATCH: A lane that is longer than the quantum is released at least every quantum of events, not
// only when it is empty.
import { defineCheck } from '../../check.js';
import { acknowledged, delivering, findLoss, finding, iterationEnd, recordsOf } from '../../checkers/index.js';
import { emit, register, settle, stepped, turn } from '../../scenarios/build.js';

const QUANTUM = 16;
const CAPACITY = 128;

export default defineCheck({
  id: 'ITER-BOUNDED-BATCH',
  scenarios: [
    stepped(
      { detailCapacity: 0, quantum: QUANTUM, indexCapacity: CAPACITY },
      register(1),
      emit(1, 'index', CAPACITY),
      turn(),
      emit(1, 'index', CAPACITY),
      settle(4096),
    ),
  ],
  judge(history) {
    return delivering(history, () => {
      const end = iterationEnd(history, 0);
      const taken = acknowledged(history, { before: end });
      const again = recordsOf(history, 'emit').find(({ record, at }) => at > end && record.outcome === 'accepted');
      const freed = again?.record.count ?? 0;
      if (taken > QUANTUM)
        return [
          finding(
            'batch',
            `one visit handed over ${taken} events before any space was freed`,
            `at most ${QUANTUM}`,
            `${taken}`,
            [end],
          ),
        ];
      if (freed >= taken && taken > 0) return findLoss(history);
      const message = `a visit delivered ${taken} events of a full lane, and only ${freed} could be emitted afterwards: the space is not freed in time`;
      return [finding('batch', message, `${taken} emits accepted after the visit`, `${freed}`, [end, end + 1])];
    });
  },
});
