import { describe, expect, test } from 'vitest';
import { StressLoad, type ResultOf, type TargetVerdict, type Verdict } from '../spec/index.js';
import { compareResults, type Compared, type ComparedResults } from './compare.js';

type Machine = ResultOf<'run'>['machine'];

const MACHINE: Machine = { cpu: 'one', cores: 2, memoryBytes: 1, os: 'x 1', node: 'v20' };
/** About 1. */
const NOISE = [0.99, 1.01, 1, 1.02, 0.98, 1, 1.01, 0.99];
const about = (middle: number): number[] => NOISE.map((one) => one * middle);

function results(parts: Partial<ComparedResults> = {}, machine: Partial<Machine> = {}): ComparedResults {
  const run: ResultOf<'run'> = {
    type: 'run',
    version: 1,
    tool: { name: 'drainproof', version: '0' },
    startedAt: '',
    seed: 0,
    arguments: [],
    machine: { ...MACHINE, ...machine },
    drains: [],
  };
  return { run, verdicts: [], stress: [], benchmarks: [], partial: false, ...parts };
}

const benchmark = (drain: string, name: string, samples: readonly number[]): ResultOf<'benchmark'> => ({
  type: 'benchmark',
  drain,
  name,
  about: '',
  unit: 'ns',
  median: 0,
  samples: [...samples],
});
const emits = (ns: number, machine?: number): ComparedResults =>
  results({
    benchmarks: [
      benchmark('mine', 'emit', about(ns)),
      ...(machine === undefined ? [] : [benchmark('machine', 'calibration', about(machine))]),
    ],
  });
const only = ({ compared }: { compared: readonly Compared[] }): Compared => compared[0]!;

describe('benchmarks', () => {
  test('are told with medians and ratio', () => {
    expect(only(compareResults(emits(100), emits(130)))).toMatchObject({
      kind: 'benchmark',
      drain: 'mine',
      name: 'emit',
      unit: 'ns',
      before: 100,
      after: 130,
      ratio: 1.3,
      verdict: 'worse',
    });
    expect(only(compareResults(emits(100), emits(70))).verdict).toBe('better');
    expect(only(compareResults(emits(100), emits(101))).verdict).toBe('same');
  });
  test('are of one drain and name each', () => {
    const a = results({ benchmarks: [benchmark('mine', 'emit', [1]), benchmark('mine', 'visit', about(9))] });
    const b = results({ benchmarks: [benchmark('other', 'emit', [2]), benchmark('mine', 'visit', about(9))] });
    expect(
      compareResults(a, b).compared.map(({ drain, name, verdict, before, after }) => [
        drain,
        name,
        verdict,
        before,
        after,
      ]),
    ).toEqual([
      ['mine', 'emit', 'only in A', 1, undefined],
      ['mine', 'visit', 'same', 9, 9],
      ['other', 'emit', 'only in B', undefined, 2],
    ]);
  });

  test.each([
    ['the machine is the same: it has no part in it', 130, 10.1, 'worse', /^between/],
    ['all is slower', 150, 15, 'same', /^allowing for the machine between/],
    ['the drain is slower than the machine', 300, 15, 'worse', /^between \+1/],
    [
      'what is left is less than what the machine lost',
      200,
      15,
      'cannot tell',
      /1\.50 times as long, and what is left/,
    ],
    ['both are faster', 40, 6.6, 'better', /^between −6/],
    [
      'the machine is faster, the drain is not',
      100,
      5,
      'cannot tell',
      /^same as measured, worse when the machine is allowed for$/,
    ],
    [
      'the drain lost less than the machine',
      130,
      20,
      'cannot tell',
      /^worse as measured, better when the machine is allowed for$/,
    ],
  ])('%s', (_, ns, machine, verdict, reason) => {
    const [emit, calibration] = compareResults(emits(100, 10), emits(ns, machine)).compared;
    expect(emit!.verdict).toBe(verdict);
    expect(emit!.reason).toMatch(reason);
    expect(emit!.ratio).toBe(ns / 100);
    expect(calibration!.ratio).toBe(machine / 10);
  });
  test('rounds in which the machine was slow are told by their calibration', () => {
    const slow = [1, 1, 1, 1, 2, 2, 2, 2];
    const sides = (ns: number, calibration: readonly number[]): ComparedResults =>
      results({
        benchmarks: [
          benchmark(
            'mine',
            'emit',
            about(ns).map((one, i) => one * slow[i]!),
          ),
          benchmark('machine', 'calibration', calibration),
        ],
      });
    const calibrated = about(10).map((ns, i) => ns * slow[i]!);
    expect(only(compareResults(emits(100, 10), sides(100, calibrated))).verdict).toBe('same');
    expect(only(compareResults(emits(100, 10), sides(100, [10, 10, 20, 20]))).verdict).toBe('cannot tell');
    const noisy = compareResults(sides(100, calibrated), sides(100, about(50)));
    expect(only(noisy)).toMatchObject({ verdict: 'cannot tell' });
  });
  test('a machine that is known on one side only has no part in it', () => {
    expect(only(compareResults(emits(100, 10), emits(130))).verdict).toBe('worse');
    expect(only(compareResults(emits(100), emits(130, 13))).verdict).toBe('worse');
  });
});

