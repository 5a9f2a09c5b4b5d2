// THREAD-REGISTRY-FULL: register() throws REGISTRY_FULL when every slot is taken, and succeeds again after one
// was reclaimed.
import { defineCheck } from '../../check.js';
import { delivering, findLoss } from '../../checkers/index.js';
import { slotFaults } from '../../checkers/slots.js';
import { lives } from '../../scenarios/arbitrary-thread.js';
import { emit, leave, register, settle, stepped, threads } from '../../scenarios/build.js';

export default defineCheck({
  id: 'THREAD-REGISTRY-FULL',
  scenarios: [
    stepped(
      { detailCapacity: 0, slots: 2 },
      ...[register(1), register(2), register(3), emit(1, 'index', 3), emit(2, 'index', 3), leave(1), settle(4096)],
      ...[register(4), emit(4, 'index', 3), register(5), emit(2, 'index', 1), settle(4096)],
    ),
    stepped(
      { detailCapacity: 0, slots: 70 },
      ...threads(72).map((id) => register(id)),
      ...threads(70).map((id) => emit(id, 'index', 1)),
      ...[leave(70), leave(35), settle(4096), register(101), register(102), register(103), settle(4096)],
    ),
  ],
  generated: { arbitrary: lives(), runs: 150 },
  judge(history) {
    return delivering(history, () => {
      const { refused, overfull, full, reused } = slotFaults(history);
      const found = [...refused, ...overfull, ...findLoss(history)];
      return found.length > 0 || (full > 0 && reused > 0)
        ? found
        : { inconclusive: 'the registry was never full and then had room again' };
    });
  },
});
