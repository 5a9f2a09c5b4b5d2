/**
 * The detail lane as its producer knows it: windows follow from what was accepted, from seals and from marks.
 * Which unmarked windows were evicted depends on the drain, so what reaches back over evictions is `maybe`.
 */
import type { HistoryRecord } from '../../spec/index.js';
import { analyse } from './analysis.js';
import { MOST_FINDINGS } from './delivery.js';
import { finding, type Finding } from './finding.js';
import { RunSet, describeRun } from './runs.js';

export interface WindowHistory {
  /** The window's number in its lane, from 0. */
  readonly number: number;
  readonly sequences: RunSet;
  records: number;
  marked: 'yes' | 'maybe' | 'no';
  /** The record that sealed it (full, seal, leave, death or stop); undefined while open. */
  sealedBy: number | undefined;
}

type Happening =
  | { readonly kind: 'accept'; readonly from: number; readonly count: number; readonly record: number }
  | { readonly kind: 'mark' | 'seal' | 'end'; readonly at: number; readonly record: number };

/** What a thread did to its detail lane, in its own order. */
function happenings(history: readonly HistoryRecord[], thread: number): Happening[] {
  const done: Happening[] = [];
  history.forEach((record, at) => {
    if (record.type === 'stop') done.push({ kind: 'end', at: Infinity, record: at });
    if (!('thread' in record) || record.thread !== thread) return;
    if (record.type === 'emit' && record.lane === 'detail' && record.outcome === 'accepted') {
      done.push({ kind: 'accept', from: record.from, count: record.count, record: at });
    } else if (record.type === 'submit' && record.phase !== 'begin' && record.outcome === 'accepted') {
      done.push({ kind: 'accept', from: record.detail[0], count: record.detail[1], record: at });
    } else if ((record.type === 'mark' || record.type === 'seal') && record.outcome === 'accepted') {
      done.push({ kind: record.type, at: record.at, record: at });
    } else if ((record.type === 'leave' || record.type === 'dead') && record.outcome === 'accepted') {
      done.push({ kind: 'end', at: Infinity, record: at });
    }
  });
  if (analyse(history).mode === 'stepped') return done;
  return interleave(done);
}

/** Free histories state accepted runs and marks apart: each mark goes where its `at` says. */
function interleave(done: readonly Happening[]): Happening[] {
  const accepts = done.filter((one) => one.kind === 'accept').sort((a, b) => a.from - b.from);
  const others = done.filter((one) => one.kind !== 'accept');
  const ordered: Happening[] = [];
  let accepted = 0;
  let next = 0;
  const before = (limit: number): void => {
    for (; next < others.length && others[next]!.at <= limit; next += 1) ordered.push(others[next]!);
  };
  for (const { from, count, record } of accepts) {
    let at = 0;
    while (at < count) {
      before(accepted);
      const step = Math.min(count - at, (others[next]?.at ?? Infinity) - accepted);
      ordered.push({ kind: 'accept', from: from + at, count: step, record });
      at += step;
      accepted += step;
    }
  }
  before(Infinity);
  return ordered;
}

