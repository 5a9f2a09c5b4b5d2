/** Two results side by side: what changed beyond noise. docs/benchmarks.md says how it is decided. */
import type { ResultOf, TargetVerdict, Verdict } from '../spec/index.js';
import { CALIBRATION, MACHINE } from './benchmarks.js';
import { median } from './case.js';
import { changeOf, type Change, type ChangeVerdict, type Metric } from './change.js';

/** What of a results file is compared. */
export interface ComparedResults {
  readonly run: ResultOf<'run'>;
  readonly verdicts: readonly ResultOf<'verdict'>[];
  readonly stress: readonly ResultOf<'stress'>[];
  readonly benchmarks: readonly ResultOf<'benchmark'>[];
  /** It was cut off. */
  readonly partial: boolean;
}

export interface Compared {
  readonly kind: 'benchmark' | 'stress' | 'requirement';
  readonly drain: string;
  /** The benchmark, `scenario: metric`, or the requirement's id. */
  readonly name: string;
  /** Of `before` and `after`; empty: a ratio, or a requirement. */
  readonly unit: string;
  /** The median, or the requirement's verdict; absent: there is none in that file. */
  readonly before?: number | Verdict;
  readonly after?: number | Verdict;
  /** after / before. */
  readonly ratio?: number;
  readonly verdict: ChangeVerdict | 'only in A' | 'only in B';
  readonly reason: string;
}

export interface Comparison {
  /** Benchmarks, stress targets, requirements; each in the order of A, then what only B has. */
  readonly compared: readonly Compared[];
  /** What makes the two less comparable, in words. */
  readonly notes: readonly string[];
}

export function compareResults(a: ComparedResults, b: ComparedResults): Comparison {
  return {
    compared: [...compareBenchmarks(a, b), ...compareStress(a, b), ...compareRequirements(a, b)],
    notes: notesOf(a, b),
  };
}

interface Item<T> {
  readonly drain: string;
  readonly name: string;
  readonly unit: string;
  readonly shown?: number | Verdict;
  readonly of: T;
}

/** Of one key the last one counts. */
function pair<T>(
  kind: Compared['kind'],
  a: readonly Item<T>[],
  b: readonly Item<T>[],
  change: (before: T, after: T) => Change,
): Compared[] {
  const keyed = (items: readonly Item<T>[]): Map<string, Item<T>> =>
    new Map(items.map((item) => [JSON.stringify([item.drain, item.name]), item]));
  const [before, after] = [keyed(a), keyed(b)];
  return [...new Set([...before.keys(), ...after.keys()])].map((key) => {
    const [old, now] = [before.get(key), after.get(key)];
    const { drain, name, unit } = (now ?? old)!;
    return {
      kind,
      drain,
      name,
      unit,
      ...(old?.shown !== undefined && { before: old.shown }),
      ...(now?.shown !== undefined && { after: now.shown }),
      ...(old === undefined
        ? { verdict: 'only in B', reason: 'A does not have it' }
        : now === undefined
          ? { verdict: 'only in A', reason: 'B does not have it' }
          : change(old.of, now.of)),
    };
  });
}

type Benchmark = ResultOf<'benchmark'>;
const NS: Metric = { larger: false };

function compareBenchmarks(a: ComparedResults, b: ComparedResults): Compared[] {
  const items = ({ benchmarks }: ComparedResults): Item<Benchmark>[] =>
    benchmarks.map((of) => ({ drain: of.drain, name: of.name, unit: of.unit, shown: median(of.samples), of }));
  const isMachine = ({ drain, name }: Benchmark): boolean => drain === MACHINE && name === CALIBRATION.name;
  const [before, after] = [a.benchmarks.find(isMachine), b.benchmarks.find(isMachine)];
  const machine = before !== undefined && after !== undefined ? changeOf(before.samples, after.samples, NS) : undefined;
  return pair('benchmark', items(a), items(b), (old, now) => {
    const plain = changeOf(old.samples, now.samples, NS);
    if (machine?.ratio === undefined || machine.verdict === 'same' || isMachine(now)) return plain;
    const unit = median(before!.samples);
    const allowed = changeOf(perRound(old, before!, unit), perRound(now, after!, unit), NS);
    return allowFor(machine.ratio, plain, allowed);
  });
}

/** The samples as if each round's calibration had taken `unit` ns; as they are where the rounds are not the same. */
function perRound({ samples }: Benchmark, { samples: calibrations }: Benchmark, unit: number): readonly number[] {
  if (samples.length !== calibrations.length) return samples;
  return samples.map((ns, round) => (ns * unit) / calibrations[round]!);
}

