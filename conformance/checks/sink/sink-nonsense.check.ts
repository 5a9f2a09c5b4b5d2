// SINK-NONSENSE: A sink that returns a negative number, more than the batch, or no number at all has
// acknowledged nothing.
import { defineCheck } from '../../check.js';
import {
  delivering,
  findDisorder,
  findDuplicates,
  findLoss,
  findPhantoms,
  findWindowFaults,
  recordsOf,
} from '../../checkers/index.js';
import { finish } from '../../scenarios/arbitrary.js';
import { emit, mark, register, settle, sink, stepped, turn } from '../../scenarios/build.js';

export default defineCheck({
  id: 'SINK-NONSENSE',
  scenarios: [
    stepped(
      { detailCapacity: 0, maxBackoffIterations: 1, indexCapacity: 16 },
      register(1),
      emit(1, 'index', 9),
      sink('nonsense', { times: 18 }),
      turn(54),
      ...finish(),
      emit(1, 'index', 16),
      settle(4096),
    ),
  ],
  also: [
    {
      needs: ['detail'],
      scenarios: [
        stepped(
          { maxBackoffIterations: 1, detailCapacity: 16, windowRecords: 8, detailRecordBytes: 64, preRoll: 4 },
          ...[register(1), emit(1, 'detail', 16), mark(1), sink('nonsense', { times: 12 }), turn(36), ...finish()],
        ),
      ],
    },
  ],
  judge(history) {
    return delivering(history, () => {
      const odd = recordsOf(history, 'batch').filter(({ record }) => record.acknowledged === 0);
      if (odd.length === 0) return { inconclusive: 'no batch was answered with an impossible number' };
      const faults = [
        ...findLoss(history),
        ...findWindowFaults(history),
        ...findDuplicates(history),
        ...findPhantoms(history),
        ...findDisorder(history),
      ].map((fault) => ({
        ...fault,
        message: `after an impossible acknowledgement: ${fault.message}`,
      }));
      // a drain that trusts one of them is done early; a sound one meets them all
      if (faults.length === 0 && odd.length < 5)
        return { inconclusive: `only ${odd.length} batches were answered with an impossible number` };
      return faults;
    });
  },
});
