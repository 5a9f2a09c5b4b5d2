// ITER-LIMIT-TIME: No visit starts in an iteration once it has lasted maxIterationNs by the given clock, and it
// says so.
import { defineCheck } from '../../check.js';
import { delivering, findLoss, finding, recordsOf } from '../../checkers/index.js';
import { emit, register, settle, sink, stepped, threads, turn } from '../../scenarios/build.js';

const COST = 600;
const LIMIT = 1000;

export default defineCheck({
  id: 'ITER-LIMIT-TIME',
  scenarios: [
    stepped(
      { detailCapacity: 0, maxIterationNs: LIMIT },
      ...threads(8).map((id) => register(id)),
      ...threads(8).map((id) => emit(id, 'index', 5)),
      sink('accept', { costNs: COST }),
      turn(),
      settle(4096),
    ),
  ],
  judge(history) {
    return delivering(history, () => {
      const first = recordsOf(history, 'iteration')[0];
      if (first === undefined) return { inconclusive: 'no iteration was made' };
      const writes = recordsOf(history, 'batch').filter(({ at }) => at < first.at);
      // a visit may write several times: it is begun where the thread changes
      const begun = writes.findLastIndex(({ record }, i) => record.thread !== writes[i - 1]?.record.thread);
      if (begun * COST >= LIMIT) {
        const message = `an iteration of at most ${LIMIT} ns began a visit after ${begun * COST} ns`;
        return [finding('limit-time', message, `no visit after ${LIMIT} ns`, `${begun * COST} ns`, [first.at])];
      }
      if (first.record.truncated === 'time') return findLoss(history);
      const message = `an iteration that reached its limit of time says truncated '${first.record.truncated}'`;
      return [finding('limit-time', message, "'time'", first.record.truncated, [first.at])];
    });
  },
});
