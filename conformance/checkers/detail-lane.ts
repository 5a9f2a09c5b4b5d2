/**
 * A detail lane step by step, evictions included: for stepped histories without steps inside batches, where all that
 * the sink took before an emit has been released.
 */
import type { HistoryRecord } from '../../spec/index.js';
import { analyse } from './analysis.js';
import { finding, type Finding } from './finding.js';

export interface ModelWindow {
  readonly number: number;
  /** Sequences of its records. */
  readonly records: number[];
  open: boolean;
  /** What marked it; undefined: nothing yet. */
  marked: 'mark' | 'preRoll' | 'postRoll' | undefined;
  evicted: boolean;
  /** Records that the sink took. */
  taken: number;
  /** The emit that began it. */
  readonly record: number;
}

/** What a thread's detail lane must have become. */
export interface DetailModel {
  readonly windows: readonly ModelWindow[];
  /** The window that was the open one (or would have been the next) at each mark. */
  readonly marks: readonly number[];
  /** Emits that found only marked windows. */
  readonly full: readonly number[];
  /** Emits that were told something else than the lane's state allows. */
  readonly faults: readonly Finding[];
}

class Model {
  readonly windows: ModelWindow[] = [];
  readonly marks: number[] = [];
  readonly full: number[] = [];
  readonly faults: Finding[] = [];
  readonly #thread: number;
  readonly #size: number;
  readonly #places: number;
  readonly #preRoll: number;
  readonly #postRoll: number;
  #postRollLeft = 0;
  #open: ModelWindow | undefined;

  constructor(history: readonly HistoryRecord[], thread: number) {
    const { config } = analyse(history);
    this.#thread = thread;
    this.#size = config('windowRecords', 8);
    this.#places = config('detailCapacity', 64) / this.#size;
    this.#preRoll = config('preRoll', 1);
    this.#postRoll = config('postRoll', 1);
  }

  /** Windows that hold a place: not evicted, not taken whole. */
  get #present(): ModelWindow[] {
    return this.windows.filter((one) => !one.evicted && (one.open || one.taken < one.records.length));
  }

  #evictable(): ModelWindow | undefined {
    return this.#present.find(({ open, marked }) => !open && marked === undefined);
  }

  emit(from: number, count: number, outcome: string, at: number): void {
    for (let sequence = from; sequence < from + count; sequence += 1) {
      const isFull = this.#open === undefined && this.#present.length >= this.#places && !this.#evictable();
      if (isFull) this.full.push(at);
      if (outcome === 'accepted') {
        if (isFull)
          this.#fault('accepted', `event ${sequence} was accepted although only marked windows were left`, at);
        this.#write(sequence, at);
      } else if (outcome === 'DETAIL_FULL' && !isFull) {
        this.#fault(
          'refused',
          `event ${sequence} was refused with DETAIL_FULL although a window was free or unmarked`,
          at,
        );
      }
    }
  }

  #fault(rule: string, what: string, at: number): void {
    const expected = rule === 'accepted' ? 'DETAIL_FULL' : 'accepted, the oldest unmarked window making room';
    this.faults.push(finding(rule, `thread ${this.#thread}, detail lane: ${what}`, expected, rule, [at]));
  }

  #write(sequence: number, record: number): void {
    if (this.#open === undefined) {
      const victim = this.#present.length >= this.#places ? this.#evictable() : undefined;
      if (victim !== undefined) victim.evicted = true;
      const marked = this.#postRollLeft > 0 ? 'postRoll' : undefined;
      this.#postRollLeft = Math.max(0, this.#postRollLeft - 1);
      this.#open = { number: this.windows.length, records: [], open: true, marked, evicted: false, taken: 0, record };
      this.windows.push(this.#open);
    }
    this.#open.records.push(sequence);
    if (this.#open.records.length === this.#size) this.seal();
  }

  seal(): void {
    if (this.#open !== undefined) this.#open.open = false;
    this.#open = undefined;
  }

  mark(): void {
    const current = this.#open?.number ?? this.windows.length;
    this.marks.push(current);
    if (this.#open !== undefined) this.#open.marked ??= 'mark';
    this.#postRollLeft = Math.max(this.#postRollLeft, this.#open === undefined ? this.#postRoll + 1 : this.#postRoll);
    for (const window of this.windows.slice(Math.max(0, current - this.#preRoll), current)) {
      if (!window.evicted) window.marked ??= 'preRoll';
    }
  }

  take(from: number, count: number): void {
    for (const window of this.windows) {
      window.taken += window.records.filter((sequence) => sequence >= from && sequence < from + count).length;
    }
  }
}

export function detailModel(history: readonly HistoryRecord[], thread: number): DetailModel {
  const model = new Model(history, thread);
  const deliveries = new Map<number, { from: number; acknowledged: number }[]>();
  for (const { record, from, acknowledged } of analyse(history).lane(thread, 'detail').deliveries) {
    deliveries.set(record, [...(deliveries.get(record) ?? []), { from, acknowledged }]);
  }
  history.forEach((record, at) => {
    for (const { from, acknowledged } of deliveries.get(at) ?? []) model.take(from, acknowledged);
    if (!('thread' in record) || record.thread !== thread) return;
    if (record.type === 'emit' && record.lane === 'detail') model.emit(record.from, record.count, record.outcome, at);
    else if (record.type === 'submit' && record.phase !== 'begin' && record.outcome === 'accepted')
      model.emit(record.detail[0], record.detail[1], record.outcome, at);
    else if (record.type === 'mark' && record.outcome === 'accepted') model.mark();
    else if (record.type === 'seal' || record.type === 'leave' || record.type === 'dead') {
      if (record.outcome === 'accepted') model.seal();
    }
  });
  return model;
}
