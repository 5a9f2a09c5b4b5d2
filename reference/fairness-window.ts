/** Fairness of the last window of visits: whom it served, and how much of its fair share each thread got. */
import { jainIndex, maxMinShares } from '../spec/bounds.js';
import type { FairnessMetrics } from '../spec/contract.js';
import type { Arena } from './arena.js';
import type { Discovery } from './discovery.js';
import { distance } from './index-lane.js';
import { readySlots } from './ready-bits.js';
import type { Scheduler } from './scheduler.js';
import { generationOf, isState, loadState } from './slot-state.js';
import type { ThreadDrainState } from './thread-drain-state.js';

/** What a window knows of one thread, at its end. */
export interface Service {
  /** Records delivered in the window. */
  readonly delivered: number;
  /** The same, and what could have been delivered. */
  readonly demand: number;
  /** What its weight counts. */
  readonly share: number;
  /** Backlogged from the window's beginning to its end. */
  readonly steady: boolean;
}

type Figures = Pick<FairnessMetrics, 'delivered' | 'jain' | 'minShare' | 'serviceLag'>;

/** Half up, to 6 decimals. */
const rounded = (value: number): number => Math.floor(value * 1e6 + 0.5) / 1e6;

/** The figures of a window, and delivered / ideal of each of its threads: 1 for one without demand. */
export function windowFairness(services: readonly Service[]): Figures & { readonly shares: readonly number[] } {
  const delivered = services.reduce((sum, service) => sum + service.delivered, 0);
  const ideal = maxMinShares(
    services.map(({ demand }) => demand),
    services.map(({ share }) => share),
    delivered,
  );
  const isIn = services.map(({ demand }, i) => demand > 0 && ideal[i]! > 0);
  const x = services.map((service, i) => (isIn[i] ? service.delivered / ideal[i]! : 1));
  const steady = services.filter((service) => service.steady).map((service) => service.delivered / service.share);
  const extremes = { least: Infinity, most: -Infinity };
  for (const service of steady) {
    extremes.least = Math.min(extremes.least, service);
    extremes.most = Math.max(extremes.most, service);
  }
  const counted = x.filter((_, i) => isIn[i]);
  return {
    delivered,
    jain: rounded(jainIndex(counted)),
    minShare: rounded(counted.length === 0 ? 1 : counted.reduce((least, one) => Math.min(least, one))),
    serviceLag: steady.length < 2 ? 0 : rounded(extremes.most - extremes.least),
    shares: x.map(rounded),
  };
}

export class FairnessWindow {
  /** Windows that have ended. */
  windows = 0;
  /** Of the last one. */
  figures: Figures = { delivered: 0, jain: 1, minShare: 1, serviceLag: 0 };
  readonly #arena: Arena;
  readonly #scheduler: Scheduler<ThreadDrainState>;
  readonly #discovery: Discovery;
  #visits = 0;
  /** Slots that were served in the window. */
  readonly #served = new Set<number>();
  /** The threads of the last one that had a share to tell. */
  #threads: readonly ThreadDrainState[] = [];
  /** The number of the iteration that the window began with. */
  #first = 1;

  constructor(arena: Arena, scheduler: Scheduler<ThreadDrainState>, discovery: Discovery) {
    this.#arena = arena;
    this.#scheduler = scheduler;
    this.#discovery = discovery;
  }

  /** Every full visit counts. */
  countVisit(thread: ThreadDrainState): void {
    this.#visits += 1;
    this.countService(thread);
  }

  /** Something of it may have been delivered, in a visit or by hand. */
  countService({ slot }: ThreadDrainState): void {
    this.#served.add(slot);
  }

  /** The window ends with the iteration in which its visits reach the number asked for; the next one begins there. */
  endIteration(): void {
    if (this.#visits < this.#scheduler.config.fairnessWindowVisits) return;
    for (const thread of this.#threads) thread.share = 1;
    this.#threads = this.#withDemand();
    const { shares, ...figures } = windowFairness(this.#threads.map((thread) => this.#serviceOf(thread)));
    this.#threads.forEach((thread, i) => {
      thread.share = shares[i]!;
      thread.deliveredBefore = thread.delivered;
    });
    this.figures = figures;
    this.windows += 1;
    this.#visits = 0;
    this.#served.clear();
    this.#first = this.#scheduler.iteration + 1;
  }

  /** In slot order. Those that were not served, wait for nothing and are not ready change no figure: they are not looked at. */
  #withDemand(): ThreadDrainState[] {
    const slots = new Set([...this.#served, ...readySlots(this.#arena)]);
    for (const { slot } of this.#scheduler.waiting()) slots.add(slot);
    const inOrder = [...slots].sort((a, b) => a - b);
    return inOrder.flatMap((slot) => {
      const thread = this.#discovery.tracked[slot];
      return thread !== undefined && this.#holdsSlot(thread) ? [thread] : [];
    });
  }

  /** False when another drain has reclaimed it. */
  #holdsSlot({ slot, generation }: ThreadDrainState): boolean {
    const word = loadState(this.#arena, slot);
    return generationOf(word) === generation && (isState(word, 'active') || isState(word, 'leaving'));
  }

  #serviceOf(thread: ThreadDrainState): Service {
    const delivered = thread.delivered - thread.deliveredBefore;
    const pending = distance(thread.lane.tail, thread.lane.head) + thread.dueDetail(thread.isLeaving);
    return {
      delivered,
      demand: delivered + pending,
      share: this.#scheduler.shareOf(thread),
      steady: thread.list !== undefined && thread.joined <= this.#first,
    };
  }
}
