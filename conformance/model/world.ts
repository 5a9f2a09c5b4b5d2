/** What the model knows of a drain and its threads: no more than the contract promises. */
import {
  DEFAULT_PRIORITY,
  changedConfig,
  creditCap,
  resolveConfig,
  type DrainConfig,
  type Lane,
  type RecordOf,
} from '../../spec/index.js';
import { DetailLane } from './detail-lane.js';
import { IndexLane, type Accepted } from './index-lane.js';
import { Lag } from './lag.js';
import type { Setup } from './script.js';

/** What befalls each life once, in this order. */
export type LifeEvent = Exclude<RecordOf<'thread-event'>['event'], 'queue-stuck'>;

export interface Group {
  readonly index: readonly [number, number];
  readonly detail: readonly [number, number];
}

/** One thread's life. */
export class Thread {
  /** gone: its slot was given back; `maybeGone`: nobody said so, but it may have been. */
  state: 'active' | 'leaving' | 'gone' = 'active';
  maybeGone = false;
  /** It called leave() itself. */
  left = false;
  holding: Group | undefined;
  /** The drain that took the queue by hand. */
  holder: number | undefined;
  /** The sink took nothing of its last batch: it may be passed by for a while. */
  failures = 0;
  /** Full iterations without an offer, since it last failed. */
  passedBy = 0;
  /** Most events that its next visit may take, before what that visit adds. */
  credit = 0;
  skipsInRow = 0;
  /** Those of them under the limits of now: they tell the least that its credit is, and whether it was promoted. */
  skipsAsNow = 0;
  /** It was reported as stuck, and its queue was not free since. */
  stuck = false;
  weight: number;
  /** The largest weight that its last turn may have gone by. */
  mostWeight: number;
  priority: number;
  /** Full iterations that passed it by after a first failure. */
  firstBackOff: number | undefined;
  /** Iterations of any kind since its last batch. */
  gap = 0;
  events: LifeEvent[] = [];
  readonly id: number;
  readonly slot: number;
  readonly generation: number;
  readonly index: IndexLane;
  readonly detail: DetailLane;

  constructor(record: RecordOf<'register'>, config: DrainConfig) {
    this.id = record.thread;
    this.slot = record.slot ?? -1;
    this.generation = record.generation ?? -1;
    this.weight = record.weight;
    this.mostWeight = record.weight;
    this.priority = record.priority ?? DEFAULT_PRIORITY;
    this.index = new IndexLane(config.indexCapacity);
    const { detailCapacity, windowRecords, preRoll, postRoll } = config;
    this.detail = new DetailLane({ places: detailCapacity / windowRecords, windowRecords, preRoll, postRoll });
  }

  get isOver(): boolean {
    return this.state !== 'active';
  }

  due(lane: Lane): Accepted[] {
    return lane === 'index' ? this.index.pending : this.detail.deliverable(this.isOver);
  }

  get backlog(): number {
    return this.index.pending.length + this.due('detail').length;
  }
}

/** Threads that are owed a turn, and threads that may take theirs before these. */
export interface Owed {
  readonly surely: ReadonlySet<number>;
  readonly perhaps: ReadonlySet<number>;
}
export const NOBODY: Owed = { surely: new Set(), perhaps: new Set() };

/** What one drain did, for its results and metrics. */
export class DrainBooks {
  iterations = 0;
  /** Calls from inside the sink: nobody says whether these count. */
  reentered = 0;
  visits = 0;
  skips = 0;
  batches = 0;
  sinkFailures = 0;
  reclaimed = 0;
  registered = 0;
  /** Visits by hand and stops: what these add to visits and iterations is free. */
  byHand = 0;
  stops = 0;
  /** Threads that had no turn when the last iteration was cut short. */
  owed: Owed = NOBODY;
  /** As it is now. */
  config: DrainConfig;
  /** What a configure() from inside its own call will change at the end of it. */
  changes: Partial<DrainConfig> = {};

  constructor(config: DrainConfig) {
    this.config = config;
  }
}

/** A call of a drain that is under way. */
export interface Frame {
  readonly drain: number;
  readonly kind: 'iteration' | 'visit' | 'stop';
  /** The thread that is being visited while nested steps happen. */
  visiting: Thread | undefined;
  /** Anything happened inside the sink, or a batch was not taken whole. */
  /** The thread of the last batch: its visit may go on. */
  last?: Thread;
  nested: boolean;
  troubled: boolean;
}

