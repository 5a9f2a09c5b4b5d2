/** Words that the judges of checks share. */
import type { HistoryRecord, Lane, RecordOf } from '../../spec/index.js';
import type { Judgement } from '../check.js';
import { analyse } from './analysis.js';
import { finding, type Finding } from './finding.js';
import { acceptedEvents } from './preconditions.js';

/** Events that the sink took: of one thread, in one lane, before a record. */
export function acknowledged(
  history: readonly HistoryRecord[],
  where: { readonly thread?: number; readonly lane?: Lane; readonly before?: number } = {},
): number {
  let events = 0;
  for (const { thread, lane, deliveries } of analyse(history).lanes) {
    if (where.thread !== undefined && thread !== where.thread) continue;
    if (where.lane !== undefined && lane !== where.lane) continue;
    for (const delivery of deliveries)
      if (delivery.record < (where.before ?? Infinity)) events += delivery.acknowledged;
  }
  return events;
}

/** Records of one type, with their indices. */
export function recordsOf<T extends HistoryRecord['type']>(
  history: readonly HistoryRecord[],
  type: T,
): { readonly record: RecordOf<T>; readonly at: number }[] {
  return history.flatMap((record, at) => (record.type === type ? [{ record: record as RecordOf<T>, at }] : []));
}

/** Index of the n-th iteration record (0-based) of the first drain, or the length of the history. */
export function iterationEnd(history: readonly HistoryRecord[], n: number): number {
  return recordsOf(history, 'iteration').filter(({ record }) => record.drain === 0)[n]?.at ?? history.length;
}

/**
 * For checks whose scenario makes a sound drain deliver: inconclusive when nothing was accepted, a finding when nothing was
 * delivered or the run stalled, else what `judge` says.
 */
export function delivering(history: readonly HistoryRecord[], judge: () => Judgement): Judgement {
  const accepted = acceptedEvents(history);
  if (accepted === 0) return { inconclusive: 'no event was accepted' };
  const end = history.at(-1);
  if (end?.type === 'end' && end.reason === 'stalled') {
    return [
      finding(
        'stalled',
        'the drain stopped delivering while events were pending',
        'delivery until all is delivered',
        'no progress',
        [history.length - 1],
      ),
    ];
  }
  if (acknowledged(history) === 0) {
    return [
      finding(
        'nothing-delivered',
        `${accepted} events were accepted and none was delivered`,
        'events delivered',
        'none',
        [history.length - 1],
      ),
    ];
  }
  return judge();
}

/** Attempts that were told something else than they must be. */
export function findWrongOutcome(
  history: readonly HistoryRecord[],
  what: (record: HistoryRecord) => string | undefined,
  expected: readonly string[],
  why: string,
): Finding[] {
  return history.flatMap((record, at) => {
    const name = what(record);
    if (name === undefined || !('outcome' in record) || expected.includes(record.outcome)) return [];
    const message = `${name} ${why} and was told '${record.outcome}'`;
    return [finding('outcome', message, expected.join(' or '), record.outcome, [at])];
  });
}
