import { describe, expect, test } from 'vitest';
import type { HistoryInput } from '../../spec/index.js';
import { detail, detailBatch, free, group, iteration, leave, mark, said, seal, stepped, stop } from './testing.js';
import { findUnmarkedDetail, findWindowFaults, windowsOf } from './windows.js';

const CONFIG = { windowRecords: 2, detailCapacity: 8, preRoll: 1, postRoll: 1 };
const marks = (config: Record<string, number>, ...records: HistoryInput[]): string =>
  windowsOf(stepped({ ...CONFIG, ...config }, ...records), 1)
    .map(({ marked, sealedBy }) => marked[0]! + (sealedBy === undefined ? '*' : ''))
    .join(' ');

describe('windows follow from what the producer did', () => {
  test('full windows are sealed by the emit that fills them', () => {
    const windows = windowsOf(stepped(CONFIG, detail(1, 0, 5), detail(1, 5, 1), detail(2, 0, 1)), 1);
    expect(windows.map(({ number, records, sealedBy }) => [number, records, sealedBy])).toEqual([
      [0, 2, 1],
      [1, 2, 1],
      [2, 2, 2],
    ]);
    expect(windows[2]!.sequences.runs).toEqual([{ from: 4, count: 2 }]);
    expect(windowsOf(stepped(CONFIG, detail(2, 0, 1)), 1)).toEqual([]);
  });

  test('the usual sizes where the history states none', () => {
    expect(windowsOf(stepped({}, detail(1, 0, 9)), 1).map(({ records }) => records)).toEqual([8, 1]);
    const nine = [...Array.from({ length: 9 }, (_, i) => detail(1, i * 8, 8)), mark(1, 72)];
    expect(windowsOf(stepped({}, ...nine), 1).map(({ marked }) => marked)[8]).toBe('maybe');
    const eight = [...Array.from({ length: 8 }, (_, i) => detail(1, i * 8, 8)), mark(1, 64), detail(1, 64, 24)];
    expect(windowsOf(stepped({}, ...eight), 1).map(({ marked }) => marked[0])).toEqual([...'nnnnnnnyyyn']);
  });

  test('seal, leave, death and stop seal; rejected ones do not', () => {
    const dead = { type: 'dead', thread: 1, outcome: 'accepted' } as const;
    expect(marks({}, detail(1, 0, 1))).toBe('n*');
    for (const end of [seal(1, 1), leave(1), dead, stop(), stop({ complete: false, leftDetail: 1 })])
      expect(marks({}, detail(1, 0, 1), end)).toBe('n');
    for (const not of [
      { ...seal(1, 1), outcome: 'STOPPED' },
      { ...dead, outcome: 'STALE_HANDLE' },
      { ...leave(1), outcome: 'THREAD_LEFT' },
    ])
      expect(marks({}, detail(1, 0, 1), not as HistoryInput)).toBe('n*');
    expect(marks({}, detail(1, 0, 1), stop({ complete: false }))).toBe('n*');
    expect(marks({}, seal(1, 0), detail(1, 0, 1), seal(1, 1), seal(1, 1), detail(1, 1, 1))).toBe('n n*');
  });

  test('rejected details and staged groups open nothing, committed ones do', () => {
    expect(marks({}, detail(1, 0, 2, 'DETAIL_FULL'), group(1, 'begin', [0, 1], [2, 2]))).toBe('');
    expect(marks({}, group(1, 'commit', [0, 1], [2, 3]), group(1, 'submit', [1, 1], [5, 0]))).toBe('n n*');
    expect(marks({}, group(1, 'submit', [0, 1], [0, 1], 'STOPPED'))).toBe('');
  });

  test('a mark covers the open window, preRoll before and postRoll after it', () => {
    const around = [detail(1, 0, 5), mark(1, 5), detail(1, 5, 5)];
    expect(marks({ detailCapacity: 16 }, ...around)).toBe('n y y y n');
    expect(marks({ detailCapacity: 16, preRoll: 2, postRoll: 0 }, ...around)).toBe('y y y n n');
    expect(marks({ detailCapacity: 16, preRoll: 0, postRoll: 2 }, ...around)).toBe('n n y y y');
  });

  test('without an open window the next one stands for it', () => {
    expect(marks({}, detail(1, 0, 4), mark(1, 4), detail(1, 4, 4), detail(1, 8, 1))).toBe('n y y y n*');
    expect(marks({ postRoll: 0 }, mark(1, 0), detail(1, 0, 3))).toBe('y n*');
    expect(marks({}, detail(1, 0, 3), mark(1, 3, 'THREAD_LEFT'))).toBe('n n*');
  });

  test('a second mark does not shorten the first', () => {
    expect(marks({ postRoll: 2, detailCapacity: 16 }, mark(1, 0), mark(1, 0), detail(1, 0, 7))).toBe('y y y n*');
  });

  test('with more windows than places the past is uncertain', () => {
    expect(marks({}, detail(1, 0, 7), mark(1, 7))).toBe('n n y y*');
    expect(marks({}, detail(1, 0, 9), mark(1, 9))).toBe('n n n m y*');
    expect(marks({}, detail(1, 0, 9), mark(1, 9), mark(1, 9))).toBe('n n n m y*');
  });

  test('a mark in which the thread died may have happened', () => {
    expect(marks({}, detail(1, 0, 3), mark(1, 3, 'unknown'), leave(1))).toBe('m m');
    expect(marks({}, mark(1, 0, 'unknown'), detail(1, 0, 5))).toBe('m m n*');
    expect(marks({}, detail(1, 0, 3), mark(1, 3), mark(1, 3, 'unknown'))).toBe('y y*');
  });

  test('after an event of unknown outcome windows may begin elsewhere', () => {
    expect(marks({}, detail(1, 0, 1), detail(1, 1, 1, 'unknown'), leave(1))).toBe('n');
    expect(marks({}, detail(1, 0, 1), detail(1, 1, 1, 'unknown'), detail(1, 2, 1))).toBe('n* m*');
    expect(marks({}, detail(1, 0, 5), detail(1, 5, 1, 'unknown'), mark(1, 5), leave(1))).toBe('n m m');
  });

  test('free histories: marks and seals go where they say', () => {
    const of = (...records: HistoryInput[]): string =>
      windowsOf(free({ ...CONFIG, detailCapacity: 16 }, ...records), 1)
        .map(({ marked, sealedBy }) => marked[0]! + (sealedBy === undefined ? '*' : ''))
        .join(' ');
    expect(of(detail(1, 0, 10), mark(1, 5))).toBe('n y y y n');
    expect(of(detail(1, 3, 7), detail(1, 0, 3), mark(1, 5))).toBe('n y y y n');
    expect(of(detail(1, 0, 5), seal(1, 1), mark(1, 5))).toBe('n n y');
    expect(of(stop(), detail(1, 0, 3), mark(1, 3))).toBe('y y');
    expect(of(leave(1), detail(1, 0, 3), mark(1, 3), mark(1, 0))).toBe('y y');
    expect(of(detail(1, 0, 3), detail(1, 3, 1, 'unknown'), mark(1, 3))).toBe('y y*');
  });
});

