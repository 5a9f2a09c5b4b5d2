// ITER-RESULT-EXACT: An iteration’s result counts exactly the batches handed over, the events acknowledged, the
// sink failures and the slots reclaimed in it.
import { defineCheck } from '../../check.js';
import { delivering, findIterationFaults } from '../../checkers/index.js';
import { finish, mixed } from '../../scenarios/arbitrary.js';
import { emit, leave, mark, register, settle, sink, stepped, threads, turn } from '../../scenarios/build.js';

export default defineCheck({
  id: 'ITER-RESULT-EXACT',
  scenarios: [
    stepped(
      { detailCapacity: 0, quantum: 4 },
      register(1),
      register(2),
      emit(1, 'index', 9),
      emit(2, 'index', 3),
      sink('partial', { take: 1, times: 1 }),
      turn(),
      sink('throw', { times: 1 }),
      turn(2),
      leave(2),
      ...finish(),
    ),
    // iterations that are cut short tell no less
    ...[{ maxIterationVisits: 2 }, { maxIterationEvents: 7 }, { maxIterationNs: 900 }].map((limits) =>
      stepped(
        { detailCapacity: 0, quantum: 4, ...limits },
        ...threads(4).map((id) => register(id)),
        ...threads(4).map((id) => emit(id, 'index', 9)),
        ...[sink('accept', { costNs: 500 }), turn(3), leave(2), leave(3), settle(4096)],
      ),
    ),
  ],
  also: [
    {
      needs: ['detail'],
      // one failure in each lane
      scenarios: [
        stepped(
          { quantum: 8, detailCapacity: 16, windowRecords: 2, detailRecordBytes: 64, preRoll: 8 },
          ...[register(1), emit(1, 'detail', 8), mark(1), sink('throw', { times: 1 }), turn(4)],
          ...[emit(1, 'index', 3), emit(1, 'detail', 4), mark(1), sink('partial', { take: 1, times: 2 }), turn(4)],
          ...[leave(1), ...finish()],
        ),
        // a part of a batch of each lane
        stepped(
          { quantum: 8, detailCapacity: 16, windowRecords: 4, detailRecordBytes: 64, preRoll: 8 },
          ...[register(1), emit(1, 'detail', 16), mark(1), sink('partial', { take: 3, times: 3 }), turn(3)],
          ...[emit(1, 'index', 5), sink('partial', { take: 2 }), turn(6), ...finish()],
        ),
      ],
    },
  ],
  generated: { arbitrary: mixed({ sinks: true, leaves: true }), runs: 120 },
  judge(history) {
    return delivering(history, () => findIterationFaults(history));
  },
});
