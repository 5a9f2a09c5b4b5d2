// FAIR-ADAPTIVE-FOLLOWS: Under adaptive visits grow to quantumMax while backlogs stay beyond them and the sink is quick,
// shrink to quantumMin when little comes, and batches shrink to batchMin before a sink whose writes take longer than targetWriteNs.
import fc from 'fast-check';
import type { HistoryRecord, ScenarioInput, StepInput } from '../../../spec/index.js';
import { defineCheck } from '../../check.js';
import {
  analyse,
  delivering,
  finding,
  recordsOf,
  visitsOf,
  type Finding,
  type VisitHistory,
} from '../../checkers/index.js';
import { emit, mark, register, settle, sink, stepped, threads, turn } from '../../scenarios/build.js';

/** Iterations that any controller may take for one of these moves; many times what doubling needs. */
const PATIENCE = 96;
const config = (quantumMin: number, quantumMax: number, more: object = {}): object => ({
  detailCapacity: 0,
  policy: 'adaptive',
  maxSkips: 0,
  quantum: quantumMin,
  quantumMin,
  quantumMax,
  batchMin: 2,
  batchMax: 4096,
  indexCapacity: 4096,
  targetIterationNs: 1_000_000_000_000,
  ...more,
});

/** The lanes are kept full: visits must come to take quantumMax. */
const grows = (n: number, quantumMin: number, quantumMax: number): ScenarioInput =>
  stepped(
    config(quantumMin, quantumMax),
    ...threads(n).flatMap((id) => [register(id), emit(id, 'index', 4 * quantumMax)]),
    ...Array.from({ length: PATIENCE }, () => [
      turn(),
      ...threads(n).map((id) => emit(id, 'index', quantumMax)),
    ]).flat(),
    turn(),
  );

/** The same of detail only, all of it marked. */
const growsByDetail = (quantumMin: number, quantumMax: number): ScenarioInput =>
  stepped(
    config(quantumMin, quantumMax, { detailRecordBytes: 64, detailCapacity: 1024, windowRecords: 8, preRoll: 128 }),
    ...[register(1), emit(1, 'index'), emit(1, 'detail', 4 * quantumMax), mark(1)],
    ...Array.from({ length: PATIENCE }, () => [turn(), emit(1, 'detail', quantumMax), mark(1)]).flat(),
    turn(),
  );

/** After a time in which one event comes at a time a burst comes: the first visit to it takes quantumMin. */
const shrinks = (n: number, quantumMin: number, quantumMax: number): ScenarioInput =>
  stepped(
    config(quantumMin, quantumMax, { quantum: quantumMax }),
    ...threads(n).flatMap((id) => [register(id), emit(id, 'index', 10)]),
    settle(4096),
    ...Array.from({ length: PATIENCE }, (): StepInput[] => [
      ...threads(n).map((id) => emit(id, 'index', 1)),
      turn(),
    ]).flat(),
    ...threads(n).map((id) => emit(id, 'index', 3 * quantumMax)),
    turn(),
  );

/** A sink that takes four times as long for each write as it should: batches must come to hold batchMin. */
const slows = (n: number, batchMin: number, quantum: number): ScenarioInput =>
  stepped(
    config(quantum, quantum, { batchMin, batchMax: quantum, targetWriteNs: 1000 }),
    ...threads(n).flatMap((id) => [register(id), emit(id, 'index', 4000)]),
    sink('accept', { costNs: 4000 }),
    turn(Math.min(PATIENCE, Math.floor(3900 / quantum))),
  );

/** Which of the three a scenario is of. */
function moveOf(scenario: ScenarioInput): 'grow' | 'shrink' | 'slow' {
  if (scenario.mode === 'stepped' && scenario.steps.some(({ op }) => op === 'sink')) return 'slow';
  return scenario.config?.['quantum'] === scenario.config?.['quantumMin'] ? 'grow' : 'shrink';
}

const sizeOf = ({ index, detail }: VisitHistory): number => index + detail;

/** What the visits, or batches, of the last iteration were in the end. */
function last(history: readonly HistoryRecord[], move: 'grow' | 'shrink' | 'slow'): Finding[] {
  const { config: given } = analyse(history);
  const iteration = recordsOf(history, 'iteration').length - 1;
  const visits = visitsOf(history).filter((visit) => visit.iteration === iteration);
  const told = (message: string, expected: string, seen: number, records: readonly number[]): Finding =>
    finding('adaptive', message, expected, `${seen}`, records);
  if (move === 'slow') {
    const most = given('batchMin', 16);
    return visits
      .flatMap(({ records }) => records)
      .flatMap((at) => {
        const batch = history[at];
        if (batch?.type !== 'batch' || batch.count <= most) return [];
        const message = `after ${iteration} iterations before a slow sink a batch of thread ${batch.thread} still holds ${batch.count} events: batches do not follow the sink`;
        return [told(message, `batchMin (${most})`, batch.count, [at])];
      });
  }
  const wanted = given(move === 'grow' ? 'quantumMax' : 'quantumMin', 16);
  const load = move === 'grow' ? 'with full lanes' : 'with one event at a time';
  return visits
    .filter((visit) => (move === 'grow' ? sizeOf(visit) < wanted : sizeOf(visit) > wanted))
    .map((visit) =>
      told(
        `after ${PATIENCE} iterations ${load} a visit to thread ${visit.thread} takes ${sizeOf(visit)} events: visits do not follow the load`,
        `${move === 'grow' ? 'quantumMax' : 'quantumMin'} (${wanted})`,
        sizeOf(visit),
        visit.records,
      ),
    );
}

export default defineCheck({
  id: 'FAIR-ADAPTIVE-FOLLOWS',
  scenarios: [
    grows(2, 4, 64),
    grows(3, 5, 23),
    shrinks(2, 4, 64),
    shrinks(3, 4, 200),
    slows(2, 4, 64),
    slows(3, 3, 60),
  ],
  also: [{ needs: ['detail'], scenarios: [growsByDetail(4, 32)] }],
  generated: {
    arbitrary: fc
      .tuple(
        fc.constantFrom(grows, shrinks),
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 4, max: 8 }),
        fc.integer({ min: 2, max: 8 }),
      )
      .map(([make, n, quantumMin, times]) => make(n, quantumMin, quantumMin * times)),
    runs: 10,
  },
  judge(history, scenario) {
    return delivering(history, () => {
      const iterations = recordsOf(history, 'iteration').length;
      if (iterations < 40) return { inconclusive: `there were only ${iterations} iterations` };
      return last(history, moveOf(scenario));
    });
  },
});
