import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RunSet, describeRun, overlapping } from './runs.js';

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
      { numRuns: 500 },
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

test('overlapping finds exactly the runs that share a sequence', () => {
  const sorted = [0, 4, 8].map((from) => ({ from, count: 3 }));
  expect(overlapping(sorted, 3, 1)).toEqual([]);
  expect(overlapping(sorted, 2, 1)).toEqual([sorted[0]]);
  expect(overlapping(sorted, 2, 3)).toEqual([sorted[0], sorted[1]]);
  expect(overlapping(sorted, 3, 5)).toEqual([sorted[1]]);
  expect(overlapping(sorted, 0, 100)).toEqual(sorted);
  expect(overlapping(sorted, 11, 5)).toEqual([]);
  expect(overlapping([], 0, 1)).toEqual([]);
});

test('a run in words', () => {
  expect(describeRun({ from: 7, count: 1 })).toBe('7');
  expect(describeRun({ from: 7, count: 3 })).toBe('7 to 9');
});
