/** Fairness in turns, not in time: lag, waits and shares of stepped histories (index lane). */
import { jainIndex, maxMinShares, type HistoryRecord } from '../../spec/index.js';
import { analyse } from './analysis.js';
import { finding, type Finding } from './finding.js';
import { walk } from './visits.js';

function weightsOf(history: readonly HistoryRecord[]): (thread: number) => number {
  const { registrations, header } = analyse(history);
  const weighted = header?.config['policy'] === 'weighted-fair';
  return (thread) => (weighted ? (registrations.get(thread)?.weight ?? 1) : 1);
}

/** How far one thread is ahead of another since both are backlogged: now, and its extremes with the records that made them. */
interface Pair {
  now: number;
  low: number;
  lowAt: number;
  high: number;
  highAt: number;
}

export interface Lag {
  readonly lag: number;
  readonly threads: readonly [number, number];
  /** The visits between which it arose. */
  readonly records: readonly number[];
}

/** The largest |S_i/w_i - S_j/w_j| over any interval in which both threads stay backlogged, and between whom. */
export function serviceLag(history: readonly HistoryRecord[]): Lag {
  const weight = weightsOf(history);
  /** By the lower thread id, then the higher. */
  const pairs = new Map<number, Map<number, Pair>>();
  const backlogged = new Map<number, number>();
  let worst: Lag = { lag: 0, threads: [0, 0], records: [] };
  walk(history, {
    begins: (thread, at) => void backlogged.set(thread, at),
    ends: (thread) => {
      backlogged.delete(thread);
      pairs.delete(thread);
      for (const others of pairs.values()) others.delete(thread);
    },
    visited: (visit) => {
      const since = backlogged.get(visit.thread);
      if (since === undefined) return;
      const served = (visit.index + visit.detail) / weight(visit.thread);
      const at = visit.records.at(-1)!;
      for (const [other, otherSince] of backlogged) {
        if (other === visit.thread) continue;
        const [lower, higher] = visit.thread < other ? [visit.thread, other] : [other, visit.thread];
        const row = pairs.get(lower) ?? new Map<number, Pair>();
        pairs.set(lower, row);
        const start = Math.max(since, otherSince);
        const pair = row.get(higher) ?? { now: 0, low: 0, lowAt: start, high: 0, highAt: start };
        row.set(higher, pair);
        pair.now += visit.thread === lower ? served : -served;
        if (pair.now < pair.low) [pair.low, pair.lowAt] = [pair.now, at];
        if (pair.now > pair.high) [pair.high, pair.highAt] = [pair.now, at];
        if (pair.high - pair.low > worst.lag)
          worst = { lag: pair.high - pair.low, threads: [lower, higher], records: [pair.lowAt, pair.highAt] };
      }
    },
  });
  return worst;
}

/** A service lag beyond `bound` events per weight. */
export function findLagFaults(history: readonly HistoryRecord[], bound: number): Finding[] {
  const { lag, threads, records } = serviceLag(history);
  if (lag <= bound) return [];
  const message = `between threads ${threads.join(' and ')}, both backlogged, service per weight differs by ${lag} events`;
  return [finding('lag', message, `a service lag of at most ${bound}`, `${lag}`, records)];
}

/** The most visits of others that a backlogged thread has waited for, and which thread. */
export function longestWait(history: readonly HistoryRecord[]): { wait: number; thread: number; record: number } {
  const waits = new Map<number, number>();
  let worst = { wait: 0, thread: 0, record: 0 };
  walk(history, {
    begins: (thread) => void waits.set(thread, 0),
    ends: (thread) => void waits.delete(thread),
    visited: (visit) => {
      for (const [thread, wait] of waits) {
        waits.set(thread, thread === visit.thread ? 0 : wait + 1);
        if (thread !== visit.thread && wait + 1 > worst.wait)
          worst = { wait: wait + 1, thread, record: visit.records.at(-1)! };
      }
    },
  });
  return worst;
}

/** A backlogged thread that waited for more than `boundVisits` visits of others. */
export function findWaitFaults(history: readonly HistoryRecord[], boundVisits: number): Finding[] {
  const { wait, thread, record } = longestWait(history);
  if (wait <= boundVisits) return [];
  const message = `thread ${thread} was backlogged and waited for ${wait} visits of other threads`;
  return [finding('wait', message, `a wait of at most ${boundVisits} visits`, `${wait} visits`, [record])];
}

export interface Share {
  readonly thread: number;
  readonly delivered: number;
  /** delivered / weighted max-min share of what was delivered in all. */
  readonly share: number;
}

/** Shares of the threads with demand, zeros included. */
export function shares(history: readonly HistoryRecord[]): Share[] {
  const weight = weightsOf(history);
  const lanes = analyse(history).lanes.filter(({ lane, accepted }) => lane === 'index' && accepted.length > 0);
  const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);
  const delivered = lanes.map((lane) => sum(lane.deliveries.map(({ acknowledged }) => acknowledged)));
  const demands = lanes.map((lane) => sum(lane.accepted.map(({ count }) => count)));
  const ideal = maxMinShares(
    demands,
    lanes.map(({ thread }) => weight(thread)),
    sum(delivered),
  );
  return lanes.map(({ thread }, i) => ({
    thread,
    delivered: delivered[i]!,
    share: ideal[i]! > 0 ? delivered[i]! / ideal[i]! : 1,
  }));
}

/** Shares or an index of fairness below their limits. */
export function findShareFaults(
  history: readonly HistoryRecord[],
  { minShare, minJain }: { minShare: number; minJain: number },
): Finding[] {
  const all = shares(history);
  const found: Finding[] = [];
  const smallest = all.reduce<Share | undefined>(
    (low, one) => (low === undefined || one.share < low.share ? one : low),
    undefined,
  );
  const last = history.length - 1;
  if (smallest !== undefined && smallest.share < minShare) {
    const message = `thread ${smallest.thread} got ${smallest.share.toFixed(3)} of its fair share (${smallest.delivered} events)`;
    found.push(finding('share', message, `a share of at least ${minShare}`, smallest.share.toFixed(3), [last]));
  }
  const jain = Math.floor(jainIndex(all.map(({ share }) => share)) * 1e6 + 0.5) / 1e6;
  if (jain <= minJain) {
    found.push(
      finding('jain', `Jain's index over delivered / fair share is ${jain}`, `more than ${minJain}`, `${jain}`, [last]),
    );
  }
  return found;
}
