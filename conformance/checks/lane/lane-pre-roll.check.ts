// LANE-PRE-ROLL: mark() also marks the preRoll windows before the open one that are still there, and no more.
import type { ScenarioInput } from '../../../spec/index.js';
import { defineCheck } from '../../check.js';
import { findUnmarkedDetail, findWindowFaults, windowsOf } from '../../checkers/index.js';
import { emit, leave, mark, register, settle, stepped, submit } from '../../scenarios/build.js';

/** Six windows of two records, the mark in the fourth: with and without an open window. */
const around = (roll: number, open: boolean, initialCursor = 0): ScenarioInput =>
  stepped(
    { detailRecordBytes: 64, detailCapacity: 32, windowRecords: 2, preRoll: roll, postRoll: 0, initialCursor },
    register(1),
    emit(1, 'detail', 6),
    ...(open ? [emit(1, 'detail', 1), mark(1), emit(1, 'detail', 1)] : [mark(1), emit(1, 'detail', 2)]),
    emit(1, 'detail', 6),
    settle(4096),
    leave(1),
    settle(4096),
  );

/** 300 windows of one record before the mark, and 40 after it; the pre-roll reaches far back, or beyond the first. */
const far = (preRoll: number): ScenarioInput =>
  stepped(
    { detailRecordBytes: 32, detailCapacity: 512, windowRecords: 1, preRoll, postRoll: 0, slots: 1, quantum: 64 },
    ...[register(1), emit(1, 'detail', 300), mark(1), emit(1, 'detail', 40), settle(4096), leave(1), settle(4096)],
  );

/** Marks that reach back to windows which are marked already, with and without an open window. */
const repeated = (preRoll: number): ScenarioInput =>
  stepped(
    { detailRecordBytes: 64, detailCapacity: 64, windowRecords: 2, preRoll, postRoll: 0 },
    ...[register(1), emit(1, 'detail', 7), mark(1), mark(1), emit(1, 'detail', 1), mark(1), emit(1, 'detail', 5)],
    ...[mark(1), mark(1), emit(1, 'detail', 5), settle(4096), leave(1), settle(4096)],
  );

/** The windows before the mark were filled by a group, those before them by emits. */
const grouped = (preRoll: number): ScenarioInput =>
  stepped(
    { detailRecordBytes: 64, detailCapacity: 64, windowRecords: 2, preRoll, postRoll: 0 },
    ...[register(1), emit(1, 'detail', 6), submit(1, 6, 6), mark(1), emit(1, 'detail', 6)],
    ...[settle(4096), leave(1), settle(4096)],
  );

export default defineCheck({
  id: 'LANE-PRE-ROLL',
  scenarios: [
    ...[0, 1, 2, 3].flatMap((roll) => [around(roll, true), around(roll, false)]),
    // the numbers of the windows wrap at each of them
    ...[1, 2, 3, 4, 5].flatMap((below) => [around(2, true, 2 ** 32 - below), around(2, false, 2 ** 32 - below)]),
    ...[200, 65536].map(far),
    ...[0, 1, 3].map(repeated),
  ],
  also: [{ needs: ['submit'], scenarios: [0, 1, 2, 4].map(grouped) }],
  judge(history) {
    const windows = windowsOf(history, 1);
    if (windows.length < 7 || windows.some(({ marked }) => marked === 'maybe'))
      return { inconclusive: 'the windows before the mark may have been evicted' };
    return [...findWindowFaults(history), ...findUnmarkedDetail(history)].map((fault) => ({
      ...fault,
      message: `the windows before a mark: ${fault.message}`,
    }));
  },
});
