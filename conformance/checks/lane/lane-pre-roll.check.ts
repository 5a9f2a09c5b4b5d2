// LANE-PRE-ROLL: mark() also marks the preRoll windows before the open one that are still there, and no more.
import type { ScenarioInput } from '../../../spec/index.js';
import { defineCheck } from '../../check.js';
import { findUnmarkedDetail, findWindowFaults, windowsOf } from '../../checkers/index.js';
import { emit, leave, mark, register, settle, stepped } from '../../scenarios/build.js';

/** Six windows of two records, the mark in the fourth: with and without an open window. */
const around = (roll: number, open: boolean): ScenarioInput =>
  stepped(
    { detailRecordBytes: 64, detailCapacity: 32, windowRecords: 2, preRoll: roll, postRoll: 0 },
    register(1),
    emit(1, 'detail', 6),
    ...(open ? [emit(1, 'detail', 1), mark(1), emit(1, 'detail', 1)] : [mark(1), emit(1, 'detail', 2)]),
    emit(1, 'detail', 6),
    settle(4096),
    leave(1),
    settle(4096),
  );

export default defineCheck({
  id: 'LANE-PRE-ROLL',
  scenarios: [0, 1, 2, 3].flatMap((roll) => [around(roll, true), around(roll, false)]),
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
