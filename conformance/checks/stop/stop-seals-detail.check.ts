// STOP-SEALS-DETAIL: stop() seals and delivers the open window of every thread if it is marked, and delivers no
// unmarked one.
import { defineCheck } from '../../check.js';
import { findDuplicates, findWindowFaults, windowsOf } from '../../checkers/index.js';
import { emit, mark, register, stepped, stop, turn } from '../../scenarios/build.js';

const CONFIG = { detailRecordBytes: 64, detailCapacity: 16, windowRecords: 8, preRoll: 0, postRoll: 0 };

export default defineCheck({
  id: 'STOP-SEALS-DETAIL',
  scenarios: [
    // thread 1 has an open marked window, thread 2 an open unmarked one
    stepped(CONFIG, register(1), register(2), emit(1, 'detail', 3), mark(1), emit(2, 'detail', 3), turn(2), stop()),
    stepped(CONFIG, register(1), register(2), mark(1), emit(1, 'detail', 11), emit(2, 'detail', 9), stop()),
  ],
  judge(history) {
    const marked = windowsOf(history, 1).filter((window) => window.marked === 'yes');
    if (marked.length === 0) return { inconclusive: 'no marked window was open' };
    return [...findWindowFaults(history), ...findDuplicates(history)].map((fault) => ({
      ...fault,
      message: `stop() and the open windows: ${fault.message}`,
    }));
  },
});