/**
 * When the machine itself has changed: a change counts that shows as measured, and still shows, larger than the machine's own, when that is
 * allowed for. Not all code slows alike.
 */
function allowFor(machine: number, plain: Change, allowed: Change): Change {
  if (allowed.verdict === 'same')
    return { ...plain, verdict: 'same', reason: `allowing for the machine ${allowed.reason}` };
  if (allowed.verdict !== plain.verdict) {
    const reason = `${plain.verdict} as measured, ${allowed.verdict} when the machine is allowed for`;
    return { ...plain, verdict: 'cannot tell', reason };
  }
  if (plain.verdict === 'cannot tell' || size(allowed.ratio!) > size(machine)) return plain;
  const reason = `the calibration took ${machine.toFixed(2)} times as long, and what is left is no larger`;
  return { ...plain, verdict: 'cannot tell', reason };
}

const size = (ratio: number): number => Math.abs(Math.log(ratio));

interface StressTarget {
  readonly load: string;
  readonly target: TargetVerdict;
}

function compareStress(a: ComparedResults, b: ComparedResults): Compared[] {
  const items = ({ stress }: ComparedResults): Item<StressTarget>[] =>
    stress.flatMap(({ drain, scenario, load, targets }) =>
      targets
        .filter(({ samples }) => samples.length > 0)
        .map((target) => ({
          drain,
          name: `${scenario}: ${target.metric}`,
          unit: target.unit,
          shown: median(target.samples),
          of: { load: kindOf(load), target },
        })),
    );
  return pair('stress', items(a), items(b), (old, now) => {
    if (old.load !== now.load) return { verdict: 'cannot tell', reason: 'the loads are not the same' };
    return now.target.relation === 'exactly'
      ? exactly(now.target.limit, old.target.samples, now.target.samples)
      : changeOf(old.target.samples, now.target.samples, {
          larger: now.target.relation === 'at least' || now.target.relation === 'above',
          scale: now.target.limit,
        });
  });
}

/** How long it is played, and with which seed, makes it no other load. */
function kindOf({
  seed: _,
  warmupMs: __,
  durationMs: ___,
  windowMs: ____,
  ...kind
}: ResultOf<'stress'>['load']): string {
  return JSON.stringify(kind);
}

/** What must be exact knows no noise: the sample that is farthest off counts. */
function exactly(limit: number, before: readonly number[], after: readonly number[]): Change {
  const farthest = (samples: readonly number[]): number => Math.max(...samples.map((one) => Math.abs(one - limit)));
  const [old, now] = [farthest(before), farthest(after)];
  const reason = `at most ${old} away from ${limit} in A, ${now} in B`;
  return { verdict: now === old ? 'same' : now < old ? 'better' : 'worse', reason };
}

type VerdictRecord = ResultOf<'verdict'>;
/** What a verdict says of a drain: kept, unknown, broken. */
const STANDING: Readonly<Record<Verdict, number>> = {
  pass: 2,
  'not-applicable': 1,
  inconclusive: 1,
  error: 1,
  'known-deviation': 0,
  fail: 0,
};

function compareRequirements(a: ComparedResults, b: ComparedResults): Compared[] {
  const items = ({ verdicts }: ComparedResults): Item<VerdictRecord>[] =>
    verdicts.map((of) => ({ drain: of.drain, name: of.id, unit: '', shown: of.verdict, of }));
  return pair('requirement', items(a), items(b), (old, now) => ({
    verdict: standingChange(old.verdict, now.verdict),
    reason: now.reason,
  }));
}

/** Only a pass is better than what was none; whatever proves less than before is worse. */
function standingChange(before: Verdict, after: Verdict): ChangeVerdict {
  const [old, now] = [STANDING[before], STANDING[after]];
  if (now < old) return 'worse';
  if (now > old) return after === 'pass' ? 'better' : 'cannot tell';
  return before === after || now === STANDING.fail ? 'same' : 'cannot tell';
}

function notesOf(a: ComparedResults, b: ComparedResults): string[] {
  const differing = (['cpu', 'cores', 'os', 'node'] as const)
    .filter((field) => a.run.machine[field] !== b.run.machine[field])
    .map((field) => `${field} ${a.run.machine[field]} in A, ${b.run.machine[field]} in B`);
  const notes = differing.length === 0 ? [] : [`Not the same machine, so figures say little: ${differing.join('; ')}.`];
  for (const [name, { partial }] of Object.entries({ A: a, B: b }))
    if (partial) notes.push(`${name} was cut off before its end.`);
  return notes;
}
