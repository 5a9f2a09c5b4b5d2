/** The writer's end of a detail lane: always captures, marks what is worth keeping, evicts what is not. */
import { SLOT, WINDOW_STATE } from '../spec/layout.js';
import type { Arena } from './arena.js';
import { Windows } from './window.js';

const NONE = -1;

export class DetailWriter {
  readonly #arena: Arena;
  readonly #slot: number;
  readonly #windows: Windows;
  readonly #size: number;
  published: number;
  #staged: number;
  #open = NONE;
  /** Where the last record was written. */
  #last = NONE;
  /** Windows that a submit has filled: sealed only when it commits. */
  #full: number[] = [];

  constructor(arena: Arena, slot: number) {
    this.#arena = arena;
    this.#slot = slot;
    this.#windows = new Windows(arena, slot);
    this.#size = arena.config.windowRecords;
    this.published = this.#windows.tail;
    this.#staged = this.published;
  }

  get #nextWindow(): number {
    return Atomics.load(this.#arena.words, this.#arena.slot(this.#slot, SLOT.nextWindow)) >>> 0;
  }

  /** Records that can be staged: what is left of the open window, and every window that is free or may be evicted. */
  room(): number {
    let room = this.#open === NONE ? 0 : this.#size - this.#windows.written(this.#open);
    for (let window = 0; window < this.#windows.count; window += 1) {
      const state = this.#windows.state(window);
      if (state === WINDOW_STATE.free || state === WINDOW_STATE.sealed) room += this.#size;
    }
    return room;
  }

  /** Writes a record beyond the tail. @returns false when only marked windows are left */
  stage(record: Uint8Array): boolean {
    if (this.#open === NONE && !this.#openWindow()) return false;
    const window = this.#open;
    this.#last = window;
    const at = this.#windows.written(window);
    this.#windows.span(window, at, 1).set(record);
    this.#windows.setWritten(window, at + 1);
    this.#staged = (this.#staged + 1) >>> 0;
    if (at + 1 === this.#size) {
      this.#full.push(window);
      this.#open = NONE;
    }
    return true;
  }

  /** Makes all that was staged visible, then seals the windows that are full. */
  publish(): void {
    this.published = this.#staged;
    this.#windows.tail = this.published;
    for (const window of this.#full) this.#seal(window);
    this.#full = [];
  }

  /** Forgets what was staged; after publish(): takes it back to `tail` (the lane was closed before it). */
  rollBack(tail: number = this.published): void {
    this.#staged = tail;
    this.#full = [];
    if (tail === this.published) return;
    this.published = tail;
    this.#windows.tail = tail;
  }

  /** Takes back the one record that was published last: the lane was closed before it. */
  takeBack(tail: number): void {
    this.#windows.setWritten(this.#last, this.#windows.written(this.#last) - 1);
    this.rollBack(tail);
  }

  /** Seals the open window, if there is one. */
  seal(): void {
    if (this.#open === NONE) return;
    this.#seal(this.#open);
    this.#open = NONE;
  }

  /** Marks the open window, `preRoll` before it, and `postRoll` after it. */
  mark(): void {
    const { preRoll, postRoll } = this.#arena.config;
    const next = this.#nextWindow;
    const isOpen = this.#open !== NONE;
    const marked = isOpen ? (next - 1) >>> 0 : next; // without an open window the next one counts as open
    if (isOpen) this.#windows.setState(this.#open, WINDOW_STATE.openMarked);
    this.#setPostRoll(Math.max(this.#postRoll, isOpen ? postRoll : postRoll + 1));
    for (let back = Math.min(preRoll, this.#windows.count); back >= 1; back -= 1)
      this.#markSealed((marked - back) >>> 0);
  }

  #markSealed(sequence: number): void {
    for (let window = 0; window < this.#windows.count; window += 1) {
      const sealed = this.#windows.state(window) === WINDOW_STATE.sealed;
      if (sealed && this.#windows.sequence(window) === sequence)
        this.#windows.setState(window, WINDOW_STATE.sealedMarked);
    }
  }

  #openWindow(): boolean {
    const next = this.#nextWindow;
    let window = this.#firstFree();
    if (window === NONE) {
      window = this.#windows.oldest(next, WINDOW_STATE.sealed);
      if (window === NONE) return false;
      this.#evict(window);
    }
    this.#windows.begin(window, next, this.#staged);
    this.#put(SLOT.nextWindow, next + 1);
    const left = this.#postRoll;
    if (left > 0) this.#setPostRoll(left - 1);
    this.#windows.setState(window, left > 0 ? WINDOW_STATE.openMarked : WINDOW_STATE.open);
    this.#open = window;
    return true;
  }

  #firstFree(): number {
    for (let window = 0; window < this.#windows.count; window += 1) {
      // Pairs with the drain's store of FREE: it has done with the window's records.
      if (this.#windows.state(window) === WINDOW_STATE.free) return window;
    }
    return NONE;
  }

  #evict(window: number): void {
    const evicted = this.#arena.slot(this.#slot, SLOT.detailEvicted);
    Atomics.add(this.#arena.words, evicted, this.#windows.visible(window, this.#windows.tail));
  }

  #seal(window: number): void {
    const marked = this.#windows.state(window) === WINDOW_STATE.openMarked;
    // Pairs with the drain's search for SEALED_MARKED windows: publishes that the window is complete.
    this.#windows.setState(window, marked ? WINDOW_STATE.sealedMarked : WINDOW_STATE.sealed);
  }

  get #postRoll(): number {
    return Atomics.load(this.#arena.words, this.#arena.slot(this.#slot, SLOT.postRollLeft));
  }

  #setPostRoll(left: number): void {
    this.#put(SLOT.postRollLeft, left);
  }

  /** A word that only this writer uses; it lives in the arena so that others can look. */
  #put(field: number, value: number): void {
    Atomics.store(this.#arena.words, this.#arena.slot(this.#slot, field), value | 0);
  }
}
