// LANE-MARKED-PINNED: A marked window is never evicted or overwritten: when only marked windows are left, a
// detail emit is rejected with DETAIL_FULL.
import { defineCheck } from '../../check.js';
import { analyse, findPhantoms, findTorn, findWindowFaults, finding } from '../../checkers/index.js';
import { emit, leave, mark, register, settle, stepped } from '../../scenarios/build.js';

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
  judge(history, scenario) {
    const { accepted, rejected } = analyse(history).lane(1, 'detail');
    const first = accepted.reduce((sum, { count, from }) => (from < 11 ? sum + count : sum), 0);
    if (first === 0) return { inconclusive: 'no detail event was accepted' };
    const allMarked = scenario.config?.['postRoll'] === 9;
    const overwritten =
      allMarked && (rejected.length === 0 || rejected.some(({ outcome }) => outcome !== 'DETAIL_FULL'));
    const pinned = overwritten
      ? [
          finding(
            'pinned',
            `thread 1: a detail emit was accepted when only marked windows were left: a marked window was overwritten`,
            'DETAIL_FULL',
            rejected[0]?.outcome ?? 'accepted',
            [accepted.at(-1)!.record],
          ),
        ]
      : [];
    const lost = findWindowFaults(history).map((fault) => ({
      ...fault,
      message: `a marked window was evicted: ${fault.message}`,
    }));
    return [...pinned, ...lost, ...findTorn(history), ...findPhantoms(history)];
  },
});
