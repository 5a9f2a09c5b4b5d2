import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RunSet, describeRun, overlapping, type Run } from './runs.js';

const run = fc.tuple(fc.nat(30), fc.nat(8));

describe('RunSet', () => {
  test('agrees with a set of numbers, whatever is added in whatever order', () => {
    fc.assert(
      fc.property(fc.array(run, { maxLength: 12 }), run, (added, [from, count]) => {
        const set = new RunSet();
        const model = new Set<number>();
        for (const [start, length] of added) {
          set.add(start, length);
          for (let i = 0; i < length; i += 1) model.add(start + i);
        }
        expect(set.size).toBe(model.size);
        expect(set.runs.flatMap((one) => Array.from({ length: one.count }, (_, i) => one.from + i))).toEqual(
          [...model].sort((a, b) => a - b),
        );
        set.runs.slice(1).forEach((one, i) => expect(one.from).toBeGreaterThan(set.runs[i]!.from + set.runs[i]!.count));
        const asked = Array.from({ length: count }, (_, i) => from + i);
        expect(set.absent(from, count)).toBe(asked.filter((one) => !model.has(one)).length);
        const first = (wanted: boolean): { from: number; count: number } | undefined => {
          const begin = asked.findIndex((one) => model.has(one) === wanted);
          if (begin < 0) return undefined;
          const end = asked.findIndex((one, i) => i > begin && model.has(one) !== wanted);
          return { from: asked[begin]!, count: (end < 0 ? count : end) - begin };
        };
        expect(set.common(from, count)).toEqual(first(true));
        expect(set.missing(from, count)).toEqual(first(false));
      }),
      { numRuns: 500, seed: 7 },
    );
  });

  test('joins runs that touch, and no others', () => {
    const set = new RunSet();
    set.add(0, 2);
    set.add(3, 2);
    expect(set.runs).toEqual([
      { from: 0, count: 2 },
      { from: 3, count: 2 },
    ]);
    set.add(2, 1);
    expect(set.runs).toEqual([{ from: 0, count: 5 }]);
    set.add(9, 0);
    set.add(9, -1);
    expect(set.size).toBe(5);
  });
});

/** The first number that does not fit into four bytes. */
const NARROW = 2 ** 32;
test('a set whose first sequence is beyond four bytes keeps it', () => {
  const set = new RunSet();
  set.add(NARROW + 7, 3);
  set.add(NARROW + 20, 1);
  expect(set.runs).toEqual([
    { from: NARROW + 7, count: 3 },
    { from: NARROW + 20, count: 1 },
  ]);
});
test.each([NARROW - 9, NARROW - 1, NARROW, NARROW + 1, 2 ** 40])(
  'sequences beyond four bytes are kept: around %d',
  (at) => {
    const set = new RunSet();
    set.add(0, 2);
    set.add(at, 1);
    expect(set.runs).toEqual([
      { from: 0, count: 2 },
      { from: at, count: 1 },
    ]);
    set.add(at + 1, 1); // the last run grows
    set.add(at + 4, 2); // a run behind it
    set.add(5, 1); // and runs in the middle, so many that the numbers need more room
    set.add(at - 3, 1);
    for (let n = 0; n < 9; n += 1) set.add(100 + 2 * n, 1);
    expect(set.runs).toEqual([
      { from: 0, count: 2 },
      { from: 5, count: 1 },
      ...Array.from({ length: 9 }, (_, n) => ({ from: 100 + 2 * n, count: 1 })),
      { from: at - 3, count: 1 },
      { from: at, count: 2 },
      { from: at + 4, count: 2 },
    ]);
    expect(set.missing(at, 6)).toEqual({ from: at + 2, count: 2 });
    expect(set.common(at + 2, 6)).toEqual({ from: at + 4, count: 2 });
  },
);

test('a run is asked for at its last sequence and just behind it', () => {
  const set = new RunSet();
  set.add(4, 2);
  set.add(8, 2);
  expect(set.missing(5, 1)).toBeUndefined();
  expect(set.missing(6, 2)).toEqual({ from: 6, count: 2 });
  expect(set.missing(6, 4)).toEqual({ from: 6, count: 2 });
  expect(set.missing(9, 2)).toEqual({ from: 10, count: 1 });
});

test('overlapping finds exactly the runs that share a sequence', () => {
  const sorted = [0, 4, 8].map((from) => ({ from, count: 3 }));
  expect(overlapping(sorted, 3, 1)).toEqual([]);
  expect(overlapping(sorted, 2, 1)).toEqual([sorted[0]]);
  expect(overlapping(sorted, 2, 3)).toEqual([sorted[0], sorted[1]]);
  expect(overlapping(sorted, 3, 5)).toEqual([sorted[1]]);
  expect(overlapping(sorted, 0, 100)).toEqual(sorted);
  expect(overlapping(sorted, 11, 5)).toEqual([]);
  expect(overlapping([], 0, 1)).toEqual([]);
  expect(overlapping(sorted, 1, 0)).toEqual([]);
});

