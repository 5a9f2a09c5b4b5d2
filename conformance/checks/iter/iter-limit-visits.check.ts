// ITER-LIMIT-VISITS: An iteration makes at most maxIterationVisits visits and says that it was cut short.
import { defineCheck } from '../../check.js';
import { delivering, findLoss, finding, recordsOf, visitsOf } from '../../checkers/index.js';
import { emit, register, settle, stepped, threads, turn } from '../../scenarios/build.js';

const LIMIT = 3;

export default defineCheck({
  id: 'ITER-LIMIT-VISITS',
  scenarios: [
    stepped(
      { detailCapacity: 0, maxIterationVisits: LIMIT },
      ...threads(8).map((id) => register(id)),
      ...threads(8).map((id) => emit(id, 'index', 5)),
      turn(),
      settle(4096),
    ),
  ],
  judge(history) {
    return delivering(history, () => {
      const first = recordsOf(history, 'iteration')[0];
      if (first === undefined) return { inconclusive: 'no iteration was made' };
      const visited = visitsOf(history).filter(({ iteration }) => iteration === 0).length;
      if (visited > LIMIT)
        return [
          finding(
            'limit-visits',
            `an iteration made ${visited} visits, its limit is ${LIMIT}`,
            `at most ${LIMIT} visits`,
            `${visited}`,
            [first.at],
          ),
        ];
      if (first.record.truncated === 'visits') return findLoss(history);
      const message = `an iteration of at most ${LIMIT} visits beside 8 backlogged threads says truncated '${first.record.truncated}'`;
      return [finding('limit-visits', message, "'visits'", first.record.truncated, [first.at])];
    });
  },
});
