import fc from 'fast-check';
import { expect, test } from 'vitest';
import { arrivalProcess, chance } from './arrivals.js';

test('steady: one event every period, from its phase on', () => {
  const events = arrivalProcess({ kind: 'steady', rate: 1e6 }, 100, 0.5);
  expect([0, 599, 600, 1599, 1600].map((at) => events.countBy(at))).toEqual([0, 0, 1, 1, 2]);
  expect([0, 1, 7].map((k) => events.timeOf(k))).toEqual([600, 1600, 7600]);
});

test('burst: n at once, every period', () => {
  const events = arrivalProcess({ kind: 'burst', events: 3, everyNs: 50 }, 0, 0);
  expect([0, 49, 50, 100].map((at) => events.countBy(at))).toEqual([3, 3, 6, 9]);
  expect([0, 2, 3, 8].map((k) => events.timeOf(k))).toEqual([0, 0, 50, 100]);
});

test('who waits for the k-th event finds k + 1 then, and not before', () => {
  const rate = fc.double({ min: 1e-3, max: 1e9, noNaN: true });
  const phase = fc.double({ min: 0, max: 0.999, noNaN: true });
  fc.assert(
    fc.property(rate, fc.nat(1e6), phase, fc.nat(1e5), (perSecond, joinNs, at, k) => {
      const events = arrivalProcess({ kind: 'steady', rate: perSecond }, joinNs, at);
      const time = events.timeOf(k);
      expect(events.countBy(time)).toBe(k + 1);
      if (k > 0) expect(events.countBy(events.timeOf(k - 1))).toBe(k);
    }),
    { seed: 4 },
  );
});

test('chance: the same for the same numbers, spread evenly', () => {
  expect(chance(1, 2, 3)).toBe(chance(1, 2, 3));
  const values = Array.from({ length: 10_000 }, (_, i) => chance(7, 3, i));
  expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...values)).toBeLessThan(1);
  expect(values.reduce((sum, value) => sum + value, 0) / values.length).toBeCloseTo(0.5, 1);
});
