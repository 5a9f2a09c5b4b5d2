// ITER-LIMIT-VISITS: An iteration makes at most maxIterationVisits visits and says that it was cut short.
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
import { begin, commit, emit, register, settle, stepped, threads, turn } from '../../scenarios/build.js';
import { underPolicies } from '../../scenarios/policies.js';

const LIMIT = 3;

const SCENARIOS: readonly ScenarioInput[] = [
  stepped(
    { detailCapacity: 0, maxIterationVisits: LIMIT },
    ...threads(8).map((id) => register(id)),
    ...threads(8).map((id) => emit(id, 'index', 5)),
    turn(),
    settle(4096),
  ),
  // one iteration after another is cut
  stepped(
    { detailCapacity: 0, maxIterationVisits: LIMIT, quantum: 4 },
    ...threads(8).flatMap((id) => [register(id), emit(id, 'index', 40)]),
    turn(12),
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
];

export default defineCheck({
  id: 'ITER-LIMIT-VISITS',
  scenarios: SCENARIOS,
  also: [
    ...underPolicies(SCENARIOS),
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
      const iterations = iterationsOf(history);
      if (iterations.length === 0) return { inconclusive: 'no iteration was made' };
      const everybody = analyse(history).registrations.size;
      const found = iterations.flatMap((one) => limitFaults(one, everybody));
      return found.length > 0 ? found.slice(0, 1) : findLoss(history);
    });
  },
});

/** What is wrong with an iteration beside so many threads. */
function limitFaults({ at, record, visits, unvisited }: IterationHistory, everybody: number): Finding[] {
  const told = (message: string, expected: string, seen: string): Finding[] => [
    finding('limit-visits', message, expected, seen, [at]),
  ];
  const made = visits.length;
  if (made > LIMIT) {
    const message = `an iteration made ${made} visits, its limit is ${LIMIT}`;
    return told(message, `at most ${LIMIT} visits`, `${made}`);
  }
  if (unvisited.length > 0 && record.truncated !== 'visits') {
    const message = `an iteration of at most ${LIMIT} visits beside ${made + unvisited.length} backlogged threads says truncated '${record.truncated}'`;
    return told(message, "'visits'", record.truncated);
  }
  if (everybody <= LIMIT && unvisited.length === 0 && record.truncated !== 'no') {
    const message = `an iteration in which all ${everybody} backlogged threads were served says truncated '${record.truncated}'`;
    return told(message, "'no'", record.truncated);
  }
  return [];
}
