import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  backoffIterations,
  creditCap,
  fairnessIndex,
  jainIndex,
  longestWaitEvents,
  longestWaitPriority,
  longestWaitVisits,
  maxMinShares,
  serviceLagBound,
  serviceLagBoundWithoutSkips,
} from './bounds.js';

test('the bounds of the field notes', () => {
  expect([1, 2, 4].map((skips) => serviceLagBound(10, skips))).toEqual([30, 50, 90]);
  expect(serviceLagBoundWithoutSkips(10)).toBe(10);
  expect(serviceLagBound(10, 0)).toBe(10);
  expect(longestWaitVisits(64, 4)).toBe(320);
  expect(creditCap(3, 10, 4)).toBe(150);
});

test('the longest wait in events is that of every other thread, by its weight', () => {
  expect(longestWaitEvents([1, 1, 1], 10, 0)).toBe(30);
  expect(longestWaitEvents([1, 4], 10, 2)).toBe(5 * 5 * 10);
  expect(longestWaitEvents([], 10, 4)).toBe(0);
});

test('the longest wait under priority falls with the class, and grows with every skip', () => {
  const wait = { threads: 10, visitsPerIteration: 3, ageAfter: 4, maxSkips: 0 };
  expect(longestWaitPriority({ ...wait, priority: 7 })).toBe(2 * 10 + 3);
  expect(longestWaitPriority({ ...wait, priority: 0 })).toBe(4 * 7 * 3 + 2 * 10 + 3);
  expect(longestWaitPriority({ ...wait, priority: 0, maxSkips: 2 })).toBe(3 * (4 * 7 * 3 + 2 * 10 + 3));
});

test('back-off doubles up to its longest', () => {
  expect([0, 1, 2, 3, 4, 5, 60].map((failures) => backoffIterations(failures, 8))).toEqual([0, 1, 2, 4, 8, 8, 8]);
});

describe("Jain's index", () => {
  test('is 1 for equal shares and for nothing at all', () => {
    expect(jainIndex([3, 3, 3])).toBe(1);
    expect(jainIndex([])).toBe(1);
    expect(jainIndex([0, 0])).toBe(1);
  });
  test('six starved threads of 64 still score 0.906', () => {
    expect(jainIndex([...Array<number>(58).fill(1), ...Array<number>(6).fill(0)])).toBeCloseTo(0.90625, 10);
  });
});

describe('weighted max-min shares', () => {
  test('what a small demand leaves is shared among the rest by weight', () => {
    expect(maxMinShares([1, 100, 100], [1, 1, 3], 41)).toEqual([1, 10, 30]);
    expect(maxMinShares([5, 5], [1, 1], 100)).toEqual([5, 5]);
    expect(maxMinShares([0, 5], [1, 1], 3)).toEqual([0, 3]);
    expect(maxMinShares([4, 4], [1, 1], 0)).toEqual([0, 0]);
  });
  test('nobody gets more than its demand, and all that is asked for is given', () => {
    const load = fc.array(fc.tuple(fc.nat(1000), fc.integer({ min: 1, max: 9 })), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(load, fc.nat(5000), (threads, capacity) => {
        const demands = threads.map(([demand]) => demand);
        const shares = maxMinShares(
          demands,
          threads.map(([, weight]) => weight),
          capacity,
        );
        const wanted = demands.reduce((sum, demand) => sum + demand, 0);
        shares.forEach((share, i) => expect(share).toBeLessThanOrEqual(demands[i]! + 1e-9));
        expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(Math.min(wanted, capacity), 6);
      }),
    );
  });
});

describe('the fairness index', () => {
  const equal = (delivered: number[]): { demand: number; weight: number; delivered: number }[] =>
    delivered.map((value) => ({ demand: 100, weight: 1, delivered: value }));
  test('is 1 when unequal demands are met in full', () => {
    expect(
      fairnessIndex([
        { demand: 1, weight: 1, delivered: 1 },
        { demand: 900, weight: 1, delivered: 900 },
      ]),
    ).toBe(1);
  });
  test('counts the starved, and leaves out those without demand', () => {
    expect(fairnessIndex(equal([50, 0]))).toBe(0.5);
    expect(fairnessIndex([...equal([50, 0]), { demand: 0, weight: 1, delivered: 0 }])).toBe(0.5);
  });
  test('is rounded half up to 6 decimals', () => {
    expect(fairnessIndex(equal([1, 2, 3]))).toBe(0.857143);
    expect(fairnessIndex([])).toBe(1);
  });
});
