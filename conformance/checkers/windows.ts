/**
 * The detail lane as its producer knows it: windows follow from what was accepted, from seals and from marks.
 * Which unmarked windows were evicted depends on the drain, so what reaches back over evictions is `maybe`.
 */
import type { HistoryRecord } from '../../spec/index.js';
import { analyse, type LaneHistory } from './analysis.js';
import { acknowledgedOf, leftAtEnd } from './delivery.js';
import { MOST_FINDINGS, finding, type Finding } from './finding.js';
import { happeningsOf, type Happening } from './happenings.js';
import { RunSet, describeRun, overlapping, wasOrWere, type Run } from './runs.js';
import { isEmptyIteration } from './settled.js';

export interface WindowHistory {
  /** The window's number in its lane, from 0. */
  readonly number: number;
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

/** Follows one lane from what its producer did. */
class Follower {
  readonly windows: WindowHistory[] = [];
  readonly #geometry: Geometry;
  #open: WindowHistory | undefined;
  /** Windows that are still to be marked when they are opened: surely, and perhaps. */
  #toMark = 0;
  #mayMark = 0;
  /** After an event of which nobody knows whether it was accepted: from here on windows may begin elsewhere. */
  #uncertain = false;

  constructor(geometry: Geometry) {
    this.#geometry = geometry;
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
      this.#open ??= this.#next();
      const taken = Math.min(this.#geometry.size - this.#open.records, count - at);
      this.#open.sequences.add(from + at, taken);
      this.#open.records += taken;
      at += taken;
      if (this.#open.records === this.#geometry.size) this.#seal(record);
    }
  }

  #next(): WindowHistory {
    const marked = this.#toMark > 0 ? 'yes' : this.#mayMark > 0 ? 'maybe' : 'no';
    this.#toMark = Math.max(0, this.#toMark - 1);
    this.#mayMark = Math.max(0, this.#mayMark - 1);
    const next: WindowHistory = {
      number: this.windows.length,
      sequences: new RunSet(),
      records: 0,
      marked: this.#uncertain ? 'maybe' : marked,
      sealedBy: undefined,
    };
    this.windows.push(next);
    return next;
  }

  #seal(record: number): void {
    if (this.#open !== undefined) this.#open.sealedBy = record;
    this.#open = undefined;
  }

