/** What iteration and stop records mean: ends, calls from inside the sink, and whether a history ends settled. */
import type { HistoryRecord, RecordOf } from '../../spec/index.js';
import { analyse } from './analysis.js';

/** An iteration that did nothing at all: also what a call from inside `sink.write` returns. */
export function isEmptyIteration(record: RecordOf<'iteration'>): boolean {
  const { visits, skips, delivered, batches, sinkFailures, reclaimed } = record;
  return [visits, skips, delivered, batches, sinkFailures, reclaimed].every((count) => count === 0);
}

/** A stop that took effect. One that did and left nothing may be a call from inside `sink.write`, which changes nothing. */
export function isRealStop({ complete, delivered, leftIndex, leftDetail }: RecordOf<'stop'>): boolean {
  return complete || [delivered, leftIndex, leftDetail].some((count) => count > 0);
}

/** Thread events after which an iteration cannot be empty any more. */
const TURNS: ReadonlySet<string> = new Set(['reclaimed', 'queue-stuck']);

const known = new WeakMap<readonly HistoryRecord[], ReadonlySet<number>>();

/**
 * Indices of the empty iteration records that were told between two batches of one turn: calls from inside the sink. Where only
 * a registration went before, the iteration may have been one that found nothing else: then `nested` of the batch says which it was.
 */
export function innerIterations(history: readonly HistoryRecord[]): ReadonlySet<number> {
  const found = known.get(history);
  if (found !== undefined) return found;
  const inner = new Set<number>();
  /** By drain: a turn is under way, and the empty iterations told since its last batch; `begun`: it had one. */
  const turns = new Map<number, { readonly begun: boolean; readonly empty: number[] }>();
  history.forEach((record, at) => {
    if (record.type === 'batch') {
      const { begun = false, empty = [] } = turns.get(record.drain) ?? {};
      for (const one of empty) if (begun || one >= at - (record.nested ?? 0)) inner.add(one);
      turns.set(record.drain, { begun: true, empty: [] });
    } else if (record.type === 'iteration') {
      const under = turns.get(record.drain);
      if (under !== undefined && isEmptyIteration(record)) under.empty.push(at);
      else turns.delete(record.drain);
    } else if (record.type === 'thread-event') {
      if (!turns.has(record.drain)) turns.set(record.drain, { begun: TURNS.has(record.event), empty: [] });
    } else if (record.type === 'threw') turns.clear();
    else if (record.type === 'stop') {
      if (isRealStop(record)) turns.delete(record.drain);
    } else if (record.type === 'visit' && record.delivered > 0) turns.delete(record.drain);
  });
  known.set(history, inner);
  return inner;
}

/** Records that change nothing that is still to be delivered. */
const IDLE: ReadonlySet<string> = new Set([
  'end',
  'metrics',
  'life',
  'sink',
  'advance',
  'attach',
  'weight',
  'priority',
  'configure',
  'window',
]);

/** True if nothing more is due: the history ends with a complete stop, or (stepped) with an iteration that had nothing to do. */
export function isSettled(history: readonly HistoryRecord[]): boolean {
  if (analyse(history).mode === 'free') return history.some((record) => record.type === 'stop' && record.complete);
  const last = history.findLast(({ type }) => !IDLE.has(type));
  if (last?.type === 'stop') return last.complete;
  return last?.type === 'iteration' && isEmptyIteration(last);
}
