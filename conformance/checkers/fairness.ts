/** Fairness in turns, not in time: lag, waits and shares of stepped histories (index lane). */
import { creditCap, jainIndex, maxMinShares, type HistoryRecord } from '../../spec/index.js';
import { analyse } from './analysis.js';
import { finding, type Finding } from './finding.js';
import { Carrying } from './carrying.js';
import { LagPairs, type Lag, type LagBound } from './lag-pairs.js';
import { Regime } from './regime.js';
import { isWhole, walk } from './visits.js';

/** The lag that goes farthest beyond its bound. */
function worstLag(history: readonly HistoryRecord[], bound: LagBound): LagPairs['worst'] {
  const regime = new Regime(history);
  const pairs = new LagPairs(regime, bound);
  const carrying = new Carrying(history);
  let cut = false;
  walk(history, {
    begins: (thread, at) => {
      pairs.begins(thread, at);
    },
    ends: (thread) => {
      pairs.ends(thread);
    },
    visited: (visit) => {
      pairs.visited(visit, isWhole(history, visit));
    },
    iterated: ({ truncated }, at) => {
      cut = truncated !== 'no';
      // what an adaptive quantum is now nobody says
      if (cut && regime.policy === 'adaptive') pairs.restartAll(at);
    },
    changed: (change, at) => {
      const before = {
        policy: regime.policy,
        quantum: regime.quantum,
        cap: creditCap(1, regime.quantum, regime.maxSkips),
      };
      regime.apply(change);
      if (change.type === 'weight') {
        if (regime.policy === 'weighted-fair') pairs.restart(change.thread, at);
      } else {
        // a class changes none of these
        const falls = creditCap(1, regime.quantum, regime.maxSkips) < before.cap;
        if (regime.policy !== before.policy || (cut && regime.quantum !== before.quantum)) pairs.restartAll(at);
        else if (falls) for (const thread of carrying.at(at)) pairs.restart(thread, at);
      }
    },
  });
  return pairs.worst;
}

/**
 * The largest |S_i/w_i - S_j/w_j| over any interval in which both threads stay backlogged, and between whom. Under `priority`
 * nobody is owed as much as another.
 */
export function serviceLag(history: readonly HistoryRecord[]): Lag {
  const { lag, threads, records } = worstLag(history, () => 0);
  return { lag, threads, records };
}

/** A service lag beyond `bound` events per weight. */
export function findLagFaults(history: readonly HistoryRecord[], bound: number | LagBound): Finding[] {
  const worst = worstLag(history, typeof bound === 'number' ? () => bound : bound);
  const { lag, threads, records } = worst;
  if (lag <= worst.bound) return [];
  const message = `between threads ${threads.join(' and ')}, both backlogged, service per weight differs by ${lag} events`;
  return [finding('lag', message, `a service lag of at most ${worst.bound}`, `${lag}`, records)];
}

export interface Share {
  readonly thread: number;
  readonly delivered: number;
  /** delivered / weighted max-min share of what was delivered in all. */
  readonly share: number;
}

/** Shares of the threads with demand, zeros included. */
export function shares(history: readonly HistoryRecord[]): Share[] {
  const regime = new Regime(history);
  const lanes = analyse(history).lanes.filter(({ lane, accepted }) => lane === 'index' && accepted.length > 0);
  const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);
  const delivered = lanes.map((lane) => sum(lane.deliveries.map(({ acknowledged }) => acknowledged)));
  const demands = lanes.map((lane) => sum(lane.accepted.map(({ count }) => count)));
  const ideal = maxMinShares(
    demands,
    lanes.map(({ thread }) => regime.share(thread)),
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
