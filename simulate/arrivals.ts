/** When a thread's events come: functions of virtual time (ns), so that nobody has to produce them one by one. */
import { mix32 } from '../spec/index.js';
import type { Arrivals } from './load.js';

/** A number in [0, 1) that follows from a seed and two numbers: the same whatever else was asked before. */
export function chance(seed: number, who: number, which: number): number {
  return mix32(seed ^ mix32(who ^ mix32(which + 1))) / 2 ** 32;
}

/** The events of one thread, from 0. */
export interface ArrivalProcess {
  /** How many have come by this time. */
  countBy(at: number): number;
  /** When the k-th comes. */
  timeOf(k: number): number;
}

/** `phase`: in [0, 1), how far into its period a thread begins, so that not all of a group come at once. */
export function arrivalProcess(
  arrivals: Exclude<Arrivals, { kind: 'backlogged' }>,
  joinNs: number,
  phase: number,
): ArrivalProcess {
  const [events, period] = arrivals.kind === 'steady' ? [1, 1e9 / arrivals.rate] : [arrivals.events, arrivals.everyNs];
  const start = joinNs + phase * period;
  const timeOfBurst = (burst: number): number => start + burst * period;
  return {
    countBy(at) {
      if (at < start) return 0;
      let bursts = Math.floor((at - start) / period) + 1;
      // rounding must not part the two functions: who waits for timeOf(k) finds k + 1 events then
      while (timeOfBurst(bursts) <= at) bursts += 1;
      while (bursts > 0 && timeOfBurst(bursts - 1) > at) bursts -= 1;
      return bursts * events;
    },
    timeOf: (k) => timeOfBurst(Math.floor(k / events)),
  };
}
