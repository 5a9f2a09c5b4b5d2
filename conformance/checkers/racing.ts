/** What every run of racing threads is judged by. */
import type { HistoryRecord } from '../../spec/index.js';
import { analyse } from './analysis.js';
import { findDisorder, findDuplicates, findLoss, findPhantoms } from './delivery.js';
import { finding, type Finding } from './finding.js';
import { findMalformed, findMisattribution, findTorn } from './integrity.js';
import { acceptedEvents, overlap } from './preconditions.js';

/** Everything accepted was delivered, once, in order, whole and under its thread; the drain never came to a standstill. */
export function findRaceFaults(history: readonly HistoryRecord[]): Finding[] {
  return [
    ...findStandstill(history),
    ...findTorn(history),
    ...findMisattribution(history),
    ...findPhantoms(history),
    ...findDuplicates(history),
    ...findDisorder(history),
    ...findMalformed(history),
    ...findLoss(history),
  ];
}

/** A free run that the host had to end, and calls that broke the contract in it. */
export function findStandstill(history: readonly HistoryRecord[]): Finding[] {
  const found: Finding[] = [];
  history.forEach((record, at) => {
    if (record.type === 'threw') {
      found.push(
        finding('threw', `${record.during} broke the contract: ${record.message}`, 'an outcome', 'a throw', [at]),
      );
    }
    if (record.type === 'end' && record.reason === 'stalled') {
      const message = 'the drain delivered nothing more while threads still had events to emit';
      found.push(finding('stalled', message, 'every event delivered while it turns', 'a standstill', [at]));
    }
  });
  return found;
}

/** Why a free run says nothing about racing threads, if it does not. */
export function notRacing(
  history: readonly HistoryRecord[],
  { threads, retries = 0 }: { threads: number; retries?: number },
): string | undefined {
  const together = overlap(history);
  if (together < threads) return `${together} threads ran at one time instead of ${threads}`;
  if (acceptedEvents(history) === 0) return 'no event was accepted';
  const turnedAway = history.reduce((sum, record) => sum + (record.type === 'emit' ? record.retries : 0), 0);
  if (turnedAway < retries) return `${turnedAway} emits found a full lane, fewer than ${retries}`;
  const header = analyse(history).header;
  return header === undefined ? 'the history has no header' : undefined;
}
