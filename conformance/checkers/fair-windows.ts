/** Fairness of windows, from what happened, beside what the metrics say of it (stepped histories without failing sinks). */
import { jainIndex, maxMinShares, type HistoryRecord, type RecordOf } from '../../spec/index.js';
import { analyse } from './analysis.js';
import { detailModel } from './detail-lane.js';
import { finding, type Finding } from './finding.js';
import { Regime, nestedRecords } from './regime.js';
import { walk } from './visits.js';

type Metrics = RecordOf<'metrics'>;

export interface FairnessWindow {
  readonly windows: number;
  readonly delivered: number;
  readonly jain: number;
  readonly minShare: number;
  readonly serviceLag: number;
  readonly longestWait: number;
  /** Visits that were counted and gave the sink nothing: where they lie in a wait the history does not tell. */
  readonly unseenVisits: number;
  /** By thread; 1 for all others. */
  readonly shares: ReadonlyMap<number, number>;
}

const rounded = (value: number): number => Math.floor(value * 1e6 + 0.5) / 1e6;
const ROUNDING = 2e-6;

class Windows {
  now: FairnessWindow = {
    windows: 0,
    delivered: 0,
    jain: 1,
    minShare: 1,
    serviceLag: 0,
    longestWait: 0,
    unseenVisits: 0,
    shares: new Map(),
  };
  readonly #history: readonly HistoryRecord[];
  readonly #regime: Regime;
  readonly #inside: ReadonlyMap<number, number>;
  readonly #hasDetail: boolean;
  /** In the index lane. */
  readonly #pending = new Map<number, number>();
  /** Of these, what came during the thread's own turn in the iteration under way: too late for that turn. */
  readonly #late = new Map<number, number>();
  /** Threads that hold a slot. */
  readonly #present = new Set<number>();
  readonly #delivered = new Map<number, number>();
  /** In the list now, with the visits that there had been when each began to wait. */
  readonly #waits = new Map<number, number>();
  /** In the list since the first iteration of the window began. */
  #unbroken = new Set<number>();
  #begun = false;
  #first = true;
  #fullVisits = 0;
  #visits = 0;
  #counted = 0;
  #longestWait = 0;

  constructor(history: readonly HistoryRecord[]) {
    this.#history = history;
    this.#regime = new Regime(history);
    this.#inside = nestedRecords(history);
    this.#hasDetail = analyse(history).lanes.some(({ lane }) => lane === 'detail');
  }

