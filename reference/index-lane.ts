/**
 * The index lane: a ring with one writer (its thread) and one reader (whoever holds the submit queue as drain).
 *
 * Two free-running u32 cursors: `tail` counts records published, `head` records released. They are compared by
 * difference only, so their wrap is no event, and full (difference = capacity) is never empty (difference = 0).
 */
import { INDEX_RECORD_BYTES, SLOT } from '../spec/layout.js';
import type { Arena } from './arena.js';

/** a - b for free-running cursors. */
export function distance(a: number, b: number): number {
  return (a - b) >>> 0;
}

/** The writer's end. It remembers the head it saw last, and looks again only when the lane seems full. */
export class IndexWriter {
  readonly #arena: Arena;
  readonly #tailWord: number;
  readonly #headWord: number;
  readonly #start: number;
  readonly #mask: number;
  /** Published, and beyond it what a submit has staged. */
  published: number;
  #staged: number;
  #seenHead: number;

  constructor(arena: Arena, slot: number) {
    this.#arena = arena;
    this.#tailWord = arena.slot(slot, SLOT.indexTail);
    this.#headWord = arena.slot(slot, SLOT.indexHead);
    this.#start = arena.lanes(slot);
    this.#mask = arena.config.indexCapacity - 1;
    this.published = Atomics.load(arena.words, this.#tailWord) >>> 0;
    this.#staged = this.published;
    this.#seenHead = this.published;
  }

  /** True when `count` more records fit. */
  fits(count: number): boolean {
    const free = this.#mask + 1 - count;
    if (distance(this.#staged, this.#seenHead) <= free) return true;
    // Pairs with the drain's store of the head (release()): what lies below it was read, and may be written again.
    this.#seenHead = Atomics.load(this.#arena.words, this.#headWord) >>> 0;
    return distance(this.#staged, this.#seenHead) <= free;
  }

  /** Writes a record beyond the tail, where the drain does not look. */
  stage(record: Uint8Array): void {
    this.#arena.bytes.set(record, this.#start + (this.#staged & this.#mask) * INDEX_RECORD_BYTES);
    this.#staged = (this.#staged + 1) >>> 0;
  }

  /** Makes all that was staged visible. */
  publish(): void {
    this.published = this.#staged;
    // Pairs with the drain's load of the tail: publishes the records below it, which were written before.
    Atomics.store(this.#arena.words, this.#tailWord, this.published | 0);
  }

  /** Forgets what was staged; after publish(): takes it back to `tail` (the lane was closed before it). */
  rollBack(tail: number = this.published): void {
    this.#staged = tail;
    if (tail === this.published) return;
    this.published = tail;
    // Nobody reads above the close word any more; this keeps the count of pending records exact.
    Atomics.store(this.#arena.words, this.#tailWord, tail | 0);
  }
}

/** The reader's end of a slot's index lane. */
export class IndexReader {
  readonly #arena: Arena;
  readonly #tailWord: number;
  readonly #headWord: number;
  readonly #start: number;
  readonly #capacity: number;

  constructor(arena: Arena, slot: number) {
    this.#arena = arena;
    this.#tailWord = arena.slot(slot, SLOT.indexTail);
    this.#headWord = arena.slot(slot, SLOT.indexHead);
    this.#start = arena.lanes(slot);
    this.#capacity = arena.config.indexCapacity;
  }

  /** Pairs with the writer's publish(): the records below this tail are whole. */
  get tail(): number {
    return Atomics.load(this.#arena.words, this.#tailWord) >>> 0;
  }

  /** Only the drain writes the head; the atomic load is for those who look (metrics, other drains). */
  get head(): number {
    return Atomics.load(this.#arena.words, this.#headWord) >>> 0;
  }

  /** The `count` records from `head`: one span, or two where the ring wraps. No copy. */
  spans(head: number, count: number): Uint8Array[] {
    const at = head & (this.#capacity - 1);
    const first = Math.min(count, this.#capacity - at);
    const spans = [this.#span(at, first)];
    if (first < count) spans.push(this.#span(0, count - first));
    return spans;
  }

  /** Lets the writer use `count` records again. */
  release(head: number, count: number): void {
    // Pairs with the writer's load of the head in fits(): the drain has done with these records.
    Atomics.store(this.#arena.words, this.#headWord, (head + count) | 0);
  }

  #span(at: number, count: number): Uint8Array {
    return this.#arena.bytes.subarray(
      this.#start + at * INDEX_RECORD_BYTES,
      this.#start + (at + count) * INDEX_RECORD_BYTES,
    );
  }
}