describe('what was delivered of them', () => {
  const start = [detail(1, 0, 7), mark(1, 7)];
  const faults = (...records: HistoryInput[]): string[] =>
    said(findWindowFaults(stepped(CONFIG, ...start, ...records)));
  const due = detailBatch(1, [[4, 2]]);

  test('sealed marked windows, once, and nothing else', () => {
    expect(faults(due, iteration())).toEqual([]);
    expect(faults(due, leave(1), detailBatch(1, [[6, 1]]))).toEqual([]);
  });

  test('unmarked detail', () => {
    const history = stepped(CONFIG, ...start, detailBatch(1, [[3, 3]]), detailBatch(1, [[2, 1]]));
    expect(said(findUnmarkedDetail(history))).toEqual([
      'unmarked: thread 1, detail lane: event 3 of window 1, which was never marked, was delivered',
    ]);
    expect(said(findWindowFaults(history))).toEqual(said(findUnmarkedDetail(history)));
  });

  test('a sealed marked window that is not delivered, or not whole', () => {
    expect(faults()).toEqual([
      'window-loss: thread 1, detail lane: window 2 is marked and sealed, and its event 4 to 5 was never delivered',
    ]);
    expect(faults(detailBatch(1, [[4, 2]], { acknowledged: 1 }))).toEqual([
      'window-loss: thread 1, detail lane: window 2 is marked and sealed, and its event 5 was never delivered',
    ]);
    expect(faults(due, leave(1))).toHaveLength(1);
  });

  test('what an incomplete stop left may be missing', () => {
    expect(faults(stop({ complete: false, leftDetail: 3 }))).toEqual([]);
    expect(faults(stop({ complete: false, leftDetail: 2 }))).toHaveLength(2);
  });

  test('an open window that was drained', () => {
    expect(faults(due, detailBatch(1, [[6, 1]]), seal(1, 7))).toEqual([
      'open-window: thread 1, detail lane: window 3 was drained while it was open',
    ]);
    expect(faults(due, detailBatch(1, [[6, 1]]))).toHaveLength(1);
    expect(
      faults(due, detailBatch(1, [[6, 1]], { acknowledged: 0 }), seal(1, 7), detailBatch(1, [[6, 1]])),
    ).toHaveLength(1);
  });

  test('stop seals what it drains before it tells so, but not what an iteration drained', () => {
    expect(faults(due, iteration({ visits: 1 }), detailBatch(1, [[6, 1]]), stop())).toEqual([]);
    expect(faults(due, detailBatch(1, [[6, 1]]), iteration(), stop())).toEqual([]);
    expect(faults(due, detailBatch(1, [[6, 1]]), iteration({ visits: 1 }), stop())).toHaveLength(1);
  });

  test('the oldest window first', () => {
    const two = [detail(1, 0, 3), mark(1, 3), seal(1, 3)];
    const order = (...batches: HistoryInput[]): string[] => said(findWindowFaults(stepped(CONFIG, ...two, ...batches)));
    expect(order(detailBatch(1, [[0, 2]]), detailBatch(1, [[2, 1]]))).toEqual([]);
    expect(order(detailBatch(1, [[2, 1]]), detailBatch(1, [[0, 1]]), detailBatch(1, [[1, 1]]))).toEqual([
      'window-order: thread 1, detail lane: window 0 was drained after window 1',
    ]);
    expect(
      order(detailBatch(1, [[0, 2]]), detailBatch(1, [[2, 1]], { acknowledged: 0 }), detailBatch(1, [[2, 1]])),
    ).toEqual([]);
  });

  test('a batch over two windows of which the sink took a part is offered again from where it ended', () => {
    const two = [detail(1, 0, 3), mark(1, 3), seal(1, 3)];
    const order = (...batches: HistoryInput[]): string[] => said(findWindowFaults(stepped(CONFIG, ...two, ...batches)));
    expect(order(detailBatch(1, [[0, 3]], { acknowledged: 1 }), detailBatch(1, [[1, 2]]))).toEqual([]);
  });

  test('a window that may be marked comes whole or not at all', () => {
    const nine = [detail(1, 0, 9), mark(1, 9)];
    const maybe = (...batches: HistoryInput[]): string[] =>
      said(findWindowFaults(stepped(CONFIG, ...nine, ...batches)));
    expect(maybe()).toEqual([]);
    expect(maybe(detailBatch(1, [[6, 2]]))).toEqual([]);
    expect(maybe(detailBatch(1, [[6, 1]]))).toEqual([
      'window-loss: thread 1, detail lane: window 3 was drained in part, and its event 7 was never delivered',
    ]);
  });

  test('free histories have no order of lines: no open windows, no early ones', () => {
    const history = free(CONFIG, detailBatch(1, [[4, 3]]), ...start, leave(1));
    expect(findWindowFaults(history)).toEqual([]);
  });
});
