/** What a drain knows of one thread that it tracks. */
import { HEADER, SLOT, STOP_STATE, WINDOW_STATE } from '../spec/layout.js';
import type { Arena } from './arena.js';
import { IndexReader } from './index-lane.js';
import { Schedulable } from './scheduler.js';
import { generationOf, isState, loadState } from './slot-state.js';
import { Windows } from './window.js';

/** Counts of one lane that the drain keeps itself. */
export interface LaneCounts {
  accepted: number;
  delivered: number;
}

export class ThreadDrainState extends Schedulable<ThreadDrainState> {
  readonly slot: number;
  readonly generation: number;
  readonly threadId: number;
  readonly lane: IndexReader;
  readonly windows: Windows;
  readonly index: LaneCounts = { accepted: 0, delivered: 0 };
  readonly detail: LaneCounts = { accepted: 0, delivered: 0 };
  /** Time of the first skip of the row, ns. */
  skippedSince = 0n;
  /** This row of skips was reported: the queue is stuck. */
  stuck = false;
  failuresInRow = 0;
  /** Visits to sit out after sink failures. */
  backoff = 0;
  visits = 0;
  skips = 0;
  /** Unmarked detail records given up when the slot was reclaimed. */
  evictedAtEnd = 0;
  /** LEAVING was seen. */
  leaving = false;
  /** What had been delivered when the window of the fairness metrics began. */
  deliveredBefore = 0;
  /** delivered / ideal in the last window. */
  share = 1;
  readonly #arena: Arena;
  #seenIndexTail: number;
  #seenDetailTail: number;

  constructor(arena: Arena, slot: number) {
    super();
    this.#arena = arena;
    this.slot = slot;
    this.generation = generationOf(loadState(arena, slot));
    this.threadId = Atomics.load(arena.words, arena.slot(slot, SLOT.threadId)) >>> 0;
    this.lane = new IndexReader(arena, slot);
    this.windows = new Windows(arena, slot);
    this.#seenIndexTail = arena.config.initialCursor;
    this.#seenDetailTail = arena.config.initialCursor;
  }

  /** Pairs with the store in setWeight(): whoever asks at each turn follows it. What counts is the scheduler's share. */
  get weight(): number {
    return this.counter(SLOT.weight);
  }

  /** As the weight, with setPriority(). */
  get priority(): number {
    return this.counter(SLOT.priority);
  }

  /** Records of both lanes that this drain has delivered. */
  get delivered(): number {
    return this.index.delivered + this.detail.delivered;
  }

  /** True once the thread has left, died or was stopped: its next visits are its final drain. */
  get isLeaving(): boolean {
    return isState(loadState(this.#arena, this.slot), 'leaving');
  }

  /** True between a stop() that gave up and the next one: what is due now was left. */
  get isStopped(): boolean {
    return Atomics.load(this.#arena.words, this.#arena.header(HEADER.stopState)) === STOP_STATE.stopped;
  }

  /** The states in which a window's records are due. In the final drain nobody will seal the open window any more. */
  dueStates(final: boolean): readonly number[] {
    return final ? [WINDOW_STATE.sealedMarked, WINDOW_STATE.openMarked] : [WINDOW_STATE.sealedMarked];
  }

  /** Detail records that are due, below this tail. */
  dueDetail(final: boolean, tail: number = this.windows.tail): number {
    const states = this.dueStates(final);
    let due = 0;
    for (let window = 0; window < this.windows.count; window += 1) {
      if (states.includes(this.windows.state(window))) {
        due += Math.max(0, this.windows.visible(window, tail) - this.windows.released(window));
      }
    }
    return due;
  }

  /** True when a visit would have something to do. */
  get hasWork(): boolean {
    if (this.isLeaving || this.lane.tail !== this.lane.head) return true;
    for (let window = 0; window < this.windows.count; window += 1) {
      if (this.windows.state(window) === WINDOW_STATE.sealedMarked) return true;
    }
    return false;
  }

  /**
   * Extends the 32-bit cursors to the counts of all that was ever accepted. The differences are signed: an emit that
   * finds its lane closed takes its tail back, and it may have been seen meanwhile.
   */
  countAccepted(indexTail: number = this.lane.tail, detailTail: number = this.windows.tail): void {
    this.index.accepted += (indexTail - this.#seenIndexTail) | 0;
    this.detail.accepted += (detailTail - this.#seenDetailTail) | 0;
    this.#seenIndexTail = indexTail;
    this.#seenDetailTail = detailTail;
  }

  /** A word of the slot that its producer writes. */
  counter(field: number): number {
    return Atomics.load(this.#arena.words, this.#arena.slot(this.slot, field)) >>> 0;
  }

  /** Detail records that are neither delivered nor given up, marked or not. */
  pendingDetail(): number {
    const { tail } = this.windows;
    let pending = 0;
    for (let window = 0; window < this.windows.count; window += 1) {
      if (this.windows.state(window) !== WINDOW_STATE.free) {
        pending += this.windows.visible(window, tail) - this.windows.released(window);
      }
    }
    return pending;
  }

  /** The end of a final drain: what is left was never marked, and is given up. */
  dropWindows(): void {
    this.evictedAtEnd = this.pendingDetail();
    for (let window = 0; window < this.windows.count; window += 1) this.windows.setState(window, WINDOW_STATE.free);
  }
}
