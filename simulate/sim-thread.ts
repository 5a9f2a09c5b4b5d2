import { Schedulable } from '../reference/scheduler.js';
import { arrivalProcess, chance, type ArrivalProcess } from './arrivals.js';
import type { LoadGroup } from './load.js';

/** A producing thread: what of its events has come, and what the scheduler needs to know of it. */
export class SimThread extends Schedulable<SimThread> {
  readonly slot: number;
  readonly group: number;
  readonly node: number;
  readonly weight: number;
  readonly priority: number;
  readonly joinNs: number;
  readonly leaveNs: number;
  isLeaving = false;
  /** Reclaimed. */
  gone = false;
  /** In a list of its drain's scheduler, or having its turn. */
  queued = false;
  delivered = 0;
  /** The same, since the window of the fairness figures began. */
  deliveredInWindow = 0;
  /** Visits that its drain had made at its last turn, or when it became backlogged. */
  waitsSinceVisit = 0;
  /** When its last turn ended, or it became backlogged. */
  waitsSinceNs = 0;

  readonly #seed: number;
  readonly #heldChance: number;
  /** Undefined: always backlogged. */
  readonly #events: ArrivalProcess | undefined;
  readonly #pending: number;
  #attempts = 0;
  /** Of a backlogged thread that has left: all the events it ever had. */
  #total = Infinity;

  constructor(slot: number, group: number, node: number, described: LoadGroup, seed: number) {
    super();
    this.slot = slot;
    this.group = group;
    this.node = node;
    this.weight = described.weight;
    this.priority = described.priority;
    this.joinNs = described.joinNs;
    this.leaveNs = described.leaveNs ?? Infinity;
    this.#seed = seed;
    this.#heldChance = described.heldChance;
    const { arrivals, joinNs } = described;
    const backlogged = arrivals.kind === 'backlogged';
    this.#pending = backlogged ? arrivals.pending : 0;
    this.#events = backlogged ? undefined : arrivalProcess(arrivals, joinNs, chance(seed, slot, 0));
  }

  /** Its events came at a known time. */
  get hasArrivalTimes(): boolean {
    return this.#events !== undefined;
  }

  /** Events that wait at this time. */
  pendingAt(now: number): number {
    if (now < this.joinNs) return 0;
    if (this.#events === undefined) return Math.min(this.#pending, this.#total - this.delivered);
    return this.#events.countBy(Math.min(now, this.leaveNs)) - this.delivered;
  }

  /** As the drain sees it: something to deliver, or to reclaim. */
  hasWorkAt(now: number): boolean {
    return !this.gone && (this.isLeaving || this.pendingAt(now) > 0);
  }

  /** When an idle thread is to be looked at again; Infinity: never. */
  get nextNs(): number {
    const next = this.#events?.timeOf(this.delivered) ?? this.joinNs;
    return Math.min(next, this.leaveNs);
  }

  /** When the k-th event came. Only with arrival times. */
  arrivalOf(k: number): number {
    return this.#events!.timeOf(k);
  }

  /** From here on nothing more comes. */
  leave(): void {
    this.isLeaving = true;
    this.#total = this.delivered + this.#pending;
  }

  /** Whether this attempt to take its queue finds it held: the n-th attempt has the same answer under every policy. */
  isHeld(): boolean {
    if (this.#heldChance === 0 || this.isLeaving) return false;
    this.#attempts += 1;
    return chance(this.#seed, this.slot, this.#attempts) < this.#heldChance;
  }
}

/** The threads of a load, in slot order. */
export function threadsOf(groups: readonly LoadGroup[], nodes: number, seed: number): SimThread[] {
  const threads: SimThread[] = [];
  groups.forEach((described, group) => {
    for (let i = 0; i < described.count; i += 1) {
      const slot = threads.length;
      threads.push(new SimThread(slot, group, described.node ?? slot % nodes, described, seed));
    }
  });
  return threads;
}
