/**
 * The detail lane as its producer knows it: windows follow from what was accepted, from seals and from marks.
 * Which unmarked windows were evicted depends on the drain, so what reaches back over evictions is `maybe`.
 */
import type { HistoryRecord } from '../../spec/index.js';
import { analyse } from './analysis.js';
import { happeningsOf, type Happening } from './happenings.js';
import { RunSet, type Run } from './runs.js';

export interface WindowHistory {
  /** The window's number in its lane, from 0. */
  readonly number: number;
  /** Absent: one. More: full windows one after another that no mark can reach any more, as one entry. */
  windows?: number;
  readonly sequences: RunSet;
  records: number;
  marked: 'yes' | 'maybe' | 'no';
  /** The record that sealed it (full, seal, leave, death or stop); undefined while open. */
  sealedBy: number | undefined;
}

/** Sizes of a detail lane. */
interface Geometry {
  readonly size: number;
  readonly places: number;
  readonly preRoll: number;
  readonly postRoll: number;
}

/** The first windows of a lane are all told apart. */
const TOLD_APART = 16;

/** Windows of a history that are told apart at most; some 300 MB. */
export const MOST_WINDOWS = 1 << 18;

/** A history in which more windows must be told apart than fit into memory. */
export class TooManyWindows extends Error {
  override readonly name = 'TooManyWindows';

  constructor() {
    super(`more than ${MOST_WINDOWS} windows of detail must be told apart`);
  }
}

/** Follows one lane from what its producer did. */
class Follower {
  readonly windows: WindowHistory[] = [];
  readonly #geometry: Geometry;
  readonly #room: number;
  /** Windows so far: the number of the next. */
  #count = 0;
  #open: WindowHistory | undefined;
  /** Windows that are still to be marked when they are opened: surely, and perhaps. */
  #toMark = 0;
  #mayMark = 0;
  /** After an event of which nobody knows whether it was accepted: from here on windows may begin elsewhere. */
  #uncertain = false;

  /** @param others windows of other lanes that are told apart */
  constructor(geometry: Geometry, others: number) {
    this.#geometry = geometry;
    this.#room = MOST_WINDOWS - others;
  }

  follow(one: Happening): void {
    switch (one.kind) {
      case 'accept':
        this.#accept(one.from, one.count, one.record);
        break;
      case 'untold':
        this.#uncertain = true;
        this.#open = undefined;
        break;
      case 'mark':
        this.#mark(!this.#uncertain);
        break;
      case 'maybe-mark':
        this.#mark(false);
        break;
      case 'seal':
        this.#seal(one.record);
        break;
      case 'end':
        for (const window of this.windows) window.sealedBy ??= one.record;
        this.#open = undefined;
    }
  }

