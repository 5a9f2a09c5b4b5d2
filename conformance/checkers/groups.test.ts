import { describe, expect, test } from 'vitest';
import { findGroupFaults, findJoinFaults } from './groups.js';
import {
  batch,
  detail,
  detailBatch,
  emit,
  free,
  group,
  iteration,
  mark,
  said,
  seal,
  stepped,
  stop,
} from './testing.js';

type Records = Parameters<typeof stepped>[1][];
const joined = (from: number, count: number, join?: number): { from: number; count: number; join?: number } =>
  join === undefined ? { from, count } : { from, count, join };

describe('joins', () => {
  const faults = (...records: Records): string[] => said(findJoinFaults(stepped({}, ...records)));
  const submitted = group(1, 'submit', [0, 3], [10, 2]);

  test('without the sizes of windows nobody knows which detail is due', () => {
    const lost = stepped(
      {},
      submitted,
      mark(1, 2),
      seal(1, 2),
      batch(1, [joined(0, 2, 10), joined(2, 1)]),
      iteration(),
    );
    expect(said(findJoinFaults(lost))).toEqual([
      'join: thread 1: index event 0 was delivered, and its detail 10, which is marked, never was',
    ]);
    expect(findJoinFaults(lost, { windows: false })).toEqual([]);
  });

  test('as submitted: the first two joined, the third alone', () => {
    expect(faults(submitted, batch(1, [joined(0, 2, 10), joined(2, 1)]))).toEqual([]);
    expect(faults(submitted, batch(1, [joined(0, 1, 10), joined(1, 1, 11), joined(2, 1)]))).toEqual([]);
  });

  test('another detail, none, one too many', () => {
    expect(faults(submitted, batch(1, [joined(0, 2, 11)]))).toEqual([
      'join: thread 1: index event 0 was submitted with detail 10 and delivered with detail 11',
    ]);
    expect(faults(submitted, batch(1, [joined(1, 1)]))).toEqual([
      'join: thread 1: index event 1 was submitted with detail 11 and delivered with no detail',
    ]);
    expect(faults(submitted, batch(1, [joined(0, 3, 10)]))).toEqual([
      'join: thread 1: index event 2 was submitted with no detail and delivered with detail 12',
    ]);
    expect(faults(emit(1, 0, 1), batch(1, [joined(0, 1, 0)]))).toHaveLength(1);
    expect(faults(emit(1, 0, 1), batch(1, [joined(0, 1)]))).toEqual([]);
  });

  test('between two groups', () => {
    const two = [group(1, 'submit', [0, 2], [0, 2]), emit(1, 2, 1), group(1, 'submit', [3, 1], [3, 1])];
    expect(faults(...two, batch(1, [joined(0, 2, 0), joined(2, 1), joined(3, 1, 3)]))).toEqual([]);
    expect(faults(...two, batch(1, [joined(0, 4, 0)]))).toEqual([
      'join: thread 1: index event 2 was submitted with no detail and delivered with detail 2',
    ]);
    expect(faults(...two, batch(1, [joined(2, 2)]))).toHaveLength(1);
  });

  test('refused groups join nothing, begun ones only by their commit', () => {
    expect(faults(group(1, 'submit', [0, 1], [0, 1], 'LANE_FULL'), batch(1, [joined(0, 1, 0)]))).toHaveLength(1);
    expect(faults(group(1, 'begin', [0, 1], [0, 1]), batch(1, [joined(0, 1, 0)]))).toHaveLength(1);
    expect(faults(group(1, 'commit', [0, 1], [0, 1]), batch(1, [joined(0, 1, 0)]))).toEqual([]);
    expect(faults(group(1, 'submit', [0, 1], [0, 1], 'unknown'), batch(1, [joined(0, 1, 0)]))).toEqual([]);
    expect(faults(group(1, 'submit', [0, 1], [0, 1], 'unknown'), batch(1, [joined(0, 1, 5)]))).toHaveLength(1);
  });

  test('free threads tell their joins; of an event of unknown outcome nothing is asked', () => {
    const joins = { type: 'joins', thread: 1, pairs: [[0, 0]] } as const;
    const told = { ...joins, pairs: [[0, 0] as [number, number]] };
    const history = (join: number) =>
      free(
        {},
        emit(1, 0, 2),
        told,
        emit(1, 2, 1, 'unknown'),
        batch(1, [joined(0, 1, join), joined(1, 1), joined(2, 1, 1)]),
      );
    expect(findJoinFaults(history(0))).toEqual([]);
    expect(findJoinFaults(history(1))).toHaveLength(1);
  });

  test('a delivered index event whose detail is marked and missing', () => {
    const start = [group(1, 'submit', [0, 2], [0, 2]), mark(1, 2), seal(1, 2), batch(1, [joined(0, 2, 0)])];
    const idle = iteration();
    expect(faults(...start, detailBatch(1, [[0, 2]]), idle)).toEqual([]);
    expect(faults(...start, detailBatch(1, [[0, 1]]), idle)).toEqual([
      'join: thread 1: index event 1 was delivered, and its detail 1, which is marked, never was',
    ]);
    expect(faults(...start, detailBatch(1, [[0, 1]]))).toEqual([]);
    const unmarked = [group(1, 'submit', [0, 2], [0, 2]), seal(1, 2), batch(1, [joined(0, 2, 0)]), idle];
    expect(faults(...unmarked)).toEqual([]);
    const open = [group(1, 'submit', [0, 2], [0, 2]), mark(1, 2), batch(1, [joined(0, 2, 0)]), idle];
    expect(faults(...open)).toEqual([]);
    const notYet = [group(1, 'submit', [0, 2], [0, 2]), mark(1, 2), seal(1, 2), idle];
    expect(faults(...notYet)).toEqual([]);
  });
});

