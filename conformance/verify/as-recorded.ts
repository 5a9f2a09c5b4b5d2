import type { HistoryRecord } from '../../spec/index.js';
import { isSettled } from '../checkers/index.js';

/** The history under the drain's name, its end told as it is: a scenario may stop while events are pending. */
export function asRecorded(history: readonly HistoryRecord[], subject: string): HistoryRecord[] {
  const settled = isSettled(history) || history.some(({ type }) => type === 'stop');
  return history.map((record) => {
    if (record.type === 'history') return { ...record, subject };
    return record.type === 'end' && record.reason === 'complete' && !settled
      ? { ...record, reason: 'unsettled' }
      : record;
  });
}
