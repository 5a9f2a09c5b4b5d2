// LOSS-ATTRIBUTION: Every record is delivered in a batch that names the thread and the lane that it was emitted
// from.
import { defineCheck } from '../../check.js';
import { delivering, findLoss, findMalformed, findMisattribution, findTorn } from '../../checkers/index.js';
import { mixed } from '../../scenarios/arbitrary.js';
import { emit, leave, mark, register, settle, stepped, threads } from '../../scenarios/build.js';

/** Thread ids that a sign, 16 bits or a float of 32 bits would change, or that look like nobody's. */
const STRANGE_IDS = [0, 1, 2 ** 16 + 1, 2 ** 24 + 1, 2 ** 31, 2 ** 31 + 1, 2 ** 32 - 1];

export default defineCheck({
  id: 'LOSS-ATTRIBUTION',
  scenarios: [
    stepped(
      { detailCapacity: 0, slots: 4 },
      ...threads(4).map((id) => register(id)),
      ...threads(4).map((id) => emit(id, 'index', 3 + id)),
      settle(4096),
    ),
    stepped(
      { detailCapacity: 0, slots: 2 },
      register(1),
      register(2),
      emit(1, 'index', 3),
      leave(1),
      settle(4096),
      register(3),
      emit(3, 'index', 2),
      emit(2, 'index', 2),
      settle(4096),
    ),
    stepped(
      { detailCapacity: 0, slots: STRANGE_IDS.length },
      ...STRANGE_IDS.map((id) => register(id)),
      ...STRANGE_IDS.map((id, n) => emit(id, 'index', 1 + n)),
      settle(4096),
    ),
  ],
  also: [
    {
      needs: ['movable-handles'], // or each of so many would need a thread of its own
      scenarios: [
        // slots that a byte does not hold
        stepped(
          { detailCapacity: 0, slots: 300, indexCapacity: 4 },
          ...[...threads(300).flatMap((id) => [register(id), emit(id, 'index', 1)]), settle(64)],
        ),
      ],
    },
    {
      needs: ['detail'],
      scenarios: [
        // both lanes of four threads, with records of one size
        stepped(
          { slots: 4, detailCapacity: 8, windowRecords: 2, detailRecordBytes: 32, preRoll: 2 },
          ...threads(4).map((id) => register(id)),
          ...threads(4).flatMap((id) => [emit(id, 'detail', 3 + id), emit(id, 'index', id), mark(id), leave(id)]),
          settle(4096),
        ),
      ],
    },
  ],
  generated: { arbitrary: mixed({ leaves: true }), runs: 80 },
  judge(history) {
    return delivering(history, () => [
      ...findMisattribution(history),
      ...findMalformed(history),
      ...findTorn(history),
      ...findLoss(history),
    ]);
  },
});
