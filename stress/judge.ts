/** From measurements to verdicts, target by target. */
import type { Calibration, StressLoad, StressResult, TargetVerdict } from '../spec/stress.js';
import type { ResultOf } from '../spec/results.js';
import { METRICS } from './metrics.js';
import { median } from './case.js';
import type { Target } from './scenario.js';

/** Nearer to the limit than this part of it, a figure is a coin toss on any machine. */
const LEAST_DOUBT = 0.05;

export interface Noise {
  readonly before: Calibration;
  readonly after: Calibration;
}

type Verdict = TargetVerdict['verdict'];

/** Distance to the limit by the limit: positive on the good side. */
export function marginOf({ relation, limit }: Pick<Target, 'relation' | 'limit'>, measured: number): number {
  const by = limit === 0 ? 1 : Math.abs(limit);
  if (relation === 'exactly') return measured === limit ? 0 : -Math.abs(measured - limit) / by;
  return (relation === 'below' || relation === 'at most' ? limit - measured : measured - limit) / by;
}

function holds({ relation, limit }: Target, measured: number): boolean {
  if (relation === 'exactly') return measured === limit;
  if (relation === 'below') return measured < limit;
  if (relation === 'at most') return measured <= limit;
  return relation === 'above' ? measured > limit : measured >= limit;
}

/** How far repeats of one thing lie apart, by the limit. */
function spreadOf(samples: readonly number[], limit: number): number {
  const by = limit === 0 ? 1 : Math.abs(limit);
  return samples.length < 2 ? 0 : (Math.max(...samples) - Math.min(...samples)) / 2 / by;
}

/**
 * Of the wall time: a drain's thread that was ready to run and waited longer for a processor has figures that are the machine's. The
 * median latency is no such figure unless it waited much of the time.
 */
const MOST_WAITED: Partial<Record<Target['metric'], number>> = {
  latencyP50Ms: 0.25,
  latencyP99Ms: 0.01,
  burstRecoveryMs: 0.1,
  cpuPercentSteady: 0.01,
  // lanes fill while the drain cannot run
  eventsRejected: 0.05,
};
/** Other threads cost caches, and so processor time; not more than this factor. */
const MOST_INFLATED = 3;
const MOST_SLOWDOWN = 1.25;

interface Sample {
  readonly value: number;
  /** Part of the wall time that the drain's thread was ready to run and waited for a processor. */
  readonly waited: number | undefined;
}

const sampleOf = (value: number, { cpu }: StressResult): Sample => ({
  value,
  waited: cpu && cpu.wallMs > 0 ? cpu.waitedMs / cpu.wallMs : undefined,
});

/** The sample that tells most of the drain: where waiting for a processor spoils it, that of the least wait; else the middle one. */
function telling(metric: Target['metric'], samples: readonly Sample[]): Sample & { readonly byWait: boolean } {
  const byWait = MOST_WAITED[metric] !== undefined && samples.every(({ waited }) => waited !== undefined);
  if (byWait) return { ...samples.reduce((best, one) => (one.waited! < best.waited! ? one : best)), byWait };
  const middle = median(samples.map(({ value }) => value));
  return { ...samples.find(({ value }) => value === middle)!, byWait };
}

/** In words, if the machine alone may explain that a limit was missed. Memory and counts are never the machine's. */
function machineExplains(
  { metric, limit }: Target,
  { value, waited }: Sample,
  { before, after }: Noise,
): string | undefined {
  const mostWaited = MOST_WAITED[metric];
  if (mostWaited !== undefined) {
    if (metric === 'cpuPercentSteady' && value > MOST_INFLATED * limit) return undefined;
    if (waited !== undefined && waited > mostWaited)
      return `the drain's thread was ready to run and waited for a processor ${(waited * 100).toFixed(1)} % of the time`;
  }
  if (metric === 'latencyP99Ms') {
    const slept = Math.max(before.sleepP99Ms, after.sleepP99Ms);
    if (slept >= limit / 2) return `a lone thread that slept was woken ${slept.toFixed(2)} ms late`;
  }
  if (metric !== 'throughputEventsPerSecond') return undefined;
  const slowdown = Math.max(before.slowdown, after.slowdown);
  return slowdown < MOST_SLOWDOWN ? undefined : `a lone thread had only 1/${slowdown.toFixed(2)} of a processor`;
}

