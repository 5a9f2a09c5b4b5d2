/** A small drain writes sound histories, which have no fault; each of them, changed in one place, has one. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { HistoryInput, HistoryRecord, RecordOf } from '../../spec/index.js';
import {
  findDisorder,
  findDuplicates,
  findGroupFaults,
  findIterationFaults,
  findJoinFaults,
  findLedgerFaults,
  findLoss,
  findMalformed,
  findMisattribution,
  findPhantoms,
  findStopFaults,
  findTorn,
  findUnservedThreads,
  findWindowFaults,
} from './index.js';
import {
  batch,
  detail,
  detailBatch,
  emit,
  group,
  iteration,
  ledger,
  mark,
  metrics,
  register,
  seal,
  stepped,
  stop,
} from './testing.js';

const ALL = [
  ...[findDisorder, findDuplicates, findGroupFaults, findIterationFaults, findJoinFaults, findLedgerFaults, findLoss],
  ...[findMalformed, findMisattribution, findPhantoms, findStopFaults, findTorn, findUnservedThreads, findWindowFaults],
];
const faultsOf = (history: readonly HistoryRecord[]): string[] =>
  ALL.flatMap((find) => find(history).map(({ rule, message }) => `${rule}: ${message}`));

const THREADS = [1, 2, 3];
const SIZE = 2;
type Move = readonly ['emit' | 'refuse' | 'group' | 'detail' | 'turn', number, number];

/** What a sound drain does under these moves: index events in quanta, marked windows whole, and at the end everything. */
function soundHistory(moves: readonly Move[]): HistoryRecord[] {
  const records: HistoryInput[] = THREADS.map((thread) => register(thread));
  const next = new Map(THREADS.map((thread) => [thread, 0]));
  const details = new Map(THREADS.map((thread) => [thread, 0]));
  const queues = new Map<number, { from: number; join?: number }[]>(THREADS.map((thread) => [thread, []]));
  const windows = new Map<number, { from: number; count: number }[]>(THREADS.map((thread) => [thread, []]));
  const totals = { accepted: 0, rejected: 0, delivered: 0, details: 0, shown: 0 };
  const put = (thread: number, count: number, join?: number): number => {
    const from = next.get(thread)!;
    next.set(thread, from + count);
    totals.accepted += count;
    for (let i = 0; i < count; i += 1)
      queues.get(thread)!.push({ from: from + i, ...(join === undefined ? {} : { join: join + i }) });
    return from;
  };
  const open = (thread: number, count: number): number => {
    const from = details.get(thread)!;
    details.set(thread, from + count);
    totals.details += count;
    for (let at = from; at < from + count; at += SIZE)
      windows.get(thread)!.push({ from: at, count: Math.min(SIZE, from + count - at) });
    return from;
  };
  const turn = (quantum: number, taken: number): boolean => {
    const result = { visits: 0, delivered: 0, batches: 0, sinkFailures: 0 };
    const hand = (record: HistoryInput & { type: 'batch' }): void => {
      records.push(record);
      result.batches += 1;
      result.delivered += record.acknowledged;
      if (record.acknowledged === 0) result.sinkFailures += 1;
    };
    for (const thread of THREADS) {
      const queue = queues.get(thread)!;
      const offered = queue.slice(0, quantum);
      const marked = windows.get(thread)!.splice(0);
      if (offered.length + marked.length > 0) result.visits += 1;
      if (offered.length > 0) {
        const acknowledged = Math.min(taken, offered.length);
        const runs = offered.map(({ from, join }) => ({ from, count: 1, ...(join === undefined ? {} : { join }) }));
        hand(batch(thread, runs, { acknowledged }) as never);
        queue.splice(0, acknowledged);
        totals.delivered += acknowledged;
      }
      for (const { from, count } of marked) {
        hand(detailBatch(thread, [[from, count]]) as never);
        totals.shown += count;
      }
    }
    records.push(iteration(result));
    return result.visits > 0;
  };
  const count = (): HistoryInput =>
    metrics(
      ledger(totals.accepted, totals.delivered, { rejected: totals.rejected }),
      ledger(totals.details, totals.shown),
    );
  for (const [what, thread, n] of moves) {
    if (what === 'emit') records.push(emit(thread, put(thread, n), n));
    else if (what === 'refuse') {
      records.push(emit(thread, next.get(thread)!, n, 'LANE_FULL'));
      next.set(thread, next.get(thread)! + n);
      totals.rejected += n;
    } else if (what === 'group') {
      const join = open(thread, n);
      const held = details.get(thread)!;
      records.push(
        mark(thread, join),
        group(thread, 'submit', [put(thread, n, join), n], [join, n]),
        seal(thread, held),
      );
    } else if (what === 'detail') {
      records.push(
        mark(thread, details.get(thread)!),
        detail(thread, open(thread, n), n),
        seal(thread, details.get(thread)!),
      );
    } else {
      turn(4, n - 1);
      records.push(count());
    }
  }
  while (turn(4, 4));
  records.push(count(), stop(), count());
  return stepped(
    { windowRecords: SIZE, detailCapacity: 1024, preRoll: 0, postRoll: 8, indexCapacity: 1024 },
    ...records,
  );
}

