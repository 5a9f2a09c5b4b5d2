// LANE-POST-ROLL: mark() also marks the postRoll windows that are opened after the open one, and no more.
import type { ScenarioInput } from '../../../spec/index.js';
import { defineCheck } from '../../check.js';
import { findUnmarkedDetail, findWindowFaults, windowsOf } from '../../checkers/index.js';
import { emit, leave, mark, register, seal, settle, stepped, submit } from '../../scenarios/build.js';

/** Six windows of two records, the mark in the fourth: with and without an open window. */
const around = (roll: number, open: boolean, initialCursor = 0): ScenarioInput =>
  stepped(
    { detailRecordBytes: 64, detailCapacity: 32, windowRecords: 2, preRoll: 0, postRoll: roll, initialCursor },
    register(1),
    emit(1, 'detail', 6),
    ...(open ? [emit(1, 'detail', 1), mark(1), emit(1, 'detail', 1)] : [mark(1), emit(1, 'detail', 2)]),
    emit(1, 'detail', 6),
    settle(4096),
    leave(1),
    settle(4096),
  );

/** 40 windows of one record before the mark, and 300 after it. */
const far = (postRoll: number): ScenarioInput =>
  stepped(
    { detailRecordBytes: 32, detailCapacity: 512, windowRecords: 1, preRoll: 0, postRoll, slots: 1, quantum: 64 },
    ...[register(1), emit(1, 'detail', 40), mark(1), emit(1, 'detail', 300), settle(4096), leave(1), settle(4096)],
  );

/** Marks inside of a post-roll, and of a window that is marked already: the roll begins again, and does not add up. */
const repeated = (postRoll: number): ScenarioInput =>
  stepped(
    { detailRecordBytes: 64, detailCapacity: 64, windowRecords: 2, preRoll: 0, postRoll },
    ...[register(1), emit(1, 'detail', 1), mark(1), mark(1), emit(1, 'detail', 2), mark(1), emit(1, 'detail', 15)],
    ...[mark(1), emit(1, 'detail', 15), mark(1), seal(1), mark(1), seal(1), seal(1), emit(1, 'detail', 12)],
    ...[settle(4096), leave(1), settle(4096)],
  );

/** The windows after the mark are opened by a group, the last of them by emits. */
const grouped = (postRoll: number): ScenarioInput =>
  stepped(
    { detailRecordBytes: 64, detailCapacity: 64, windowRecords: 2, preRoll: 0, postRoll },
    ...[register(1), emit(1, 'detail', 6), mark(1), submit(1, 1, 5), emit(1, 'detail', 7)],
    ...[settle(4096), leave(1), settle(4096)],
  );

export default defineCheck({
  id: 'LANE-POST-ROLL',
  scenarios: [
    ...[0, 1, 2, 3].flatMap((roll) => [around(roll, true), around(roll, false)]),
    // the numbers of the windows wrap at each of them
    ...[1, 2, 3, 4, 5].flatMap((below) => [around(2, true, 2 ** 32 - below), around(2, false, 2 ** 32 - below)]),
    ...[200, 280].map(far),
    ...[0, 1, 3].map(repeated),
  ],
  also: [{ needs: ['submit'], scenarios: [0, 1, 2, 3].map(grouped) }],
  judge(history) {
    const windows = windowsOf(history, 1);
    if (windows.length < 7 || windows.some(({ marked }) => marked === 'maybe'))
      return { inconclusive: 'the windows before the mark may have been evicted' };
    return [...findWindowFaults(history), ...findUnmarkedDetail(history)].map((fault) => ({
      ...fault,
      message: `the windows after a mark: ${fault.message}`,
    }));
  },
});
