// ITER-LIMIT-EVENTS: No visit starts in an iteration once it has delivered maxIterationEvents events, and it
// says so.
import { defineCheck } from '../../check.js';
import { acknowledged, delivering, findLoss, finding, recordsOf, visitsOf } from '../../checkers/index.js';
import { emit, register, settle, stepped, threads, turn } from '../../scenarios/build.js';

const LIMIT = 20;
const QUANTUM = 8;

export default defineCheck({
  id: 'ITER-LIMIT-EVENTS',
  scenarios: [
    stepped(
      { detailCapacity: 0, maxIterationEvents: LIMIT, quantum: QUANTUM },
      ...threads(32).map((id) => register(id)),
      ...threads(32).map((id) => emit(id, 'index', 50)),
      turn(),
      settle(4096),
    ),
  ],
  judge(history) {
    return delivering(history, () => {
      const first = recordsOf(history, 'iteration')[0];
      if (first === undefined) return { inconclusive: 'no iteration was made' };
      const events = acknowledged(history, { before: first.at });
      const last = visitsOf(history).findLast(({ iteration }) => iteration === 0);
      const before = events - (last?.index ?? 0);
      if (before >= LIMIT)
        return [
          finding(
            'limit-events',
            `an iteration began a visit after it had delivered ${before} events, its limit is ${LIMIT}`,
            `no visit once ${LIMIT} are delivered`,
            `${events} delivered`,
            [first.at],
          ),
        ];
      if (first.record.truncated === 'events') return findLoss(history);
      const message = `an iteration that delivered ${events} events (limit ${LIMIT}) says truncated '${first.record.truncated}'`;
      return [finding('limit-events', message, "'events'", first.record.truncated, [first.at])];
    });
  },
});
