/**
 * A detail lane as the contract knows it: windows that follow from what was accepted, marks and seals. Which window
 * gives way is settled too (the oldest unmarked one), except while a call of the drain is under way: a place
 * that it has emptied may be free now or at its end. A lane where that mattered is `vague` from then on.
 */
import { Counts, type Accepted, type Sure } from './index-lane.js';

interface Window {
  readonly records: Accepted[];
  taken: number;
  marked: boolean;
  sealed: boolean;
}

export interface Geometry {
  readonly places: number;
  readonly windowRecords: number;
  readonly preRoll: number;
  readonly postRoll: number;
}

export class DetailLane {
  readonly counts = new Counts();
  readonly delivered = new Set<number>();
  evicted = 0;
  vague = false;
  /** Places emptied in a call that is still under way. */
  loose = 0;
  readonly #geometry: Geometry;
  /** Oldest first; evicted and delivered ones are gone. Windows are told apart by their number. */
  #windows: { number: number; window: Window }[] = [];
  #next = 0;
  #toMark = 0;
  /** Accepted and not delivered: what a vague lane may still deliver. */
  readonly #undelivered = new Set<number>();

  constructor(geometry: Geometry) {
    this.#geometry = geometry;
  }

  /** Whether so many records can be accepted at once. */
  fits(count: number): Sure {
    if (this.vague) return 'maybe';
    const { windowRecords, places } = this.#geometry;
    const open = this.#open();
    const room = open === undefined ? 0 : windowRecords - open.records.length;
    const unmarked = this.#windows.filter(({ window }) => window.sealed && !window.marked).length;
    const free = places - this.#windows.length;
    if (count > room + windowRecords * (free + unmarked)) return 'no';
    return count > room + windowRecords * (free - this.loose + unmarked) ? 'maybe' : 'yes';
  }

  accept(from: number, count: number, at: number): void {
    this.counts.accepted += count;
    for (let i = 0; i < count; i += 1) {
      const open = this.#open() ?? this.#openOne();
      open.records.push({ sequence: from + i, join: undefined, at });
      this.#undelivered.add(from + i);
      if (open.records.length === this.#geometry.windowRecords) open.sealed = true;
    }
  }

  seal(): void {
    const open = this.#open();
    if (open !== undefined) open.sealed = true;
  }

  mark(): void {
    const { preRoll, postRoll } = this.#geometry;
    const open = this.#open();
    const current = open === undefined ? this.#next : this.#next - 1;
    if (open !== undefined) open.marked = true;
    this.#toMark = Math.max(this.#toMark, open === undefined ? postRoll + 1 : postRoll);
    for (const { number, window } of this.#windows) if (number >= current - preRoll) window.marked = true;
  }

  /** What may be delivered now, in order. `final`: the thread has left, and an open window counts as sealed. */
  deliverable(final: boolean): Accepted[] {
    return this.#windows.flatMap(({ window }) =>
      window.marked && (window.sealed || final) ? window.records.slice(window.taken) : [],
    );
  }

  /** Why a record that was handed over may not be: the words of its fault. */
  stateOf(sequence: number): 'delivered' | 'open' | 'unmarked' | 'due' | 'unknown' {
    if (this.delivered.has(sequence)) return 'delivered';
    const found = this.#windows.find(({ window }) => window.records.some((one) => one.sequence === sequence));
    if (found === undefined) return this.#undelivered.has(sequence) ? 'unmarked' : 'unknown';
    if (!found.window.marked) return 'unmarked';
    return found.window.sealed ? 'due' : 'open';
  }

  mayBeDue(sequence: number): boolean {
    return this.#undelivered.has(sequence);
  }

  acknowledge(sequences: readonly number[]): void {
    for (const sequence of sequences) {
      this.delivered.add(sequence);
      this.#undelivered.delete(sequence);
      const found = this.#windows.find(({ window }) => window.records[window.taken]?.sequence === sequence);
      if (found !== undefined) found.window.taken += 1;
    }
    this.counts.delivered += sequences.length;
    const before = this.#windows.length;
    this.#windows = this.#windows.filter(({ window }) => window.taken < window.records.length);
    this.loose += before - this.#windows.length;
  }

  /** The thread is gone: what is left is given up. */
  giveUp(): void {
    this.evicted += this.pending;
    this.#windows = [];
    this.#undelivered.clear();
  }

  get pending(): number {
    return this.#windows.reduce((sum, { window }) => sum + window.records.length - window.taken, 0);
  }

  #open(): Window | undefined {
    const last = this.#windows.at(-1)?.window;
    return last === undefined || last.sealed ? undefined : last;
  }

  #openOne(): Window {
    const { places } = this.#geometry;
    if (this.#windows.length + this.loose >= places) {
      if (this.#windows.length < places) this.vague = true;
      const oldest = this.#windows.findIndex(({ window }) => window.sealed && !window.marked);
      if (oldest >= 0 && this.#windows.length >= places)
        this.evicted += this.#windows.splice(oldest, 1)[0]!.window.records.length;
    }
    const window: Window = { records: [], taken: 0, marked: this.#toMark > 0, sealed: false };
    this.#toMark = Math.max(0, this.#toMark - 1);
    this.#windows.push({ number: this.#next, window });
    this.#next += 1;
    return window;
  }
}
