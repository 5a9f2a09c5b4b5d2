// QUEUE-OTHERS-GO-ON: While one thread’s queue is held, for however long, every other thread is drained as
// usual and iterations end.
import { defineCheck } from '../../check.js';
import { delivering, findLoss, findUnservedThreads, recordsOf } from '../../checkers/index.js';
import { begin, commit, emit, register, settle, stepped, threads, turn } from '../../scenarios/build.js';

export default defineCheck({
  id: 'QUEUE-OTHERS-GO-ON',
  scenarios: [
    stepped(
      { detailCapacity: 0, quantum: 4 },
      ...threads(4).map((id) => register(id)),
      ...threads(4).map((id) => emit(id, 'index', 60)),
      begin(1, 1),
      turn(12),
      commit(1),
      settle(4096),
    ),
    stepped(
      { detailCapacity: 0, quantum: 4, maxSkips: 0 },
      ...threads(4).map((id) => register(id)),
      ...threads(4).map((id) => emit(id, 'index', 60)),
      begin(2, 1),
      turn(12),
      commit(2),
      settle(4096),
    ),
  ],
  judge(history) {
    return delivering(history, () => {
      if (!recordsOf(history, 'submit').some(({ record }) => record.phase === 'begin' && record.outcome === 'accepted'))
        return { inconclusive: 'no queue was held' };
      const starved = findUnservedThreads(history).map((fault) => ({
        ...fault,
        message: `while one queue was held: ${fault.message}`,
      }));
      return [...starved, ...findLoss(history)];
    });
  },
});
