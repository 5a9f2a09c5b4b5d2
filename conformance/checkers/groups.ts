/** Groups: visible all at once, joined as they were submitted. */
import type { HistoryRecord } from '../../spec/index.js';
import { analyse } from './analysis.js';
import { MOST_FINDINGS } from './delivery.js';
import { finding, type Finding } from './finding.js';

/** The detail sequence that each index event was submitted with, by thread. */
function pairsOf(history: readonly HistoryRecord[]): Map<number, Map<number, number>> {
  const pairs = new Map<number, Map<number, number>>();
  const put = (thread: number, index: number, detail: number): void => {
    let of = pairs.get(thread);
    if (of === undefined) pairs.set(thread, (of = new Map()));
    of.set(index, detail);
  };
  for (const record of history) {
    if (record.type === 'joins') for (const [index, detail] of record.pairs) put(record.thread, index, detail);
    if (record.type !== 'submit' || record.outcome !== 'accepted') continue;
    const joined = Math.min(record.index[1], record.detail[1]);
    for (let i = 0; i < joined; i += 1) put(record.thread, record.index[0] + i, record.detail[0] + i);
  }
  return pairs;
}

/** Index events that were delivered with another detail sequence than they were submitted with, or with none. */
export function findJoinFaults(history: readonly HistoryRecord[]): Finding[] {
  const pairs = pairsOf(history);
  const found: Finding[] = [];
  for (const { thread, lane, deliveries } of analyse(history).lanes) {
    if (lane !== 'index') continue;
    const of = pairs.get(thread) ?? new Map<number, number>();
    for (const { from, count, join, record } of deliveries) {
      for (let i = 0; i < count && (of.size > 0 || join !== undefined); i += 1) {
        const seen = join === undefined ? undefined : join + i;
        const submitted = of.get(from + i);
        if (seen === submitted) continue;
        const words = (value: number | undefined): string => (value === undefined ? 'no detail' : `detail ${value}`);
        const message = `thread ${thread}: index event ${from + i} was submitted with ${words(submitted)} and delivered with ${words(seen)}`;
        found.push(finding('join', message, words(submitted), words(seen), [record]));
        break;
      }
    }
  }
  return found.slice(0, MOST_FINDINGS);
}

/** Records of a group that were delivered before its commit, or without one. */
export function findGroupFaults(history: readonly HistoryRecord[]): Finding[] {
  const found: Finding[] = [];
  for (const lane of analyse(history).lanes) {
    for (const group of lane.staged) {
      const commit = lane.accepted.find(
        ({ from, count, record }) => from === group.from && count === group.count && record > group.record,
      );
      const early = lane.deliveries.find(
        ({ from, count, record }) =>
          from < group.from + group.count && group.from < from + count && record < (commit?.record ?? Infinity),
      );
      if (early === undefined) continue;
      const when = commit === undefined ? 'and it was never committed' : 'before its commit';
      const message = `thread ${lane.thread}, ${lane.lane} lane: event ${Math.max(early.from, group.from)} of a group was delivered ${when}`;
      found.push(
        finding('group', message, 'nothing of a group before its commit', 'a part of it', [group.record, early.record]),
      );
    }
  }
  return found.slice(0, MOST_FINDINGS);
}
