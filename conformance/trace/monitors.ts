/** The bounds of spec/bounds.ts, watched visit by visit: at most O(threads) for each. */
import {
  creditCap,
  longestWaitPriority,
  longestWaitVisits,
  serviceLagBound,
  type DrainMetrics,
} from '../../spec/index.js';
import { LagPairs, type InForce } from '../checkers/lag-pairs.js';

/** The largest value seen beside its bound: the one that comes nearest to it, or goes farthest beyond. */
export interface Extreme {
  readonly value: number;
  readonly bound: number;
}
export const NOTHING: Extreme = { value: 0, bound: 0 };

const nearer = (one: Extreme, other: Extreme): Extreme => {
  if (one.bound === 0) return other;
  return other.value / other.bound > one.value / one.bound ? other : one;
};

export interface Extremes {
  readonly lag: Extreme;
  readonly waitVisits: Extreme;
  readonly waitEvents: Extreme;
  readonly credit: Extreme;
  /** Own visits of a leaving thread until its slot was free. */
  readonly finalVisits: Extreme;
}

/** What the monitors ask of the trace. */
export interface Standing extends InForce {
  readonly slots: number;
  readonly ageAfter: number;
  /** The least that a turn adds, per share. */
  readonly leastQuantum: number;
  priority(thread: number): number;
}

interface Final {
  visits: number;
  failures: number;
  most: number;
}

interface Waiting {
  /** All visits that there had been at its last turn, or when it came. */
  since: number;
  /** Its lowest class and the longest iteration since then. */
  priority: number;
  /** Events of each other thread since then, and the most that they may be. */
  readonly meanwhile: Map<number, { events: number; bound: number }>;
}

