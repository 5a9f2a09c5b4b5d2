import { describe, expect, test } from 'vitest';
import type { ResultOf, Verdict } from '../spec/index.js';
import { compareResults, type Compared, type ComparedResults } from './compare.js';
import { about, results } from './testing.js';

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
