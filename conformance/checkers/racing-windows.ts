/** Shares of racing threads over windows that the host cut: what each was handed, against what it could have had. */
import { jainIndex, maxMinShares, type HistoryRecord, type RecordOf } from '../../spec/index.js';
import { finding, type Finding } from './finding.js';
import { recordsOf } from './judging.js';

type Boundary = RecordOf<'window'>;

export interface RacingWindow {
  readonly jain: number;
  readonly minShare: number;
  /** Whose share is the smallest. */
  readonly thread: number;
  /** Threads with demand. */
  readonly threads: number;
  /** As it began each had at least its fair share waiting: whoever got less was passed over. */
  readonly sure: boolean;
  /** Events that were accepted and left at its end. */
  readonly left: number;
  /** Its boundaries. */
  readonly records: readonly [number, number];
}

/** Each window between two boundaries: demand is what was accepted by its end and not delivered before its begin. */
export function racingWindows(history: readonly HistoryRecord[]): RacingWindow[] {
  const boundaries = recordsOf(history, 'window');
  return boundaries
    .slice(1)
    .map(({ record: end, at }, i) => windowOf(boundaries[i]!.record, end, [boundaries[i]!.at, at]));
}

function windowOf(begin: Boundary, end: Boundary, records: readonly [number, number]): RacingWindow {
  const before = new Map(begin.threads.map(({ thread, delivered }) => [thread, delivered]));
  const waiting = new Map(begin.threads.map(({ thread, delivered, accepted }) => [thread, accepted - delivered]));
  const all = end.threads.map(({ thread, delivered, accepted }) => {
    const from = before.get(thread) ?? 0;
    return { thread, delivered: delivered - from, demand: Math.max(0, accepted - from) };
  });
  const total = all.reduce((sum, { delivered }) => sum + delivered, 0);
  const ideal = maxMinShares(
    all.map(({ demand }) => demand),
    all.map(() => 1),
    total,
  );
  const shares = all.flatMap(({ thread, delivered }, i) =>
    ideal[i] === 0 ? [] : [{ thread, share: delivered / ideal[i]! }],
  );
  const least = shares.reduce((low, one) => (one.share < low.share ? one : low), { thread: 0, share: 1 });
  return {
    jain: jainIndex(shares.map(({ share }) => share)),
    minShare: least.share,
    thread: least.thread,
    threads: shares.length,
    sure: all.every(({ thread }, i) => (waiting.get(thread) ?? 0) >= Math.floor(ideal[i]!)),
    left: all.reduce((sum, { delivered, demand }) => sum + Math.max(0, demand - delivered), 0),
    records,
  };
}

/** Windows in which the threads did not get their shares. */
export function findRacingShareFaults(
  windows: readonly RacingWindow[],
  { minShare, minJain }: { readonly minShare: number; readonly minJain: number },
): Finding[] {
  return windows.flatMap((one) => {
    const found: Finding[] = [];
    if (one.minShare < minShare) {
      const share = one.minShare.toFixed(3);
      const message = `over a window thread ${one.thread} got ${share} of its fair share beside ${one.threads - 1} others`;
      found.push(finding('share', message, `a share of at least ${minShare}`, share, one.records));
    }
    if (one.jain < minJain) {
      const jain = one.jain.toFixed(4);
      const message = `over a window Jain's index over delivered / fair share of ${one.threads} threads is ${jain}`;
      found.push(finding('jain', message, `at least ${minJain}`, jain, one.records));
    }
    return found;
  });
}