describe('groups', () => {
  const faults = (...records: Records): string[] => said(findGroupFaults(stepped({}, ...records)));
  const begin = group(1, 'begin', [2, 2], [0, 1]);
  const commit = group(1, 'commit', [2, 2], [0, 1]);

  test('nothing before the commit, in either lane', () => {
    expect(faults(emit(1, 0, 2), begin, batch(1, [[0, 2]]), commit, batch(1, [[2, 2]]))).toEqual([]);
    expect(faults(begin, batch(1, [[0, 3]]), commit)).toEqual([
      'group: thread 1, index lane: event 2 of a group was delivered before its commit',
    ]);
    expect(faults(begin, detailBatch(1, [[0, 1]]), commit)).toHaveLength(1);
    const unknown = group(1, 'commit', [2, 2], [0, 1], 'unknown');
    expect(faults(begin, unknown, batch(1, [[2, 2]]), detailBatch(1, [[0, 1]]))).toEqual([]);
    // it is told when the thread's death is known
    expect(faults(begin, batch(1, [[2, 2]]), unknown)).toEqual([]);
    expect(faults(begin, batch(1, [[3, 1]]), batch(1, [[2, 1]]))).toEqual([
      'group: thread 1, index lane: event 3 of a group was delivered and it was never committed',
    ]);
    expect(faults(begin, batch(1, [[4, 1]]))).toEqual([]);
    expect(faults(begin, group(1, 'commit', [2, 2], [0, 1], 'STOPPED'), batch(1, [[2, 2]]))).toHaveLength(1);
  });

  test('a free history has no order of lines', () => {
    expect(findGroupFaults(free({}, begin, batch(1, [[2, 2]]), commit))).toEqual([]);
    expect(findGroupFaults(free({}, begin, batch(1, [[2, 2]])))).toHaveLength(1);
  });

  test('all of it once the history is settled', () => {
    const partly = [group(1, 'submit', [0, 3]), batch(1, [[0, 1]])];
    expect(faults(...partly, iteration())).toEqual([
      'group: thread 1, index lane: event 1 of a group was never delivered, and others of the group were',
    ]);
    expect(faults(...partly)).toEqual([]);
    expect(faults(...partly, stop())).toHaveLength(1);
    expect(faults(...partly, iteration({ skips: 1 }))).toEqual([]);
    expect(faults(...partly, batch(1, [[1, 2]]), iteration())).toEqual([]);
    expect(faults(group(1, 'submit', [0, 3]), iteration())).toEqual([]);
    expect(faults(emit(1, 0, 3), detail(1, 0, 2), batch(1, [[0, 1]]), iteration())).toEqual([]);
    expect(findGroupFaults(free({}, ...partly, stop()))).toHaveLength(1);
    expect(findGroupFaults(free({}, ...partly, stop({ complete: false, leftIndex: 2 })))).toEqual([]);
  });
});

