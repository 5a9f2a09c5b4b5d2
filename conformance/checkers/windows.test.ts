import { describe, expect, test } from 'vitest';
import type { HistoryInput } from '../../spec/index.js';
import {
  detail,
  detailBatch,
  emit,
  free,
  group,
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
      'window-loss: thread 1, detail lane: window 2 is marked and sealed, and its events 4 to 5 were never delivered',
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
    // a window of which the sink took nothing is not drained
    expect(
      order(detailBatch(1, [[2, 1]], { acknowledged: 0 }), detailBatch(1, [[0, 2]]), detailBatch(1, [[2, 1]])),
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

describe('every finding names lane, window and event, and shows its records', () => {
  const start = [detail(1, 0, 7), mark(1, 7)];
  const of = (...records: HistoryInput[]) => findWindowFaults(stepped(CONFIG, ...start, ...records));
  const due = detailBatch(1, [[4, 2]]);

  test('unmarked detail', () => {
    expect(findUnmarkedDetail(stepped(CONFIG, ...start, detailBatch(1, [[2, 2]])))).toEqual([
      {
        rule: 'unmarked',
        message: 'thread 1, detail lane: events 2 to 3 of window 1, which was never marked, were delivered',
        expected: 'unmarked detail never handed to the sink',
        seen: 'events 2 to 3',
        evidence: [3],
      },
    ]);
  });

  test('a loss: the record that sealed the window, and the last one', () => {
    expect(of()).toEqual([
      {
        rule: 'window-loss',
        message: 'thread 1, detail lane: window 2 is marked and sealed, and its events 4 to 5 were never delivered',
        expected: 'every record of a sealed marked window delivered',
        seen: 'not delivered',
        evidence: [1, 3],
      },
    ]);
  });

  test('an open window', () => {
    expect(of(due, detailBatch(1, [[6, 1]]), seal(1, 7))).toEqual([
      {
        rule: 'open-window',
        message: 'thread 1, detail lane: window 3 was drained while it was open',
        expected: 'nothing before the window is sealed',
        seen: 'event 6',
        evidence: [4],
      },
    ]);
  });

  test('a window after a later one: both batches', () => {
    const late = [detailBatch(1, [[6, 1]]), due];
    expect(of(leave(1), ...late)).toEqual([
      {
        rule: 'window-order',
        message: 'thread 1, detail lane: window 2 was drained after window 3',
        expected: 'the oldest window first',
        seen: 'window 3, then event 4',
        evidence: [4, 5],
      },
    ]);
  });

  test('at most 20', () => {
    const threads = Array.from({ length: 25 }, (_, i) => i);
    const wrong = threads.flatMap((i) => [detail(i, 0, 1), detailBatch(i, [[0, 1]])]);
    expect(findUnmarkedDetail(stepped(CONFIG, ...wrong))).toHaveLength(20);
    const lost = threads.flatMap((i) => [mark(i, 0), detail(i, 0, 2)]);
    expect(findWindowFaults(stepped(CONFIG, ...lost))).toHaveLength(20);
  });
});

describe('runs of a batch that lie in several windows', () => {
  const faults = (...records: HistoryInput[]): string[] => said(findWindowFaults(stepped(CONFIG, ...records)));

  test('unmarked ones are told apart, each once', () => {
    const unmarked = [detail(1, 0, 6), detailBatch(1, [[1, 4]]), detailBatch(1, [[0, 6]])];
    expect(said(findUnmarkedDetail(stepped(CONFIG, ...unmarked)))).toEqual([
      'unmarked: thread 1, detail lane: event 1 of window 0, which was never marked, was delivered',
      'unmarked: thread 1, detail lane: events 2 to 3 of window 1, which was never marked, were delivered',
      'unmarked: thread 1, detail lane: event 4 of window 2, which was never marked, was delivered',
    ]);
  });

  test('marked ones come as they lie', () => {
    expect(faults(mark(1, 0), detail(1, 0, 4), detailBatch(1, [[0, 4]]))).toEqual([]);
    expect(faults(mark(1, 0), detail(1, 0, 4), detailBatch(1, [[1, 2]]))).toEqual([
      'window-loss: thread 1, detail lane: window 0 is marked and sealed, and its event 0 was never delivered',
      'window-loss: thread 1, detail lane: window 1 is marked and sealed, and its event 3 was never delivered',
    ]);
  });

  test('a window whose events have gaps between them is one window', () => {
    const gap = [mark(1, 0), detail(1, 0, 1), detail(1, 1, 3, 'DETAIL_FULL'), detail(1, 4, 1)];
    expect(windowsOf(stepped(CONFIG, ...gap), 1)[0]!.sequences.runs).toEqual([
      { from: 0, count: 1 },
      { from: 4, count: 1 },
    ]);
    expect(
      faults(
        ...gap,
        detailBatch(1, [
          [0, 1],
          [4, 1],
        ]),
      ),
    ).toEqual([]);
    expect(faults(...gap, detailBatch(1, [[0, 1]]))).toEqual([
      'window-loss: thread 1, detail lane: window 0 is marked and sealed, and its event 4 was never delivered',
    ]);
  });

  test('threads stand apart', () => {
    const two = [mark(1, 0), detail(1, 0, 2), detail(2, 0, 2)];
    expect(faults(...two, detailBatch(1, [[0, 2]]))).toEqual([]);
    expect(faults(...two, detailBatch(2, [[0, 2]]))).toHaveLength(2);
  });
});

describe('an open window', () => {
  const faults = (...records: HistoryInput[]): string[] => said(findWindowFaults(stepped(CONFIG, ...records)));
  const open = [mark(1, 0), detail(1, 0, 1)];

  test('may be drained once its thread ended or the window is sealed', () => {
    expect(faults(...open, seal(1, 1), detailBatch(1, [[0, 1]]))).toEqual([]);
    expect(faults(...open, leave(1), detailBatch(1, [[0, 1]]))).toEqual([]);
    expect(faults(...open, detailBatch(1, [[0, 1]]), leave(1))).toHaveLength(1);
  });

  test('is told once, and the windows after it are looked at all the same', () => {
    const drained = [detailBatch(1, [[0, 1]], { acknowledged: 0 }), detailBatch(1, [[0, 1]])];
    expect(faults(...open, ...drained)).toHaveLength(1);
    expect(faults(...open, ...drained, seal(1, 1), detail(1, 1, 1), detailBatch(1, [[1, 1]]))).toHaveLength(2);
  });

  test('is nobody’s fault where an event is of unknown outcome: windows may begin elsewhere', () => {
    const untold = [mark(1, 0), detail(1, 0, 1), detail(1, 1, 1, 'unknown')];
    expect(faults(...untold, detailBatch(1, [[0, 1]]))).toEqual([]);
  });

  test('that was never sealed loses nothing', () => {
    expect(faults(...open)).toEqual([]);
    expect(faults(...open, seal(1, 1))).toHaveLength(1);
  });
});

describe('how far a mark reaches', () => {
  test('an uncertain one does not take back what is sure, nor shorten it', () => {
    expect(marks({ postRoll: 2, detailCapacity: 16 }, mark(1, 0), mark(1, 0, 'unknown'), detail(1, 0, 9))).toBe(
      'y y y n n*',
    );
    expect(
      marks({ postRoll: 2, detailCapacity: 16 }, mark(1, 0, 'unknown'), detail(1, 0, 2), mark(1, 2), detail(1, 2, 9)),
    ).toBe('y y y y n n*');
    expect(
      marks({ detailCapacity: 16 }, mark(1, 0, 'unknown'), detail(1, 0, 2), mark(1, 2, 'unknown'), detail(1, 2, 5)),
    ).toBe('m m m n*');
  });

  test('an open window takes postRoll after it, a closed one counts as the first of them', () => {
    expect(marks({ postRoll: 2, detailCapacity: 16 }, detail(1, 0, 1), mark(1, 1), detail(1, 1, 9))).toBe('y y y n n');
    expect(marks({ postRoll: 2, detailCapacity: 16 }, detail(1, 0, 2), mark(1, 2), detail(1, 2, 9))).toBe(
      'y y y y n n*',
    );
    expect(marks({ postRoll: 0, detailCapacity: 16 }, mark(1, 0, 'unknown'), detail(1, 0, 4))).toBe('m n');
  });

  test('back to the first window and not beyond', () => {
    expect(marks({ preRoll: 9, detailCapacity: 16 }, detail(1, 0, 5), mark(1, 5))).toBe('y y y*');
    expect(marks({ preRoll: 0, detailCapacity: 16 }, detail(1, 0, 5), mark(1, 5))).toBe('n n y*');
  });

  test('one window further back where windows may begin elsewhere', () => {
    const untold = [detail(1, 0, 6), detail(1, 6, 1, 'unknown'), mark(1, 6)];
    expect(marks({ detailCapacity: 16 }, ...untold)).toBe('n m m');
    expect(marks({ detailCapacity: 16, preRoll: 0 }, ...untold)).toBe('n n m');
  });

  test('surely as long as there are no more windows than places', () => {
    expect(marks({}, detail(1, 0, 7), mark(1, 7))).toBe('n n y y*');
    expect(marks({}, detail(1, 0, 8), mark(1, 8))).toBe('n n n y');
    expect(marks({ detailCapacity: 1 }, detail(1, 0, 2), mark(1, 2))).toBe('y');
    expect(marks({ detailCapacity: 9 }, detail(1, 0, 9), mark(1, 9))).toBe('n n n m y*');
  });
});

test('no event of unknown outcome, no uncertainty', () => {
  const nothing = [detail(1, 0, 2), detail(1, 2, 0, 'unknown'), mark(1, 2), detail(1, 2, 2)];
  expect(marks({}, ...nothing)).toBe('y y');
  expect(marks({}, detail(1, 0, 0), group(1, 'submit', [0, 1], [0, 0], 'unknown'), detail(1, 0, 2))).toBe('n');
  expect(marks({}, detail(1, 0, 1), emit(1, 0, 9, 'unknown'), detail(1, 1, 1))).toBe('n');
});

test('a seal seals the open window only: not one that an event of unknown outcome left behind', () => {
  expect(marks({}, detail(1, 0, 1), detail(1, 1, 1, 'unknown'), seal(1, 1))).toBe('n*');
});

test('free runs that a seal splits keep their sequences, whatever of unknown outcome lies between', () => {
  const runs = (...records: HistoryInput[]): string =>
    windowsOf(free(CONFIG, ...records), 1)
      .map(({ sequences }) => sequences.runs.map(({ from, count }) => `${from}+${count}`).join(','))
      .join(' ');
  expect(runs(detail(1, 0, 4), seal(1, 1))).toBe('0+1 1+2 3+1');
  expect(runs(detail(1, 0, 2), detail(1, 2, 1, 'unknown'), detail(1, 3, 2), seal(1, 3))).toBe('0+2 3+1 4+1');
});