export class Monitors {
  readonly #now: Standing;
  readonly #pairs: LagPairs;
  readonly #waiting = new Map<number, Waiting>();
  readonly #finals = new Map<number, Final>();
  /** The largest cap since its last turn. */
  readonly #caps = new Map<number, number>();
  /** Queues that were held since the last visit, or batches that were left. */
  readonly #carrying = new Set<number>();
  #visits = 0;
  /** The visits before this iteration. */
  #begun = 0;
  #seen = 0;
  #longestIteration = 1;
  #worst: Omit<Extremes, 'lag'> = {
    waitVisits: NOTHING,
    waitEvents: NOTHING,
    credit: NOTHING,
    finalVisits: NOTHING,
  };

  constructor(now: Standing) {
    this.#now = now;
    this.#pairs = new LagPairs(now, ({ quantum, maxSkips }) => serviceLagBound(quantum, maxSkips));
  }

  get extremes(): Extremes {
    const { lag, bound } = this.#pairs.worst;
    return { lag: Number.isFinite(bound) ? { value: lag, bound } : NOTHING, ...this.#worst };
  }

  /** The thread is backlogged, between two iterations. */
  begins(thread: number): void {
    this.#pairs.begins(thread, this.#visits);
    this.#wait(thread);
  }

  ends(thread: number): void {
    this.#pairs.ends(thread);
    this.#waiting.delete(thread);
  }

  held(thread: number): void {
    this.#carrying.add(thread);
  }

  leaves(thread: number, pending: number): void {
    const turn = this.#now.share(thread) * this.#now.leastQuantum;
    this.#finals.set(thread, { visits: 0, failures: 0, most: Math.max(1, Math.ceil(pending / turn)) });
  }

  reclaimed(thread: number): void {
    const final = this.#finals.get(thread);
    if (final === undefined) return;
    this.#note('finalVisits', { value: final.visits, bound: final.most + final.failures });
    this.#finals.delete(thread);
    this.#caps.delete(thread);
  }

  /** Its weight, or everybody's limits, are other ones. */
  reweighed(thread: number): void {
    if (this.#now.policy === 'weighted-fair') this.#pairs.restart(thread, this.#visits);
    this.#raiseCap(thread);
    const final = this.#finals.get(thread);
    if (final !== undefined) this.#finals.delete(thread);
  }

  reprioritised(thread: number, priority: number): void {
    const waiting = this.#waiting.get(thread);
    if (waiting !== undefined) waiting.priority = Math.min(waiting.priority, priority);
  }

  /** `cut`: the last iteration was. */
  reconfigured(cut: boolean): void {
    if (cut) this.#pairs.restartAll(this.#visits);
    else for (const thread of this.#carrying) this.#pairs.restart(thread, this.#visits);
    for (const thread of this.#caps.keys()) this.#raiseCap(thread);
    this.#finals.clear();
  }

  /** Batches of one thread; `failed`: the last was not taken whole; `left`: events that it has now. */
  visited(thread: number, served: number, failed: boolean, left: number): void {
    this.#visits += 1;
    this.#seen += 1;
    this.#waited(thread);
    this.#others(thread, served);
    const visit = { thread, index: served, detail: 0, iteration: 0, records: [this.#visits], byHand: false };
    if (left === 0) this.ends(thread);
    this.#pairs.visited(visit, !failed);
    this.#caps.set(thread, this.#cap(thread));
    if (failed) this.#carrying.add(thread);
    else this.#carrying.delete(thread);
    // who failed is passed by for a while, and waits again from its next turn on
    if (failed) this.#waiting.delete(thread);
    else if (left > 0) this.#wait(thread);
    const final = this.#finals.get(thread);
    if (final === undefined) return;
    final.visits += 1;
    if (failed) final.failures += 1;
  }

  /** `visits`: all of them, those that nobody saw included. */
  iterated(visits: number, cut: boolean): void {
    const unseen = Math.max(0, visits - this.#seen);
    // whoever had its turn in this iteration may have had it after them
    for (const waiting of this.#waiting.values()) if (waiting.since > this.#begun) waiting.since += unseen;
    this.#visits += unseen;
    this.#begun = this.#visits;
    this.#seen = 0;
    this.#longestIteration = Math.max(this.#longestIteration, visits);
    // what an adaptive quantum is now nobody says
    if (cut && this.#now.policy === 'adaptive') this.#pairs.restartAll(this.#visits);
  }

  looked({ threads }: DrainMetrics): void {
    for (const { threadId, credit } of threads) {
      const bound = this.#caps.get(threadId);
      if (bound !== undefined) this.#note('credit', { value: credit < 0 ? Infinity : credit, bound });
    }
  }

  #note(what: keyof Omit<Extremes, 'lag'>, one: Extreme): void {
    this.#worst = { ...this.#worst, [what]: nearer(this.#worst[what], one) };
  }

  #cap(thread: number): number {
    const { quantum, maxSkips } = this.#now;
    return creditCap(this.#now.share(thread), quantum, maxSkips);
  }

  #raiseCap(thread: number): void {
    const before = this.#caps.get(thread);
    if (before !== undefined) this.#caps.set(thread, Math.max(before, this.#cap(thread)));
  }

  #wait(thread: number): void {
    const priority = this.#now.priority(thread);
    this.#waiting.set(thread, { since: this.#visits, priority, meanwhile: new Map() });
  }

  #waited(thread: number): void {
    const waiting = this.#waiting.get(thread);
    if (waiting === undefined) return;
    const { slots, maxSkips, ageAfter, policy } = this.#now;
    const bound =
      policy === 'priority'
        ? longestWaitPriority({
            threads: slots,
            visitsPerIteration: Math.max(this.#longestIteration, this.#seen),
            ageAfter,
            maxSkips,
            priority: waiting.priority,
          })
        : longestWaitVisits(slots, maxSkips);
    this.#note('waitVisits', { value: this.#visits - 1 - waiting.since, bound });
  }

  /** Everybody else that waits has waited for these events. */
  #others(thread: number, served: number): void {
    const { policy, quantum, maxSkips } = this.#now;
    if (policy === 'priority') return;
    const bound = (2 * maxSkips + 1) * this.#now.share(thread) * quantum;
    for (const [other, { meanwhile }] of this.#waiting) {
      if (other === thread) continue;
      const before = meanwhile.get(thread);
      const one = { events: (before?.events ?? 0) + served, bound: Math.max(before?.bound ?? 0, bound) };
      meanwhile.set(thread, one);
      this.#note('waitEvents', { value: one.events, bound: one.bound });
    }
  }
}
