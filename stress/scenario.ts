/** What a stress scenario is, and what a user may scale in it. */
import { GOALS, TARGETS } from '../spec/targets.js';
import type { StressLoadInput, TargetVerdict } from '../spec/stress.js';
import type { Capability } from '../spec/contract.js';
import type { MetricName } from './metrics.js';

export interface Scale {
  /** Of the measured part, s. */
  readonly seconds: number;
  /** Of the largest group; absent: as the scenario states. */
  readonly threads?: number | undefined;
  /** Factor of all rates and bursts. */
  readonly rate: number;
  readonly seed: number;
  /** What the drain claims. */
  readonly capabilities: readonly string[];
}

export interface Target {
  readonly metric: MetricName;
  readonly relation: TargetVerdict['relation'];
  readonly limit: number;
  /** By the drain's name. */
  readonly goals?: Readonly<Record<string, number>>;
}

export interface Scenario {
  /** Permanent: lower case and hyphens. */
  readonly id: string;
  readonly title: string;
  /** The load in one sentence, as it is unscaled. */
  readonly about: string;
  readonly needs: readonly Capability[];
  readonly load: (scale: Scale) => Omit<StressLoadInput, 'version' | 'seed'>;
  readonly targets: readonly Target[];
  /** Seconds of the measured part where the profile's own do not do. */
  readonly leastSeconds?: number;
}

const { jainIndex, minShare, latencyP50Ms, latencyP99Ms, eventsLost } = TARGETS;

const exactly = (metric: MetricName, limit: number): Target => ({ metric, relation: 'exactly', limit });
export const below = (metric: MetricName, limit: number): Target => ({ metric, relation: 'below', limit });

/** Every load: nothing lost, nothing twice, nothing foreign, and the drain's own counts agree. */
export const NOTHING_LOST: readonly Target[] = [
  exactly('eventsLost', eventsLost.exactly),
  exactly('eventsDuplicated', 0),
  exactly('eventsWrong', 0),
  exactly('ledgerDifference', 0),
];
export const LATENCY: readonly Target[] = [
  below('latencyP50Ms', latencyP50Ms.below),
  below('latencyP99Ms', latencyP99Ms.below),
];
export const FAIR: readonly Target[] = [
  { metric: 'jainIndex', relation: 'above', limit: jainIndex.above, goals: GOALS.jainIndex },
  { metric: 'minShare', relation: 'at least', limit: minShare.atLeast },
];
export const BOUNDED: readonly Target[] = [below('memoryGrowthMb', TARGETS.memoryGrowthMb.below)];
export const NOTHING_REJECTED: readonly Target[] = [exactly('eventsRejected', 0)];
