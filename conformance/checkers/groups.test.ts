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
