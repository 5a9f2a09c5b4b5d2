// FAIR-ADAPTIVE-RANGE: Under adaptive a visit takes at most (maxSkips + 1) x quantumMax events, a batch holds at
// most batchMax, and lag and waits keep the bounds of quantumMax.
import fc from 'fast-check';
import {
  creditCap,
  longestWaitVisits,
  serviceLagBound,
  type HistoryRecord,
  type ScenarioInput,
} from '../../../spec/index.js';
import { defineCheck } from '../../check.js';
import {
  analyse,
  delivering,
  findEventWaitFaults,
  findLagFaults,
  findWaitFaults,
  finding,
  recordsOf,
  visitsOf,
  type Finding,
} from '../../checkers/index.js';
import { begin, commit, emit, leave, mark, register, sink, stepped, threads, turn } from '../../scenarios/build.js';

interface Limits {
  readonly quantum: number;
  readonly quantumMin: number;
  readonly quantumMax: number;
  readonly batchMin: number;
  readonly batchMax: number;
}

/** Threads with very large backlogs, a sink that takes so long for each write, and many iterations. */
const load = (n: number, limits: Limits, costNs: number, turns: number, config: object = {}): ScenarioInput =>
  stepped(
    { detailCapacity: 0, policy: 'adaptive', maxSkips: 0, indexCapacity: 8192, slots: 8, ...limits, ...config },
    ...threads(n).flatMap((id) => [register(id), emit(id, 'index', Math.min(8000, limits.quantumMax * (turns + 1)))]),
    sink('accept', { costNs }),
    turn(turns),
  );
const SMALL: Limits = { quantum: 4, quantumMin: 4, quantumMax: 32, batchMin: 2, batchMax: 8 };
/** Nothing but the limit of a batch matters. */
const ONE_SIZE: Limits = { quantum: 64, quantumMin: 64, quantumMax: 64, batchMin: 2, batchMax: 4 };
const WINDOWS = { detailRecordBytes: 64, detailCapacity: 64, windowRecords: 16, preRoll: 4 };

/** Whoever declares less is held to that. */
function beyond(history: readonly HistoryRecord[]): Finding[] {
  const { config } = analyse(history);
  const most = creditCap(1, config('quantumMax', 4096), config('maxSkips', 4));
  const longest = config('batchMax', 4096);
  return [
    ...visitsOf(history)
      .filter(({ index, detail }) => index + detail > most)
      .map(({ thread, index, records }) => {
        const message = `under adaptive a visit to thread ${thread} took ${index} events`;
        return finding('adaptive', message, `at most ${most} events a visit`, `${index}`, records);
      }),
    ...recordsOf(history, 'batch')
      .filter(({ record }) => record.count > longest)
      .map(({ record: { thread, count }, at }) => {
        const message = `under adaptive a batch of thread ${thread} held ${count} events`;
        return finding('adaptive', message, `at most batchMax (${longest})`, `${count}`, [at]);
      }),
  ];
}

export default defineCheck({
  id: 'FAIR-ADAPTIVE-RANGE',
  scenarios: [
    load(3, SMALL, 0, 24),
    load(3, { ...SMALL, quantum: 500 }, 0, 12),
    load(2, { quantum: 1, quantumMin: 6, quantumMax: 6, batchMin: 1, batchMax: 1 }, 10, 12),
    load(64, { ...SMALL, quantumMax: 16 }, 0, 14),
    // one leaves with a backlog: its final drain, too, hands over batches
    stepped(
      { detailCapacity: 0, policy: 'adaptive', maxSkips: 0, ...ONE_SIZE },
      ...[...threads(2).flatMap((id) => [register(id), emit(id, 'index', 300)]), turn(3), leave(1), turn(6)],
    ),
  ],
  generated: {
    arbitrary: fc
      .tuple(
        fc.integer({ min: 2, max: 5 }),
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 1, max: 16 }),
        fc.integer({ min: 1, max: 48 }),
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 0, max: 20 }),
        fc.constantFrom(0, 100, 300_000),
      )
      .map(([n, quantum, quantumMin, more, batchMin, moreBatch, costNs]) =>
        load(
          n,
          { quantum, quantumMin, quantumMax: quantumMin + more, batchMin, batchMax: batchMin + moreBatch },
          costNs,
          20,
        ),
      ),
    runs: 40,
  },
  also: [
    {
      needs: ['detail'],
      // windows that are larger than a batch may be, while the thread stays and in its final drain
      scenarios: [[], [turn(), leave(1)]].map((more) =>
        stepped(
          { policy: 'adaptive', maxSkips: 0, ...ONE_SIZE, ...WINDOWS },
          ...threads(2).flatMap((id) => [register(id), emit(id, 'index', 300)]),
          ...[emit(1, 'detail', 48), mark(1), ...more, turn(6)],
        ),
      ),
    },
    {
      needs: ['submit'],
      // the credit of skips, too, is of a quantum within its limits
      scenarios: [
        stepped(
          { detailCapacity: 0, policy: 'adaptive', indexCapacity: 8192, ...SMALL, maxSkips: 2 },
          ...threads(3).flatMap((id) => [register(id), emit(id, 'index', 3000)]),
          ...[turn(12), begin(1, 1), turn(2), commit(1), turn(3)],
        ),
      ],
    },
  ],
  judge(history) {
    return delivering(history, () => {
      const { config, registrations } = analyse(history);
      const found = [
        ...beyond(history),
        ...findLagFaults(history, ({ quantum, maxSkips }) => serviceLagBound(quantum, maxSkips)),
        ...findWaitFaults(history, longestWaitVisits(registrations.size, config('maxSkips', 4))),
        ...findEventWaitFaults(history),
      ];
      const visits = visitsOf(history).length;
      return found.length > 0 || visits > 8 ? found : { inconclusive: `only ${visits} visits were made` };
    });
  },
});
