// ITER-SNAPSHOT: Events that are emitted while a visit hands over its batch are not part of that visit; the
// visit ends although the producer goes on.
import { defineCheck } from '../../check.js';
import { analyse, delivering, findLoss, finding, iterationEnd, recordsOf } from '../../checkers/index.js';
import { emit, mark, register, seal, settle, steppedWith, turn } from '../../scenarios/build.js';

const during = Object.fromEntries(Array.from({ length: 30 }, (_, write) => [write, [emit(1, 'index', 5)]]));

export default defineCheck({
  id: 'ITER-SNAPSHOT',
  // every hand-over is answered with five more events
  scenarios: [
    steppedWith(
      { detailCapacity: 0, indexCapacity: 256, quantum: 64 },
      during,
      register(1),
      emit(1, 'index', 10),
      turn(),
      settle(4096),
    ),
  ],
  also: [
    {
      needs: ['detail'],
      scenarios: [
        // one event more in each lane, while either lane's batch is handed over
        steppedWith(
          { indexCapacity: 256, quantum: 64, detailCapacity: 64, windowRecords: 4, detailRecordBytes: 64, preRoll: 4 },
          Object.fromEntries(
            [0, 1, 2].map((write) => [write, [emit(1, 'index', 2), emit(1, 'detail', 4), mark(1), seal(1)]]),
          ),
          ...[register(1), emit(1, 'index', 10), emit(1, 'detail', 10), mark(1), seal(1), turn(), settle(4096)],
        ),
      ],
    },
  ],
  judge(history) {
    return delivering(history, () => {
      const end = iterationEnd(history, 0);
      const nested = recordsOf(history, 'emit').some(
        ({ record, at }) => at < end && record.from >= 10 && record.outcome === 'accepted',
      );
      if (!nested) return { inconclusive: 'nothing was emitted during the visit' };
      const late = (['index', 'detail'] as const)
        .flatMap((lane) => analyse(history).lane(1, lane).deliveries)
        .find(({ from, count, record }) => record < end && from + count > 10);
      if (late === undefined) return findLoss(history);
      const message = `thread 1: event ${Math.max(10, late.from)}, emitted while a visit handed over its batch, was delivered in the same visit`;
      return [
        finding(
          'snapshot',
          message,
          'a visit takes what was there when it began (events 0 to 9)',
          `event ${late.from + late.count - 1}`,
          [late.record],
        ),
      ];
    });
  },
});
