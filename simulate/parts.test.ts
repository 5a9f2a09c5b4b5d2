import fc from 'fast-check';
import { expect, test } from 'vitest';
import { large, part, span, trim, whole } from './format.js';
import { LagTracker } from './lag.js';
import { LatencyHistogram } from './latency.js';
import { MinHeap } from './min-heap.js';

test('a heap gives back what it was given, the smallest first', () => {
  fc.assert(
    fc.property(fc.array(fc.integer()), (keys) => {
      const heap = new MinHeap<number>();
      for (const key of keys) heap.push(key, key);
      expect(heap.size).toBe(keys.length);
      expect(keys.map(() => heap.pop())).toEqual(keys.toSorted((a, b) => a - b));
      expect([heap.pop(), heap.top, heap.topKey]).toEqual([undefined, undefined, Infinity]);
    }),
    { seed: 4 },
  );
});

test('lag is the largest difference of service, looked at after every visit', () => {
  const [a, b, c] = [{ name: 'a' }, { name: 'b' }, { name: 'c' }];
  const lag = new LagTracker<object>();
  lag.begin([a, b]);
  lag.served(a, 4);
  expect(lag.largest).toBe(4);
  lag.served(b, 4);
  lag.served(a, 4);
  lag.served(c, 100); // came later: not among them
  expect(lag.largest).toBe(4);
  lag.drop(b);
  lag.served(a, 50);
  expect(lag.largest).toBe(4);
  lag.begin([a, b]);
  expect(lag.largest).toBe(0);
  lag.served(b, 1);
  expect(lag.largest).toBe(1);
});

test('quantiles of durations, to 2.2 %', () => {
  const seen = new LatencyHistogram();
  expect(seen.quantile(0.5)).toBeUndefined();
  for (let ns = 1; ns <= 1000; ns += 1) seen.add(ns);
  expect(seen.total).toBe(1000);
  expect(seen.quantile(0.5)! / 500).toBeCloseTo(1, 1);
  expect(seen.quantile(0.99)! / 990).toBeCloseTo(1, 1);
  expect(seen.quantile(0)).toBe(1);
  seen.add(2 ** 70, 1e6);
  expect(seen.quantile(1)).toBeGreaterThan(1e19);
});

test('numbers read the same everywhere', () => {
  expect([whole(1234567), whole(12.6)]).toEqual(['1,234,567', '13']);
  expect([999, 12_345, 4_560_000, 7.8e9, 123_456_789].map(large)).toEqual([
    '999',
    '12.3 k',
    '4.56 M',
    '7.8 G',
    '123 M',
  ]);
  expect([120, 3400, 12e6, 1.5e9].map(span)).toEqual(['120 ns', '3.4 µs', '12 ms', '1.5 s']);
  expect([trim(2, 2), part(0.9999), part(1)]).toEqual(['2', '0.999', '1.000']);
});
