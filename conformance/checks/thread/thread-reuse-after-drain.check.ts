// THREAD-REUSE-AFTER-DRAIN: A slot is given to another thread only after all events of the thread before it are
// delivered, and under a new generation.
import { defineCheck } from '../../check.js';
import { delivering, findLoss, findMisattribution } from '../../checkers/index.js';
import { slotFaults } from '../../checkers/slots.js';
import { lives } from '../../scenarios/arbitrary-thread.js';
import { emit, leave, register, settle, stepped, steppedWith, turn } from '../../scenarios/build.js';

const one = { detailCapacity: 0, slots: 1, quantum: 4 };

export default defineCheck({
  id: 'THREAD-REUSE-AFTER-DRAIN',
  scenarios: [
    // the only slot: nobody gets it before the final drain, and then under another generation
    stepped(
      one,
      ...[register(1), emit(1, 'index', 10), leave(1), register(2), turn(), register(3), turn(), register(4)],
      ...[settle(4096), register(5), emit(5, 'index', 5), leave(5), settle(4096), register(6), settle(4096)],
    ),
    // somebody wants it while its last events are handed over
    steppedWith(
      one,
      { 0: [register(2)], 1: [register(3)], 2: [register(4)] },
      ...[register(1), emit(1, 'index', 10), leave(1), settle(4096), register(5), emit(5, 'index', 1), settle(4096)],
    ),
  ],
  generated: { arbitrary: lives({ nested: true }), runs: 150 },
  judge(history) {
    const { early, reused } = slotFaults(history);
    if (early.length > 0) return early;
    return delivering(history, () => {
      const found = [...findMisattribution(history), ...findLoss(history)];
      return found.length > 0 || reused > 0 ? found : { inconclusive: 'no slot was given to another thread' };
    });
  },
});
