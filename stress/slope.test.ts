import fc from 'fast-check';
import { expect, test } from 'vitest';
import { slopeOf } from './slope.js';

const line = (count: number, slope: number, at: number, off: (i: number) => number = () => 0): [number, number][] =>
  Array.from({ length: count }, (_, i) => [i, at + slope * i + off(i)]);

test('fewer than 8 points have no slope', () => {
  expect(slopeOf([])).toBeUndefined();
  expect(slopeOf(line(7, 1, 0))).toBeUndefined();
  expect(slopeOf(line(8, 1, 0))).toBeDefined();
});

test('a straight line has its slope, and no doubt', () => {
  for (const count of [8, 19, 20, 21, 33, 500]) {
    const { slope, lower, upper } = slopeOf(line(count, -2.5, 7))!;
    expect(slope).toBeCloseTo(-2.5, 9);
    expect(upper - lower).toBeLessThan(1e-6);
  }
});

test('what lies beside the line widens the interval, about the slope', () => {
  // by the textbook: 8 points, t(6) = 2.447
  const points = line(8, 2, 1, (i) => [1, -1, -1, 1, 1, -1, -1, 1][i]!);
  const { slope, lower, upper } = slopeOf(points)!;
  expect(slope).toBeCloseTo(2, 12); // they balance
  expect(upper - slope).toBeCloseTo(2.447 * Math.sqrt(8 / 6 / 42), 9);
  expect(slope - lower).toBeCloseTo(upper - slope, 12);
});

test('a moved or stretched line moves and stretches with it', () => {
  const y = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 8, maxLength: 60 });
  fc.assert(
    fc.property(y, fc.integer({ min: -99, max: 99 }), fc.integer({ min: 1, max: 9 }), (values, moved, factor) => {
      const of = (value: (y: number, x: number) => number) => slopeOf(values.map((one, i) => [i, value(one, i)]))!;
      const plain = of((one) => one);
      const changed = of((one, i) => factor * one + moved * i + 5);
      expect(changed.slope).toBeCloseTo(factor * plain.slope + moved, 6);
      expect(changed.upper).toBeCloseTo(factor * plain.upper + moved, 6);
      expect(plain.lower).toBeLessThanOrEqual(plain.slope);
    }),
  );
});

test('neighbours that resemble each other are no more evidence than one of them', () => {
  const few = line(20, 0, 0, (i) => (i * 7) % 5);
  const many = few.flatMap(([x, y]) => Array.from({ length: 50 }, (): [number, number] => [x, y]));
  expect(slopeOf(many)!.upper).toBeCloseTo(slopeOf(few)!.upper, 9);
});

test('of noise without a slope the interval holds 0, nearly always; of a steep one never', () => {
  const noise = fc.noBias(
    fc.array(fc.tuple(fc.nat(1000), fc.nat(1000), fc.nat(1000), fc.nat(1000)), { minLength: 100, maxLength: 100 }),
  );
  const series = fc.sample(noise, { seed: 3, numRuns: 400 });
  const holds = (slope: number): number =>
    series.filter((drawn) => {
      const { lower, upper } = slopeOf(line(100, slope, 0, (i) => drawn[i]!.reduce((sum, one) => sum + one, 0)))!;
      return lower <= 0 && upper >= 0;
    }).length;
  expect(holds(0) / 400).toBeGreaterThan(0.92);
  expect(holds(0) / 400).toBeLessThan(0.98);
  expect(holds(30)).toBe(0);
});
