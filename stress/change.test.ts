import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { changeOf, type ChangeVerdict, type Metric } from './change.js';
import { mostBeyond, shiftInterval } from './rank-interval.js';

const NS: Metric = { larger: false };
const SEED = 5;

/** Samples about 100 that vary by so many percent (standard deviation), with now and then one that is far too slow. */
const noisy = (count: number, percent: number): fc.Arbitrary<number[]> =>
  fc.noBias(
    fc
      .array(fc.tuple(...Array.from({ length: 12 }, () => fc.nat(1000)), fc.nat(199)), {
        minLength: count,
        maxLength: count,
      })
      .map((drawn) =>
        drawn.map((numbers) => {
          const deviate = numbers.slice(0, 12).reduce((sum, one) => sum + one / 1000, -6);
          return 100 * (1 + (deviate * percent) / 100) * (numbers[12] === 0 ? 3 : 1);
        }),
      ),
  );

/** How often each verdict falls on pairs of samples, the second of them times `factor`. */
function verdicts(count: number, percent: number, factor: number): Partial<Record<ChangeVerdict, number>> {
  const pairs = fc.sample(fc.tuple(noisy(count, percent), noisy(count, percent)), { seed: SEED, numRuns: 500 });
  const fallen: Partial<Record<ChangeVerdict, number>> = {};
  for (const [before, after] of pairs) {
    const { verdict } = changeOf(
      before,
      after.map((ns) => ns * factor),
      NS,
    );
    fallen[verdict] = (fallen[verdict] ?? 0) + 1;
  }
  return fallen;
}

describe('ranks', () => {
  /** P(U <= u), by counting every order. */
  function chance(n: number, m: number, u: number): number {
    const orders = (left: number, right: number, below: number): number[] =>
      left === 0
        ? [below]
        : right === 0
          ? [below]
          : [...orders(left - 1, right, below + right), ...orders(left, right - 1, below)];
    const all = orders(n, m, 0);
    return all.filter((one) => one <= u).length / all.length;
  }

  test('the limit is the largest that is rare enough, by every order counted', () => {
    for (const [n, m] of [
      [5, 5],
      [3, 9],
      [4, 6],
      [8, 8],
      [2, 12],
      [6, 5],
    ] as const) {
      const beyond = mostBeyond(n, m);
      expect(chance(n, m, beyond)).toBeLessThanOrEqual(0.005);
      expect(chance(n, m, beyond + 1)).toBeGreaterThan(0.005);
    }
  });
  test('too few samples have none; many are as by the normal distribution', () => {
    expect([mostBeyond(4, 4), mostBeyond(5, 5), mostBeyond(0, 9), mostBeyond(9, 0)]).toEqual([-1, 0, -1, -1]);
    expect(Math.abs(mostBeyond(50, 50) - mostBeyond(50, 51))).toBeLessThan(30);
    expect(mostBeyond(1, 200)).toBe(-1);
  });
  test('the interval is of the shift, whichever side is which', () => {
    const before = [1, 2, 3, 4, 5];
    expect(shiftInterval(before, [11, 12, 13, 14, 15])).toEqual([6, 14]);
    expect(shiftInterval([11, 12, 13, 14, 15], before)).toEqual([-14, -6]);
    expect(shiftInterval(before, [1, 2])).toBeUndefined();
  });
});

describe('samples of one distribution', () => {
  test.each([
    [8, 3],
    [12, 6],
  ])('%i a side that vary by %i in a hundred are nearly always the same', (count, percent) => {
    const fallen = verdicts(count, percent, 1);
    expect((fallen.better ?? 0) + (fallen.worse ?? 0)).toBeLessThanOrEqual(10);
    expect(fallen.same).toBeGreaterThan(440);
  });
  test('that vary too much for an answer get none', () => {
    const fallen = verdicts(6, 40, 1);
    expect((fallen.better ?? 0) + (fallen.worse ?? 0)).toBeLessThanOrEqual(10);
    expect(fallen['cannot tell']).toBeGreaterThan(400);
  });
  test('are the same in whatever order they come, and when dealt anew', () => {
    const pool = Array.from({ length: 20 }, (_, i) => 100 + ((i * 7) % 20) / 2);
    const deals = fc.sample(fc.shuffledSubarray(pool, { minLength: 20 }), { seed: SEED, numRuns: 500 });
    const changed = deals.filter((deal) => changeOf(deal.slice(0, 10), deal.slice(10), NS).verdict !== 'same');
    expect(changed.length).toBeLessThanOrEqual(10);
    fc.assert(
      fc.property(noisy(8, 10), noisy(8, 10), (before, after) => {
        expect(changeOf(before.toReversed(), after.toSorted(), NS)).toEqual(changeOf(before, after, NS));
      }),
      { seed: SEED },
    );
  });
});

