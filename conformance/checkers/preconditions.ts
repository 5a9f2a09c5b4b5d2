/** Did what a check needs happen at all? */
import type { HistoryRecord } from '../../spec/index.js';
import { analyse } from './analysis.js';

/** The most lives of free producers that overlapped in time. */
export function overlap(history: readonly HistoryRecord[]): number {
  const moments: { at: number; by: 1 | -1 }[] = [];
  for (const record of history) {
    if (record.type === 'life') moments.push({ at: record.startedNs, by: 1 }, { at: record.endedNs, by: -1 });
  }
  moments.sort((a, b) => a.at - b.at || a.by - b.by);
  let now = 0;
  let most = 0;
  for (const { by } of moments) most = Math.max(most, (now += by));
  return most;
}

/** Events accepted, in both lanes. */
export function acceptedEvents(history: readonly HistoryRecord[]): number {
  return analyse(history).lanes.reduce(
    (sum, { accepted }) => sum + accepted.reduce((part, { count }) => part + count, 0),
    0,
  );
}

/** Events rejected (with this code), retries of free producers included. */
export function rejectedEvents(history: readonly HistoryRecord[], code?: string): number {
  let events = 0;
  for (const { rejected } of analyse(history).lanes) {
    for (const { count, outcome } of rejected) if (code === undefined || outcome === code) events += count;
  }
  for (const record of history) if (record.type === 'emit' && code === undefined) events += record.retries;
  return events;
}

/** How often free producers were turned away and tried again. */
export function retriesOf(history: readonly HistoryRecord[]): number {
  return history.reduce((sum, record) => (record.type === 'emit' ? sum + record.retries : sum), 0);
}

/** True if some index lane's cursor passed 2^32. */
export function wrapped(history: readonly HistoryRecord[]): boolean {
  const { lanes, config } = analyse(history);
  const start = config('initialCursor', 0);
  return lanes.some(
    ({ lane, accepted }) => lane === 'index' && start + accepted.reduce((sum, { count }) => sum + count, 0) > 2 ** 32,
  );
}
