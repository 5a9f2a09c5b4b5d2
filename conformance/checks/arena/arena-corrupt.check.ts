// ARENA-CORRUPT: An arena whose header does not match its checksum, or whose geometry is impossible, is refused
// with ARENA_CORRUPT.
import { defineCheck } from '../../check.js';
import { delivering, findAttachFaults, findLoss } from '../../checkers/index.js';
import { emit, register, settle, stepped, attach } from '../../scenarios/build.js';

/** What is changed in the arena, and the code that must refuse it. */
const CODES: Record<string, string> = { checksum: 'ARENA_CORRUPT', geometry: 'ARENA_CORRUPT' };

export default defineCheck({
  id: 'ARENA-CORRUPT',
  scenarios: Object.keys(CODES).map((change) =>
    stepped({ detailCapacity: 0 }, register(1), emit(1, 'index', 3), attach('none'), attach(change), settle(4096)),
  ),
  judge(history) {
    return delivering(history, () => [...findAttachFaults(history, CODES), ...findLoss(history)]);
  },
});