  told(record: HistoryRecord, at: number): void {
    if (!this.#begun && (this.#inside.has(at) || isOfIteration(record))) this.#begins(at);
    const add = (thread: number, count: number): void => {
      this.#pending.set(thread, (this.#pending.get(thread) ?? 0) + count);
      const batch = this.#history[this.#inside.get(at) ?? -1];
      if (batch?.type === 'batch' && batch.thread === thread)
        this.#late.set(thread, (this.#late.get(thread) ?? 0) + count);
    };
    if (record.type === 'register' && record.outcome === 'accepted') this.#present.add(record.thread);
    else if (record.type === 'emit' && record.lane === 'index' && record.outcome === 'accepted')
      add(record.thread, record.count);
    else if (record.type === 'submit' && record.phase !== 'begin' && record.outcome === 'accepted')
      add(record.thread, record.index[1]);
    else if (record.type === 'batch') {
      if (record.lane === 'index') add(record.thread, -record.acknowledged);
      // given all that it had: what it has now is a new backlog
      if (this.#backlog(record.thread, at) <= (this.#late.get(record.thread) ?? 0))
        this.#unbroken.delete(record.thread);
      this.#delivered.set(record.thread, (this.#delivered.get(record.thread) ?? 0) + record.acknowledged);
    } else if (record.type === 'thread-event' && record.event === 'reclaimed') this.#present.delete(record.thread);
  }

  visited(thread: number, at: number, backlogged: boolean): void {
    const since = this.#waits.get(thread) ?? this.#visits;
    this.#longestWait = Math.max(this.#longestWait, this.#visits - since);
    this.#visits += 1;
    if (backlogged || this.#due(thread, at) > 0) this.#waits.set(thread, this.#visits);
    else this.#waits.delete(thread);
  }

  iterated({ visits }: RecordOf<'iteration'>, at: number): void {
    this.#begun = false;
    this.#late.clear();
    this.#fullVisits += visits;
    this.#counted += visits;
    if (this.#fullVisits >= this.#regime.number('fairnessWindowVisits')) this.#close(at);
    const unseenVisits = Math.max(0, this.#counted - this.#visits);
    this.now = { ...this.now, longestWait: this.#longestWait, unseenVisits };
  }

  /** Events that may be delivered, after this record: both lanes. */
  #backlog(thread: number, at: number): number {
    return (this.#pending.get(thread) ?? 0) + this.#due(thread, at);
  }

  /** Of them those of the detail lane: in windows that are sealed and marked (of threads that stay). */
  #due(thread: number, at: number): number {
    if (!this.#hasDetail) return 0;
    const { windows } = detailModel(this.#history.slice(0, at + 1), thread);
    const due = windows.filter(({ open, marked, evicted }) => !open && marked !== undefined && !evicted);
    return due.reduce((sum, { records, taken }) => sum + records - taken, 0);
  }

  apply(change: Parameters<Regime['apply']>[0]): void {
    this.#regime.apply(change);
  }

  /** An iteration discovers who is backlogged. */
  #begins(at: number): void {
    this.#begun = true;
    const backlogged = [...this.#present].filter((thread) => this.#backlog(thread, at - 1) > 0);
    for (const thread of backlogged) if (!this.#waits.has(thread)) this.#waits.set(thread, this.#visits);
    if (this.#first) this.#unbroken = new Set(backlogged);
    this.#first = false;
  }

  #close(at: number): void {
    const threads = [...this.#present];
    const delivered = threads.map((thread) => this.#delivered.get(thread) ?? 0);
    const demands = threads.map((thread, i) => delivered[i]! + this.#backlog(thread, at));
    const weights = threads.map((thread) => this.#regime.share(thread));
    const total = delivered.reduce((sum, one) => sum + one, 0);
    const ideal = maxMinShares(demands, weights, total);
    const shares = new Map<number, number>();
    threads.forEach((thread, i) => {
      if (ideal[i]! > 0) shares.set(thread, delivered[i]! / ideal[i]!);
    });
    const served = [...this.#unbroken]
      .filter((thread) => this.#present.has(thread))
      .map((thread) => (this.#delivered.get(thread) ?? 0) / this.#regime.share(thread));
    this.now = {
      ...this.now,
      windows: this.now.windows + 1,
      delivered: total,
      jain: rounded(jainIndex([...shares.values()])),
      minShare: shares.size === 0 ? 1 : rounded(Math.min(...shares.values())),
      serviceLag: served.length < 2 ? 0 : rounded(Math.max(...served) - Math.min(...served)),
      shares: new Map([...shares].map(([thread, share]) => [thread, rounded(share)])),
    };
    this.#delivered.clear();
    this.#fullVisits = 0;
    this.#first = true;
  }
}

const isOfIteration = (record: HistoryRecord): boolean =>
  (record.type === 'batch' || record.type === 'iteration') && record.drain === 0;

/** The fairness that a drain's metrics tell, where it is not what happened. */
export function findWindowFairnessFaults(history: readonly HistoryRecord[]): Finding[] {
  const windows = new Windows(history);
  const found: Finding[] = [];
  walk(history, {
    told: (record, at) => {
      windows.told(record, at);
      if (record.type === 'metrics' && record.drain === 0) found.push(...compare(record, windows.now, at));
    },
    visited: ({ thread, records }, backlogged) => {
      windows.visited(thread, records.at(-1)!, backlogged);
    },
    iterated: (record, at) => {
      windows.iterated(record, at);
    },
    changed: (change) => {
      windows.apply(change);
    },
  });
  return found;
}

const FIELDS = ['windows', 'delivered', 'serviceLag', 'minShare', 'jain'] as const;

function compare({ fairness, threads }: Metrics, wanted: FairnessWindow, at: number): Finding[] {
  if (fairness === undefined) {
    const message = 'the metrics tell no fairness of windows';
    return [finding('fairness', message, 'fairness', 'nothing', [at])];
  }
  const found: Finding[] = [];
  const expect = (what: string, seen: number | undefined, right: number, most = right): void => {
    if (seen !== undefined && seen >= right - ROUNDING && seen <= most + ROUNDING) return;
    const message = `the metrics say that ${what} is ${seen}, and it was ${right}`;
    found.push(finding('fairness', message, `${right}`, `${seen}`, [at]));
  };
  expect(
    "the window's longestWait",
    fairness.longestWait,
    wanted.longestWait,
    wanted.longestWait + wanted.unseenVisits,
  );
  for (const field of FIELDS) expect(`the window's ${field}`, fairness[field], wanted[field]);
  for (const { thread, share } of threads)
    expect(`the share of thread ${thread} in the window`, share, wanted.shares.get(thread) ?? 1);
  return found;
}
