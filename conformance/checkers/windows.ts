/** What was delivered of the windows of detail lanes, and what must have been. */
import type { HistoryRecord } from '../../spec/index.js';
import { analyse, type LaneHistory } from './analysis.js';
import { acknowledgedOf, leftAtEnd } from './delivery.js';
import { MOST_FINDINGS, finding, type Finding } from './finding.js';
import { describeRun, overlapping, wasOrWere, type Run, type RunSet } from './runs.js';
import { isEmptyIteration } from './settled.js';
import { windowsOf, type WindowHistory } from './window-history.js';

export { windowsOf, type WindowHistory };

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
    const told = new Set<number>();
    for (const { from, count, record } of deliveries) {
      for (const segment of overlapping(segments, from, count)) {
        for (const { number, run } of apart(segment, from, count)) {
          if (found.length === MOST_FINDINGS) return found;
          if (told.has(number)) continue;
          told.add(number);
          const seen = describeRun(run);
          const were = run.count === 1 ? 'was' : 'were';
          const message = `thread ${thread}, detail lane: ${seen} of window ${number}, which was never marked, ${were} delivered`;
          found.push(finding('unmarked', message, 'unmarked detail never handed to the sink', seen, [record]));
        }
      }
    }
  }
  return found;
}

/** What `from ... from + count` has of each window of an entry. */
function* apart({ window, ...whole }: Segment, from: number, count: number): Generator<{ number: number; run: Run }> {
  const { windows = 1, records, number } = window;
  if (windows === 1) {
    yield { number, run: window.sequences.common(from, count)! };
    return;
  }
  const size = records / windows;
  const end = Math.min(from + count, whole.from + whole.count);
  for (let at = Math.max(from, whole.from); at < end;) {
    const place = Math.floor((at - whole.from) / size);
    const next = Math.min(end, whole.from + (place + 1) * size);
    yield { number: number + place, run: { from: at, count: next - at } };
    at = next;
  }
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
