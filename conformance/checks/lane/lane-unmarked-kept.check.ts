// LANE-UNMARKED-KEPT: A detail record of a window that was never marked is never handed to the sink, not even
// by the final drain or stop.
import { defineCheck } from '../../check.js';
import {
  acknowledged,
  analyse,
  findUnmarkedDetail,
  findWindowFaults,
  recordsOf,
  windowsOf,
} from '../../checkers/index.js';
import { mixed } from '../../scenarios/arbitrary.js';
import { declareDead, emit, kill, leave, mark, register, settle, stepped, stop, turn } from '../../scenarios/build.js';

const CONFIG = { detailRecordBytes: 64, detailCapacity: 16, windowRecords: 4, preRoll: 0, postRoll: 0 };

export default defineCheck({
  id: 'LANE-UNMARKED-KEPT',
  scenarios: [
    // window 0 is unmarked, window 1 marked, window 2 unmarked and open at the end
    stepped(
      CONFIG,
      register(1),
      emit(1, 'detail', 4),
      emit(1, 'detail', 2),
      mark(1),
      emit(1, 'detail', 2),
      emit(1, 'detail', 2),
      settle(4096),
      leave(1),
      settle(4096),
    ),
    stepped(
      CONFIG,
      register(1),
      emit(1, 'detail', 4),
      emit(1, 'detail', 2),
      mark(1),
      emit(1, 'detail', 2),
      emit(1, 'detail', 2),
      stop(),
    ),
    // the marks of a thread that left, with windows still to be marked, are not those of the next one in its slot
    stepped(
      { ...CONFIG, slots: 1, preRoll: 2, postRoll: 3 },
      ...[register(1), emit(1, 'detail', 5), mark(1), leave(1), settle(4096)],
      ...[register(2), emit(2, 'detail', 14), settle(4096), leave(2), settle(4096)],
      ...[register(3), mark(3), leave(3), settle(4096), register(4), emit(4, 'detail', 6), leave(4), settle(4096)],
    ),
  ],
  also: [
    {
      needs: ['death'],
      scenarios: [
        // one that dies leaves an open window, beside one whose window is due
        stepped(
          { ...CONFIG, windowRecords: 8 },
          ...[register(1), register(2), emit(1, 'index', 1), emit(1, 'detail', 3)],
          ...[emit(2, 'detail', 2), mark(2), emit(2, 'detail', 6)],
          ...[turn(), kill(1), declareDead(1), settle(4096), leave(2), settle(4096)],
        ),
      ],
    },
  ],
  generated: { arbitrary: mixed({ detail: true, leaves: true }), runs: 100 },
  judge(history) {
    const detail = recordsOf(history, 'emit').some(
      ({ record }) => record.lane === 'detail' && record.outcome === 'accepted',
    );
    if (!detail) return { inconclusive: 'no detail event was accepted' };
    const found = findUnmarkedDetail(history);
    if (found.length > 0) return found;
    const due = analyse(history).lanes.some(
      ({ thread, lane }) =>
        lane === 'detail' &&
        windowsOf(history, thread).some(({ marked, sealedBy }) => marked === 'yes' && sealedBy !== undefined),
    );
    if (!due) return { inconclusive: 'no window was marked and sealed, so keeping all back proves nothing' };
    return acknowledged(history, { lane: 'detail' }) > 0 ? [] : findWindowFaults(history);
  },
});
