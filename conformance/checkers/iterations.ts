/** The iterations of the first drain, one by one (stepped histories in which nothing happens inside a write): what a limit is judged by. */
import type { HistoryRecord, RecordOf } from '../../spec/index.js';
import { visitsOf, type VisitHistory } from './visit-history.js';

export interface IterationHistory {
  readonly at: number;
  readonly record: RecordOf<'iteration'>;
  readonly visits: readonly VisitHistory[];
  /** Threads with index events when it began that it did not visit, though nothing but a limit kept it from that. */
  readonly unvisited: readonly number[];
}

export function iterationsOf(history: readonly HistoryRecord[]): IterationHistory[] {
  const all: IterationHistory[] = [];
  const visits = visitsOf(history);
  const pending = new Map<number, number>();
  const held = new Set<number>();
  /** Its last batch failed: it may have sat out its turn. */
  const failing = new Set<number>();
  const change = (thread: number, by: number): void => void pending.set(thread, (pending.get(thread) ?? 0) + by);
  const ready = (): number[] =>
    [...pending.keys()].filter((thread) => pending.get(thread)! > 0 && !held.has(thread) && !failing.has(thread));
  let begun: number[] | undefined;
  history.forEach((record, at) => {
    if (record.type === 'emit' && record.lane === 'index' && record.outcome === 'accepted') {
      change(record.thread, record.count);
    } else if (record.type === 'submit' && record.outcome === 'accepted') {
      if (record.phase === 'begin') held.add(record.thread);
      else {
        held.delete(record.thread);
        change(record.thread, record.index[1]);
      }
    } else if (record.type === 'batch') {
      if (record.drain === 0) begun ??= ready();
      if (record.lane === 'index') change(record.thread, -record.acknowledged);
      if (record.acknowledged === 0) failing.add(record.thread);
      else failing.delete(record.thread);
    } else if (record.type === 'iteration' && record.drain === 0) {
      const made = visits.filter(({ iteration }) => iteration === all.length);
      const visited = new Set(made.map(({ thread }) => thread));
      all.push({ at, record, visits: made, unvisited: (begun ?? ready()).filter((thread) => !visited.has(thread)) });
      begun = undefined;
    }
  });
  return all;
}
