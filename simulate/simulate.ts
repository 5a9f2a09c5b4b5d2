/** Runs a described load through the scheduler: once for each policy and arrangement, each from the same beginning. */
import type { Policy } from '../spec/index.js';
import { arrange, type Arrangement } from './arrangement.js';
import { configOf, type Load } from './load.js';
import { Measure, type WindowSeen } from './measure.js';
import { threadsOf } from './sim-thread.js';

export interface GroupResult {
  readonly name: string;
  readonly threads: number;
  readonly events: number;
  /** Delivered, by its part by weight of what was delivered; undefined when it wanted nothing. */
  readonly share?: number;
  /** From an event's arrival to the end of its batch's write, ns; absent for threads that are always backlogged. */
  readonly latencyP50Ns?: number;
  readonly latencyP99Ns?: number;
  readonly longestWaitVisits: number;
  readonly longestWaitNs: number;
}

export interface SimulationResult {
  readonly policy: Policy;
  readonly arrangement: Arrangement;
  /** What ended it: the number of visits, the duration, or that nothing more came. */
  readonly ended: 'visits' | 'duration' | 'load';
  readonly virtualNs: number;
  readonly events: number;
  readonly visits: number;
  readonly skips: number;
  readonly writes: number;
  readonly eventsPerVisit: number;
  /** Events per virtual second, of all drains together. */
  readonly eventsPerSecond: number;
  /** Of the worst window. This and the next two are by the shares that the policy heeds. */
  readonly jain: number;
  /** The smallest part of a thread in the whole run. */
  readonly minShare: number;
  /** The largest in any window, looked at after every visit; between threads that have not caught up in it. */
  readonly serviceLag: number;
  /** The same between threads of one node only. */
  readonly serviceLagWithinNode: number;
  readonly longestWaitVisits: number;
  readonly longestWaitNs: number;
  readonly quantum: { readonly least: number; readonly most: number };
  readonly groups: readonly GroupResult[];
  readonly windows: readonly WindowSeen[];
}

/** Least length of a window where each node has a drain, in rounds of all threads. */
const ROUNDS = 16;

export function simulate(load: Load, policy: Policy, arrangement: Arrangement = 'plain'): SimulationResult {
  const { costs, numa, durationNs = Infinity } = load;
  const config = { ...configOf(load), policy };
  const threads = threadsOf(load.groups, numa.nodes, load.seed);
  // drains on several nodes do not end their iterations together: a window of many rounds makes that small
  const rounds = arrangement === 'per-node' ? ROUNDS * threads.length : 0;
  const measure = new Measure(load, threads, Math.max(config.fairnessWindowVisits, rounds));
  const arranged = arrange(arrangement, threads, { config, costs, numa }, measure);
  measure.watch(arranged);
  const { drains } = arranged;
  let ended: SimulationResult['ended'] = 'visits';
  let now = 0;
  while (measure.visits + measure.skips < load.visits) {
    // the drain that is furthest behind goes first, so that what all see comes in the order of time
    const drain = drains.reduce((first, other) => (other.nextNs < first.nextNs ? other : first));
    if (drain.nextNs >= durationNs) {
      ended = drain.nextNs === Infinity ? 'load' : 'duration';
      break;
    }
    drain.iterate();
    now = Math.max(now, drain.now);
  }
  measure.end(now);
  return { policy, arrangement, ended, virtualNs: now, ...summary(load, measure, now) };
}

function summary(
  load: Load,
  measure: Measure,
  now: number,
): Omit<SimulationResult, 'policy' | 'arrangement' | 'ended' | 'virtualNs'> {
  const { events, visits, skips, writes, windows, groups } = measure;
  const least = (of: (window: WindowSeen) => number): number =>
    windows.reduce((value, one) => Math.min(value, of(one)), 1);
  return {
    events,
    visits,
    skips,
    writes,
    eventsPerVisit: visits === 0 ? 0 : events / visits,
    eventsPerSecond: now === 0 ? 0 : (events * 1e9) / now,
    jain: least(({ jain }) => jain),
    minShare: measure.minShare,
    serviceLag: windows.reduce((value, { serviceLag }) => Math.max(value, serviceLag), 0),
    serviceLagWithinNode: measure.lagWithinNode,
    longestWaitVisits: Math.max(...groups.map(({ longestWaitVisits }) => longestWaitVisits)),
    longestWaitNs: Math.max(...groups.map(({ longestWaitNs }) => longestWaitNs)),
    quantum: { ...measure.quantum },
    groups: groups.map(({ latency, share, events: own, longestWaitVisits, longestWaitNs }, i) => {
      const p50 = latency.quantile(0.5);
      const p99 = latency.quantile(0.99);
      return {
        name: load.groups[i]!.name,
        threads: load.groups[i]!.count,
        events: own,
        ...(share === undefined ? {} : { share }),
        ...(p50 === undefined || p99 === undefined ? {} : { latencyP50Ns: p50, latencyP99Ns: p99 }),
        longestWaitVisits,
        longestWaitNs,
      };
    }),
    windows,
  };
}
