// THREAD-STALE-HANDLE: An emit through the handle of a thread that left, after its slot was reused, is rejected
// and writes nothing into the lanes of the successor.
import { defineCheck } from '../../check.js';
import {
  delivering,
  findLoss,
  findMisattribution,
  findPhantoms,
  findTorn,
  findWrongOutcome,
  recordsOf,
} from '../../checkers/index.js';
import { emit, leave, register, settle, stepped } from '../../scenarios/build.js';

export default defineCheck({
  id: 'THREAD-STALE-HANDLE',
  scenarios: [
    stepped(
      { detailCapacity: 0, slots: 1 },
      register(1),
      emit(1, 'index', 3),
      leave(1),
      settle(4096),
      register(2),
      emit(1, 'index', 2),
      emit(2, 'index', 3),
      emit(1, 'index', 2),
      settle(4096),
    ),
  ],
  judge(history) {
    return delivering(history, () => {
      const next = recordsOf(history, 'register').find(
        ({ record }) => record.thread === 2 && record.outcome === 'accepted',
      );
      if (next === undefined) return { inconclusive: 'the slot was not given to another thread' };
      const stale = findWrongOutcome(
        history.slice(next.at),
        (record) =>
          record.type === 'emit' && record.thread === 1 ? 'an emit through the stale handle of thread 1' : undefined,
        ['THREAD_LEFT', 'STALE_HANDLE'],
        'came after its slot was given to thread 2',
      );
      return [
        ...stale,
        ...findPhantoms(history),
        ...findMisattribution(history),
        ...findTorn(history),
        ...findLoss(history),
      ];
    });
  },
});
