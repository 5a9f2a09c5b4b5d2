// ITER-LIMIT-EVENTS: No visit starts in an iteration once it has delivered maxIterationEvents events, and it
// says so.
import { defineCheck } from '../../check.js';
import { acknowledged, analyse, delivering, findLoss, finding, recordsOf, visitsOf } from '../../checkers/index.js';
import { emit, mark, register, settle, sink, stepped, threads, turn } from '../../scenarios/build.js';

const QUANTUM = 8;

export default defineCheck({
  id: 'ITER-LIMIT-EVENTS',
  scenarios: [
    // a batch that is taken in part counts with what was taken
    stepped(
      { detailCapacity: 0, quantum: QUANTUM, maxIterationEvents: 20 },
      ...threads(32).flatMap((id) => [register(id), emit(id, 'index', 50)]),
      ...[sink('partial', { take: 5 }), turn(), sink('accept'), settle(4096)],
    ),
    ...[
      { maxIterationEvents: 20 },
      // reached, and not exceeded
      { maxIterationEvents: 2 * QUANTUM },
      // beside limits that are not reached
      { maxIterationEvents: 20, maxIterationVisits: 1000, maxIterationNs: 1_000_000 },
    ].map((limits) =>
      stepped(
        { detailCapacity: 0, quantum: QUANTUM, ...limits },
        ...threads(32).map((id) => register(id)),
        ...threads(32).map((id) => emit(id, 'index', 50)),
        turn(),
        settle(4096),
      ),
    ),
  ],
  also: [
    {
      needs: ['detail'],
      scenarios: [
        // detail events count as index events do
        stepped(
          { quantum: QUANTUM, maxIterationEvents: 20, detailCapacity: 16, windowRecords: 4, detailRecordBytes: 64 },
          ...threads(32).flatMap((id) => [register(id), emit(id, 'index', 20), mark(id), emit(id, 'detail', 8)]),
          ...[turn(), settle(4096)],
        ),
      ],
    },
  ],
  judge(history) {
    return delivering(history, () => {
      const limit = analyse(history).config('maxIterationEvents', 20);
      const first = recordsOf(history, 'iteration')[0];
      if (first === undefined) return { inconclusive: 'no iteration was made' };
      const events = acknowledged(history, { before: first.at });
      const last = visitsOf(history).findLast(({ iteration }) => iteration === 0);
      const before = events - (last === undefined ? 0 : last.index + last.detail);
      if (before >= limit)
        return [
          finding(
            'limit-events',
            `an iteration began a visit after it had delivered ${before} events, its limit is ${limit}`,
            `no visit once ${limit} are delivered`,
            `${events} delivered`,
            [first.at],
          ),
        ];
      if (first.record.truncated === 'events') return findLoss(history);
      const message = `an iteration that delivered ${events} events (limit ${limit}) says truncated '${first.record.truncated}'`;
      return [finding('limit-events', message, "'events'", first.record.truncated, [first.at])];
    });
  },
});
