/** What a stress run does: profiles, and parts of it for several machines. */
import { ALL_SCENARIOS, SCENARIOS, SOAK } from './scenarios.js';
import { SATURATION_THREADS } from './saturation.js';
import type { Scenario } from './scenario.js';

export interface Profile {
  readonly about: string;
  readonly scenarios: readonly Scenario[];
  /** Of the measured part of each scenario, s. */
  readonly seconds: number;
  /** Measurements of each, at least; up to `most` while a target is not clear. */
  readonly repeats: number;
  readonly most: number;
  /** Of one step of the saturation curve, s; 0: no curve. */
  readonly stepSeconds: number;
}

export const PROFILES = {
  quick: {
    about: 'every scenario once, a second each: under a minute for both of our drains',
    scenarios: SCENARIOS,
    seconds: 1,
    repeats: 1,
    most: 3,
    stepSeconds: 0,
  },
  standard: {
    about: 'every scenario three times, and the saturation curve: about ten minutes for both of our drains',
    scenarios: SCENARIOS,
    seconds: 4,
    repeats: 3,
    most: 5,
    stepSeconds: 1,
  },
  soak: {
    about: 'an hour of mixed load (--seconds for more): memory, latency and ledger all along',
    scenarios: [SOAK],
    seconds: 3600,
    repeats: 1,
    most: 1,
    stepSeconds: 0,
  },
} as const satisfies Record<string, Profile>;
export type ProfileName = keyof typeof PROFILES;

export interface Shard {
  /** 1-based. */
  readonly index: number;
  readonly of: number;
}

/** Every n-th of them. */
export function partOf<T>(all: readonly T[], shard: Shard | undefined): readonly T[] {
  return shard === undefined ? all : all.filter((_, i) => i % shard.of === shard.index - 1);
}

/** A scenario, or the curve at so many threads; each is done on all drains of a run, so that they stand side by side. */
export type Task = { readonly scenario: Scenario } | { readonly saturation: number };

/** The tasks of a run, or of one part of it: every n-th, so that parts take about as long as each other. */
export function planTasks(
  { scenarios, stepSeconds }: Profile,
  {
    only,
    saturation,
    shard,
  }: { readonly only?: readonly Scenario[]; readonly saturation?: boolean; readonly shard?: Shard },
): readonly Task[] {
  const tasks: Task[] = (only ?? (saturation === true ? [] : scenarios)).map((scenario) => ({ scenario }));
  if (saturation === true || (stepSeconds > 0 && only === undefined))
    tasks.push(...SATURATION_THREADS.map((threads) => ({ saturation: threads })));
  return partOf(tasks, shard);
}

export const scenarioOf = (id: string): Scenario | undefined => ALL_SCENARIOS.find((scenario) => scenario.id === id);
export const SCENARIO_IDS: readonly string[] = ALL_SCENARIOS.map(({ id }) => id);
