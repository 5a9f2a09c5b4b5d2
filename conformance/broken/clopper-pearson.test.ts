import { expect, test } from 'vitest';
import { binomialAtMost, upperBound } from './clopper-pearson.js';

test('the binomial distribution is that of small cases counted by hand', () => {
  expect(binomialAtMost(0, 2, 0.5)).toBeCloseTo(0.25, 12);
  expect(binomialAtMost(1, 2, 0.5)).toBeCloseTo(0.75, 12);
  expect(binomialAtMost(2, 10, 0.3)).toBeCloseTo(0.3827827864, 10);
  expect(binomialAtMost(10, 10, 0.3)).toBe(1);
  expect([binomialAtMost(0, 5, 0), binomialAtMost(0, 5, 1)]).toEqual([1, 0]);
});

test('bounds are the published ones', () => {
  expect(upperBound(0, 100)).toBeCloseTo(0.0362, 4);
  expect(upperBound(0, 100, 0.05)).toBeCloseTo(0.0295, 4);
  expect(upperBound(3, 100)).toBeCloseTo(0.0852, 4);
  expect(upperBound(5, 10)).toBeCloseTo(0.8129, 4);
  expect(upperBound(0, 3)).toBeCloseTo(0.7076, 4);
  expect(upperBound(7, 7)).toBe(1);
});

test('impossible counts are refused', () => {
  for (const [seen, runs] of [
    [1, 0],
    [2, 1],
    [-1, 5],
    [0.5, 5],
  ] as const)
    expect(() => upperBound(seen, runs)).toThrow(/expected whole numbers/);
});
