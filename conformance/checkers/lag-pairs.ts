/** How far backlogged threads are ahead of each other: followed visit by visit, at a cost of O(threads) each at most. */
import type { VisitHistory } from './visits.js';

/** What the turns go by now. */
export interface InForce {
  readonly policy: string;
  /** The largest that a turn may add, per share. */
  readonly quantum: number;
  readonly maxSkips: number;
  share(thread: number): number;
}

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

/** Up to so many backlogged threads each pair of them is followed; more are followed beside witnesses only: time and memory for
 * thousands of threads. Who is served too much or too little is so beside nearly everybody. */
const ALL_PAIRS = 256;
const WITNESSES = 64;

/** A bound on the lag, from what is in force. */
export type LagBound = (now: InForce) => number;

/**
 * Pairs of backlogged threads. An interval of two ends where one has nothing left, or its weight or the policy changes; where the
 * sink takes a batch not whole; and where the quantum changes, if some threads have had their turn under it and some have not
 * (an iteration was cut short), or if it cuts the credit that one of them may have.
 */
export class LagPairs {
  /** The lag that goes farthest beyond its bound, or comes nearest to it. */
  worst: Lag & { readonly bound: number } = { lag: 0, bound: Infinity, threads: [0, 0], records: [] };
  readonly #bound: LagBound;
  readonly #now: InForce;
  /** By the lower thread id, then the higher. */
  readonly #pairs = new Map<number, Map<number, Pair>>();
  /** Who is backlogged, since which record. */
  readonly #backlogged = new Map<number, number>();
  /** Beside these the others are followed; undefined: every pair is. */
  #witnesses: Set<number> | undefined;
  /** Threads whose last batch was not taken whole: they are passed by. */
  readonly #failing = new Set<number>();

  constructor(now: InForce, bound: LagBound) {
    this.#now = now;
    this.#bound = bound;
  }

  begins(thread: number, at: number): void {
    this.#backlogged.set(thread, at);
  }

  ends(thread: number): void {
    this.#backlogged.delete(thread);
    this.#witnesses?.delete(thread);
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
    if (since === undefined || this.#now.policy === 'priority') return;
    const served = (index + detail) / this.#now.share(thread);
    const bound = this.#bound(this.#now);
    for (const other of this.#beside(thread)) {
      const otherSince = this.#backlogged.get(other);
      if (otherSince === undefined || other === thread || this.#failing.has(other)) continue;
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

  /** The threads that this one is followed beside. A pair that is followed is told of every visit to either. */
  #beside(thread: number): Iterable<number> {
    if (this.#witnesses === undefined) {
      if (this.#backlogged.size <= ALL_PAIRS) return this.#backlogged.keys();
      this.#witnesses = new Set();
      this.#pairs.clear();
    }
    if (this.#witnesses.size < WITNESSES) this.#witnesses.add(thread);
    return this.#witnesses.has(thread) ? this.#backlogged.keys() : this.#witnesses;
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
