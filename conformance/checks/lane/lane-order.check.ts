// LANE-ORDER: The events of one thread and lane are delivered in the order in which they were accepted.
import { defineCheck } from '../../check.js';
import { delivering, findDisorder } from '../../checkers/index.js';
import { mixed } from '../../scenarios/arbitrary.js';
import { emit, mark, register, settle, stepped } from '../../scenarios/build.js';

export default defineCheck({
  id: 'LANE-ORDER',
  scenarios: [
    // the batch wraps: its second span must come second
    stepped(
      { indexCapacity: 8, detailCapacity: 0 },
      register(1),
      emit(1, 'index', 6),
      settle(4096),
      emit(1, 'index', 7),
      settle(4096),
    ),
  ],
  also: [
    {
      needs: ['detail'],
      scenarios: [
        // and so it must where both lanes have something to deliver
        stepped(
          { indexCapacity: 8, detailCapacity: 16, windowRecords: 2, detailRecordBytes: 64, preRoll: 8 },
          ...[register(1), emit(1, 'index', 6), settle(4096), emit(1, 'index', 7), emit(1, 'detail', 9), mark(1)],
          ...[settle(4096), emit(1, 'index', 8), emit(1, 'detail', 5), mark(1), settle(4096)],
        ),
      ],
    },
  ],
  generated: { arbitrary: mixed({ sinks: true }), runs: 100 },
  judge(history) {
    return delivering(history, () => findDisorder(history));
  },
});
