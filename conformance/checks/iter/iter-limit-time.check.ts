// ITER-LIMIT-TIME: No visit starts in an iteration once it has lasted maxIterationNs by the given clock, and it
// says so.
import type { HistoryRecord, ScenarioInput } from '../../../spec/index.js';
import { defineCheck } from '../../check.js';
import {
  analyse,
  delivering,
  findLoss,
  finding,
  iterationsOf,
  recordsOf,
  type Finding,
  type IterationHistory,
} from '../../checkers/index.js';
import { emit, register, settle, sink, stepped, threads, turn } from '../../scenarios/build.js';
import { underPolicies } from '../../scenarios/policies.js';

/** What a write costs, and the limits. */
const CASES = [
  // a time that passes on no clock but the one that is given
  { costNs: 6e12, limits: { maxIterationNs: 1e13 } },
  { costNs: 600, limits: { maxIterationNs: 1000 } },
  // reached, and not exceeded
  { costNs: 500, limits: { maxIterationNs: 1000 } },
  // beside limits that are not reached
  { costNs: 600, limits: { maxIterationNs: 1000, maxIterationVisits: 20, maxIterationEvents: 1000 } },
  // 705,032,704 in 32 bits, and -294,967,296
  { costNs: 2e9, limits: { maxIterationNs: 5e9 } },
  { costNs: 2e9, limits: { maxIterationNs: 4e9 } },
  // and one that is spent on failures
  { costNs: 600, limits: { maxIterationNs: 1000 }, behaviour: 'throw' },
] as const;

const SCENARIOS: readonly ScenarioInput[] = CASES.map(({ costNs, limits, ...sinks }) =>
  stepped(
    { detailCapacity: 0, quantum: 4, ...limits },
    ...threads(8).map((id) => register(id)),
    ...threads(8).map((id) => emit(id, 'index', 40)),
    sink('behaviour' in sinks ? sinks.behaviour : 'accept', { costNs }),
    // one iteration after another is cut; of failures one is enough, they are followed by a back-off
    turn('behaviour' in sinks ? 1 : 12),
    sink('accept'),
    turn(2),
    settle(4096),
  ),
);

export default defineCheck({
  id: 'ITER-LIMIT-TIME',
  scenarios: SCENARIOS,
  also: underPolicies(SCENARIOS),
  judge(history) {
    return delivering(history, () => {
      const limit = analyse(history).config('maxIterationNs', 1000);
      const iterations = iterationsOf(history);
      if (iterations.length === 0) return { inconclusive: 'no iteration was made' };
      const found = iterations.flatMap((one) => limitFaults(history, one, limit));
      return found.length > 0 ? found.slice(0, 1) : findLoss(history);
    });
  },
});

/** What is wrong with an iteration of at most so many ns. */
function limitFaults(
  history: readonly HistoryRecord[],
  { at, record, visits, unvisited }: IterationHistory,
  limit: number,
): Finding[] {
  const writes = visits.flatMap(({ records }) => records);
  const sinks = recordsOf(history, 'sink').filter((sink) => sink.at < (writes[0] ?? at));
  const cost = sinks.at(-1)?.record.costNs ?? 0;
  const lasted = writes.length * cost;
  const begun = (writes.length - (visits.at(-1)?.records.length ?? 0)) * cost;
  if (begun >= limit) {
    const message = `an iteration of at most ${limit} ns began a visit after ${begun} ns`;
    return [finding('limit-time', message, `no visit after ${limit} ns`, `${begun} ns`, [at])];
  }
  if (lasted < limit && record.truncated === 'time') {
    const message = `an iteration of at most ${limit} ns was cut after ${lasted} ns`;
    return [finding('limit-time', message, `visits until ${limit} ns have passed`, `${lasted} ns`, [at])];
  }
  if (unvisited.length === 0 || record.truncated === 'time') return [];
  const message = `an iteration that left threads without a turn says truncated '${record.truncated}'`;
  return [finding('limit-time', message, "'time'", record.truncated, [at])];
}