test('with 12 samples a side two that are far off change nothing', () => {
  const before = [100, 101, 99, 100, 102, 98, 101, 100, 99, 100, 300, 700];
  const calm = [100, 101, 99, 100, 102, 98, 101, 100, 99, 100, 101, 99];
  expect(changeOf(before, calm, NS).verdict).toBe('same');
  expect(
    changeOf(
      before,
      calm.map((ns) => ns * 1.3),
      NS,
    ).verdict,
  ).toBe('worse');
});

describe('a change', () => {
  test('of 30 % is found with 8 samples a side that vary by 5 %, both ways', () => {
    expect(verdicts(8, 5, 1.3).worse).toBeGreaterThan(450);
    expect(verdicts(8, 5, 1 / 1.3).better).toBeGreaterThan(450);
  });
  test('of 3 % is none, however sure', () => {
    const { verdict, reason, ratio } = changeOf(
      [100, 100.1, 100.2, 100.3, 100.4],
      [103, 103.1, 103.2, 103.3, 103.4],
      NS,
    );
    expect({ verdict, ratio }).toEqual({ verdict: 'same', ratio: 103.2 / 100.2 });
    expect(reason).toBe('between +2.6 % and +3.4 % (99 % sure); less than 5 %');
  });
  test('is told the other way round when the sides are exchanged, and when larger is better', () => {
    const turned: Record<ChangeVerdict, ChangeVerdict> = {
      better: 'worse',
      worse: 'better',
      same: 'same',
      'cannot tell': 'cannot tell',
    };
    const factor = fc.double({ min: 0.5, max: 2, noNaN: true });
    const count = fc.integer({ min: 1, max: 9 });
    const sides = count.chain((n) => fc.tuple(noisy(n, 4), noisy(n, 4), factor));
    fc.assert(
      fc.property(sides, ([before, drawn, times]) => {
        const after = drawn.map((ns) => ns * times);
        // medians of even counts are the upper of two: a difference near the floor may be told one way only
        fc.pre(before.length % 2 === 1);
        const { verdict } = changeOf(before, after, NS);
        expect(changeOf(after, before, NS).verdict).toBe(turned[verdict]);
        expect(changeOf(before, after, { larger: true }).verdict).toBe(turned[verdict]);
      }),
      { seed: SEED, numRuns: 500 },
    );
  });
});

describe('few samples', () => {
  test.each<[string, number[], number[], ChangeVerdict]>([
    ['one a side says nothing', [100], [1000], 'cannot tell'],
    ['two far apart are enough', [100, 102], [200, 204], 'worse'],
    ['the same downwards', [200, 204], [100, 102], 'better'],
    ['far apart, but they vary as much', [100, 150], [300, 500], 'cannot tell'],
    ['certain, but near', [100, 100.1], [110, 110.1], 'cannot tell'],
    ['one within the other', [100, 200], [150, 160, 170], 'cannot tell'],
    ['identical', [7], [7, 7], 'same'],
    ['none before', [], [7, 7], 'cannot tell'],
    ['none after', [7, 7], [], 'cannot tell'],
  ])('%s', (_, before, after, verdict) => {
    expect(changeOf(before, after, NS).verdict).toBe(verdict);
  });
  test('the reason says how few, and how far', () => {
    expect(changeOf([100, 100], [200, 200], NS).reason).toBe('too few samples (2 and 2), but at least +100.0 % apart');
    expect(changeOf([200, 200], [100, 100], NS).reason).toBe('too few samples (2 and 2), but at least −50.0 % apart');
    expect(changeOf([], [1], NS).reason).toBe('A has no sample');
  });
});

describe('samples that are not all positive', () => {
  const around = (middle: number): number[] => [-2, -1, 0, 1, 2].map((step) => middle + step / 100);

  test('are told by parts of the limit, and have no ratio', () => {
    const slope: Metric = { larger: false, scale: 1 };
    expect(changeOf(around(0), around(0.01), slope)).toEqual({
      verdict: 'same',
      reason: 'between −3.0 % and +5.0 % (99 % sure)',
    });
    expect(changeOf(around(0), around(0.4), slope).verdict).toBe('worse');
    expect(changeOf(around(0), around(-0.4), slope).verdict).toBe('better');
  });
  test('without a limit by parts of the largest', () => {
    expect(changeOf(around(-4), around(-8), { larger: true }).verdict).toBe('worse');
    expect(changeOf(around(0), around(8), { larger: true, scale: 0 }).verdict).toBe('better');
    expect(changeOf([0, 0, 0], [0, 0], NS)).toEqual({ verdict: 'same', reason: 'every sample is the same' });
  });
});
