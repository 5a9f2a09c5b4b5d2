// ARENA-FOREIGN: An arena without the magic bytes is refused with ARENA_FOREIGN, and nothing is read from it.
import { defineCheck } from '../../check.js';
import { delivering, findAttachFaults, findLoss } from '../../checkers/index.js';
import { emit, register, settle, stepped, attach } from '../../scenarios/build.js';

/** What is changed in the arena, and the code that must refuse it. */
const CODES: Record<string, string> = { magic: 'ARENA_FOREIGN' };

export default defineCheck({
  id: 'ARENA-FOREIGN',
  scenarios: Object.keys(CODES).map((change) =>
    stepped({ detailCapacity: 0 }, register(1), emit(1, 'index', 3), attach('none'), attach(change), settle(4096)),
  ),
  judge(history) {
    return delivering(history, () => [...findAttachFaults(history, CODES), ...findLoss(history)]);
  },
});