  #mark(sure: boolean): void {
    const { places, preRoll, postRoll } = this.#geometry;
    const current = this.#open?.number ?? this.windows.length;
    const after = this.#open === undefined ? postRoll + 1 : postRoll;
    if (this.#open !== undefined) raise(this.#open, sure);
    if (sure) this.#toMark = Math.max(this.#toMark, after);
    else this.#mayMark = Math.max(this.#mayMark, after);
    // With more windows than places a window may have been evicted before it was marked.
    const present = sure && this.windows.length <= places;
    const reach = this.#uncertain ? preRoll + 1 : preRoll;
    for (const window of this.windows.slice(Math.max(0, current - reach), current)) raise(window, present);
  }
}

function raise(window: WindowHistory, sure: boolean): void {
  if (window.marked !== 'yes') window.marked = sure ? 'yes' : 'maybe';
}

const known = new WeakMap<readonly HistoryRecord[], Map<number, WindowHistory[]>>();

/** The windows of a thread's detail lane, oldest first. */
export function windowsOf(history: readonly HistoryRecord[], thread: number): WindowHistory[] {
  let byThread = known.get(history);
  if (byThread === undefined) known.set(history, (byThread = new Map<number, WindowHistory[]>()));
  let windows = byThread.get(thread);
  if (windows === undefined) {
    const { config } = analyse(history);
    const size = config('windowRecords', 8);
    const follower = new Follower({
      size,
      places: Math.max(1, Math.floor(config('detailCapacity', 64) / size)),
      preRoll: config('preRoll', 1),
      postRoll: config('postRoll', 1),
    });
    for (const one of happeningsOf(history, thread)) follower.follow(one);
    byThread.set(thread, (windows = follower.windows));
  }
  return windows;
}

/** A run of sequences and the window that it is in. */
interface Segment extends Run {
  readonly window: WindowHistory;
}

function segmentsOf(windows: readonly WindowHistory[]): Segment[] {
  return windows
    .flatMap((window) => window.sequences.runs.map(({ from, count }) => ({ from, count, window })))
    .sort((a, b) => a.from - b.from);
}

const detailLanes = (history: readonly HistoryRecord[]): readonly LaneHistory[] =>
  analyse(history).lanes.filter(({ lane }) => lane === 'detail');

/** Detail records that were delivered although no mark ever covered their window. */
export function findUnmarkedDetail(history: readonly HistoryRecord[]): Finding[] {
  const found: Finding[] = [];
  for (const { thread, deliveries } of detailLanes(history)) {
    const segments = segmentsOf(windowsOf(history, thread).filter(({ marked }) => marked === 'no'));
    const told = new Set<WindowHistory>();
    for (const { from, count, record } of deliveries) {
      for (const { window } of overlapping(segments, from, count)) {
        if (told.has(window)) continue;
        told.add(window);
        const run = window.sequences.common(from, count)!;
        const seen = describeRun(run);
        const were = run.count === 1 ? 'was' : 'were';
        const message = `thread ${thread}, detail lane: ${seen} of window ${window.number}, which was never marked, ${were} delivered`;
        found.push(finding('unmarked', message, 'unmarked detail never handed to the sink', seen, [record]));
      }
    }
  }
  return found.slice(0, MOST_FINDINGS);
}

/** For each stop: the last turn before it. What stop() seals it delivers before its result is told. */
function turnsBeforeStops(history: readonly HistoryRecord[]): Map<number, number> {
  const before = new Map<number, number>();
  let turn = -1;
  history.forEach((record, at) => {
    if (record.type === 'stop') before.set(at, turn);
    else if (record.type === 'iteration' && !isEmptyIteration(record)) turn = at;
  });
  return before;
}

/** Marked windows: delivered whole once sealed, in order, never before. For histories that end settled. */
export function findWindowFaults(history: readonly HistoryRecord[]): Finding[] {
  const turns = turnsBeforeStops(history);
  const found: Finding[] = [];
  const losses: Finding[] = [];
  let missing = 0;
  for (const lane of detailLanes(history)) {
    const windows = windowsOf(history, lane.thread).filter(({ marked }) => marked !== 'no');
    found.push(...turnFaults(lane, windows, (at) => turns.get(at) ?? at, analyse(history).mode === 'stepped'));
    const taken = acknowledgedOf(lane);
    for (const window of windows) {
      const lost = lossOf(lane, window, taken, history.length - 1);
      missing += lost?.missing ?? 0;
      if (lost !== undefined) losses.push(lost.finding);
    }
  }
  if (missing > leftAtEnd(history).detail) found.push(...losses);
  return [...found, ...findUnmarkedDetail(history)].slice(0, MOST_FINDINGS);
}

const nameOf = (lane: LaneHistory, window: WindowHistory): string =>
  `thread ${lane.thread}, detail lane: window ${window.number}`;

/** Windows that were drained while they were open, or after a later one. */
function turnFaults(
  lane: LaneHistory,
  windows: readonly WindowHistory[],
  sealed: (at: number) => number,
  ordered: boolean,
): Finding[] {
  const found: Finding[] = [];
  const segments = segmentsOf(windows);
  const told = new Set<WindowHistory>();
  let newest: { window: WindowHistory; record: number } | undefined;
  for (const { from, count, record, acknowledged } of lane.deliveries) {
    for (const { window, from: start } of overlapping(segments, from, count)) {
      if (told.has(window)) continue;
      const first = Math.max(from, start);
      const taken = first < from + acknowledged; // what the sink did not take is offered again
      if (ordered && lane.unknown.length === 0 && record < sealed(window.sealedBy ?? Infinity)) {
        told.add(window);
        const message = `${nameOf(lane, window)} was drained while it was open`;
        const expected = 'nothing before the window is sealed';
        found.push(finding('open-window', message, expected, `event ${first}`, [record]));
      } else if (taken && newest !== undefined && window.number < newest.window.number) {
        told.add(window);
        const message = `${nameOf(lane, window)} was drained after window ${newest.window.number}`;
        const seen = `window ${newest.window.number}, then event ${first}`;
        found.push(finding('window-order', message, 'the oldest window first', seen, [newest.record, record]));
      } else if (taken) newest = { window, record };
    }
  }
  return found;
}

/** What was never delivered of a sealed window that is marked, or that was drained in part and so must have been. */
function lossOf(
  lane: LaneHistory,
  { sequences, marked, sealedBy, number, records }: WindowHistory,
  taken: RunSet,
  last: number,
): { missing: number; finding: Finding } | undefined {
  if (sealedBy === undefined) return undefined;
  const { runs } = sequences;
  const missing = runs.reduce((sum, { from, count }) => sum + taken.absent(from, count), 0);
  if (missing === 0 || (marked !== 'yes' && missing === records)) return undefined;
  const lost = runs.map(({ from, count }) => taken.missing(from, count)).find((run) => run !== undefined)!;
  const what = marked === 'yes' ? 'is marked and sealed' : 'was drained in part';
  const message = `thread ${lane.thread}, detail lane: window ${number} ${what}, and its ${wasOrWere(lost)} never delivered`;
  const expected = 'every record of a sealed marked window delivered';
  return { missing, finding: finding('window-loss', message, expected, 'not delivered', [sealedBy, last]) };
}
