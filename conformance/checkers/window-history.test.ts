import { describe, expect, test } from 'vitest';
import type { HistoryInput } from '../../spec/index.js';
import { detail, detailBatch, mark, said, stepped } from './testing.js';
import { MOST_WINDOWS, TooManyWindows, windowsOf } from './window-history.js';
import { findUnmarkedDetail } from './windows.js';

const CONFIG = { windowRecords: 2, detailCapacity: 8, preRoll: 1, postRoll: 1 };

describe('however many events a record tells of', () => {
  const much = [detail(1, 0, 1e9), mark(1, 1e9), detail(1, 1e9, 9)];

  test('windows that no mark can reach are few entries, the others are told apart', () => {
    const windows = windowsOf(stepped(CONFIG, ...much), 1);
    expect(windows.length).toBeLessThan(40);
    expect(windows.reduce((sum, { records }) => sum + records, 0)).toBe(1e9 + 9);
    const few = windowsOf(stepped(CONFIG, detail(1, 0, 1000), mark(1, 1000), detail(1, 1000, 9)), 1);
    const end = (all: typeof windows): unknown => all.slice(-6).map(({ marked, records }) => [marked, records]);
    expect(end(windows)).toEqual(end(few));
    for (const all of [windows, few])
      all.slice(1).forEach(({ number }, i) => {
        expect(number).toBe(all[i]!.number + (all[i]!.windows ?? 1));
      });
  });

  test('one after another they are few entries too', () => {
    const emits = Array.from({ length: 500 }, (_, i) => detail(1, i, 1));
    expect(windowsOf(stepped(CONFIG, ...emits), 1).length).toBeLessThan(40);
  });

  test('what is delivered of them is told by its window, and no more is told than there is room for', () => {
    const told = (from: number, count: number): string[] =>
      said(findUnmarkedDetail(stepped(CONFIG, ...much, detailBatch(1, [[from, count]]))));
    expect(told(2e6 + 1, 2)).toEqual([
      'unmarked: thread 1, detail lane: event 2000001 of window 1000000, which was never marked, was delivered',
      'unmarked: thread 1, detail lane: event 2000002 of window 1000001, which was never marked, was delivered',
    ]);
    expect(told(0, 5e8)).toHaveLength(20);
  });
});

describe('windows that must be told apart', () => {
  const of = (count: number, ...more: HistoryInput[]) =>
    stepped(
      { detailCapacity: 1, windowRecords: 1, preRoll: 0, postRoll: MOST_WINDOWS },
      ...[mark(1, 0), detail(1, 0, count), ...more],
    );

  test('fit up to a number, of all lanes together', () => {
    const most = of(MOST_WINDOWS, detail(2, 0, 1));
    expect(windowsOf(most, 1)).toHaveLength(MOST_WINDOWS);
    expect(() => windowsOf(most, 2)).toThrow(TooManyWindows);
  });

  test('beyond it are refused, and not tried again', () => {
    const history = of(MOST_WINDOWS + 1);
    for (let i = 0; i < 2; i += 1)
      expect(() => windowsOf(history, 1)).toThrow(`more than ${MOST_WINDOWS} windows of detail must be told apart`);
    expect(() => windowsOf(history, 2)).toThrow(TooManyWindows);
  });
});
