/** Fairness in turns, not in time: lag, waits and shares of stepped histories (index lane). */
import { jainIndex, maxMinShares, type HistoryRecord } from '../../spec/index.js';
import { analyse } from './analysis.js';
import { finding, type Finding } from './finding.js';
import { Carrying } from './carrying.js';
import { Regime } from './regime.js';
import { isWhole, walk, type VisitHistory } from './visits.js';

/** How far one thread is ahead of another since both are backlogged: now, and its extremes with the records that made them. */
interface Pair {
  now: number;
  low: number;
  lowAt: number;
  high: number;
  highAt: number;
  /** The largest that held since then. */
  bound: number;
}

export interface Lag {
  readonly lag: number;
  readonly threads: readonly [number, number];
  /** The visits between which it arose. */
  readonly records: readonly number[];
}

/** A bound on the lag, from what is in force. */
export type LagBound = (regime: Regime) => number;

/**
 * Pairs of backlogged threads. An interval of two ends where one has nothing left, or its weight or the policy changes; where the
 * sink takes a batch not whole; and where the quantum changes, if one of them may have credit under the old one, or some
 * threads have had their turn under it and some have not (an iteration was cut short).
 */
class Pairs {
  worst: Lag & { readonly bound: number } = { lag: 0, bound: 0, threads: [0, 0], records: [] };
  readonly #bound: LagBound;
  readonly #regime: Regime;
  /** By the lower thread id, then the higher. */
  readonly #pairs = new Map<number, Map<number, Pair>>();
  /** Who is backlogged, since which record. */
  readonly #backlogged = new Map<number, number>();
  /** Threads whose last batch was not taken whole: they are passed by. */
  readonly #failing = new Set<number>();

  constructor(regime: Regime, bound: LagBound) {
    this.#regime = regime;
    this.#bound = bound;
  }

  begins(thread: number, at: number): void {
    this.#backlogged.set(thread, at);
  }

  ends(thread: number): void {
    this.#backlogged.delete(thread);
    this.#forget(thread);
  }

