// THREAD-REUSE-AFTER-DRAIN: A slot is given to another thread only after all events of the thread before it are
// delivered, and under a new generation.
import { defineCheck } from '../../check.js';
import { acknowledged, delivering, findLoss, findMisattribution, finding, recordsOf } from '../../checkers/index.js';
import { emit, leave, register, settle, stepped, turn } from '../../scenarios/build.js';

export default defineCheck({
  id: 'THREAD-REUSE-AFTER-DRAIN',
  scenarios: [
    // the only slot: nobody gets it before the final drain, and then under another generation
    stepped(
      { detailCapacity: 0, slots: 1, quantum: 4 },
      register(1),
      emit(1, 'index', 10),
      leave(1),
      register(2),
      turn(),
      register(3),
      settle(4096),
      register(4),
      emit(4, 'index', 5),
      settle(4096),
    ),
  ],
  judge(history) {
    return delivering(history, () => {
      const first = recordsOf(history, 'register')[0];
      const early = recordsOf(history, 'register').filter(
        ({ record, at }) =>
          record.thread > 1 && record.outcome === 'accepted' && acknowledged(history, { thread: 1, before: at }) < 10,
      );
      const found = early.map(({ record, at }) =>
        finding(
          'reuse',
          `thread ${record.thread} got the slot of thread 1 before its events were delivered`,
          'REGISTRY_FULL',
          'accepted',
          [at],
        ),
      );
      for (const { record, at } of recordsOf(history, 'register')) {
        if (record.thread === 1 || record.outcome !== 'accepted' || record.slot !== first?.record.slot) continue;
        if (record.generation === first?.record.generation)
          found.push(
            finding(
              'reuse',
              `thread ${record.thread} got the slot of thread 1 under the same generation`,
              'a new generation',
              `${record.generation}`,
              [at],
            ),
          );
      }
      return [...found, ...findLoss(history), ...findMisattribution(history)];
    });
  },
});
