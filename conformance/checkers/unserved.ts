/** A turn for everybody: backlogged threads that a whole iteration passed by (stepped histories). */
import type { HistoryRecord } from '../../spec/index.js';
import { MOST_FINDINGS, finding, type Finding } from './finding.js';
import { Holds } from './holds.js';
import { visitsOf, walk } from './visits.js';

/** Why a thread may be passed by. */
type Excused = (thread: number, at: number) => boolean;

/**
 * Threads that were backlogged all through an iteration that was not cut short, and not visited in it, though nobody held
 * their queue and the sink had not failed for them.
 */
export function findUnservedThreads(history: readonly HistoryRecord[]): Finding[] {
  const excused = excuses(history);
  const found: Finding[] = [];
  /** Backlogged now, since which record; and those that were at the end of the iteration before, and ever since. */
  const backlogged = new Map<number, number>();
  let waiting = new Map<number, number>();
  const visited = new Set<number>();
  walk(history, {
    begins: (thread, at) => void backlogged.set(thread, at),
    ends: (thread) => {
      backlogged.delete(thread);
      waiting.delete(thread);
    },
    visited: (visit) => void visited.add(visit.thread),
    iterated: (record, at) => {
      for (const [thread, since] of waiting) {
        if (record.truncated !== 'no' || visited.has(thread) || excused(thread, at)) continue;
        const message = `thread ${thread} was backlogged, and a whole iteration made ${record.visits} visit${record.visits === 1 ? '' : 's'} and none to it`;
        found.push(unserved(thread, message, [since, at]));
      }
      waiting = new Map(backlogged);
      visited.clear();
    },
  });
  return [...firstIteration(history, excused), ...found].slice(0, MOST_FINDINGS);
}

const unserved = (thread: number, message: string, evidence: readonly number[]): Finding =>
  finding('unserved', message, 'a turn for every backlogged thread', `no visit to thread ${thread}`, evidence);

/** The same for the first iteration, before which nobody was seen waiting. */
function firstIteration(history: readonly HistoryRecord[], excused: Excused): Finding[] {
  const at = history.findIndex((record) => record.type === 'iteration' && record.drain === 0);
  const first = history[at];
  if (first?.type !== 'iteration' || first.truncated !== 'no') return [];
  const begins = history.findIndex(({ type }) => type === 'batch' || type === 'iteration');
  const visited = new Set(
    visitsOf(history)
      .filter(({ iteration }) => iteration === 0)
      .map(({ thread }) => thread),
  );
  const waiting = new Map<number, number>();
  history.slice(0, begins).forEach((record, since) => {
    if (record.type !== 'emit' || record.lane !== 'index' || record.outcome !== 'accepted') return;
    if (!waiting.has(record.thread)) waiting.set(record.thread, since);
  });
  return [...waiting]
    .filter(([thread]) => !visited.has(thread) && !excused(thread, at))
    .map(([thread, since]) =>
      unserved(thread, `thread ${thread} was backlogged, and the first iteration made no visit to it`, [since, at]),
    );
}

/**
 * Whom an iteration may pass by: whose queue was held (by a submit or by hand) at some time since the iteration before, and
 * from whom the sink took nothing the last time (it backs off). Asked at iteration records.
 */
function excuses(history: readonly HistoryRecord[]): Excused {
  const held = new Holds();
  let since = new Set<number>();
  const failing = new Set<number>();
  const at = new Map<number, ReadonlySet<number>>();
  history.forEach((record, place) => {
    if (record.type === 'batch') {
      if (record.acknowledged === 0) failing.add(record.thread);
      else failing.delete(record.thread);
    } else if (record.type === 'iteration') {
      at.set(place, new Set([...since, ...failing]));
      if (record.drain === 0) since = held.all();
    } else {
      const taken = held.observe(record);
      if (taken !== undefined) since.add(taken);
    }
  });
  return (thread, place) => at.get(place)!.has(thread);
}
