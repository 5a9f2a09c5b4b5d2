// FAIR-ALL-SERVED: In every full iteration each backlogged thread is visited once; under policies with one line no
// thread is chosen again before the others had their turn.
import fc from 'fast-check';
import type { HistoryRecord, ScenarioInput } from '../../../spec/index.js';
import { defineCheck } from '../../check.js';
import { delivering, findUnservedThreads, finding, visitsOf, type Finding } from '../../checkers/index.js';
import { mixed } from '../../scenarios/arbitrary.js';
import { emit, register, stepped, threads, turn } from '../../scenarios/build.js';

/** Threads with the same large backlog, and iterations that may be cut short. */
const saturated = (n: number, quantum: number, turns: number, config: object = {}): ScenarioInput =>
  stepped(
    { detailCapacity: 0, quantum, ...config },
    ...threads(n).flatMap((id) => [register(id), emit(id, 'index', quantum * (turns + 1))]),
    turn(turns),
  );

/** Visits to a thread while another one, backlogged from the start to the end, had none since the visit before. */
function chosenAgain(history: readonly HistoryRecord[], saturatedThreads: number): Finding[] {
  const last = new Map<number, number>();
  return visitsOf(history).flatMap((visit, n): Finding[] => {
    const before = last.get(visit.thread) ?? -1;
    const waits = threads(saturatedThreads).find((id) => id !== visit.thread && (last.get(id) ?? -1) < before);
    last.set(visit.thread, n);
    if (before === -1 || waits === undefined) return [];
    const message = `thread ${visit.thread} was chosen again before backlogged thread ${waits} had its turn`;
    return [finding('served', message, `thread ${waits} first`, `thread ${visit.thread}`, visit.records)];
  });
}

/** Two visits to one thread in an iteration. */
function servedTwice(history: readonly HistoryRecord[]): Finding[] {
  const all = visitsOf(history);
  return all.flatMap((visit, i) => {
    const twice = all
      .slice(0, i)
      .some(({ thread, iteration }) => thread === visit.thread && iteration === visit.iteration);
    if (!twice) return [];
    const message = `thread ${visit.thread} was visited twice in one iteration`;
    return [finding('served', message, 'one turn in an iteration', 'two', visit.records)];
  });
}

export default defineCheck({
  id: 'FAIR-ALL-SERVED',
  scenarios: [saturated(6, 8, 20), saturated(64, 4, 6), saturated(7, 8, 40, { maxIterationVisits: 3 })],
  generated: {
    arbitrary: fc.oneof(
      mixed({ during: false }),
      fc
        .tuple(
          fc.integer({ min: 2, max: 9 }),
          fc.integer({ min: 1, max: 12 }),
          fc.integer({ min: 2, max: 12 }),
          fc.nat(5),
        )
        .map(([n, quantum, turns, maxIterationVisits]) => saturated(n, quantum, turns, { maxIterationVisits })),
    ),
    runs: 120,
  },
  judge(history, scenario) {
    const steps = scenario.mode === 'stepped' ? scenario.steps : [];
    // only `saturated` registers its threads one by one with their backlog
    const backlogged = steps[1]?.op === 'emit' ? steps.filter(({ op }) => op === 'register').length : 0;
    return delivering(history, () => {
      const found = [...findUnservedThreads(history), ...servedTwice(history), ...chosenAgain(history, backlogged)];
      const served = new Set(visitsOf(history).map(({ thread }) => thread)).size;
      return found.length > 0 || served > 1 ? found : { inconclusive: 'fewer than two threads were visited' };
    });
  },
});