/** The windows of a thread's detail lane, oldest first. */
export function windowsOf(history: readonly HistoryRecord[], thread: number): WindowHistory[] {
  const analysis = analyse(history);
  const size = analysis.config('windowRecords', 8);
  const places = Math.max(1, Math.floor(analysis.config('detailCapacity', 64) / size));
  const preRoll = analysis.config('preRoll', 1);
  const postRoll = analysis.config('postRoll', 1);
  const windows: WindowHistory[] = [];
  let open: WindowHistory | undefined;
  let toMark = 0;
  for (const one of happenings(history, thread)) {
    if (one.kind === 'accept') {
      for (let at = 0; at < one.count;) {
        if (open === undefined) {
          open = {
            number: windows.length,
            sequences: new RunSet(),
            records: 0,
            marked: toMark > 0 ? 'yes' : 'no',
            sealedBy: undefined,
          };
          toMark = Math.max(0, toMark - 1);
          windows.push(open);
        }
        const taken = Math.min(size - open.records, one.count - at);
        open.sequences.add(one.from + at, taken);
        open.records += taken;
        at += taken;
        if (open.records === size) {
          open.sealedBy = one.record;
          open = undefined;
        }
      }
    } else if (one.kind === 'mark') {
      const current = open?.number ?? windows.length;
      if (open !== undefined) open.marked = 'yes';
      toMark = Math.max(toMark, open === undefined ? postRoll + 1 : postRoll);
      for (const window of windows.slice(Math.max(0, current - preRoll), current)) {
        // more windows than places: this one may have been evicted before it was marked
        if (window.marked !== 'yes') window.marked = windows.length <= places ? 'yes' : 'maybe';
      }
    } else if (open !== undefined) {
      open.sealedBy = one.record;
      open = undefined;
    }
  }
  return windows;
}

/** Detail records that were delivered although no mark ever covered their window. */
export function findUnmarkedDetail(history: readonly HistoryRecord[]): Finding[] {
  const found: Finding[] = [];
  for (const lane of analyse(history).lanes.filter(({ lane: name }) => name === 'detail')) {
    for (const window of windowsOf(history, lane.thread).filter(({ marked }) => marked === 'no')) {
      for (const { from, count, record } of lane.deliveries) {
        const common = window.sequences.common(from, count);
        if (common === undefined) continue;
        const message = `thread ${lane.thread}, detail lane: event ${describeRun(common)} of window ${window.number}, which was never marked, was delivered`;
        found.push(
          finding('unmarked', message, 'unmarked detail never handed to the sink', `event ${describeRun(common)}`, [
            record,
          ]),
        );
        break;
      }
    }
  }
  return found.slice(0, MOST_FINDINGS);
}

/** Where a window counts as sealed: what stop() seals it delivers before its result is told. */
function sealedSince(history: readonly HistoryRecord[], { sealedBy = Infinity }: WindowHistory): number {
  if (history[sealedBy]?.type !== 'stop') return sealedBy;
  return history.slice(0, sealedBy).findLastIndex(({ type }) => type === 'iteration');
}

/** Marked windows: delivered whole once sealed, never before. For histories that end settled. */
export function findWindowFaults(history: readonly HistoryRecord[]): Finding[] {
  const { lanes, mode } = analyse(history);
  const found: Finding[] = [];
  for (const lane of lanes.filter(({ lane: name }) => name === 'detail')) {
    const taken = new RunSet();
    for (const { from, acknowledged } of lane.deliveries) taken.add(from, acknowledged);
    for (const window of windowsOf(history, lane.thread).filter(({ marked }) => marked !== 'no')) {
      const where = `thread ${lane.thread}, detail lane: window ${window.number}`;
      const sealed = sealedSince(history, window);
      const early = lane.deliveries.find(
        ({ from, count, record }) => record < sealed && window.sequences.common(from, count) !== undefined,
      );
      if (mode === 'stepped' && early !== undefined) {
        found.push(
          finding(
            'open-window',
            `${where} was drained while it was open`,
            'nothing before the window is sealed',
            `event ${early.from}`,
            [early.record],
          ),
        );
      }
      if (window.marked !== 'yes' || window.sealedBy === undefined) continue;
      for (const { from, count } of window.sequences.runs) {
        const lost = taken.missing(from, count);
        if (lost === undefined) continue;
        const message = `${where} is marked and sealed, and its event ${describeRun(lost)} was never delivered`;
        found.push(
          finding('window-loss', message, 'every record of a sealed marked window delivered', 'not delivered', [
            window.sealedBy,
            history.length - 1,
          ]),
        );
        break;
      }
    }
  }
  return [...found, ...findUnmarkedDetail(history)].slice(0, MOST_FINDINGS);
}
