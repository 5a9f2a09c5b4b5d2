import type { HistoryRecord } from '../../spec/index.js';
import { isSettled } from '../checkers/index.js';
import { isRealStop } from '../checkers/settled.js';

/** Somebody's last batch was refused: the drain may still be backing off, and turn for nothing. */
function backsOff(history: readonly HistoryRecord[]): boolean {
  const refused = new Set<number>();
  for (const record of history) {
    if (record.type !== 'batch') continue;
    if (record.acknowledged < record.count) refused.add(record.thread);
    else refused.delete(record.thread);
  }
  return refused.size > 0;
}

/** The history under the drain's name, its end told as it is: a scenario may stop while events are pending. */
export function asRecorded(history: readonly HistoryRecord[], subject: string): HistoryRecord[] {
  const stopped = history.some((record) => record.type === 'stop' && isRealStop(record));
  const settled = stopped || (isSettled(history) && !backsOff(history));
  return history.map((record) => {
    if (record.type === 'history') return { ...record, subject };
    return record.type === 'end' && record.reason === 'complete' && !settled
      ? { ...record, reason: 'unsettled' }
      : record;
  });
}
