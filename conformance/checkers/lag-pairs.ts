/** How far backlogged threads are ahead of each other: followed visit by visit, at a cost of O(threads) each. */
import type { VisitHistory } from './visits.js';

/** What the turns go by now. */
export interface InForce {
  readonly policy: string;
  /** The largest that a turn may add, per share. */
  readonly quantum: number;
  readonly maxSkips: number;
  share(thread: number): number;
}

export interface Lag {
  readonly lag: number;
  readonly threads: readonly [number, number];
  /** The visits between which it arose. */
  readonly records: readonly number[];
}

/** Threads that are followed at once: the bounds are stated for so many. Whoever becomes backlogged beside them is not followed. */
export const MOST_FOLLOWED = 4096;

/** A backlogged thread that is followed. */
interface Seat {
  readonly thread: number;
  readonly number: number;
  /** The record from which it is backlogged under the same rules. */
  since: number;
  /** Counts such beginnings, of all threads: a pair that is older than either of its two begins anew. */
  epoch: number;
}

/**
 * How far the thread of a seat is ahead of the one of each lower seat, since both are backlogged: now, its extremes with the records
 * that made them, and the largest bound that held meanwhile. Numbers side by side: thousands of threads are millions of pairs.
 */
class Row {
  readonly now: Float64Array;
  readonly low: Float64Array;
  readonly high: Float64Array;
  readonly bound: Float64Array;
  readonly lowAt: Uint32Array;
  readonly highAt: Uint32Array;
  readonly epoch: Uint32Array;

  constructor(pairs: number) {
    this.now = new Float64Array(pairs);
    this.low = new Float64Array(pairs);
    this.high = new Float64Array(pairs);
    this.bound = new Float64Array(pairs);
    this.lowAt = new Uint32Array(pairs);
    this.highAt = new Uint32Array(pairs);
    this.epoch = new Uint32Array(pairs);
  }

  begin(other: number, at: number, epoch: number): void {
    this.now[other] = this.low[other] = this.high[other] = this.bound[other] = 0;
    this.lowAt[other] = this.highAt[other] = at;
    this.epoch[other] = epoch;
  }

  add(other: number, served: number, bound: number, at: number): void {
    const now = this.now[other]! + served;
    this.now[other] = now;
    if (bound > this.bound[other]!) this.bound[other] = bound;
    if (now < this.low[other]!) {
      this.low[other] = now;
      this.lowAt[other] = at;
    }
    if (now > this.high[other]!) {
      this.high[other] = now;
      this.highAt[other] = at;
    }
  }
}

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
  readonly #seats = new Map<number, Seat>();
  readonly #rows: Row[] = [];
  readonly #free: number[] = [];
  #epochs = 0;
  /** Threads whose last batch was not taken whole: they are passed by. */
  readonly #failing = new Set<number>();

  readonly #most: number;

  constructor(now: InForce, bound: LagBound, most = MOST_FOLLOWED) {
    this.#now = now;
    this.#bound = bound;
    this.#most = most;
  }

  begins(thread: number, at: number): void {
    if (this.#seats.has(thread) || this.#seats.size === this.#most) return;
    const number = this.#free.pop() ?? this.#seats.size;
    this.#rows[number] ??= new Row(number);
    this.#seats.set(thread, { thread, number, since: at, epoch: (this.#epochs += 1) });
  }

  ends(thread: number): void {
    const seat = this.#seats.get(thread);
    if (seat === undefined) return;
    this.#free.push(seat.number);
    this.#seats.delete(thread);
  }

  /** Its intervals begin anew. */
  restart(thread: number, at: number): void {
    const seat = this.#seats.get(thread);
    if (seat === undefined) return;
    seat.since = at;
    seat.epoch = this.#epochs += 1;
  }

  restartAll(at: number): void {
    for (const thread of this.#seats.keys()) this.restart(thread, at);
  }

  visited({ thread, index, detail, records }: VisitHistory, whole: boolean): void {
    const at = records.at(-1)!;
    if (!whole || this.#failing.has(thread)) {
      if (whole) this.#failing.delete(thread);
      else this.#failing.add(thread);
      this.restart(thread, at);
      return;
    }
    const seat = this.#seats.get(thread);
    if (seat === undefined || this.#now.policy === 'priority') return;
    const served = (index + detail) / this.#now.share(thread);
    const bound = this.#bound(this.#now);
    for (const other of this.#seats.values())
      if (other !== seat && !this.#failing.has(other.thread)) this.#served(seat, other, served, bound, at);
  }

  #served(seat: Seat, other: Seat, served: number, bound: number, at: number): void {
    const isUpper = seat.number > other.number;
    const [upper, lower] = isUpper ? [seat, other] : [other, seat];
    const row = this.#rows[upper.number]!;
    const pair = lower.number;
    if (row.epoch[pair]! < Math.max(seat.epoch, other.epoch))
      row.begin(pair, Math.max(seat.since, other.since), this.#epochs);
    row.add(pair, isUpper ? served : -served, bound, at);
    const lag = row.high[pair]! - row.low[pair]!;
    if (lag - row.bound[pair]! <= this.worst.lag - this.worst.bound) return;
    const extremes = [row.lowAt[pair]!, row.highAt[pair]!];
    // told from the lower thread id's side
    const [threads, records]: [Lag['threads'], number[]] =
      upper.thread < lower.thread
        ? [[upper.thread, lower.thread], extremes]
        : [[lower.thread, upper.thread], extremes.reverse()];
    this.worst = { lag, bound: row.bound[pair]!, threads, records };
  }
}
