/** Visits, and who is backlogged while they are made: turns, not time (stepped histories, index lane). */
import type { HistoryRecord, RecordOf } from '../../spec/index.js';
import { changesOf, type Change } from './regime.js';
import { innerIterations } from './settled.js';
import { visitsOf, type VisitHistory } from './visit-history.js';

export { visitsOf, type VisitHistory };

/** What a walk over a stepped history tells, in order. */
export interface Watcher {
  /** Every record, before all else that follows from it. */
  told?(record: HistoryRecord, at: number): void;
  /** The thread has events to deliver, from this record on. */
  begins?(thread: number, at: number): void;
  /** It has none left. */
  ends?(thread: number): void;
  /** `backlogged`: it has more. */
  visited?(visit: VisitHistory, backlogged: boolean): void;
  /** An iteration of the first drain has ended. */
  iterated?(record: RecordOf<'iteration'>, at: number): void;
  /** A weight, a class or the configuration is another one from here on. */
  changed?(change: Change, at: number): void;
}

/** Follows who is backlogged: index events accepted and not acknowledged. */
export function walk(history: readonly HistoryRecord[], watcher: Watcher): void {
  const inner = innerIterations(history);
  const changes = changesOf(history);
  const pending = new Map<number, number>();
  const ending = new Map<number, VisitHistory>();
  for (const visit of visitsOf(history)) if (!visit.byHand) ending.set(visit.records.at(-1)!, visit);
  const change = (thread: number, by: number, at: number): void => {
    const before = pending.get(thread) ?? 0;
    pending.set(thread, before + by);
    if (before <= 0 && before + by > 0) watcher.begins?.(thread, at);
    else if (before > 0 && before + by <= 0) watcher.ends?.(thread);
  };
  history.forEach((record, at) => {
    watcher.told?.(record, at);
    if (record.type === 'emit' && record.lane === 'index' && record.outcome === 'accepted')
      change(record.thread, record.count, at);
    else if (record.type === 'submit' && record.phase !== 'begin' && record.outcome === 'accepted')
      change(record.thread, record.index[1], at);
    else if (record.type === 'batch' && record.lane === 'index') change(record.thread, -record.acknowledged, at);
    else if (record.type === 'iteration' && record.drain === 0 && !inner.has(at)) watcher.iterated?.(record, at);
    const visit = ending.get(at);
    if (visit !== undefined) watcher.visited?.(visit, (pending.get(visit.thread) ?? 0) > 0);
    for (const one of changes.get(at) ?? []) watcher.changed?.(one, at);
  });
}

/** The sink took all that the visit offered. */
export const isWhole = (history: readonly HistoryRecord[], { records }: VisitHistory): boolean =>
  records.every((at) => {
    const batch = history[at];
    return batch?.type === 'batch' && batch.acknowledged === batch.count;
  });
