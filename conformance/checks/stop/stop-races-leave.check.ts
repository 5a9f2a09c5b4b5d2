// STOP-RACES-LEAVE: A thread that leaves before or during stop() is drained exactly once.
import { defineCheck } from '../../check.js';
import { delivering, findDuplicates, findLoss, finding, recordsOf } from '../../checkers/index.js';
import { emit, leave, register, steppedWith, stop } from '../../scenarios/build.js';

export default defineCheck({
  id: 'STOP-RACES-LEAVE',
  scenarios: [0, 1, 2].map((write) =>
    steppedWith(
      { detailCapacity: 0, quantum: 4 },
      { [write]: [leave(2), emit(2, 'index', 1)] },
      register(1),
      register(2),
      register(3),
      emit(1, 'index', 9),
      emit(2, 'index', 9),
      emit(3, 'index', 9),
      leave(3),
      stop(),
    ),
  ),
  judge(history) {
    return delivering(history, () => {
      const stop = recordsOf(history, 'stop')[0];
      if (stop === undefined) return { inconclusive: 'stop() gave no result' };
      const incomplete = stop.record.complete
        ? []
        : [finding('stop-leave', 'stop() did not finish beside leaving threads', 'complete', 'incomplete', [stop.at])];
      const twice = recordsOf(history, 'thread-event').filter(
        ({ record, at }) =>
          record.event === 'reclaimed' &&
          recordsOf(history, 'thread-event').some(
            (other) => other.at < at && other.record.event === 'reclaimed' && other.record.thread === record.thread,
          ),
      );
      const again = twice.map(({ record, at }) =>
        finding('stop-leave', `thread ${record.thread} had two final drains`, 'one final drain', 'two', [at]),
      );
      const lost = [...findLoss(history), ...findDuplicates(history)].map((fault) => ({
        ...fault,
        message: `a thread left while stop() ran: ${fault.message}`,
      }));
      return [...incomplete, ...again, ...lost];
    });
  },
});
