import { afterEach, expect, test, vi } from 'vitest';
import { Calibration } from '../spec/stress.js';
import { calibrate } from './calibrate.js';

const WORKS = 20;
const SLEEPS = 60;

afterEach(() => {
  vi.restoreAllMocks();
});

/** What the clocks tell: of each piece of work its wall and processor time, of each sleep how long it took; ms. */
function play(works: readonly { readonly wall: number; readonly cpu: number }[], sleeps: readonly number[]): void {
  const later = [...works.map(({ wall }) => wall), ...sleeps];
  let [now, looks, works_] = [0, 0, 0];
  vi.spyOn(performance, 'now').mockImplementation(() => {
    // two looks each: before and after
    if (looks % 2 === 1) now += later[(looks - 1) / 2]!;
    looks += 1;
    return now;
  });
  vi.spyOn(process, 'cpuUsage').mockImplementation((since) => {
    if (since === undefined) return { user: 5, system: 5 };
    const us = works[works_++]!.cpu * 1000;
    return { user: us * 0.75, system: us * 0.25 };
  });
}
const same = <T>(count: number, value: T): T[] => new Array<T>(count).fill(value);

test('is of the format, and no machine is faster than one of its own', () => {
  const told = calibrate();
  expect(Calibration.parse(told)).toEqual(told);
  expect(told.slowdown).toBeGreaterThanOrEqual(1);
  expect(told.sleepP50Ms).toBeGreaterThanOrEqual(0);
  expect(told.sleepP99Ms).toBeGreaterThanOrEqual(told.sleepP50Ms);
});

test('slowdown is wall time by processor time, the middle one', () => {
  play([...same(5, { wall: 90, cpu: 1 }), ...same(WORKS - 5, { wall: 3, cpu: 2 })], same(SLEEPS, 1));
  expect(calibrate().slowdown).toBeCloseTo(1.5, 9);
});

test('a clock that tells more processor time than wall time is no faster machine; none at all is no endless one', () => {
  play(same(WORKS, { wall: 1, cpu: 2 }), same(SLEEPS, 1));
  expect(calibrate().slowdown).toBe(1);
  play(same(WORKS, { wall: 2, cpu: 0 }), same(SLEEPS, 1));
  expect(calibrate().slowdown).toBe(2000);
});

test('sleeps are told by what they took beyond the millisecond: the middle and the longest', () => {
  play(same(WORKS, { wall: 1, cpu: 1 }), [...same(10, 0.5), ...same(40, 1.25), ...same(9, 3), 8]);
  const { sleepP50Ms, sleepP99Ms } = calibrate();
  expect(sleepP50Ms).toBeCloseTo(0.25, 9);
  expect(sleepP99Ms).toBeCloseTo(7, 9);
  play(same(WORKS, { wall: 1, cpu: 1 }), same(SLEEPS, 0.5));
  expect(calibrate()).toMatchObject({ sleepP50Ms: 0, sleepP99Ms: 0 });
});
