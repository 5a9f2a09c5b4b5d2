/** Stress results to try the reports on: every kind of verdict, curves, benchmarks and a soak that was interrupted. Deterministic. */
import type { z } from 'zod';
import { ResultRecord, type ResultOf, type Verdict } from '../spec/results.js';
import type { TargetVerdict } from '../spec/stress.js';
import { TARGETS } from '../spec/targets.js';
import { sampleResult, sampleWindows } from './sample-measured.js';

type StressRecord = ResultOf<'stress'>;
type Target = z.input<typeof TargetVerdict>;

export function sampleStress(
  scenario: string,
  drain: string,
  verdict: Verdict,
  more: Partial<StressRecord>,
): StressRecord {
  return ResultRecord.parse({
    type: 'stress',
    scenario,
    title: scenario.replaceAll('-', ' '),
    about: 'So many threads emit into their index lanes.',
    drain,
    verdict,
    reason: verdict === 'pass' ? 'every target is kept' : 'a target is missed',
    seed: 20260314,
    durationMs: 96_000,
    load: {
      version: 1,
      groups: [{ threads: 64, arrivals: { kind: 'closed' } }],
      durationMs: 30_000,
    },
    targets: [],
    results: [],
    noise: {
      before: { slowdown: 1.02, sleepP50Ms: 0.06, sleepP99Ms: 0.31 },
      after: { slowdown: 1.05, sleepP50Ms: 0.07, sleepP99Ms: 0.44 },
    },
    replay: `npx drainproof stress --impl ${drain} --scenario ${scenario} --seed 20260314`,
    ...more,
  }) as StressRecord;
}

export function target(more: Partial<Target> & Pick<Target, 'metric' | 'relation' | 'limit'>): TargetVerdict {
  return { unit: '', samples: [], verdict: 'pass', reason: 'kept', ...more };
}

function throughput(drain: string, measured: number, goal: number): StressRecord {
  const samples = [measured * 0.97, measured, measured * 1.02].map(Math.round);
  const limit = TARGETS.throughputEventsPerSecond.atLeast;
  const margin = (measured - limit) / limit;
  const targets = [
    target({
      metric: 'throughputEventsPerSecond',
      unit: 'events/s',
      relation: 'at least',
      limit,
      goal,
      measured,
      samples,
      margin,
    }),
    target({
      metric: 'eventsLost',
      unit: 'events',
      relation: 'exactly',
      limit: 0,
      measured: 0,
      samples: [0, 0, 0],
      margin: 0,
    }),
  ];
  const results = samples.map((rate, i) => sampleResult(rate, 3 + i));
  const about = '64 threads emit as fast as their lanes take it, for 30 s.';
  return sampleStress('throughput', drain, 'pass', { title: 'most events per second', about, targets, results });
}

function steady(drain: string, p50: number, p99: number): StressRecord {
  const samples = [p99 * 0.9, p99, p99 * 1.3];
  const targets = [
    target({
      metric: 'latencyP50Ms',
      unit: 'ms',
      relation: 'below',
      limit: 1,
      measured: p50,
      samples: [p50],
      margin: 1 - p50,
    }),
    target({
      metric: 'latencyP99Ms',
      unit: 'ms',
      relation: 'below',
      limit: 10,
      measured: p99,
      samples,
      margin: (10 - p99) / 10,
    }),
    target({
      ...{ metric: 'cpuPercentSteady', unit: '%', relation: 'below', limit: 5, goal: 1 },
      ...{ verdict: 'not-applicable', reason: 'the subject keeps no account of its threads' },
    }),
  ];
  const results = samples.map((one) => sampleResult(10_000, one));
  const about = '16 threads emit 625 events/s each, whether or not the drain keeps up.';
  return sampleStress('latency-steady', drain, 'pass', { title: 'a steady load', about, targets, results });
}