test('a run in words', () => {
  expect(describeRun({ from: 7, count: 1 })).toBe('event 7');
  expect(describeRun({ from: 7, count: 3 })).toBe('events 7 to 9');
});

/** A set beside a plain model of it: far more runs than one chunk holds, so that chunks are cut, filled and joined. */
describe('a RunSet of thousands of runs', () => {
  const RUNS = 1600;
  /** Runs `4n ... 4n + 2`, added in this order. */
  const filled = (order: readonly number[]): RunSet => {
    const set = new RunSet();
    for (const n of order) set.add(4 * n, 2);
    return set;
  };
  const ascending = Array.from({ length: RUNS }, (_, n) => n);
  const orders: Record<string, readonly number[]> = {
    ascending,
    descending: ascending.toReversed(),
    'from the middle': ascending.map((n) => (n + RUNS / 2) % RUNS),
    scattered: ascending.map((n) => (n * 611) % RUNS),
  };

  test.each(Object.entries(orders))('holds each of them: added %s', (_, order) => {
    const set = filled(order);
    expect(set.size).toBe(2 * RUNS);
    expect(set.runs).toEqual(ascending.map((n) => ({ from: 4 * n, count: 2 })));
    const is = (run: Run | undefined, from: number, count: number): boolean =>
      run?.from === from && run.count === count;
    const wrong = ascending.filter(
      (n) =>
        !is(set.common(4 * n, 4), 4 * n, 2) ||
        !is(set.missing(4 * n, 4), 4 * n + 2, 2) ||
        set.common(4 * n + 2, 2) !== undefined ||
        set.missing(4 * n, 2) !== undefined,
    );
    expect(wrong).toEqual([]);
    expect(set.absent(0, 4 * RUNS)).toBe(2 * RUNS);
    expect(set.absent(1, 4 * RUNS - 2)).toBe(2 * RUNS - 1);
  });

  test.each(Object.entries(orders))('becomes one run when the gaps are filled: added %s', (_, order) => {
    for (const gaps of Object.values(orders)) {
      const set = filled(order);
      for (const n of gaps) set.add(4 * n + 2, 2);
      expect(set.runs).toEqual([{ from: 0, count: 4 * RUNS }]);
      expect(set.missing(0, 4 * RUNS)).toBeUndefined();
    }
  });

  test.each(Object.entries(orders))('becomes one run when a long one covers them: added %s', (_, order) => {
    const over = (from: number, to: number): RunSet => {
      const set = filled(order);
      set.add(from, to - from);
      return set;
    };
    for (const [from, to] of [
      [0, 4 * RUNS],
      [1, 4 * RUNS - 3],
      [0, 4 * RUNS - 2],
    ] as const) {
      const set = over(from, to);
      expect(set.runs).toEqual([{ from: 0, count: Math.max(to, 4 * RUNS - 2) }]);
    }
    for (const [first, last] of [
      [100, 200],
      [100, 1500],
      [511, 1024],
      [255, 513],
      [0, 1599],
    ] as const) {
      const inner = over(4 * first + 1, 4 * last + 1);
      expect(inner.runs).toEqual([
        ...ascending.slice(0, first).map((n) => ({ from: 4 * n, count: 2 })),
        { from: 4 * first, count: 4 * (last - first) + 2 },
        ...ascending.slice(last + 1).map((n) => ({ from: 4 * n, count: 2 })),
      ]);
      expect(inner.absent(0, 4 * RUNS)).toBe(2 * (RUNS - (last - first)));
      const touching = over(4 * first + 2, 4 * last);
      expect(touching.runs).toEqual(inner.runs);
    }
  });

  test('agrees with a model, whatever is added where', () => {
    const wide = fc.tuple(fc.nat(4 * RUNS), fc.oneof(fc.nat(9), fc.nat(3000)));
    fc.assert(
      fc.property(
        fc.array(wide, { minLength: 1, maxLength: 8 }),
        fc.constantFrom(...Object.keys(orders)),
        (more, name) => {
          const set = filled(orders[name]!);
          const model = new Uint8Array(8 * RUNS);
          for (const n of ascending) model.fill(1, 4 * n, 4 * n + 2);
          for (const [from, count] of more) {
            set.add(from, count);
            model.fill(1, from, from + count);
          }
          const seen = new Uint8Array(8 * RUNS);
          let last = -1;
          for (const { from, count } of set.runs) {
            if (from <= last) throw new Error(`runs touch at ${from}`);
            last = from + count;
            seen.fill(1, from, last);
          }
          expect(Buffer.compare(seen, model)).toBe(0);
          expect(set.absent(0, 8 * RUNS)).toBe(8 * RUNS - set.size);
        },
      ),
      { numRuns: 30, seed: 7 },
    );
  });
});
