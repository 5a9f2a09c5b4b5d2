/** What a results file says of stress runs, worked out once for all reports: scenarios, verdicts, goals missed, curves. */
import type { ResultOf } from '../spec/results.js';
import type { StressResult, StressWindow, TargetVerdict } from '../spec/stress.js';
import type { Results } from './results-file.js';
import { TROUBLE, bySeverity } from './severity.js';
import { largest } from './figures.js';
import { windowsOf } from './stress-windows.js';

export type StressRecord = ResultOf<'stress'>;
export type SaturationRecord = ResultOf<'saturation'>;
export type BenchmarkRecord = ResultOf<'benchmark'>;

/** A scenario on a drain that was under way when the run was cut off: no verdict, but windows. */
export interface Interrupted {
  readonly scenario: string;
  readonly drain: string;
  /** Of the last checkpoint. */
  readonly atMs: number;
  readonly windows: readonly StressWindow[];
}

export interface Scenario {
  readonly name: string;
  /** Empty where no drain has a verdict on it. */
  readonly title: string;
  readonly about: string;
  /** In the order of the drains. */
  readonly records: readonly StressRecord[];
  readonly interrupted: readonly Interrupted[];
}

/** A target that is kept while the goal beyond it is not. */
export interface MissedGoal {
  readonly record: StressRecord;
  readonly target: TargetVerdict & { readonly goal: number; readonly measured: number };
}

export interface StressReport {
  readonly scenarios: readonly Scenario[];
  /** Every `fail`, `error` and `inconclusive`: the worst first. */
  readonly troubles: readonly StressRecord[];
  readonly goals: readonly MissedGoal[];
  /** By number of threads, rising; each with a curve for every drain that has one. */
  readonly saturation: readonly { readonly threads: number; readonly curves: readonly SaturationRecord[] }[];
  readonly benchmarks: readonly BenchmarkRecord[];
  /** Something was ended early, or was under way when the run was cut off. */
  readonly endedEarly: boolean;
}

export function buildStress(results: Results, drains: readonly string[], problems: string[]): StressReport {
  const byDrain = <T extends { readonly drain: string }>(records: readonly T[]): T[] =>
    [...records].sort((a, b) => drains.indexOf(a.drain) - drains.indexOf(b.drain));
  const records = byDrain(uniqueStress(results, problems));
  const interrupted = byDrain(listInterrupted(results, records));
  const order = [...results.stress, ...results.checkpoints].map(({ scenario }) => scenario);
  const scenarios = [...new Set(order)].flatMap((name): Scenario[] => {
    const own = records.filter(({ scenario }) => scenario === name);
    const cut = interrupted.filter(({ scenario }) => scenario === name);
    const { title = '', about = '' } = own[0] ?? {};
    return [{ name, title, about, records: own, interrupted: cut }];
  });
  const threads = [...new Set(results.saturation.map((one) => one.threads))].sort((a, b) => a - b);
  return {
    scenarios,
    troubles: scenarios
      .flatMap((scenario) => scenario.records)
      .filter(({ verdict }) => TROUBLE.has(verdict))
      .sort(bySeverity),
    goals: scenarios.flatMap((scenario) => scenario.records.flatMap(missedGoals)),
    saturation: threads.map((n) => ({
      threads: n,
      curves: byDrain(results.saturation.filter((one) => one.threads === n)),
    })),
    benchmarks: byDrain(results.benchmarks),
    endedEarly: interrupted.length > 0 || records.some(({ partial }) => partial),
  };
}

/** True when there is nothing of a stress run to show. */
export function isBare({ scenarios, saturation, benchmarks }: StressReport): boolean {
  return scenarios.length + saturation.length + benchmarks.length === 0;
}

/** Cells of a drain, or of all: a record, or undefined where the scenario was interrupted. */
export function stressCells({ scenarios }: StressReport, drain?: string): (StressRecord | undefined)[] {
  const of = (one: { readonly drain: string }): boolean => drain === undefined || one.drain === drain;
  return scenarios.flatMap(({ records, interrupted }) => [
    ...records.filter(of),
    ...interrupted.filter(of).map(() => undefined),
  ]);
}

/** Targets that failed or could not be decided. */
export function missedTargets({ targets }: StressRecord): TargetVerdict[] {
  return targets.filter(({ verdict }) => TROUBLE.has(verdict));
}

/** Of several repeats the one whose P99 (whose rate, where none was measured) is in the middle; undefined of none. */
export function typicalResult({ results }: Pick<StressRecord, 'results'>): StressResult | undefined {
  const rank = ({ latency, eventsPerSecond }: StressResult): number =>
    latency === undefined ? eventsPerSecond : percentileOf(latency, 99);
  return [...results].sort((a, b) => rank(a) - rank(b))[Math.floor((results.length - 1) / 2)];
}

/** The least time that so many percent did not exceed, as far as the distribution tells; ms. */
export function percentileOf({ percentiles, maxMs }: NonNullable<StressResult['latency']>, percent: number): number {
  return percentiles.find(([at]) => at >= percent)?.[1] ?? maxMs;
}

function missedGoals(record: StressRecord): MissedGoal[] {
  return record.targets.flatMap((target) => {
    const { goal, measured, relation, verdict } = target;
    if (goal === undefined || measured === undefined || verdict !== 'pass') return [];
    return keeps(measured, relation, goal) ? [] : [{ record, target: { ...target, goal, measured } }];
  });
}

function keeps(measured: number, relation: TargetVerdict['relation'], limit: number): boolean {
  switch (relation) {
    case 'at least':
      return measured >= limit;
    case 'above':
      return measured > limit;
    case 'at most':
      return measured <= limit;
    case 'below':
      return measured < limit;
    case 'exactly':
      return measured === limit;
  }
}

const key = (scenario: string, drain: string): string => JSON.stringify([scenario, drain]);

function uniqueStress({ stress }: Results, problems: string[]): StressRecord[] {
  const kept = new Map<string, StressRecord>();
  for (const record of stress) {
    const k = key(record.scenario, record.drain);
    const other = kept.get(k);
    if (other) problems.push(`There are two verdicts on ${record.scenario} for ${record.drain}; the worse counts.`);
    if (other === undefined || bySeverity(record, other) < 0) kept.set(k, record);
  }
  return [...kept.values()];
}

function listInterrupted(results: Results, judged: readonly StressRecord[]): Interrupted[] {
  const done = new Set(judged.map(({ scenario, drain }) => key(scenario, drain)));
  const cut = new Map<string, Interrupted>();
  for (const { scenario, drain } of results.checkpoints) {
    const k = key(scenario, drain);
    if (done.has(k) || cut.has(k)) continue;
    const own = results.checkpoints.filter((one) => one.scenario === scenario && one.drain === drain);
    const atMs = largest(own.map((one) => one.atMs));
    cut.set(k, { scenario, drain, atMs, windows: windowsOf(results, scenario, drain) });
  }
  return [...cut.values()];
}
