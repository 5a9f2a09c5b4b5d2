import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Histogram } from './histogram.js';

const PERCENTILES = [0, 1, 5, 10, 25, 50, 75, 90, 95, 99, 99.9, 99.99, 100];
const TOLD_WITHIN = 0.008;

/** Times of every size, ns. */
const time = fc.oneof(
  fc.nat(300),
  fc
    .tuple(fc.integer({ min: 7, max: 45 }), fc.double({ min: 0, max: 1, noNaN: true }))
    .map(([log, part]) => Math.floor(2 ** log * (1 + part * 0.999_999))),
);
const recorded = fc.array(fc.tuple(time, fc.integer({ min: 1, max: 50 })), { minLength: 1, maxLength: 60 });
type Recorded = readonly (readonly [number, number])[];

function histogramOf(records: Recorded): Histogram {
  const histogram = new Histogram();
  for (const [ns, times] of records) histogram.record(ns, times);
  return histogram;
}

/** Exact, by the nearest rank. */
function exactly(records: Recorded): (at: number) => number {
  const sorted = records.flatMap(([ns, times]) => new Array<number>(times).fill(ns)).sort((a, b) => a - b);
  return (at) => sorted[Math.max(0, Math.ceil((at / 100) * sorted.length) - 1)]!;
}

const told = (histogram: Histogram, at: number): number =>
  histogram.distribution()!.percentiles.find(([percentile]) => percentile === at)![1] * 1e6;

describe('percentiles', () => {
  test('are within 0.8 % of the exact ones, by the nearest rank', () => {
    fc.assert(
      fc.property(recorded, (records) => {
        const exact = exactly(records);
        const { percentiles } = histogramOf(records).distribution()!;
        expect(percentiles.map(([at]) => at)).toEqual(PERCENTILES);
        for (const [at, ms] of percentiles) {
          const right = exact(at);
          expect(Math.abs(ms * 1e6 - right), `p${at}`).toBeLessThanOrEqual(right * TOLD_WITHIN + 1e-6);
        }
      }),
      { numRuns: 300 },
    );
  });
  test('rise, from the least to the most', () => {
    fc.assert(
      fc.property(recorded, (records) => {
        const { percentiles, minMs, maxMs } = histogramOf(records).distribution()!;
        const values = percentiles.map(([, ms]) => ms);
        expect(values).toEqual(values.toSorted((a, b) => a - b));
        expect(values[0]).toBe(minMs);
        expect(Math.min(...values)).toBeGreaterThanOrEqual(minMs);
        expect(Math.max(...values)).toBeLessThanOrEqual(maxMs);
      }),
    );
  });
  test('of times below 256 ns are exact', () => {
    for (const ns of [0, 1, 127, 128, 129, 200, 255]) {
      const histogram = histogramOf([
        [ns, 3],
        [100_000, 1],
      ]);
      expect(told(histogram, 50)).toBeCloseTo(ns, 9);
    }
  });
  test('follow the rank where two times meet', () => {
    const histogram = histogramOf([
      [10, 99],
      [200, 1],
    ]);
    expect(told(histogram, 99)).toBeCloseTo(10, 9);
    expect(told(histogram, 99.9)).toBeCloseTo(200, 9);
    expect(
      told(
        histogramOf([
          [10, 98],
          [200, 2],
        ]),
        99,
      ),
    ).toBeCloseTo(200, 9);
  });
});

describe('counts', () => {
  test('least, most and mean are exact', () => {
    fc.assert(
      fc.property(recorded, (records) => {
        const all = records.flatMap(([ns, times]) => new Array<number>(times).fill(ns));
        const { count, minMs, maxMs, meanMs } = histogramOf(records).distribution()!;
        expect([count, minMs, maxMs]).toEqual([all.length, Math.min(...all) / 1e6, Math.max(...all) / 1e6]);
        expect(meanMs).toBeCloseTo(all.reduce((sum, ns) => sum + ns, 0) / all.length / 1e6, 3);
      }),
    );
  });
  test('so many at once are as many one by one', () => {
    const histogram = new Histogram();
    for (let i = 0; i < 7; i += 1) histogram.record(12_345);
    expect(histogram.distribution()).toEqual(histogramOf([[12_345, 7]]).distribution());
  });
  test('less than nothing counts as nothing, and parts of a nanosecond are cut off', () => {
    const distribution = histogramOf([
      [-5, 1],
      [-0.5, 1],
      [3.9, 1],
    ]).distribution()!;
    expect([distribution.count, distribution.minMs, distribution.maxMs]).toEqual([3, 0, 3 / 1e6]);
    expect(distribution.meanMs).toBeCloseTo(1e-6, 12);
  });
  test('of nothing there is no distribution', () => {
    expect(new Histogram().distribution()).toBeUndefined();
  });
});

test('added, two are as one that was told everything', () => {
  fc.assert(
    fc.property(recorded, recorded, (first, second) => {
      const sum = histogramOf(first);
      const other = histogramOf(second);
      const before = other.distribution();
      sum.add(other);
      const whole = histogramOf([...first, ...second]).distribution()!;
      expect({ ...sum.distribution(), meanMs: 0 }).toEqual({ ...whole, meanMs: 0 });
      expect(sum.distribution()!.meanMs).toBeCloseTo(whole.meanMs, 6);
      expect(other.distribution()).toEqual(before);
    }),
  );
  const one = histogramOf([[500, 2]]);
  one.add(new Histogram());
  expect(one.distribution()).toEqual(histogramOf([[500, 2]]).distribution());
});

test('once reset it is as a new one', () => {
  const histogram = histogramOf([
    [5, 1],
    [2 ** 40, 9],
  ]);
  histogram.reset();
  expect(histogram.distribution()).toBeUndefined();
  histogram.record(1000, 4);
  expect(histogram.distribution()).toEqual(histogramOf([[1000, 4]]).distribution());
});

describe('times of 2^46 ns and more', () => {
  test.each([46, 47, 50, 53])('2^%i is counted with the longest, and the longest is exact', (log) => {
    const distribution = histogramOf([
      [1000, 1],
      [2 ** log, 3],
    ]).distribution()!;
    expect([distribution.count, distribution.maxMs]).toEqual([4, 2 ** log / 1e6]);
    expect(
      told(
        histogramOf([
          [1000, 1],
          [2 ** log, 3],
        ]),
        50,
      ),
    ).toBeGreaterThan(2 ** 46 * (1 - TOLD_WITHIN));
  });
  test('alone, they are told as they are', () => {
    expect(told(histogramOf([[2 ** 50, 1]]), 50)).toBe(2 ** 50);
  });
});