describe('every finding names the event and shows its records', () => {
  test('another join', () => {
    const other = [group(1, 'submit', [0, 2], [10, 2]), batch(1, [joined(0, 1, 10), joined(1, 1, 12)])];
    expect(findJoinFaults(stepped({}, ...other))).toEqual([
      {
        rule: 'join',
        message: 'thread 1: index event 1 was submitted with detail 11 and delivered with detail 12',
        expected: 'detail 11',
        seen: 'detail 12',
        evidence: [2],
      },
    ]);
    expect(findJoinFaults(stepped({}, emit(1, 0, 1), batch(1, [joined(0, 1, 3)])))).toMatchObject([
      { expected: 'no detail', seen: 'detail 3' },
    ]);
  });

  test('a marked detail that never came: the record that sealed its window', () => {
    const start = [group(1, 'submit', [0, 2], [0, 2]), mark(1, 2), seal(1, 2), batch(1, [joined(0, 2, 0)])];
    expect(findJoinFaults(stepped({}, ...start, detailBatch(1, [[0, 1]]), iteration()))).toEqual([
      {
        rule: 'join',
        message: 'thread 1: index event 1 was delivered, and its detail 1, which is marked, never was',
        expected: 'detail 1 delivered',
        seen: 'not delivered',
        evidence: [3],
      },
    ]);
  });

  test('a group before its commit: its begin and the batch', () => {
    const begin = group(1, 'begin', [2, 2]);
    expect(findGroupFaults(stepped({}, emit(1, 0, 2), begin, batch(1, [[0, 4]])))).toEqual([
      {
        rule: 'group',
        message: 'thread 1, index lane: event 2 of a group was delivered and it was never committed',
        expected: 'nothing of a group before its commit',
        seen: 'a part of it',
        evidence: [2, 3],
      },
    ]);
  });

  test('a group in part: its submit', () => {
    const partly = [emit(1, 0, 1), group(1, 'submit', [1, 3]), batch(1, [[0, 3]]), iteration()];
    expect(findGroupFaults(stepped({}, ...partly))).toEqual([
      {
        rule: 'group',
        message: 'thread 1, index lane: event 3 of a group was never delivered, and others of the group were',
        expected: 'all 3 events of the group',
        seen: '2 of them',
        evidence: [2],
      },
    ]);
  });

  test('at most 20', () => {
    const threads = Array.from({ length: 25 }, (_, i) => i);
    const all = (make: (thread: number) => Records) => stepped({}, ...threads.flatMap(make));
    expect(findJoinFaults(all((i) => [emit(i, 0, 1), batch(i, [joined(0, 1, 0)])]))).toHaveLength(20);
    expect(findGroupFaults(all((i) => [group(i, 'begin', [0, 1]), batch(i, [[0, 1]])]))).toHaveLength(20);
  });
});

