/** The load stepped up until the P99 breaks its target: where a drain's knee is, at so many threads. */
import { StressLoad } from '../spec/stress.js';
import { TARGETS } from '../spec/targets.js';
import type { ResultOf } from '../spec/results.js';
import type { Asked, StressClient } from './client.js';

export type SaturationRecord = ResultOf<'saturation'>;
type Step = SaturationRecord['steps'][number];

export const SATURATION_THREADS = [1, 8, 64] as const;

const LIMIT_P99_MS = TARGETS.latencyP99Ms.below;
const FIRST_RATE = 20_000;
const FACTOR = 2;
/** Beyond the last step that held the load grows in finer steps. */
const FINE_FACTOR = 1.25;
const MOST_RATE = 100_000_000;
/** A step that delivers less of what was offered does not hold. */
const LEAST_DELIVERED = 0.95;

/** A load that offers so much, evenly over the threads; no thread wakes more than 500 times a second. */
function loadOf(threads: number, rate: number, seconds: number, seed: number): StressLoad {
  const perThread = rate / threads;
  return StressLoad.parse({
    version: 1,
    seed,
    config: { indexCapacity: 8192, quantum: 4096 },
    groups: [
      { threads, arrivals: { kind: 'open', rate: perThread, tickMs: Math.max(2, threads / 8, 1000 / perThread) } },
    ],
    gatherMs: 0.5,
    warmupMs: 250,
    durationMs: seconds * 1000,
    windowMs: 500,
  });
}

export interface SaturationOptions {
  readonly drain: string;
  readonly threads: number;
  /** Of one step. */
  readonly seconds: number;
  readonly seed: number;
  readonly step?: (told: Step) => void;
  readonly signal?: AbortSignal;
}

/** @returns a fault when the drain broke down on the way */
export async function saturate(client: StressClient, options: SaturationOptions): Promise<Asked<SaturationRecord>> {
  const { drain, threads, seconds, seed, signal } = options;
  const steps: Step[] = [];
  let held = 0;
  let factor: number = FACTOR;
  for (let rate = FIRST_RATE; rate <= MOST_RATE && signal?.aborted !== true;) {
    const answer = await client.measure(loadOf(threads, rate, seconds, seed), () => undefined, signal);
    if (!answer.ok) return answer;
    const { eventsPerSecond, scheduled } = answer.value;
    const at = (percentile: number): number => scheduled?.percentiles.find(([p]) => p === percentile)?.[1] ?? 0;
    const holds = eventsPerSecond >= LEAST_DELIVERED * rate && at(99) < LIMIT_P99_MS;
    const step = {
      offeredEventsPerSecond: rate,
      deliveredEventsPerSecond: eventsPerSecond,
      p50Ms: at(50),
      p99Ms: at(99),
      holds,
    };
    steps.push(step);
    options.step?.(step);
    if (holds) held = rate;
    else if (factor === FINE_FACTOR || held === 0) break;
    else factor = FINE_FACTOR;
    rate = holds ? rate * factor : held * factor;
  }
  steps.sort((a, b) => a.offeredEventsPerSecond - b.offeredEventsPerSecond);
  return {
    ok: true,
    value: { type: 'saturation', drain, threads, kneeEventsPerSecond: held, limitP99Ms: LIMIT_P99_MS, steps },
  };
}
