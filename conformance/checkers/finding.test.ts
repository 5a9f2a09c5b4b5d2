import { expect, test } from 'vitest';
import { MOST_FINDINGS, finding, merged, type Finding } from './finding.js';

const at = (...evidence: number[]): Finding => finding('rule', 'message', 'expected', 'seen', evidence);
const places = (...lists: Finding[][]): number[][] => merged(...lists).map(({ evidence }) => [...evidence]);

test('findings of several rules stand in the order of the last record that shows them', () => {
  expect(places([at(1, 9), at(2, 11)], [at(8), at(0, 10)])).toEqual([[8], [1, 9], [0, 10], [2, 11]]);
  expect(places([at(3)], [at(), at(1)])).toEqual([[], [1], [3]]);
});

test('only the first ones are kept', () => {
  const many = Array.from({ length: MOST_FINDINGS }, (_, n) => at(2 * n));
  expect(places(many, [at(1)])).toEqual([[0], [1], ...many.slice(1, -1).map(({ evidence }) => evidence)]);
});