  /** Its intervals begin anew. */
  restart(thread: number, at: number): void {
    if (this.#backlogged.has(thread)) this.#backlogged.set(thread, at);
    this.#forget(thread);
  }

  restartAll(at: number): void {
    for (const thread of this.#backlogged.keys()) this.#backlogged.set(thread, at);
    this.#pairs.clear();
  }

  visited({ thread, index, detail, records }: VisitHistory, whole: boolean): void {
    const at = records.at(-1)!;
    if (!whole || this.#failing.has(thread)) {
      if (whole) this.#failing.delete(thread);
      else this.#failing.add(thread);
      this.restart(thread, at);
      return;
    }
    const since = this.#backlogged.get(thread);
    if (since === undefined || this.#regime.policy === 'priority') return;
    const served = (index + detail) / this.#regime.share(thread);
    const bound = this.#bound(this.#regime);
    for (const [other, otherSince] of this.#backlogged) {
      if (other === thread || this.#failing.has(other)) continue;
      const [lower, higher] = thread < other ? [thread, other] : [other, thread];
      const pair = this.#pair(lower, higher, Math.max(since, otherSince));
      pair.bound = Math.max(pair.bound, bound);
      pair.now += thread === lower ? served : -served;
      if (pair.now < pair.low) [pair.low, pair.lowAt] = [pair.now, at];
      if (pair.now > pair.high) [pair.high, pair.highAt] = [pair.now, at];
      const lag = pair.high - pair.low;
      if (lag - pair.bound > this.worst.lag - this.worst.bound)
        this.worst = { lag, bound: pair.bound, threads: [lower, higher], records: [pair.lowAt, pair.highAt] };
    }
  }

  #pair(lower: number, higher: number, start: number): Pair {
    const row = this.#pairs.get(lower) ?? new Map<number, Pair>();
    this.#pairs.set(lower, row);
    const pair = row.get(higher) ?? { now: 0, low: 0, lowAt: start, high: 0, highAt: start, bound: 0 };
    row.set(higher, pair);
    return pair;
  }

  #forget(thread: number): void {
    this.#pairs.delete(thread);
    for (const others of this.#pairs.values()) others.delete(thread);
  }
}

/** The lag that goes farthest beyond its bound. */
function worstLag(history: readonly HistoryRecord[], bound: LagBound): Pairs['worst'] {
  const regime = new Regime(history);
  const pairs = new Pairs(regime, bound);
  const carrying = new Carrying(history);
  let cut = false;
  walk(history, {
    begins: (thread, at) => {
      pairs.begins(thread, at);
    },
    ends: (thread) => {
      pairs.ends(thread);
    },
    visited: (visit) => {
      pairs.visited(visit, isWhole(history, visit));
    },
    iterated: ({ truncated }, at) => {
      cut = truncated !== 'no';
      // what an adaptive quantum is now nobody says
      if (cut && regime.policy === 'adaptive') pairs.restartAll(at);
    },
    changed: (change, at) => {
      const before = [regime.policy, regime.quantum, regime.maxSkips];
      regime.apply(change);
      if (change.type === 'weight') {
        if (regime.policy === 'weighted-fair') pairs.restart(change.thread, at);
      } else if (change.type === 'configure') {
        if (regime.policy !== before[0]) pairs.restartAll(at);
        else if (regime.quantum !== before[1] || regime.maxSkips !== before[2]) {
          if (cut) pairs.restartAll(at);
          else for (const thread of carrying.at(at)) pairs.restart(thread, at);
        }
      }
    },
  });
  return pairs.worst;
}

/**
 * The largest |S_i/w_i - S_j/w_j| over any interval in which both threads stay backlogged, and between whom. Under `priority`
 * nobody is owed as much as another.
 */
export function serviceLag(history: readonly HistoryRecord[]): Lag {
  const { lag, threads, records } = worstLag(history, () => 0);
  return { lag, threads, records };
}

/** A service lag beyond `bound` events per weight. */
export function findLagFaults(history: readonly HistoryRecord[], bound: number | LagBound): Finding[] {
  const worst = worstLag(history, typeof bound === 'number' ? () => bound : bound);
  const { lag, threads, records } = worst;
  if (lag <= worst.bound) return [];
  const message = `between threads ${threads.join(' and ')}, both backlogged, service per weight differs by ${lag} events`;
  return [finding('lag', message, `a service lag of at most ${worst.bound}`, `${lag}`, records)];
}

export interface Share {
  readonly thread: number;
  readonly delivered: number;
  /** delivered / weighted max-min share of what was delivered in all. */
  readonly share: number;
}

/** Shares of the threads with demand, zeros included. */
export function shares(history: readonly HistoryRecord[]): Share[] {
  const regime = new Regime(history);
  const lanes = analyse(history).lanes.filter(({ lane, accepted }) => lane === 'index' && accepted.length > 0);
  const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);
  const delivered = lanes.map((lane) => sum(lane.deliveries.map(({ acknowledged }) => acknowledged)));
  const demands = lanes.map((lane) => sum(lane.accepted.map(({ count }) => count)));
  const ideal = maxMinShares(
    demands,
    lanes.map(({ thread }) => regime.share(thread)),
    sum(delivered),
  );
  return lanes.map(({ thread }, i) => ({
    thread,
    delivered: delivered[i]!,
    share: ideal[i]! > 0 ? delivered[i]! / ideal[i]! : 1,
  }));
}

/** Shares or an index of fairness below their limits. */
export function findShareFaults(
  history: readonly HistoryRecord[],
  { minShare, minJain }: { minShare: number; minJain: number },
): Finding[] {
  const all = shares(history);
  const found: Finding[] = [];
  const smallest = all.reduce<Share | undefined>(
    (low, one) => (low === undefined || one.share < low.share ? one : low),
    undefined,
  );
  const last = history.length - 1;
  if (smallest !== undefined && smallest.share < minShare) {
    const message = `thread ${smallest.thread} got ${smallest.share.toFixed(3)} of its fair share (${smallest.delivered} events)`;
    found.push(finding('share', message, `a share of at least ${minShare}`, smallest.share.toFixed(3), [last]));
  }
  const jain = Math.floor(jainIndex(all.map(({ share }) => share)) * 1e6 + 0.5) / 1e6;
  if (jain <= minJain) {
    found.push(
      finding('jain', `Jain's index over delivered / fair share is ${jain}`, `more than ${minJain}`, `${jain}`, [last]),
    );
  }
  return found;
}