/** @param drain its name, for the goals */
export function judgeTarget(
  target: Target,
  results: readonly StressResult[],
  { load, noise, drain }: { readonly load: StressLoad; readonly noise: Noise; readonly drain: string },
): TargetVerdict {
  const { metric, relation, limit } = target;
  const { unit, exact, of } = METRICS[metric];
  const goal = target.goals?.[drain];
  const taken = results.flatMap((result) => {
    const value = of(result, load);
    return value === undefined ? [] : [sampleOf(value, result)];
  });
  const samples = taken.map(({ value }) => value);
  const told = (verdict: Verdict, reason: string, measured?: number): TargetVerdict => ({
    metric,
    unit,
    relation,
    limit,
    ...(goal !== undefined && { goal }),
    ...(measured !== undefined && { measured, margin: marginOf(target, measured) }),
    samples,
    verdict,
    reason,
  });
  if (samples.length === 0) return absent(metric, results, told);
  if (exact) return judgeCount(target, taken, noise, told);
  // of what is measured one repeat tells most
  const chosen = telling(metric, taken);
  const measured = chosen.value;
  const good = holds(target, measured);
  // what the wait explains is no doubt about the one that counts
  const doubt = chosen.byWait ? LEAST_DOUBT : Math.max(LEAST_DOUBT, spreadOf(samples, limit));
  const margin = marginOf(target, measured);
  if (
    good &&
    margin >= LEAST_DOUBT &&
    (samples.length < 2 || margin >= doubt / 2 || samples.every((one) => holds(target, one)))
  )
    return told('pass', 'clear of the limit', measured);
  if (Math.abs(margin) < doubt) return told('inconclusive', 'too near to the limit to tell from noise', measured);
  const excuse = good ? undefined : machineExplains(target, chosen, noise);
  if (excuse !== undefined) return told('inconclusive', `missed, but ${excuse}`, measured);
  return good ? told('pass', 'clear of the limit', measured) : told('fail', 'beyond the limit', measured);
}

/** Every measurement must hold. Lanes fill while the drain cannot run: only of what was rejected the machine may explain any, and then another tells. */
function judgeCount(
  target: Target,
  taken: readonly Sample[],
  noise: Noise,
  told: (verdict: Verdict, reason: string, measured: number) => TargetVerdict,
): TargetVerdict {
  const { metric, relation, limit } = target;
  const { unit } = METRICS[metric];
  const excuseOf = (sample: Sample): string | undefined =>
    metric === 'eventsRejected' ? machineExplains(target, sample, noise) : undefined;
  const wrong = taken.filter(({ value }) => !holds(target, value));
  const worst = wrong.find((sample) => excuseOf(sample) === undefined);
  const { value } = worst ?? taken.find((sample) => !wrong.includes(sample)) ?? taken[0]!;
  if (holds(target, value)) return told('pass', `${value} ${unit}`, value);
  if (relation === 'above') return told('inconclusive', 'what the load is about did not happen', value);
  if (worst !== undefined) return told('fail', `${value} ${unit} where ${limit} is due`, value);
  return told('inconclusive', `missed, but ${excuseOf(taken[0]!)!}`, value);
}

function absent(
  metric: Target['metric'],
  results: readonly StressResult[],
  told: (verdict: Verdict, reason: string) => TargetVerdict,
): TargetVerdict {
  const ended = results.some(({ complete }) => complete);
  if (metric === 'ledgerDifference' && ended) return told('not-applicable', 'the drain does not claim metrics');
  if (metric === 'cpuPercentSteady') return told('not-applicable', 'this system does not account for threads');
  return told('inconclusive', 'it could not be measured');
}

/** The scenario's verdict: the worst of its targets; a run with a problem of its own is a failure. */
export function verdictOf(
  targets: readonly TargetVerdict[],
  problems: readonly string[],
): Pick<ResultOf<'stress'>, 'verdict' | 'reason'> {
  const of = (verdict: Verdict): string[] =>
    targets.filter((one) => one.verdict === verdict).map(({ metric, reason }) => `${metric}: ${reason}`);
  const failed = of('fail');
  if (failed.length > 0 || problems.length > 0) return { verdict: 'fail', reason: [...problems, ...failed].join('; ') };
  const open = of('inconclusive');
  if (open.length > 0) return { verdict: 'inconclusive', reason: open.join('; ') };
  const passed = of('pass').length;
  return { verdict: 'pass', reason: `${passed} targets met` };
}
