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
  const both = end.threads
    .filter(({ thread }) => before.has(thread))
    .map(({ thread, delivered, accepted }) => {
      const from = before.get(thread)!;
      return { thread, delivered: delivered - from, demand: Math.max(0, accepted - from) };
    });
  const total = both.reduce((sum, { delivered }) => sum + delivered, 0);
  const ideal = maxMinShares(
    both.map(({ demand }) => demand),
    both.map(() => 1),
    total,
  );
  const shares = both
    .map(({ thread, delivered }, i) => ({ thread, share: delivered / ideal[i]!, ideal: ideal[i]! }))
    .filter((one) => one.ideal > 0);
  const least = shares.reduce((low, one) => (one.share < low.share ? one : low), { thread: 0, share: 1 });
  return {
    jain: jainIndex(shares.map(({ share }) => share)),
    minShare: least.share,
    thread: least.thread,
    threads: shares.length,
    left: both.reduce((sum, { delivered, demand }) => sum + Math.max(0, demand - delivered), 0),
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
