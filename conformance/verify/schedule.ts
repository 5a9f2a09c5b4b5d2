/** Where turns of the schedule are all that moves events, and whose queue is held meanwhile. */
import type { HistoryRecord } from '../../spec/index.js';
import { analyse } from '../checkers/index.js';

type History = readonly HistoryRecord[];

/** The history up to where turns of the schedule are no longer all that moves events. */
export function scheduled(history: History, ends: readonly HistoryRecord['type'][], sinkFails: boolean): History {
  const end = history.findIndex(
    (record) =>
      ends.includes(record.type) || (sinkFails && record.type === 'batch' && record.acknowledged < record.count),
  );
  if (end < 0) return history;
  // what stop() delivered is told before the stop itself
  const begin = history[end]!.type === 'stop' ? 1 + history.slice(0, end).findLastIndex(isTurn) : end;
  return history.slice(0, begin);
}

const isTurn = ({ type }: HistoryRecord): boolean => type === 'iteration' || type === 'visit';
export const FAIR_ENDS = ['stop', 'leave', 'kill', 'dead', 'threw'] as const;
export const isHold = (record: HistoryRecord): boolean => holdOf(record) !== undefined;

/** The thread whose queue it takes, by a group that begins or by hand. */
function holdOf(record: HistoryRecord): number | undefined {
  if (record.type === 'submit')
    return record.phase === 'begin' && record.outcome === 'accepted' ? record.thread : undefined;
  return record.type === 'acquire' && record.acquired ? record.thread : undefined;
}

/** The thread whose queue it lets go. */
function letGo(record: HistoryRecord): number | undefined {
  if (record.type === 'submit')
    return record.phase === 'commit' && record.outcome !== 'NOT_HOLDING' ? record.thread : undefined;
  return record.type === 'release' && record.outcome === 'accepted' ? record.thread : undefined;
}

/** Some thread's queue was held for more iterations than its credit grows and its turn is put off. */
export function heldLong(history: History): string | undefined {
  const maxSkips = analyse(history).config('maxSkips', 0);
  const held = new Map<number, number>();
  for (const record of history) {
    const taken = holdOf(record);
    const free = letGo(record);
    if (taken !== undefined) held.set(taken, 0);
    if (free !== undefined) held.delete(free);
    if (record.type === 'iteration') {
      for (const [thread, iterations] of held) {
        if (iterations >= maxSkips)
          return `the queue of thread ${thread} was held for more than maxSkips (${maxSkips}) iterations`;
        held.set(thread, iterations + 1);
      }
    }
  }
  return undefined;
}
