// THREAD-LEAVE-DELIVERS: Every event that a thread had accepted before it left is delivered, the very last one
// included.
import { defineCheck } from '../../check.js';
import { delivering, findLoss, recordsOf } from '../../checkers/index.js';
import { mixed } from '../../scenarios/arbitrary.js';
import { emit, leave, register, settle, stepped } from '../../scenarios/build.js';

export default defineCheck({
  id: 'THREAD-LEAVE-DELIVERS',
  scenarios: [1, 2, 7, 8, 300].map((count) =>
    stepped(
      { detailCapacity: 0, quantum: 8, indexCapacity: 512 },
      register(1),
      register(2),
      emit(2, 'index', 3),
      emit(1, 'index', count),
      leave(1),
      settle(4096),
    ),
  ),
  generated: { arbitrary: mixed({ leaves: true, sinks: true }), runs: 120 },
  judge(history) {
    const left = new Set(
      recordsOf(history, 'leave')
        .filter(({ record }) => record.outcome === 'accepted')
        .map(({ record }) => record.thread),
    );
    if (left.size === 0) return { inconclusive: 'no thread left' };
    return delivering(history, () =>
      findLoss(history)
        .filter(({ message }) => [...left].some((thread) => message.startsWith(`thread ${thread},`)))
        .map((fault) => ({ ...fault, message: `a leaving thread lost its last events: ${fault.message}` })),
    );
  },
});
