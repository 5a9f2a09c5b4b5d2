/** Iterations and stops: their results are what happened. */
import type { HistoryRecord, RecordOf } from '../../spec/index.js';
import { MOST_FINDINGS } from './delivery.js';
import { finding, type Finding } from './finding.js';

interface Done {
  delivered: number;
  batches: number;
  sinkFailures: number;
  reclaimed: number;
}

const nothing = (): Done => ({ delivered: 0, batches: 0, sinkFailures: 0, reclaimed: 0 });

/** Counts of each iteration against the batches and reclaims since the one before (stepped histories). */
export function findIterationFaults(history: readonly HistoryRecord[]): Finding[] {
  const since = new Map<number, Done>();
  const found: Finding[] = [];
  const of = (drain: number): Done => {
    let done = since.get(drain);
    if (done === undefined) since.set(drain, (done = nothing()));
    return done;
  };
  history.forEach((record, at) => {
    if (record.type === 'batch') {
      const done = of(record.drain);
      done.batches += record.batches;
      done.delivered += record.acknowledged;
      if (record.acknowledged === 0) done.sinkFailures += 1;
    } else if (record.type === 'thread-event' && record.event === 'reclaimed') of(record.drain).reclaimed += 1;
    else if (record.type === 'stop' || record.type === 'visit') since.set(record.drain, nothing());
    else if (record.type === 'iteration') {
      // a call from inside the sink returns an empty result while the outer iteration goes on
      const inner =
        record.visits === 0 &&
        record.delivered === 0 &&
        of(record.drain).batches > 0 &&
        goesOn(history, at, record.drain);
      if (inner) return;
      compare(record, of(record.drain), at, found);
      since.set(record.drain, nothing());
    }
  });
  return found.slice(0, MOST_FINDINGS);
}

/** True when the batch under way at `at` is told after it. */
function goesOn(history: readonly HistoryRecord[], at: number, drain: number): boolean {
  for (let next = at + 1; next < history.length; next += 1) {
    const record = history[next]!;
    if (record.type === 'batch' && record.drain === drain) return true;
    if (record.type === 'iteration' && record.drain === drain) return record.batches > 0;
  }
  return false;
}

function compare(claimed: RecordOf<'iteration'>, done: Done, at: number, found: Finding[]): void {
  for (const field of ['delivered', 'batches', 'sinkFailures', 'reclaimed'] as const) {
    if (field === 'reclaimed' && done.reclaimed === 0) continue; // reclaims are seen only where thread events are reported
    if (claimed[field] === done[field]) continue;
    const message = `an iteration says ${field} ${claimed[field]}, and it was ${done[field]}`;
    found.push(finding('iteration-result', message, `${field} ${done[field]}`, `${field} ${claimed[field]}`, [at]));
  }
}

/** Nothing is delivered after a complete stop, and nothing accepted after its begin. */
export function findStopFaults(history: readonly HistoryRecord[]): Finding[] {
  const found: Finding[] = [];
  let stopped: number | undefined;
  history.forEach((record, at) => {
    if (record.type === 'stop') {
      if (record.complete) stopped ??= at;
    } else if (stopped === undefined) return;
    else if (record.type === 'batch') {
      found.push(
        finding(
          'after-stop',
          `a batch of thread ${record.thread} was delivered after a complete stop`,
          'nothing after a complete stop',
          'a batch',
          [stopped, at],
        ),
      );
    } else if (
      (record.type === 'emit' || record.type === 'submit' || record.type === 'register') &&
      record.outcome === 'accepted'
    ) {
      if (isFree(history)) return; // there the order of lines is not the order of events
      found.push(
        finding(
          'after-stop',
          `${record.type} of thread ${record.thread} was accepted after stop`,
          'STOPPED',
          'accepted',
          [stopped, at],
        ),
      );
    }
  });
  return found.slice(0, MOST_FINDINGS);
}

function isFree(history: readonly HistoryRecord[]): boolean {
  return history.some((record) => record.type === 'history' && record.mode === 'free');
}