describe('which part of a run is joined wrongly', () => {
  const faults = (...records: Records): string[] => said(findJoinFaults(stepped({}, ...records)));

  test('each run has at most one finding, at its first wrong event', () => {
    const two = [group(1, 'submit', [0, 2], [0, 2]), emit(1, 2, 2), group(1, 'submit', [4, 2], [2, 2])];
    expect(faults(...two, batch(1, [joined(0, 6, 7)]))).toEqual([
      'join: thread 1: index event 0 was submitted with detail 0 and delivered with detail 7',
    ]);
    expect(faults(...two, batch(1, [joined(0, 2, 0), joined(2, 2), joined(4, 2, 3)]))).toEqual([
      'join: thread 1: index event 4 was submitted with detail 2 and delivered with detail 3',
    ]);
    expect(faults(...two, batch(1, [joined(0, 6, 0)]))).toEqual([
      'join: thread 1: index event 2 was submitted with no detail and delivered with detail 2',
    ]);
  });

  test('groups whose details follow each other although other events lie between them', () => {
    const apart = [group(1, 'submit', [0, 2], [0, 2]), group(1, 'submit', [2, 2], [5, 2])];
    expect(faults(...apart, batch(1, [joined(0, 2, 0), joined(2, 2, 5)]))).toEqual([]);
    expect(faults(...apart, batch(1, [joined(0, 4, 0)]))).toEqual([
      'join: thread 1: index event 2 was submitted with detail 5 and delivered with detail 2',
    ]);
  });

  test('a run that begins and ends inside a group', () => {
    const wide = group(1, 'submit', [10, 9], [100, 9]);
    expect(faults(wide, batch(1, [joined(13, 3, 103)]))).toEqual([]);
    expect(faults(wide, batch(1, [joined(13, 3, 102)]))).toEqual([
      'join: thread 1: index event 13 was submitted with detail 103 and delivered with detail 102',
    ]);
  });

  test('groups may be told in any order, other threads’ groups join nothing here', () => {
    const later = [group(1, 'submit', [2, 1], [1, 1]), group(1, 'submit', [0, 1], [0, 1]), emit(1, 1, 1)];
    expect(faults(...later, batch(1, [joined(0, 1, 0), joined(1, 1), joined(2, 1, 1)]))).toEqual([]);
    expect(faults(emit(1, 0, 1), group(2, 'submit', [0, 1], [0, 1]), batch(1, [joined(0, 1)]))).toEqual([]);
    expect(faults(emit(1, 0, 1), group(2, 'submit', [0, 1], [0, 1]), batch(1, [joined(0, 1, 0)]))).toHaveLength(1);
  });

  test('of events of unknown outcome nothing is asked, of those around them it is', () => {
    const records = [emit(1, 0, 1), emit(1, 1, 2, 'unknown'), emit(1, 3, 1)];
    expect(faults(...records, batch(1, [joined(0, 1), joined(1, 2, 4), joined(3, 1)]))).toEqual([]);
    expect(faults(...records, batch(1, [joined(0, 3, 3)]))).toEqual([
      'join: thread 1: index event 0 was submitted with no detail and delivered with detail 3',
    ]);
    expect(faults(...records, batch(1, [joined(1, 3, 4)]))).toEqual([
      'join: thread 1: index event 3 was submitted with no detail and delivered with detail 6',
    ]);
  });

  test('a group with more details than index events joins as many as it can', () => {
    expect(
      faults(group(1, 'submit', [0, 1], [0, 3]), emit(1, 1, 1), batch(1, [joined(0, 1, 0), joined(1, 1)])),
    ).toEqual([]);
  });

  test('joins inside detail batches are nobody’s', () => {
    expect(faults(detail(1, 0, 1), detailBatch(1, [joined(0, 1, 4)]))).toEqual([]);
  });
});