describe('stress targets', () => {
  function stress(
    relation: TargetVerdict['relation'],
    samples: readonly number[],
    load: Partial<StressLoad> = {},
    limit = 10,
  ): ComparedResults {
    const groups = [{ threads: 2, arrivals: { kind: 'closed' as const } }];
    return results({
      stress: [
        {
          type: 'stress',
          scenario: 'steady',
          title: '',
          about: '',
          drain: 'mine',
          verdict: 'pass',
          reason: '',
          seed: 1,
          durationMs: 1,
          partial: false,
          load: StressLoad.parse({ version: 1, groups, durationMs: 10, ...load }),
          targets: [
            { metric: 'metric', unit: 'u', relation, limit, samples: [...samples], verdict: 'pass', reason: '' },
            { metric: 'unmeasured', unit: '', relation, limit, samples: [], verdict: 'inconclusive', reason: '' },
          ],
          results: [],
          replay: '',
        },
      ],
    });
  }

  test.each([
    ['at least', 'better'],
    ['above', 'better'],
    ['at most', 'worse'],
    ['below', 'worse'],
  ] as const)('%s: more is %s', (relation, verdict) => {
    const { compared } = compareResults(stress(relation, about(5)), stress(relation, about(8)));
    expect(compared).toHaveLength(1);
    expect(only({ compared })).toMatchObject({
      kind: 'stress',
      name: 'steady: metric',
      unit: 'u',
      ratio: 1.6,
      verdict,
    });
  });
  test.each([
    [[0], [0, 0], 'same'],
    [[0, 0], [0, 3], 'worse'],
    [[4], [-2], 'better'],
  ] as const)('exactly 0: %j, then %j is %s, without a thought of noise', (before, after, verdict) => {
    const change = only(compareResults(stress('exactly', before, {}, 0), stress('exactly', after, {}, 0)));
    expect(change.verdict).toBe(verdict);
    expect(change.reason).toMatch(/^at most \d away from 0 in A, \d in B$/);
  });
  test('a slope about 0 is told by its limit', () => {
    const slope = (middle: number): ComparedResults =>
      stress(
        'below',
        NOISE.map((one) => one - 1 + middle),
        {},
        1,
      );
    expect(only(compareResults(slope(0), slope(0.01))).verdict).toBe('same');
    expect(only(compareResults(slope(0), slope(0.5))).verdict).toBe('worse');
  });
  test('of another load tell nothing; seed and length make none', () => {
    const before = stress('at least', about(5));
    expect(only(compareResults(before, stress('at least', about(8), { gatherMs: 7 })))).toMatchObject({
      verdict: 'cannot tell',
      reason: 'the loads are not the same',
    });
    expect(only(compareResults(before, stress('at least', about(8), { seed: 7, durationMs: 20 }))).verdict).toBe(
      'better',
    );
  });
});

describe('requirements', () => {
  const judged = (verdict: Verdict): ComparedResults =>
    results({
      verdicts: [
        {
          type: 'verdict',
          id: 'LANE-ORDER',
          drain: 'mine',
          verdict,
          reason: `it is ${verdict}`,
          seed: 1,
          scenarios: 1,
          events: 1,
          durationMs: 1,
        },
      ],
    });
  test.each<[Verdict, Verdict, Compared['verdict']]>([
    ['pass', 'pass', 'same'],
    ['pass', 'fail', 'worse'],
    ['pass', 'inconclusive', 'worse'],
    ['pass', 'not-applicable', 'worse'],
    ['inconclusive', 'known-deviation', 'worse'],
    ['fail', 'pass', 'better'],
    ['error', 'pass', 'better'],
    ['fail', 'inconclusive', 'cannot tell'],
    ['error', 'inconclusive', 'cannot tell'],
    ['error', 'error', 'same'],
    ['fail', 'known-deviation', 'same'],
  ])('%s, then %s: %s', (before, after, verdict) => {
    expect(compareResults(judged(before), judged(after)).compared).toEqual([
      {
        kind: 'requirement',
        drain: 'mine',
        name: 'LANE-ORDER',
        unit: '',
        before,
        after,
        verdict,
        reason: `it is ${after}`,
      },
    ]);
  });
});

test('notes name what makes the two less comparable', () => {
  const a = results({ partial: true });
  expect(compareResults(results(), results()).notes).toEqual([]);
  expect(compareResults(a, results({}, { cpu: 'two', cores: 4, memoryBytes: 2 })).notes).toEqual([
    'Not the same machine, so figures say little: cpu one in A, two in B; cores 2 in A, 4 in B.',
    'A was cut off before its end.',
  ]);
});
