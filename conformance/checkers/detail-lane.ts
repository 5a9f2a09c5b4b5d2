/**
 * A detail lane step by step, evictions included: for stepped histories without steps inside batches, where all that
 * the sink took before an emit has been released. Costs what the records cost, however many events they tell of.
 */
import type { HistoryRecord } from '../../spec/index.js';
import { analyse } from './analysis.js';
import { MOST_FINDINGS, finding, type Finding } from './finding.js';
import type { Run } from './runs.js';
import { MOST_WINDOWS, TooManyWindows } from './window-history.js';

export interface ModelWindow {
  readonly number: number;
  /** Sequences of its records. */
  readonly runs: Run[];
  records: number;
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
  /** The first ones; of those that a long emit began only the last. */
  readonly windows: readonly ModelWindow[];
  /** The window that was the open one (or would have been the next) at each mark. */
  readonly marks: readonly number[];
  /** Emits that found only marked windows. */
  readonly full: readonly number[];
  /** Emits that were told something else than the lane's state allows: the first ones of each kind. */
  readonly faults: readonly Finding[];
}

const MOST_SHOWN = 1024;

class Model {
  readonly windows: ModelWindow[] = [];
  readonly marks: number[] = [];
  readonly full: number[] = [];
  readonly faults: Finding[] = [];
  readonly #told = { accepted: 0, refused: 0 };
  readonly #thread: number;
  readonly #size: number;
  readonly #places: number;
  readonly #preRoll: number;
  readonly #postRoll: number;
  #postRollLeft = 0;
  #open: ModelWindow | undefined;
  /** Number of the next window. */
  #next = 0;
  /** Windows that hold a place (not evicted, not taken whole) by their number, oldest first. */
  readonly #present = new Map<number, ModelWindow>();
  /** Those of them that are closed and unmarked: the oldest makes room. */
  readonly #unmarked = new Set<ModelWindow>();

  constructor(history: readonly HistoryRecord[], thread: number) {
    const { config } = analyse(history);
    this.#thread = thread;
    this.#size = config('windowRecords', 8);
    this.#places = config('detailCapacity', 64) / this.#size;
    this.#preRoll = config('preRoll', 1);
    this.#postRoll = config('postRoll', 1);
  }

