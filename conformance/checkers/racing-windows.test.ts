import { expect, test } from 'vitest';
import type { HistoryInput } from '../../spec/index.js';
import { findRacingShareFaults, racingWindows } from './racing-windows.js';
import { free, said } from './testing.js';

type Row = readonly [thread: number, delivered: number, accepted: number];
const boundary = (...rows: Row[]): HistoryInput => ({
  type: 'window',
  threads: rows.map(([thread, delivered, accepted]) => ({ thread, delivered, accepted })),
});
const windows = (...boundaries: HistoryInput[]) => racingWindows(free({}, ...boundaries));

test('a window is what lies between two boundaries', () => {
  expect(windows()).toEqual([]);
  expect(windows(boundary([1, 0, 5]))).toEqual([]);
  const [first, second] = windows(
    boundary([1, 10, 20], [2, 10, 20]),
    boundary([1, 110, 200], [2, 110, 200]),
    boundary([1, 210, 210], [2, 160, 300]),
  );
  expect(first).toEqual({ jain: 1, minShare: 1, thread: 0, threads: 2, sure: false, left: 180, records: [1, 2] });
  // 150 events for demands of 100 and 190: 75 each
  expect(second).toMatchObject({ threads: 2, thread: 2, left: 140, records: [2, 3] });
  expect(second!.minShare).toBeCloseTo(50 / 75);
  expect(second!.jain).toBeCloseTo((100 / 75 + 50 / 75) ** 2 / (2 * ((100 / 75) ** 2 + (50 / 75) ** 2)));
});

test('a thread that came in the middle began with nothing; one that has gone is out', () => {
  const [one] = windows(boundary([1, 50, 60], [9, 5, 5]), boundary([1, 90, 130], [2, 40, 80]));
  expect(one).toMatchObject({ threads: 2, minShare: 1, left: 80 });
});

test('threads without demand are out, those that got nothing are in', () => {
  const [one] = windows(boundary([1, 0, 0], [2, 0, 0], [3, 4, 4]), boundary([1, 90, 200], [2, 0, 8], [3, 4, 4]));
  expect(one).toMatchObject({ threads: 2, thread: 2, minShare: 0 });
});

test('a window is sure when each thread began it with its fair share waiting', () => {
  // 100 events were delivered in the window: 50 each, or 10 and 90
  const of = (...begin: Row[]): boolean => windows(boundary(...begin), boundary([1, 60, 200], [2, 60, 200]))[0]!.sure;
  expect(of([1, 10, 60], [2, 10, 60])).toBe(true);
  expect(of([1, 10, 59], [2, 10, 60])).toBe(false);
  expect(of([1, 10, 60])).toBe(false);
  const small = (waiting: number): boolean =>
    windows(boundary([1, 0, waiting], [2, 0, 90]), boundary([1, 10, 10], [2, 90, 300]))[0]!.sure;
  expect(small(10)).toBe(true);
  expect(small(9)).toBe(false);
});

test('faults: a share or an index below its limit', () => {
  const all = windows(boundary([1, 0, 0], [2, 0, 0]), boundary([1, 150, 300], [2, 50, 300]));
  expect(findRacingShareFaults(all, { minShare: 0.5, minJain: 0.8 })).toEqual([]);
  expect(said(findRacingShareFaults(all, { minShare: 0.51, minJain: 0.81 }))).toEqual([
    'share: over a window thread 2 got 0.500 of its fair share beside 1 others',
    "jain: over a window Jain's index over delivered / fair share of 2 threads is 0.8000",
  ]);
  expect(findRacingShareFaults(all, { minShare: 0.51, minJain: 0.81 })).toMatchObject([
    { expected: 'a share of at least 0.51', seen: '0.500', evidence: [1, 2] },
    { expected: 'at least 0.81', seen: '0.8000', evidence: [1, 2] },
  ]);
});
