/** The visits of a history, out of its batches. */
import type { HistoryRecord } from '../../spec/index.js';
import { innerIterations, isRealStop } from './settled.js';

/** Batches of one thread that follow each other within one iteration. */
export interface VisitHistory {
  readonly thread: number;
  /** Events that the sink took. */
  index: number;
  detail: number;
  /** Iterations that had ended before. */
  readonly iteration: number;
  readonly records: number[];
  /** Made by drainThreadLanes: no turn of the schedule. */
  byHand: boolean;
}

export function visitsOf(history: readonly HistoryRecord[], { drain = 0 }: { drain?: number } = {}): VisitHistory[] {
  const inner = innerIterations(history);
  const visits: VisitHistory[] = [];
  let iteration = 0;
  /** Visits before this one belong to turns that have ended. */
  let begin = 0;
  history.forEach((record, at) => {
    if (!('drain' in record) || record.drain !== drain) return;
    if (record.type === 'stop' ? isRealStop(record) : record.type === 'iteration' && !inner.has(at)) {
      iteration += 1;
      begin = visits.length;
    } else if (record.type === 'visit' && record.delivered > 0) {
      for (const visit of visits.slice(begin)) visit.byHand = true;
      begin = visits.length;
    } else if (record.type === 'batch') {
      let visit = visits.length > begin ? visits.at(-1) : undefined;
      if (visit?.thread !== record.thread) {
        visit = { thread: record.thread, index: 0, detail: 0, iteration, records: [], byHand: false };
        visits.push(visit);
      }
      visit[record.lane] += record.acknowledged;
      visit.records.push(at);
    }
  });
  return visits;
}