export class World {
  /** What every drain is made with. */
  readonly given: DrainConfig;
  readonly claims: ReadonlySet<string>;
  /** Every life, those that are over included. */
  readonly threads = new Map<number, Thread>();
  readonly drains: Map<number, DrainBooks>;
  readonly frames: Frame[] = [];
  /** Threads whose queue somebody else took while a call was under way. */
  readonly touched = new Set<Thread>();
  readonly lag = new Lag();
  stopped: 'no' | 'running' | 'incomplete' | 'complete' = 'no';
  /** What the last stop() said it left. */
  left = { index: 0, detail: 0 };
  /** Anything was delivered since that stop. */
  movedSinceStop = false;
  sink: Pick<RecordOf<'sink'>, 'behaviour' | 'thread' | 'costNs'> = { behaviour: 'accept' };
  /** The metrics told last, while nothing else has happened. */
  lastMetrics: string | undefined;
  /** Time that certainly passed, ns. */
  elapsed = 0;

  constructor({ config, claims }: Setup) {
    this.given = resolveConfig(config as Partial<DrainConfig>);
    this.drains = new Map([[0, new DrainBooks(this.given)]]);
    this.claims = claims;
  }

  get hasDetail(): boolean {
    return this.config.detailCapacity > 0;
  }

  get single(): boolean {
    return this.drains.size === 1;
  }

  /** The first drain's, as it is now. */
  get config(): DrainConfig {
    return this.drains.get(0)!.config;
  }

  weightOf({ weight }: Thread): number {
    return this.config.policy === 'weighted-fair' ? weight : 1;
  }

  /** The most that one turn adds. */
  quantumOf(thread: Thread, config = this.config): number {
    return mostShare(thread, config) * largestQuantum(config);
  }

  /** The least that a skip adds. */
  leastTurn(thread: Thread): number {
    const { policy, quantum, quantumMin } = this.config;
    return this.weightOf(thread) * (policy === 'adaptive' ? quantumMin : quantum);
  }

  /** The most that it may have. */
  capOf(thread: Thread, config = this.config): number {
    return creditCap(mostShare(thread, config), largestQuantum(config), config.maxSkips);
  }

  /** Other limits for a drain: at once, or from the end of its call that is under way. */
  reconfigure(drain: number, changes: Partial<DrainConfig>): void {
    const books = this.drains.get(drain)!;
    Object.assign(books.changes, changes);
    if (!this.frames.some((frame) => frame.drain === drain)) this.applyChanges(drain);
  }

  applyChanges(drain: number): void {
    const books = this.drains.get(drain)!;
    if (Object.keys(books.changes).length === 0) return;
    books.config = changedConfig(books.config, books.changes);
    books.changes = {};
    books.owed = NOBODY;
    this.lag.forget();
    for (const thread of this.threads.values()) thread.skipsAsNow = 0;
  }

  /** Who certainly has a slot, and who may have one. */
  holders(): { sure: Thread[]; perhaps: Thread[] } {
    const present = [...this.threads.values()].filter(({ state }) => state !== 'gone');
    return {
      sure: present.filter(({ maybeGone }) => !maybeGone),
      perhaps: present.filter(({ maybeGone }) => maybeGone),
    };
  }

  /** The thread whose queue is being used by a visit now. */
  isVisited(thread: Thread): boolean {
    return this.frames.some(({ visiting }) => visiting === thread);
  }

  /** Nobody else holds its queue. */
  isFree(thread: Thread): boolean {
    return thread.holding === undefined && thread.holder === undefined && !this.isVisited(thread);
  }

  /** The thread's slot was given back. */
  reclaim(thread: Thread): void {
    thread.state = 'gone';
    thread.holder = undefined;
    thread.detail.giveUp();
  }
}

const mostShare = ({ mostWeight }: Thread, { policy }: DrainConfig): number =>
  policy === 'weighted-fair' ? mostWeight : 1;

/** The largest quantum that may be in force. */
export const largestQuantum = ({ policy, quantum, quantumMax }: DrainConfig): number =>
  policy === 'adaptive' ? quantumMax : quantum;
