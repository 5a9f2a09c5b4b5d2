// ARENA-SLOTS: Attaching with more slots than the arena holds is refused with ARENA_TOO_SMALL, with other
// differing sizes with ARENA_MISMATCH.
import { defineCheck } from '../../check.js';
import { delivering, findAttachFaults, findLoss } from '../../checkers/index.js';
import { emit, register, settle, stepped, attach } from '../../scenarios/build.js';

/** What is changed in the arena, and the code that must refuse it. */
const CODES: Record<string, string> = { 'more-slots': 'ARENA_TOO_SMALL', 'other-capacity': 'ARENA_MISMATCH' };

export default defineCheck({
  id: 'ARENA-SLOTS',
  scenarios: Object.keys(CODES).map((change) =>
    stepped({ detailCapacity: 0 }, register(1), emit(1, 'index', 3), attach('none'), attach(change), settle(4096)),
  ),
  also: [
    {
      needs: ['detail'],
      // the sizes of a detail lane are compared too
      scenarios: [
        stepped(
          { detailCapacity: 16, windowRecords: 4, detailRecordBytes: 64 },
          ...[register(1), emit(1, 'index', 3), attach('none'), attach('other-capacity'), settle(4096)],
        ),
      ],
    },
  ],
  judge(history) {
    return delivering(history, () => [...findAttachFaults(history, CODES), ...findLoss(history)]);
  },
});