function burst(drain: string, verdict: Verdict, samples: readonly number[]): StressRecord {
  const measured = samples[1]!;
  const limit = TARGETS.burstRecoveryMs.below;
  const failing = verdict === 'fail' ? 'the median of three repeats is beyond the limit' : 'kept';
  const targets = [
    target({
      ...{ metric: 'burstRecoveryMs', unit: 'ms', relation: 'below', limit, measured, samples: [...samples] },
      ...{ margin: (limit - measured) / limit, verdict: verdict === 'fail' ? 'fail' : 'pass', reason: failing },
    }),
  ];
  const problems = verdict === 'fail' ? ['the sink stood still for 12 ms'] : [];
  const results = samples.map((recovery) => sampleResult(900_000, 8, { recoveriesMs: [recovery], problems }));
  const reason = verdict === 'fail' ? 'recovery from a burst took longer than it may' : 'every target is kept';
  const about = '32 threads emit 100,000 events at once, every 2 s.';
  return sampleStress('burst-recovery', drain, verdict, { title: 'bursts', about, targets, results, reason });
}

function saturation(drain: string, threads: number, capacity: number): ResultOf<'saturation'> {
  const steps = Array.from({ length: 12 }, (_, i) => {
    const offered = Math.round(capacity * 0.15 * (i + 1));
    const load = offered / capacity;
    const p99Ms = Number((load < 0.98 ? 0.4 / (1 - load) : 40 * load ** 6).toFixed(3));
    return {
      offeredEventsPerSecond: offered,
      deliveredEventsPerSecond: Math.round(Math.min(offered, capacity * 0.99)),
      p50Ms: p99Ms / 5,
      p99Ms,
      holds: p99Ms < 10,
    };
  });
  const knee = steps.filter(({ holds }) => holds).at(-1)?.offeredEventsPerSecond ?? 0;
  return { type: 'saturation', drain, threads, kneeEventsPerSecond: knee, limitP99Ms: 10, steps };
}

const OPERATIONS = [
  ['emit', 'one index event into its lane', 41.2, 9.6],
  ['visit', 'one visit to a thread with 64 events', 1830, 212],
  ['iteration', 'one iteration over 64 idle threads', 5120, 604],
] as const;

/** Records of a stress run: passes, a failure, an inconclusive one, an error, knees and benchmarks. */
export function stressRecords(): ResultRecord[] {
  const benchmarks = OPERATIONS.flatMap(([name, about, ...medians]) =>
    medians.map((median, i): ResultRecord => {
      const samples = [median * 0.98, median, median * 1.05];
      return { type: 'benchmark', drain: ['reference', 'native'][i]!, name, about, unit: 'ns', median, samples };
    }),
  );
  const shares = [0.97, 0.86, 0.93];
  return [
    throughput('reference', 4_210_000, 4_000_000),
    throughput('native', 41_700_000, 60_000_000),
    steady('reference', 0.41, 3.2),
    steady('native', 0.052, 0.6),
    burst('reference', 'pass', [71.2, 74.9, 80.3]),
    burst('native', 'fail', [109.4, 110.04, 143.1]),
    sampleStress('fairness', 'reference', 'inconclusive', {
      title: 'shares of 64 threads',
      about: '64 threads, always backlogged, weights 1, 2 and 4.',
      reason: 'the repeats do not agree',
      partial: true,
      targets: [
        target({
          ...{ metric: 'minShare', relation: 'at least', limit: 0.9, measured: 0.93, samples: shares, margin: 0.033 },
          ...{ verdict: 'inconclusive', reason: 'the repeats lie on both sides of the limit' },
        }),
      ],
      results: shares.map((minShare) => sampleResult(2_000_000, 5, { minShare })),
    }),
    sampleStress('fairness', 'native', 'error', { reason: 'the subject’s process could not be started', title: '' }),
    ...[1, 8, 64].flatMap((threads) => [
      saturation('reference', threads, 1_500_000 + 40_000 * threads),
      saturation('native', threads, 9_000_000 + 500_000 * threads),
    ]),
    ...benchmarks,
  ];
}

/** Checkpoints of a soak: windows as they came, the last told twice. */
export function sampleCheckpoints(
  drain: string,
  windows = sampleWindows(1200, 400_000, 2.4),
): ResultOf<'checkpoint'>[] {
  const checkpoints: ResultOf<'checkpoint'>[] = [];
  for (let from = 0; from < windows.length; from += 60) {
    const some = windows.slice(Math.max(0, from - 1), from + 60);
    checkpoints.push({ type: 'checkpoint', scenario: 'soak', drain, atMs: some.at(-1)!.atMs, windows: some });
  }
  return checkpoints;
}
