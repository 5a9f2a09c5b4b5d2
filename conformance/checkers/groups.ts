/** Groups: visible all at once, joined as they were submitted. */
import type { HistoryRecord } from '../../spec/index.js';
import { analyse, type LaneHistory } from './analysis.js';
import { acknowledgedOf, leftAtEnd } from './delivery.js';
import { MOST_FINDINGS, finding, type Finding } from './finding.js';
import { RunSet, overlapping, type Run } from './runs.js';
import { isSettled } from './settled.js';
import { windowsOf } from './windows.js';

/** Index events `from ...` that were submitted with the detail events `detail ...`. */
interface Pairs extends Run {
  readonly detail: number;
}

/** What was submitted together, by thread, ascending. */
function pairsOf(history: readonly HistoryRecord[]): Map<number, Pairs[]> {
  const pairs = new Map<number, Pairs[]>();
  const put = (thread: number, from: number, detail: number, count: number): void => {
    let of = pairs.get(thread);
    if (of === undefined) pairs.set(thread, (of = []));
    if (count > 0) of.push({ from, detail, count });
  };
  for (const record of history) {
    if (record.type === 'joins') for (const [index, detail] of record.pairs) put(record.thread, index, detail, 1);
    if (record.type !== 'submit' || record.phase === 'begin') continue;
    if (record.outcome !== 'accepted' && record.outcome !== 'unknown') continue;
    put(record.thread, record.index[0], record.detail[0], Math.min(record.index[1], record.detail[1]));
  }
  for (const of of pairs.values()) of.sort((a, b) => a.from - b.from);
  return pairs;
}

const words = (value: number | undefined): string => (value === undefined ? 'no detail' : `detail ${value}`);

/**
 * Index events that were delivered with another detail sequence than they were submitted with, or with none; and (settled
 * histories) delivered index events whose detail is marked and was not delivered. `windows`: which detail is marked can be
 * told, for the sizes of the windows are known.
 */
export function findJoinFaults(
  history: readonly HistoryRecord[],
  { windows = true }: { windows?: boolean } = {},
): Finding[] {
  const pairs = pairsOf(history);
  const found: Finding[] = [];
  const due = windows && isSettled(history) && leftAtEnd(history).detail === 0;
  for (const lane of analyse(history).lanes) {
    if (lane.lane !== 'index') continue;
    const of = pairs.get(lane.thread) ?? [];
    found.push(...wrongJoins(lane, of));
    if (due && of.length > 0) found.push(...missingDetails(history, lane, of));
  }
  return found.slice(0, MOST_FINDINGS);
}

function wrongJoins({ thread, deliveries, unknown }: LaneHistory, pairs: readonly Pairs[]): Finding[] {
  const found: Finding[] = [];
  const untold = new RunSet();
  for (const { from, count } of unknown) untold.add(from, count);
  for (const { from, count, join, record } of deliveries) {
    const wrong = (at: number, submitted: number | undefined): boolean => {
      const seen = join === undefined ? undefined : join + at - from;
      if (seen === submitted) return false;
      const message = `thread ${thread}: index event ${at} was submitted with ${words(submitted)} and delivered with ${words(seen)}`;
      found.push(finding('join', message, words(submitted), words(seen), [record]));
      return true;
    };
    // Within a part that was submitted alike both sides ascend together: its first event speaks for all.
    let at = from;
    for (const pair of [...overlapping(pairs, from, count), { from: from + count, count: 0, detail: 0 }]) {
      const alone = untold.missing(at, pair.from - at);
      if (alone !== undefined && wrong(alone.from, undefined)) break;
      at = Math.max(at, pair.from);
      if (pair.count > 0 && wrong(at, pair.detail + at - pair.from)) break;
      at = pair.from + pair.count;
    }
  }
  return found;
}

function missingDetails(history: readonly HistoryRecord[], index: LaneHistory, pairs: readonly Pairs[]): Finding[] {
  const shown = acknowledgedOf(index);
  const taken = acknowledgedOf(analyse(history).lane(index.thread, 'detail'));
  const byDetail = pairs
    .map(({ from, detail, count }) => ({ from: detail, index: from, count }))
    .sort((a, b) => a.from - b.from);
  const found: Finding[] = [];
  for (const { marked, sealedBy, sequences } of windowsOf(history, index.thread)) {
    if (marked !== 'yes' || sealedBy === undefined) continue;
    for (const run of sequences.runs) {
      for (const pair of overlapping(byDetail, run.from, run.count)) {
        const start = Math.max(pair.from, run.from);
        const lost = taken.missing(start, Math.min(pair.from + pair.count, run.from + run.count) - start);
        if (lost === undefined) continue;
        const event = pair.index + lost.from - pair.from;
        if (shown.common(event, 1) === undefined) continue;
        const message = `thread ${index.thread}: index event ${event} was delivered, and its detail ${lost.from}, which is marked, never was`;
        found.push(finding('join', message, `detail ${lost.from} delivered`, 'not delivered', [sealedBy]));
      }
    }
  }
  return found;
}

/** Records of a group that were delivered before its commit, or without one; and (settled) groups delivered in part. */
export function findGroupFaults(history: readonly HistoryRecord[]): Finding[] {
  const { lanes, mode } = analyse(history);
  const due = isSettled(history) && leftAtEnd(history).index === 0;
  const found: Finding[] = [];
  for (const lane of lanes) {
    found.push(...earlyGroups(lane, mode === 'stepped'));
    if (due && lane.lane === 'index') found.push(...partialGroups(history, lane));
  }
  return found.slice(0, MOST_FINDINGS);
}

function earlyGroups(lane: LaneHistory, ordered: boolean): Finding[] {
  // of who died in it nobody knows when it was, if it was
  const commits = new Map([...lane.unknown, ...lane.accepted].map((attempt) => [attempt.from, attempt]));
  const staged = [...lane.staged].sort((a, b) => a.from - b.from);
  const early = new Set<number>();
  const found: Finding[] = [];
  for (const { from, count, record } of lane.deliveries) {
    for (const group of overlapping(staged, from, count)) {
      const commit = commits.get(group.from);
      if (commit !== undefined && (!ordered || commit.outcome === 'unknown' || commit.record < record)) continue;
      if (early.has(group.from)) continue;
      early.add(group.from);
      const when = commit === undefined ? 'and it was never committed' : 'before its commit';
      const message = `thread ${lane.thread}, ${lane.lane} lane: event ${Math.max(from, group.from)} of a group was delivered ${when}`;
      found.push(
        finding('group', message, 'nothing of a group before its commit', 'a part of it', [group.record, record]),
      );
    }
  }
  return found;
}

function partialGroups(history: readonly HistoryRecord[], lane: LaneHistory): Finding[] {
  const taken = acknowledgedOf(lane);
  return lane.accepted.flatMap(({ from, count, record }) => {
    if (history[record]!.type !== 'submit') return [];
    const absent = taken.absent(from, count);
    if (absent === 0 || absent === count) return [];
    const lost = taken.missing(from, count)!;
    const message = `thread ${lane.thread}, index lane: event ${lost.from} of a group was never delivered, and others of the group were`;
    return [finding('group', message, `all ${count} events of the group`, `${count - absent} of them`, [record])];
  });
}