  #accept(from: number, count: number, record: number): void {
    for (let at = 0; at < count;) {
      at += this.#pass(from + at, count - at, record);
      this.#open ??= this.#next();
      const taken = Math.min(this.#geometry.size - this.#open.records, count - at);
      this.#open.sequences.add(from + at, taken);
      this.#open.records += taken;
      at += taken;
      if (this.#open.records === this.#geometry.size) this.#seal(record);
    }
  }

  /** Full windows that nothing marks and that no later mark reaches, at once. @returns how many of `count` they hold */
  #pass(from: number, count: number, record: number): number {
    const marks = this.#toMark > 0 || this.#mayMark > 0 || this.#uncertain;
    if (this.#open !== undefined || marks || this.#count < TOLD_APART) return 0;
    const { size, preRoll } = this.#geometry;
    // the last must be told apart: each of them may still be marked
    const windows = Math.floor((count - 1) / size) - preRoll - 1;
    if (windows < 1) return 0;
    const sequences = new RunSet();
    sequences.add(from, windows * size);
    const number = this.#count;
    this.windows.push({ number, windows, sequences, records: windows * size, marked: 'no', sealedBy: record });
    this.#count += windows;
    this.#join();
    return windows * size;
  }

  /** Joins what no later mark reaches to what stands before it. */
  #join(): void {
    const at = this.windows.length - 3 - this.#geometry.preRoll;
    if (at < TOLD_APART) return;
    const before = this.windows[at - 1]!;
    const gone = this.windows[at]!;
    const [a, b] = [before, gone].map((one) => this.#whole(one));
    if (a === undefined || b === undefined || a.from + a.count !== b.from) return;
    before.sequences.add(b.from, b.count);
    before.records += b.count;
    before.windows = (before.windows ?? 1) + (gone.windows ?? 1);
    this.windows.splice(at, 1);
  }

  /** The run of an entry that is unmarked, full, and of one piece. */
  #whole({ marked, records, sequences, windows = 1 }: WindowHistory): Run | undefined {
    if (marked !== 'no' || records !== windows * this.#geometry.size) return undefined;
    const [run, other] = sequences.runs;
    return other === undefined ? run : undefined;
  }

  #next(): WindowHistory {
    const marked = this.#toMark > 0 ? 'yes' : this.#mayMark > 0 ? 'maybe' : 'no';
    this.#toMark = Math.max(0, this.#toMark - 1);
    this.#mayMark = Math.max(0, this.#mayMark - 1);
    const next: WindowHistory = {
      number: this.#count,
      sequences: new RunSet(),
      records: 0,
      marked: this.#uncertain ? 'maybe' : marked,
      sealedBy: undefined,
    };
    if (this.windows.length >= this.#room) throw new TooManyWindows();
    this.windows.push(next);
    this.#count += 1;
    this.#join();
    return next;
  }

  #seal(record: number): void {
    if (this.#open !== undefined) this.#open.sealedBy = record;
    this.#open = undefined;
  }

  #mark(sure: boolean): void {
    const { places, preRoll, postRoll } = this.#geometry;
    const current = this.#open?.number ?? this.#count;
    const after = this.#open === undefined ? postRoll + 1 : postRoll;
    if (this.#open !== undefined) raise(this.#open, sure);
    if (sure) this.#toMark = Math.max(this.#toMark, after);
    else this.#mayMark = Math.max(this.#mayMark, after);
    // With more windows than places a window may have been evicted before it was marked.
    const present = sure && this.#count <= places;
    const reach = this.#uncertain ? preRoll + 1 : preRoll;
    for (let at = this.windows.length - 1; at >= 0 && this.windows[at]!.number >= current - reach; at -= 1) {
      const window = this.windows[at]!;
      if (window.number < current) raise(window, present);
    }
  }
}

function raise(window: WindowHistory, sure: boolean): void {
  if (window.marked !== 'yes') window.marked = sure ? 'yes' : 'maybe';
}

const known = new WeakMap<readonly HistoryRecord[], Map<number, WindowHistory[]>>();

/** Histories that had too many: they are not tried again. */
const crowded = new WeakSet<readonly HistoryRecord[]>();

/** The windows of a thread's detail lane, oldest first. @throws TooManyWindows */
export function windowsOf(history: readonly HistoryRecord[], thread: number): WindowHistory[] {
  if (crowded.has(history)) throw new TooManyWindows();
  let byThread = known.get(history);
  if (byThread === undefined) known.set(history, (byThread = new Map<number, WindowHistory[]>()));
  let windows = byThread.get(thread);
  if (windows === undefined) {
    const { config } = analyse(history);
    const size = config('windowRecords', 8);
    const geometry = {
      size,
      places: Math.max(1, Math.floor(config('detailCapacity', 64) / size)),
      preRoll: config('preRoll', 1),
      postRoll: config('postRoll', 1),
    };
    let others = 0;
    for (const one of byThread.values()) others += one.length;
    const follower = new Follower(geometry, others);
    try {
      for (const one of happeningsOf(history, thread)) follower.follow(one);
    } catch (error) {
      crowded.add(history);
      throw error;
    }
    byThread.set(thread, (windows = follower.windows));
  }
  return windows;
}
