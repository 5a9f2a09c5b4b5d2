// LANE-MARKED-PINNED: A marked window is never evicted or overwritten: when only marked windows are left, a
// detail emit is rejected with DETAIL_FULL.
import { defineCheck } from '../../check.js';
import { detailModel } from '../../checkers/detail-lane.js';
import { findPhantoms, findTorn, findWindowFaults, findWrongOutcome } from '../../checkers/index.js';
import { detailLanes } from '../../scenarios/arbitrary-lane.js';
import { emit, emitWithin, leave, mark, mayWait, register, settle, stepped } from '../../scenarios/build.js';

const CONFIG = { detailRecordBytes: 64, detailCapacity: 8, windowRecords: 2, preRoll: 0, postRoll: 9 };

export default defineCheck({
  id: 'LANE-MARKED-PINNED',
  scenarios: [
    // every window is marked and nothing drains: the ninth event finds no room, and nothing is overwritten
    stepped(
      CONFIG,
      register(1),
      mark(1),
      emit(1, 'detail', 8),
      emit(1, 'detail', 3),
      settle(4096),
      leave(1),
      settle(4096),
    ),
    // the same, by a caller that would wait for room
    stepped(CONFIG, register(1), mark(1), emitWithin(1, 'detail', 9, 2), settle(4096), leave(1), settle(4096)),
    // two marked windows, then unmarked ones that come and go around them
    stepped(
      { ...CONFIG, postRoll: 1 },
      register(1),
      mark(1),
      emit(1, 'detail', 4),
      emit(1, 'detail', 20),
      settle(4096),
      leave(1),
      settle(4096),
    ),
  ],
  generated: { arbitrary: detailLanes(), runs: 200 },
  judge(history, scenario) {
    const { windows, full, faults } = detailModel(history, 1);
    const misnamed = findWrongOutcome(
      history,
      (record) =>
        record.type === 'emit' && record.lane === 'detail' && record.outcome !== 'accepted'
          ? `a detail emit of thread ${record.thread}`
          : undefined,
      mayWait(scenario) ? ['DETAIL_FULL', 'TIMED_OUT'] : ['DETAIL_FULL'],
      'met only marked windows',
    );
    const lost = findWindowFaults(history)
      .filter(({ rule }) => rule === 'window-loss')
      .map((fault) => ({ ...fault, message: `a marked window was evicted: ${fault.message}` }));
    const pinned = faults.filter(({ rule }) => rule === 'accepted');
    const findings = [...pinned, ...misnamed, ...lost, ...findTorn(history), ...findPhantoms(history)];
    const needed = windows.some(({ evicted }) => evicted) && windows.some(({ marked }) => marked !== undefined);
    if (findings.length === 0 && full.length === 0 && !needed)
      return { inconclusive: 'no window was needed beside marked ones' };
    return findings;
  },
});