  get #isFull(): boolean {
    return this.#open === undefined && this.#present.size >= this.#places && this.#unmarked.size === 0;
  }

  emit(from: number, count: number, outcome: string, at: number): void {
    const isFull = this.#isFull;
    if (isFull && count > 0) this.#foundFull(at);
    if (outcome === 'accepted') this.#accept(from, count, at);
    else if (outcome === 'DETAIL_FULL' && !isFull) {
      for (let event = from; event < from + count && this.#told.refused < MOST_FINDINGS; event += 1)
        this.#fault(
          'refused',
          `event ${event} was refused with DETAIL_FULL although a window was free or unmarked`,
          at,
        );
    }
  }

  #accept(from: number, count: number, at: number): void {
    const end = from + count;
    const places = Math.ceil(this.#places);
    /** Windows in a row that this emit began and nothing marked. */
    let unmarked = 0;
    for (let next = from; next < end;) {
      if (this.#isFull) {
        this.#foundFull(at);
        this.#fault('accepted', `event ${next} was accepted although only marked windows were left`, at);
      }
      if (this.#open === undefined) unmarked = this.#postRollLeft > 0 ? 0 : unmarked + 1;
      next += this.#write(next, end - next, at);
      // From here on each window makes room for the next but `places`: only the last of them are left in the end.
      const spare = Math.floor((end - next) / this.#size) - places;
      if (this.#open !== undefined || unmarked <= places || spare <= 0) continue;
      next += spare * this.#size;
      this.#next += spare;
    }
  }

  #foundFull(at: number): void {
    if (this.full.at(-1) !== at) this.full.push(at);
  }

  #fault(rule: 'accepted' | 'refused', what: string, at: number): void {
    if (this.#told[rule] === MOST_FINDINGS) return;
    this.#told[rule] += 1;
    const expected = rule === 'accepted' ? 'DETAIL_FULL' : 'accepted, the oldest unmarked window making room';
    this.faults.push(finding(rule, `thread ${this.#thread}, detail lane: ${what}`, expected, rule, [at]));
  }

  /** Writes into one window. @returns how many records of `count` */
  #write(from: number, count: number, record: number): number {
    const window = (this.#open ??= this.#begin(record));
    const taken = Math.min(count, this.#size - window.records);
    const last = window.runs.at(-1);
    if (last !== undefined && last.from + last.count === from)
      window.runs[window.runs.length - 1] = { from: last.from, count: last.count + taken };
    else window.runs.push({ from, count: taken });
    window.records += taken;
    if (window.records >= this.#size) this.seal();
    return taken;
  }

  #begin(record: number): ModelWindow {
    const [oldest] = this.#unmarked;
    if (oldest !== undefined && this.#present.size >= this.#places) {
      oldest.evicted = true;
      this.#drop(oldest);
    }
    if (this.#present.size >= MOST_WINDOWS) throw new TooManyWindows();
    const marked = this.#postRollLeft > 0 ? 'postRoll' : undefined;
    this.#postRollLeft = Math.max(0, this.#postRollLeft - 1);
    const number = this.#next;
    const window: ModelWindow = { number, runs: [], records: 0, open: true, marked, evicted: false, taken: 0, record };
    this.#next += 1;
    this.#present.set(number, window);
    if (this.windows.length < MOST_SHOWN) this.windows.push(window);
    return window;
  }

  seal(): void {
    const window = this.#open;
    if (window === undefined) return;
    window.open = false;
    this.#open = undefined;
    if (window.marked === undefined) this.#unmarked.add(window);
    this.#release(window);
  }

  #release(window: ModelWindow): void {
    if (!window.open && window.taken >= window.records) this.#drop(window);
  }

  #drop(window: ModelWindow): void {
    this.#present.delete(window.number);
    this.#unmarked.delete(window);
  }

  mark(): void {
    const current = this.#open?.number ?? this.#next;
    this.marks.push(current);
    if (this.#open !== undefined) this.#open.marked ??= 'mark';
    this.#postRollLeft = Math.max(this.#postRollLeft, this.#open === undefined ? this.#postRoll + 1 : this.#postRoll);
    for (const window of this.#before(current)) {
      window.marked ??= 'preRoll';
      this.#unmarked.delete(window);
    }
  }

  /** Those that a mark reaches back to. */
  *#before(current: number): Generator<ModelWindow> {
    if (this.#preRoll > this.#present.size) {
      for (const window of this.#present.values())
        if (window.number < current && window.number >= current - this.#preRoll) yield window;
      return;
    }
    for (let number = current - this.#preRoll; number < current; number += 1) {
      const window = this.#present.get(number);
      if (window !== undefined) yield window;
    }
  }

  take(from: number, count: number): void {
    for (const window of this.#present.values()) {
      for (const run of window.runs)
        window.taken += Math.max(0, Math.min(run.from + run.count, from + count) - Math.max(run.from, from));
      this.#release(window);
    }
  }
}

/** The index of what a thread did, or of what the sink took of its detail lane. */
interface Step {
  readonly at: number;
  readonly taken?: Run;
}
type Steps = Map<number, Step[]>;
const CHANGES: ReadonlySet<string> = new Set(['emit', 'submit', 'mark', 'seal', 'leave', 'dead']);
const known = new WeakMap<readonly HistoryRecord[], Steps>();

function stepsOf(history: readonly HistoryRecord[]): Steps {
  let steps = known.get(history);
  if (steps !== undefined) return steps;
  known.set(history, (steps = new Map()));
  const put = (thread: number, step: Step): void => {
    const done = steps.get(thread);
    if (done === undefined) steps.set(thread, [step]);
    else done.push(step);
  };
  for (const { thread, lane, deliveries } of analyse(history).lanes)
    for (const { record, from, acknowledged } of lane === 'detail' ? deliveries : [])
      put(thread, { at: record, taken: { from, count: acknowledged } });
  history.forEach((record, at) => {
    if (CHANGES.has(record.type)) put((record as { thread: number }).thread, { at });
  });
  // stable: what one batch held stays in its order
  for (const done of steps.values()) done.sort((a, b) => a.at - b.at);
  return steps;
}

/** @throws TooManyWindows */
export function detailModel(history: readonly HistoryRecord[], thread: number): DetailModel {
  const model = new Model(history, thread);
  for (const { at, taken } of stepsOf(history).get(thread) ?? []) {
    if (taken === undefined) follow(model, history[at]!, at);
    else model.take(taken.from, taken.count);
  }
  return model;
}

function follow(model: Model, record: HistoryRecord, at: number): void {
  if (record.type === 'emit' && record.lane === 'detail') model.emit(record.from, record.count, record.outcome, at);
  else if (record.type === 'submit' && record.phase !== 'begin' && record.outcome === 'accepted')
    model.emit(record.detail[0], record.detail[1], record.outcome, at);
  else if (record.type === 'mark' && record.outcome === 'accepted') model.mark();
  else if (record.type === 'seal' || record.type === 'leave' || record.type === 'dead') {
    if (record.outcome === 'accepted') model.seal();
  }
}
