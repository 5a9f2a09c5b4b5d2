/** Window descriptors: the unit of the detail lane that is marked, sealed, drained or evicted. */
import { SLOT, WINDOW, WINDOW_STATE } from '../spec/layout.js';
import type { Arena } from './arena.js';
import { distance } from './index-lane.js';

/** Differences beyond this are negative: the record is above the tail. */
const HALF = 2 ** 31;

/** The windows of one slot, and the records in them. Both ends use it; who may change what stands at each method. */
export class Windows {
  readonly count: number;
  readonly #arena: Arena;
  readonly #first: number;
  readonly #records: number;
  readonly #tailWord: number;

  constructor(arena: Arena, slot: number) {
    this.#arena = arena;
    this.count = arena.geometry.windows;
    this.#first = (arena.lanes(slot) + arena.geometry.windowsOffset) / 4;
    this.#records = arena.lanes(slot) + arena.geometry.detailOffset;
    this.#tailWord = arena.slot(slot, SLOT.detailTail);
  }

  /** Detail records published. The drain's load pairs with the writer's store: the records below it are whole. */
  get tail(): number {
    return Atomics.load(this.#arena.words, this.#tailWord) >>> 0;
  }

  /** Writer only. Publishes the records below it, and the counts of their windows. */
  set tail(value: number) {
    Atomics.store(this.#arena.words, this.#tailWord, value | 0);
  }

  /**
   * The writer moves FREE to OPEN to SEALED, marks, and takes SEALED windows again (evicts); the drain moves
   * SEALED_MARKED to FREE. So each state has one side that may leave it, and a plain store suffices.
   */
  state(window: number): number {
    return Atomics.load(this.#arena.words, this.#word(window, WINDOW.state));
  }

  /** Pairs with the other side's state(): sealing publishes the window's count, freeing its records. */
  setState(window: number, state: number): void {
    Atomics.store(this.#arena.words, this.#word(window, WINDOW.state), state);
  }

  sequence(window: number): number {
    return this.#load(window, WINDOW.sequence);
  }

  written(window: number): number {
    return this.#load(window, WINDOW.count);
  }

  /** Writer only: published by the tail. */
  setWritten(window: number, count: number): void {
    Atomics.store(this.#arena.words, this.#word(window, WINDOW.count), count);
  }

  /** Records that the sink has taken of this window. */
  released(window: number): number {
    return this.#load(window, WINDOW.released);
  }

  /** Drain only. */
  setReleased(window: number, count: number): void {
    Atomics.store(this.#arena.words, this.#word(window, WINDOW.released), count);
  }

  /** Writer only: the descriptor of a new window; published by the state that follows. */
  begin(window: number, sequence: number, firstRecord: number): void {
    Atomics.store(this.#arena.words, this.#word(window, WINDOW.sequence), sequence | 0);
    Atomics.store(this.#arena.words, this.#word(window, WINDOW.firstRecord), firstRecord | 0);
    Atomics.store(this.#arena.words, this.#word(window, WINDOW.count), 0);
    Atomics.store(this.#arena.words, this.#word(window, WINDOW.released), 0);
  }

  /** Records of a window below `tail`: those of a submit under way, or of a dead thread's, are not visible. */
  visible(window: number, tail: number): number {
    const below = distance(tail, this.#load(window, WINDOW.firstRecord));
    return below > HALF ? 0 : Math.min(this.written(window), below);
  }

  /** The bytes of `count` records of a window from record `from`. */
  span(window: number, from: number, count: number): Uint8Array {
    const { windowRecords, detailRecordBytes } = this.#arena.config;
    const start = this.#records + (window * windowRecords + from) * detailRecordBytes;
    return this.#arena.bytes.subarray(start, start + count * detailRecordBytes);
  }

  /** Registration only: all places FREE and zero. */
  reset(): void {
    for (let window = 0; window < this.count; window += 1) {
      this.begin(window, 0, 0);
      this.setState(window, WINDOW_STATE.free);
    }
  }

  /** The window among those with one of these states whose sequence is oldest before `next`; -1 if there is none. */
  oldest(next: number, ...states: readonly number[]): number {
    let found = -1;
    let age = -1;
    for (let window = 0; window < this.count; window += 1) {
      if (!states.includes(this.state(window))) continue;
      const older = distance(next, this.sequence(window));
      if (older > age) [found, age] = [window, older];
    }
    return found;
  }

  #word(window: number, offset: number): number {
    return this.#first + (window * WINDOW.bytes + offset) / 4;
  }

  #load(window: number, offset: number): number {
    return Atomics.load(this.#arena.words, this.#word(window, offset)) >>> 0;
  }
}