describe('marked details of delivered index events', () => {
  const CONFIG = { windowRecords: 2, preRoll: 0, postRoll: 0 };
  const faults = (...records: Records): string[] => said(findJoinFaults(stepped(CONFIG, ...records)));

  test('each of them is asked for, across groups and windows', () => {
    const start = [group(1, 'submit', [0, 1], [0, 1]), group(1, 'submit', [1, 2], [1, 2]), mark(1, 3), seal(1, 3)];
    const shown = batch(1, [joined(0, 1, 0), joined(1, 2, 1)]);
    expect(faults(...start, shown, detailBatch(1, [[2, 1]]), iteration())).toEqual([]);
    expect(faults(...start, shown, iteration())).toEqual([
      'join: thread 1: index event 2 was delivered, and its detail 2, which is marked, never was',
    ]);
    expect(faults(mark(1, 0), ...start, shown, detailBatch(1, [[2, 1]]), iteration())).toEqual([
      'join: thread 1: index event 0 was delivered, and its detail 0, which is marked, never was',
      'join: thread 1: index event 1 was delivered, and its detail 1, which is marked, never was',
    ]);
  });

  test('not while a stop says that it left details, nor of details that were submitted alone', () => {
    const start = [group(1, 'submit', [0, 2], [0, 2]), mark(1, 2), seal(1, 2), batch(1, [joined(0, 2, 0)])];
    expect(faults(mark(1, 0), ...start, stop({ complete: false, leftDetail: 2 }), iteration())).toEqual([]);
    expect(faults(mark(1, 0), ...start, iteration())).toHaveLength(1);
    const alone = [emit(1, 0, 2), mark(1, 0), detail(1, 0, 2), batch(1, [joined(0, 2)])];
    expect(faults(...alone, iteration())).toEqual([]);
  });

  test('not of details in windows that no mark covers, though their group reaches there', () => {
    const first = [mark(1, 0), group(1, 'submit', [0, 4], [0, 4]), batch(1, [joined(0, 4, 0)])];
    expect(faults(...first, detailBatch(1, [[0, 2]]), iteration())).toEqual([]);
    const start = [group(1, 'submit', [0, 2], [0, 2]), mark(1, 2), group(1, 'submit', [2, 4], [2, 4])];
    const shown = batch(1, [joined(0, 6, 0)]);
    expect(faults(...start, shown, detailBatch(1, [[2, 2]]), iteration())).toEqual([]);
    expect(faults(...start, shown, detailBatch(1, [[2, 1]]), iteration())).toHaveLength(1);
  });

  test('also where details were submitted in another order than their index events', () => {
    const crossed = [mark(1, 0), group(1, 'submit', [0, 1], [2, 1]), group(1, 'submit', [1, 2], [0, 2])];
    const shown = batch(1, [joined(0, 1, 2), joined(1, 2, 0)]);
    expect(faults(...crossed, shown, detailBatch(1, [[1, 2]]), iteration())).toEqual([
      'join: thread 1: index event 1 was delivered, and its detail 0, which is marked, never was',
    ]);
  });

  test('an index event that was not delivered itself asks for nothing', () => {
    const start = [mark(1, 0), group(1, 'submit', [0, 2], [0, 2])];
    expect(faults(...start, batch(1, [joined(1, 1, 1)]), detailBatch(1, [[1, 1]]), iteration())).toEqual([]);
    expect(faults(...start, batch(1, [joined(0, 1, 0)]), detailBatch(1, [[1, 1]]), iteration())).toHaveLength(1);
  });
});

describe('groups that are begun', () => {
  const faults = (...records: Records): string[] => said(findGroupFaults(stepped({}, ...records)));

  test('are each looked at, in whatever order they were staged', () => {
    const begins = [group(1, 'begin', [4, 2]), group(1, 'begin', [0, 2])];
    expect(faults(...begins, batch(1, [[0, 6]]))).toHaveLength(2);
    expect(faults(...begins, group(1, 'commit', [4, 2]), batch(1, [[4, 2]]), batch(1, [[0, 2]]))).toHaveLength(1);
  });

  test('are told once, however often their events come', () => {
    expect(faults(group(1, 'begin', [0, 2]), batch(1, [[0, 1]]), batch(1, [[0, 1]]), batch(1, [[1, 1]]))).toHaveLength(
      1,
    );
  });

  test('need only be whole where the lane is the index lane', () => {
    const details = [group(1, 'submit', [0, 1], [0, 3]), batch(1, [[0, 1]]), detailBatch(1, [[0, 1]])];
    expect(faults(...details, iteration())).toEqual([]);
  });

  test('may be in part while a stop says that it left events', () => {
    const partly = [group(1, 'submit', [0, 3]), batch(1, [[0, 1]])];
    expect(faults(...partly, stop({ complete: false, leftIndex: 2 }), iteration())).toEqual([]);
  });
});
