// ITER-LIMIT-TIME: No visit starts in an iteration once it has lasted maxIterationNs by the given clock, and it
// says so.
import { defineCheck } from '../../check.js';
import { analyse, delivering, findLoss, finding, recordsOf } from '../../checkers/index.js';
import { emit, register, settle, sink, stepped, threads, turn } from '../../scenarios/build.js';

/** What a write costs, and the limits. */
const CASES = [
  { costNs: 600, limits: { maxIterationNs: 1000 } },
  // reached, and not exceeded
  { costNs: 500, limits: { maxIterationNs: 1000 } },
  // beside limits that are not reached
  { costNs: 600, limits: { maxIterationNs: 1000, maxIterationVisits: 20, maxIterationEvents: 1000 } },
  // a time that passes on no clock but the one that is given
  { costNs: 6e12, limits: { maxIterationNs: 1e13 } },
  // 705,032,704 in 32 bits, and -294,967,296
  { costNs: 2e9, limits: { maxIterationNs: 5e9 } },
  { costNs: 2e9, limits: { maxIterationNs: 4e9 } },
  // and one that is spent on failures
  { costNs: 600, limits: { maxIterationNs: 1000 }, behaviour: 'throw' },
] as const;

export default defineCheck({
  id: 'ITER-LIMIT-TIME',
  scenarios: CASES.map(({ costNs, limits, ...sinks }) =>
    stepped(
      { detailCapacity: 0, ...limits },
      ...threads(8).map((id) => register(id)),
      ...threads(8).map((id) => emit(id, 'index', 5)),
      sink('behaviour' in sinks ? sinks.behaviour : 'accept', { costNs }),
      turn(),
      sink('accept'),
      turn(2),
      settle(4096),
    ),
  ),
  judge(history) {
    return delivering(history, () => {
      const limit = analyse(history).config('maxIterationNs', 1000);
      const cost = recordsOf(history, 'sink')[0]?.record.costNs ?? 0;
      const first = recordsOf(history, 'iteration')[0];
      if (first === undefined) return { inconclusive: 'no iteration was made' };
      const writes = recordsOf(history, 'batch').filter(({ at }) => at < first.at);
      // a visit may write several times: it is begun where the thread changes
      const begun = writes.findLastIndex(({ record }, i) => record.thread !== writes[i - 1]?.record.thread);
      if (begun * cost >= limit) {
        const message = `an iteration of at most ${limit} ns began a visit after ${begun * cost} ns`;
        return [finding('limit-time', message, `no visit after ${limit} ns`, `${begun * cost} ns`, [first.at])];
      }
      if (first.record.truncated === 'time') return findLoss(history);
      const message = `an iteration that reached its limit of time says truncated '${first.record.truncated}'`;
      return [finding('limit-time', message, "'time'", first.record.truncated, [first.at])];
    });
  },
});
