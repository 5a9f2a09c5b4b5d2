import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Lines } from './lines.js';

function linesOf(lines: readonly number[]): Lines {
  const told = new Lines();
  lines.forEach((line, record) => {
    told.observe(record, line);
  });
  return told;
}

test('each record has the line that it was told with, and what follows the last a later one', () => {
  const gaps = fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(gaps, (steps) => {
      let line = 0;
      const lines = steps.map((step) => (line += step));
      const told = linesOf(lines);
      expect(lines.map((_, record) => told.of(record))).toEqual(lines);
      expect(told.of(lines.length)).toBeGreaterThan(line);
    }),
  );
});

test('regular gaps are one stretch', () => {
  const every = (step: number): number[] => Array.from({ length: 1000 }, (_, i) => 2 + i * step);
  for (const step of [1, 2, 7]) expect(linesOf(every(step)).stretches).toBe(1);
  expect(linesOf([...every(2), 9000, 9001, 9002]).stretches).toBe(2);
});

test('of no record the line is the first', () => {
  expect(new Lines().of(0)).toBe(1);
});
