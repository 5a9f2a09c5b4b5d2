import { describe, expect, test } from 'vitest';
import type { HistoryInput } from '../../spec/index.js';
import {
  batch,
  detail,
  detailBatch,
  emit,
  free,
  iteration,
  leave,
  mark,
  said,
  seal,
  stepped,
  stop,
} from './testing.js';
import { findUnmarkedDetail, findWindowFaults, windowsOf } from './windows.js';

const CONFIG = { windowRecords: 2, detailCapacity: 8, preRoll: 1, postRoll: 1 };

describe('free histories', () => {
  const FREE = { ...CONFIG, detailCapacity: 16 };
  const windows = (...records: HistoryInput[]): string =>
    windowsOf(free(FREE, ...records), 1)
      .map(({ marked, records: held, sealedBy }) => `${marked[0]!}${held}${sealedBy === undefined ? '*' : ''}`)
      .join(' ');

  test('marks and seals at several places, told in any order', () => {
    expect(windows(detail(1, 0, 12), mark(1, 9), mark(1, 1))).toBe('y2 y2 n2 y2 y2 y2');
    expect(windows(detail(1, 0, 6), seal(1, 3), seal(1, 1))).toBe('n1 n2 n2 n1*');
    expect(windows(detail(1, 0, 6), seal(1, 1), seal(1, 3))).toBe('n1 n2 n2 n1*');
  });

  test('what stands at the same place stays in its order', () => {
    const near = (...records: HistoryInput[]): string =>
      windowsOf(free({ ...FREE, preRoll: 0, postRoll: 0 }, ...records), 1)
        .map(({ marked, records: held }) => `${marked[0]!}${held}`)
        .join(' ');
    expect(near(detail(1, 0, 3), seal(1, 1), mark(1, 1))).toBe('n1 y2');
    expect(near(detail(1, 0, 3), mark(1, 1), seal(1, 1))).toBe('y1 n2');
    expect(near(mark(1, 1), seal(1, 1), detail(1, 0, 3))).toBe('y1 n2');
    expect(windows(detail(1, 0, 1), mark(1, 1), leave(1))).toBe('y1');
  });

  test('an `at` counts what was accepted, not sequences', () => {
    expect(windows(detail(1, 0, 2), detail(1, 2, 5, 'DETAIL_FULL'), detail(1, 7, 4), mark(1, 5))).toBe('n2 y2 y2');
    expect(windows(detail(1, 4, 4), detail(1, 0, 1), mark(1, 0))).toBe('y2 y2 n1*');
  });

  test('an untold event stands where its sequence says', () => {
    expect(windows(detail(1, 0, 2), detail(1, 2, 1, 'unknown'), mark(1, 2), detail(1, 3, 2))).toBe('y2 m2');
    expect(windows(detail(1, 3, 2), detail(1, 2, 1, 'unknown'), detail(1, 0, 1), mark(1, 3))).toBe('m1* m2');
  });

  test('a stop seals the lanes of all, a leave its own, each at the end', () => {
    expect(windows(stop(), detail(1, 0, 3))).toBe('n2 n1');
    expect(windows(leave(1), detail(1, 0, 3))).toBe('n2 n1');
    expect(windows(leave(2), detail(1, 0, 3))).toBe('n2 n1*');
    expect(windows(stop({ complete: false }), detail(1, 0, 3))).toBe('n2 n1*');
  });
});

describe('stepped histories', () => {
  test('a stop seals what was written before it, of every thread', () => {
    const records = [detail(1, 0, 1), detail(2, 0, 1), stop(), detail(3, 0, 1)];
    const sealed = (thread: number) => windowsOf(stepped(CONFIG, ...records), thread).map(({ sealedBy }) => sealedBy);
    expect([sealed(1), sealed(2), sealed(3)]).toEqual([[3], [3], [undefined]]);
  });

  test('the first that seals a window is told', () => {
    const sealed = (...records: HistoryInput[]) => windowsOf(stepped(CONFIG, ...records), 1).map((one) => one.sealedBy);
    expect(sealed(detail(1, 0, 1), seal(1, 1), leave(1), stop())).toEqual([2]);
    expect(sealed(detail(1, 0, 3), leave(1), stop())).toEqual([1, 2]);
  });

  test('windows of one thread are made once for a history', () => {
    const history = stepped(CONFIG, detail(1, 0, 1), detail(2, 0, 1));
    expect(windowsOf(history, 1)).toBe(windowsOf(history, 1));
    expect(windowsOf(history, 2)).not.toBe(windowsOf(history, 1));
  });
});

describe('what an incomplete stop left', () => {
  const pending = [mark(1, 0), detail(1, 0, 2), mark(2, 0), detail(2, 0, 2)];
  const of = (leftDetail: number): number =>
    findWindowFaults(stepped(CONFIG, ...pending, stop({ complete: false, leftDetail }))).length;

  test('may be missing of all lanes together', () => {
    expect([of(4), of(3), of(5)]).toEqual([0, 2, 0]);
  });

  test('excuses no other fault', () => {
    const early = [mark(1, 0), detail(1, 0, 1), detailBatch(1, [[0, 1]]), iteration({ visits: 1 })];
    const history = stepped(CONFIG, ...early, stop({ complete: false, leftDetail: 9 }));
    expect(said(findWindowFaults(history))).toEqual([
      'open-window: thread 1, detail lane: window 0 was drained while it was open',
    ]);
  });
});

describe('a stop and the turn before it', () => {
  const open = [mark(1, 0), detail(1, 0, 1)];
  const faults = (...records: HistoryInput[]): string[] => said(findWindowFaults(stepped(CONFIG, ...open, ...records)));
  const early = detailBatch(1, [[0, 1]]);

  test('each stop has its own', () => {
    expect(faults(iteration({ visits: 1 }), early, stop(), stop())).toEqual([]);
    expect(faults(early, iteration({ visits: 1 }), iteration(), stop())).toHaveLength(1);
  });

  test('without a turn before it all since the begin may be its own', () => {
    expect(faults(early, stop())).toEqual([]);
  });
});

test('index events are no matter of windows', () => {
  const index = [emit(1, 0, 4), batch(1, [[0, 2]]), mark(1, 0), batch(1, [[2, 2]])];
  const history = stepped(CONFIG, detail(1, 0, 2), ...index, detail(1, 2, 1), leave(1), detailBatch(1, [[0, 3]]));
  expect(findWindowFaults(history)).toEqual([]);
  const unmarked = stepped(CONFIG, detail(1, 0, 2), emit(1, 0, 2), batch(1, [[0, 2]]));
  expect(findUnmarkedDetail(unmarked)).toEqual([]);
});

test('a refused emit between a batch and its stop is no turn', () => {
  const open = [mark(1, 0), detail(1, 0, 1), detailBatch(1, [[0, 1]]), emit(1, 0, 1, 'STOPPED'), stop()];
  expect(findWindowFaults(stepped(CONFIG, ...open))).toEqual([]);
});

test('the first event of an open window is told, wherever its run began', () => {
  const run = [mark(1, 0), detail(1, 0, 3), detailBatch(1, [[0, 3]])];
  expect(findWindowFaults(stepped(CONFIG, ...run))).toMatchObject([{ rule: 'open-window', seen: 'event 2' }]);
});
