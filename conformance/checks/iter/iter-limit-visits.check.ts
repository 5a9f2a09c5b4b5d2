// ITER-LIMIT-VISITS: An iteration makes at most maxIterationVisits visits and says that it was cut short.
import { defineCheck } from '../../check.js';
import { analyse, delivering, findLoss, finding, recordsOf, visitsOf } from '../../checkers/index.js';
import { begin, commit, emit, register, settle, stepped, threads, turn } from '../../scenarios/build.js';

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
    // beside limits that are not reached
    stepped(
      { detailCapacity: 0, maxIterationVisits: LIMIT, maxIterationEvents: 1000, maxIterationNs: 1_000_000 },
      ...threads(8).map((id) => register(id)),
      ...threads(8).map((id) => emit(id, 'index', 5)),
      turn(),
      settle(4096),
    ),
    // as many threads as visits: everybody has its turn, and nothing is cut short
    stepped(
      { detailCapacity: 0, maxIterationVisits: LIMIT },
      ...threads(LIMIT).map((id) => register(id)),
      ...threads(LIMIT).map((id) => emit(id, 'index', 5)),
      turn(),
      settle(4096),
    ),
  ],
  also: [
    {
      needs: ['submit'],
      scenarios: [
        // a skip is no visit, and does not lift the limit
        stepped(
          { detailCapacity: 0, maxIterationVisits: LIMIT },
          ...threads(8).map((id) => register(id)),
          ...[...threads(8).map((id) => emit(id, 'index', 5)), begin(2, 1), turn(), commit(2), settle(4096)],
        ),
      ],
    },
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
      const wanted = analyse(history).registrations.size > LIMIT || visited < LIMIT ? 'visits' : 'no';
      if (first.record.truncated === wanted) return findLoss(history);
      if (wanted === 'no') {
        const message = `an iteration in which all ${LIMIT} backlogged threads were served says truncated '${first.record.truncated}'`;
        return [finding('limit-visits', message, "'no'", first.record.truncated, [first.at])];
      }
      const message = `an iteration of at most ${LIMIT} visits beside 8 backlogged threads says truncated '${first.record.truncated}'`;
      return [finding('limit-visits', message, "'visits'", first.record.truncated, [first.at])];
    });
  },
});
