/** Records for the tests of this folder, as short as their meaning allows. */
import { HistoryRecord, type BatchRun, type HistoryInput, type Lane, type RecordOf } from '../../spec/index.js';

type Part<T extends HistoryRecord['type']> = Partial<Omit<Extract<HistoryInput, { type: T }>, 'type'>>;

export const parse = (...records: HistoryInput[]): HistoryRecord[] => records.map((one) => HistoryRecord.parse(one));

/** A stepped history with its head and end. */
export const stepped = (config: Record<string, number | string>, ...records: HistoryInput[]): HistoryRecord[] =>
  parse({ type: 'history', version: 1, mode: 'stepped', config }, ...records, { type: 'end' });

export const free = (config: Record<string, number | string>, ...records: HistoryInput[]): HistoryRecord[] =>
  parse({ type: 'history', version: 1, mode: 'free', config }, ...records, { type: 'end' });

export const register = (thread: number, more: Part<'register'> = {}): HistoryInput => ({
  type: 'register',
  thread,
  outcome: 'accepted',
  slot: thread,
  generation: 1,
  ...more,
});

export const emit = (
  thread: number,
  from: number,
  count: number,
  outcome = 'accepted',
  lane: Lane = 'index',
): HistoryInput => ({ type: 'emit', thread, lane, from, count, outcome });

export const detail = (thread: number, from: number, count: number, outcome = 'accepted'): HistoryInput =>
  emit(thread, from, count, outcome, 'detail');

export const group = (
  thread: number,
  phase: 'begin' | 'commit' | 'submit',
  index: [number, number],
  details: [number, number] = [0, 0],
  outcome = 'accepted',
): HistoryInput => ({ type: 'submit', phase, thread, index, detail: details, outcome });

export const mark = (thread: number, at: number, outcome = 'accepted'): HistoryInput => ({
  type: 'mark',
  thread,
  at,
  outcome,
});
export const seal = (thread: number, at: number): HistoryInput => ({ type: 'seal', thread, at, outcome: 'accepted' });
export const leave = (thread: number): HistoryInput => ({ type: 'leave', thread, outcome: 'accepted' });

const held = (runs: readonly BatchRun[]): number => runs.reduce((sum, run) => sum + ('torn' in run ? 1 : run.count), 0);

/** A batch of these runs, all of it taken unless said otherwise. */
export function batch(
  thread: number,
  runs: readonly (readonly [number, number] | BatchRun)[],
  more: Part<'batch'> = {},
): HistoryInput {
  const told = runs.map((run) => ('length' in run ? { from: run[0], count: run[1] } : run));
  const count = held(told);
  return {
    type: 'batch',
    thread,
    slot: thread,
    generation: 1,
    lane: 'index',
    count,
    runs: told,
    acknowledged: count,
    ...more,
  };
}

export const detailBatch = (
  thread: number,
  runs: readonly (readonly [number, number] | BatchRun)[],
  more: Part<'batch'> = {},
): HistoryInput => batch(thread, runs, { lane: 'detail', ...more });

export const iteration = (more: Part<'iteration'> = {}): HistoryInput => ({
  type: 'iteration',
  visits: 0,
  skips: 0,
  delivered: 0,
  batches: 0,
  sinkFailures: 0,
  reclaimed: 0,
  truncated: 'no',
  ...more,
});

export const stop = (more: Part<'stop'> = {}): HistoryInput => ({
  type: 'stop',
  delivered: 0,
  leftIndex: 0,
  leftDetail: 0,
  complete: true,
  ...more,
});

type Ledger = RecordOf<'metrics'>['index'];
/** A ledger that balances: what is pending follows. */
export const ledger = (accepted: number, delivered: number, more: Partial<Ledger> = {}): Ledger => {
  const { rejected = 0, evicted = 0, left = 0 } = more;
  const pending = accepted - delivered - evicted - left;
  return { attempted: accepted + rejected, accepted, rejected, delivered, pending, evicted, left, ...more };
};

type ThreadMetrics = RecordOf<'metrics'>['threads'][number];
export const metricsOf = (thread: number, index: Ledger, detailLedger: Ledger = ledger(0, 0)): ThreadMetrics => ({
  thread,
  slot: thread,
  generation: 1,
  weight: 1,
  index,
  detail: detailLedger,
  visits: 0,
  skips: 0,
  credit: 0,
  longestWait: 0,
});

export const metrics = (
  index: Ledger,
  detailLedger: Ledger = ledger(0, 0),
  threads: ThreadMetrics[] = [],
  more: Part<'metrics'> = {},
): HistoryInput => ({
  type: 'metrics',
  iterations: 0,
  visits: 0,
  skips: 0,
  batches: 0,
  sinkFailures: 0,
  registered: 0,
  reclaimed: 0,
  jain: 1,
  index,
  detail: detailLedger,
  threads,
  ...more,
});

/** What findings say, shortest: rule and message. */
export const said = (found: readonly { rule: string; message: string }[]): string[] =>
  found.map(({ rule, message }) => `${rule}: ${message}`);
