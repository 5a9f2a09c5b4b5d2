// ITER-CONTINUES: After an iteration that was cut short the next one begins with the threads that had no turn;
// under priority within each class.
import type { ScenarioInput } from '../../../spec/index.js';
import { defineCheck } from '../../check.js';
import {
  delivering,
  findLoss,
  finding,
  recordsOf,
  visitsOf,
  type Finding,
  type VisitHistory,
} from '../../checkers/index.js';
import { emit, register, settle, sink, stepped, threads, turn } from '../../scenarios/build.js';
import { underPolicies } from '../../scenarios/policies.js';

// all cut an iteration before everybody has had a turn, also where a visit takes one event
const SCENARIOS: readonly ScenarioInput[] = [
  { maxIterationVisits: 2 },
  { maxIterationVisits: 4 },
  { maxIterationEvents: 2 },
  { maxIterationEvents: 7 },
  { maxIterationNs: 2000 },
  { maxIterationNs: 4000 },
].map((limit) =>
  stepped(
    { detailCapacity: 0, quantum: 4, ...limit },
    sink('accept', { costNs: 1000 }),
    ...threads(8).map((id) => register(id)),
    ...threads(8).map((id) => emit(id, 'index', 100)),
    turn(24),
    settle(4096),
  ),
);

export default defineCheck({
  id: 'ITER-CONTINUES',
  scenarios: SCENARIOS,
  also: underPolicies(SCENARIOS),
  judge(history) {
    return delivering(history, () => {
      const cut = recordsOf(history, 'iteration').map(({ record }) => record.truncated !== 'no');
      if (!cut.includes(true)) return { inconclusive: 'no iteration was cut short' };
      const early = earlyTurn(visitsOf(history), cut);
      return early === undefined ? findLoss(history) : [early];
    });
  },
});

/** While all threads are backlogged nobody has another turn before each has had one. */
function earlyTurn(visits: readonly VisitHistory[], cut: readonly boolean[]): Finding | undefined {
  const left = new Map(threads(8).map((thread) => [thread, 100]));
  let due = new Set<number>();
  let last = 0;
  for (const { thread, index, iteration, records } of visits) {
    // an iteration that was not cut short had a turn for everybody
    if (due.size === 0 || cut.slice(last, iteration).includes(false)) due = new Set(left.keys());
    last = iteration;
    if (!due.delete(thread)) {
      const message = `iteration ${iteration + 1} visits thread ${thread} again: thread ${[...due][0]} had no turn when the last one was cut short`;
      const expected = 'each iteration to begin with the threads that had no turn';
      return finding('continues', message, expected, `thread ${thread} before threads ${[...due].join(', ')}`, records);
    }
    const rest = left.get(thread)! - index;
    if (rest <= 0) return undefined; // from here on not all are backlogged
    left.set(thread, rest);
  }
  return undefined;
}
