/**
 * Deficit round robin: a list of the backlogged threads, and a credit for each.
 *
 * Whoever is at the head has its turn and then goes to the tail, so that choosing costs the same however many threads there are. Each
 * turn adds `weight * quantum` events of credit, and a turn delivers at most the credit: over any interval two backlogged threads differ
 * by at most one quantum per weight. A thread that could not be visited (its queue was busy) keeps its credit, up to
 * a cap, and after `maxSkips` skips in a row it goes to the front. Round robin is the same with all weights 1.
 */
import { creditCap } from '../spec/bounds.js';
import type { DrainConfig } from '../spec/config.js';
import type { ThreadDrainState } from './thread-drain-state.js';

export class Scheduler {
  readonly #config: DrainConfig;
  #backlogged: ThreadDrainState[] = [];
  #promoted: ThreadDrainState[] = [];
  #visits = 0;

  constructor(config: DrainConfig) {
    this.#config = config;
  }

  /** Threads in the list. */
  get length(): number {
    return this.#backlogged.length;
  }

  /** A thread that has become backlogged joins at the tail. */
  join(thread: ThreadDrainState): void {
    if (thread.listed) return;
    thread.listed = true;
    thread.waitsFrom = this.#visits;
    this.#backlogged.push(thread);
  }

  /** Takes the thread whose turn it is. */
  next(): ThreadDrainState | undefined {
    return this.#backlogged.shift();
  }

  /** Adds the credit of one turn. */
  addCredit(thread: ThreadDrainState): void {
    const { quantum, maxSkips } = this.#config;
    const weight = this.#share(thread);
    thread.credit = Math.min(thread.credit + weight * quantum, creditCap(weight, quantum, maxSkips));
  }

  /** After a turn: to the tail; or to the front of the next iteration, when it was skipped too often. */
  putBack(thread: ThreadDrainState, skipped: boolean): void {
    if (skipped && thread.skipsInRow >= this.#config.maxSkips) this.#promoted.push(thread);
    else this.#backlogged.push(thread);
  }

  /** The thread has nothing left: it keeps no credit for later. */
  drop(thread: ThreadDrainState): void {
    thread.listed = false;
    thread.credit = 0;
  }

  /** The promoted threads come first in the next iteration. */
  endIteration(): void {
    if (this.#promoted.length > 0) this.#backlogged = [...this.#promoted, ...this.#backlogged];
    this.#promoted = [];
  }

  /** The thread's turn begins: how many visits of others it has waited for. */
  beginVisit(thread: ThreadDrainState): void {
    thread.longestWait = Math.max(thread.longestWait, this.#visits - thread.waitsFrom);
    this.#visits += 1;
    thread.waitsFrom = this.#visits;
  }

  #share(thread: ThreadDrainState): number {
    return this.#config.policy === 'weighted-fair' ? thread.weight : 1;
  }
}
