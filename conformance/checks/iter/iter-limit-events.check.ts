// ITER-LIMIT-EVENTS: No visit starts in an iteration once it has delivered maxIterationEvents events, and it
// says so.
import type { ScenarioInput } from '../../../spec/index.js';
import { defineCheck } from '../../check.js';
import {
  analyse,
  delivering,
  findLoss,
  finding,
  iterationsOf,
  type Finding,
  type IterationHistory,
} from '../../checkers/index.js';
import { emit, mark, register, settle, sink, stepped, threads, turn } from '../../scenarios/build.js';
import { underPolicies } from '../../scenarios/policies.js';

const QUANTUM = 8;

const SCENARIOS: readonly ScenarioInput[] = [
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
];

export default defineCheck({
  id: 'ITER-LIMIT-EVENTS',
  scenarios: SCENARIOS,
  also: [
    ...underPolicies(SCENARIOS),
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
      const iterations = iterationsOf(history);
      if (iterations.length === 0) return { inconclusive: 'no iteration was made' };
      const found = iterations.flatMap((one) => limitFaults(one, limit));
      return found.length > 0 ? found.slice(0, 1) : findLoss(history);
    });
  },
});

const eventsOf = ({ visits }: Pick<IterationHistory, 'visits'>): number =>
  visits.reduce((sum, { index, detail }) => sum + index + detail, 0);

/** What is wrong with an iteration of at most so many events. */
function limitFaults(one: IterationHistory, limit: number): Finding[] {
  const { at, record, visits, unvisited } = one;
  const events = eventsOf(one);
  const before = eventsOf({ visits: visits.slice(0, -1) });
  if (before >= limit) {
    const message = `an iteration began a visit after it had delivered ${before} events, its limit is ${limit}`;
    return [finding('limit-events', message, `no visit once ${limit} are delivered`, `${events} delivered`, [at])];
  }
  // one that served everybody needs not say that it also reached its limit
  const cut = record.truncated === 'events';
  if (cut ? events >= limit : unvisited.length === 0) return [];
  const message = `an iteration that delivered ${events} events (limit ${limit}) says truncated '${record.truncated}'`;
  return [finding('limit-events', message, cut ? `no cut before ${limit}` : "'events'", record.truncated, [at])];
}