const moves = fc.array(
  fc.tuple(
    fc.constantFrom(
      'emit' as const,
      'emit' as const,
      'refuse' as const,
      'group' as const,
      'detail' as const,
      'turn' as const,
    ),
    fc.constantFrom(...THREADS),
    fc.integer({ min: 1, max: 5 }),
  ),
  { maxLength: 25 },
);

type Batch = RecordOf<'batch'>;
type Sound = Extract<Batch['runs'][number], { from: number }>;
const firstRun = ({ runs }: Batch): Sound => runs[0] as Sound;
const withRuns = (one: Batch, runs: Batch['runs']): Batch => ({ ...one, runs });

/** Each changes one batch (at `at`) so that something is wrong, or gives undefined where it cannot. */
const MUTATIONS: Record<
  string,
  (history: readonly HistoryRecord[], at: number, one: Batch) => HistoryRecord[] | undefined
> = {
  'a batch dropped': (history, at, one) => (one.acknowledged === 0 ? undefined : history.toSpliced(at, 1)),
  'a batch twice': (history, at, one) => (one.acknowledged === 0 ? undefined : history.toSpliced(at, 0, one)),
  'two batches swapped': (history, at, one) => {
    const other = history.findIndex(
      (record, i) => i > at && record.type === 'batch' && record.thread === one.thread && record.lane === one.lane,
    );
    if (other < 0 || one.acknowledged === 0) return undefined;
    return history.with(at, history[other]!).with(other, one);
  },
  'an event shifted': (history, at, one) =>
    history.with(at, withRuns(one, [{ ...firstRun(one), from: firstRun(one).from + 1000 }, ...one.runs.slice(1)])),
  'bytes of another thread': (history, at, one) =>
    history.with(at, withRuns(one, [{ ...firstRun(one), thread: one.thread + 1 }, ...one.runs.slice(1)])),
  'another thread named': (history, at, one) => history.with(at, { ...one, thread: one.thread + 1 }),
  'another generation': (history, at, one) => history.with(at, { ...one, generation: one.generation + 1 }),
  'bytes torn': (history, at, one) =>
    history.with(at, withRuns(one, [{ torn: true, at: 0, hex: 'ff' }, ...one.runs.slice(1)])),
  'another join': (history, at, one) =>
    one.lane === 'index'
      ? history.with(
          at,
          withRuns(one, [{ ...firstRun(one), join: (firstRun(one).join ?? 0) + 1 }, ...one.runs.slice(1)]),
        )
      : undefined,
  'one fewer taken': (history, at, one) =>
    one.acknowledged === 0 ? undefined : history.with(at, { ...one, acknowledged: one.acknowledged - 1 }),
  'nothing in it': (history, at, one) => history.with(at, { ...one, runs: [], count: 0, acknowledged: 0 }),
  'delivered before anything': (history, at, one) => [history[0]!, one, ...history.slice(1).toSpliced(at - 1, 1)],
  'after the stop': (history, at, one) => [...history.toSpliced(at, 1).slice(0, -1), one, history.at(-1)!],
  'its attempts were refused': (history, at, one) =>
    history.map((record, i) =>
      i < at && (record.type === 'emit' || record.type === 'submit') && record.thread === one.thread
        ? { ...record, outcome: 'STOPPED' }
        : record,
    ),
  'a result one too high': (history, at) => {
    const end = history.findIndex((record, i) => i > at && record.type === 'iteration');
    const told = history[end] as RecordOf<'iteration'>;
    return history.with(end, { ...told, delivered: told.delivered + 1 });
  },
  'a ledger one too high': (history) =>
    history.map((record) =>
      record.type === 'metrics'
        ? { ...record, index: { ...record.index, delivered: record.index.delivered + 1 } }
        : record,
    ),
};

test('a sound history has no fault', () => {
  fc.assert(
    fc.property(moves, (made) => void expect(faultsOf(soundHistory(made))).toEqual([])),
    { numRuns: 300 },
  );
});

describe('one change is found', () => {
  test.each(Object.keys(MUTATIONS))('%s', (name) => {
    let changed = 0;
    fc.assert(
      fc.property(moves, fc.nat(), (made, which) => {
        const history = soundHistory(made);
        const batches = history.flatMap((record, at) => (record.type === 'batch' ? [at] : []));
        if (batches.length === 0) return;
        const at = batches[which % batches.length]!;
        const wrong = MUTATIONS[name]!(history, at, history[at] as Batch);
        if (wrong === undefined) return;
        changed += 1;
        expect(faultsOf(wrong)).not.toEqual([]);
      }),
      { numRuns: 150 },
    );
    expect(changed).toBeGreaterThan(20);
  });
});

test('ten million events in runs, and a hundred thousand records', () => {
  const MANY = 10_000_000;
  const records: HistoryInput[] = [register(1), emit(1, 0, MANY), batch(1, [[0, MANY]])];
  let delivered = MANY;
  records.push(iteration({ visits: 1, delivered, batches: 1 }));
  for (let i = 0; i < 20_000; i += 1) {
    const thread = 2 + (i % 64);
    const from = Math.floor(i / 64) * 5;
    records.push(emit(thread, from, 5), batch(thread, [[from, 2]]), batch(thread, [[from + 2, 3]]));
    records.push(iteration({ visits: 1, delivered: 5, batches: 2 }), iteration());
    delivered += 5;
  }
  records.push(metrics(ledger(delivered, delivered)), stop());
  expect(faultsOf(stepped({}, ...records))).toEqual([]);
});
