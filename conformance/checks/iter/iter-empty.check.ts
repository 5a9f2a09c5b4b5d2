// ITER-EMPTY: An iteration over empty lanes calls no sink and reports nothing delivered; no batch is ever
// empty.
import { defineCheck } from '../../check.js';
import { delivering, findMalformed, finding, recordsOf } from '../../checkers/index.js';
import { mixed } from '../../scenarios/arbitrary.js';
import { acquire, emit, mark, register, release, settle, stepped, turn, visit } from '../../scenarios/build.js';

export default defineCheck({
  id: 'ITER-EMPTY',
  scenarios: [
    stepped(
      { detailCapacity: 0 },
      turn(2),
      register(1),
      register(2),
      turn(3),
      emit(1, 'index', 3),
      settle(4096),
      turn(3),
    ),
  ],
  also: [
    {
      needs: ['submit'],
      // a visit by hand finds nothing
      scenarios: [
        stepped(
          { detailCapacity: 0 },
          ...[register(1), acquire(1), visit(1, 4), release(1), emit(1, 'index', 3), settle(4096)],
          ...[acquire(1), visit(1, 4), release(1)],
        ),
      ],
    },
    {
      needs: ['detail'],
      scenarios: [
        // one of the two lanes has nothing
        stepped(
          { detailCapacity: 16, windowRecords: 4, detailRecordBytes: 64 },
          ...[register(1), mark(1), emit(1, 'detail', 4), settle(4096), emit(1, 'index', 2), emit(1, 'detail', 2)],
          ...[settle(4096), emit(1, 'detail', 6), mark(1), turn(), emit(1, 'detail', 2), settle(4096)],
        ),
      ],
    },
  ],
  generated: { arbitrary: mixed({ leaves: true }), runs: 60 },
  judge(history) {
    return delivering(history, () => {
      const busy = recordsOf(history, 'iteration').flatMap(({ record, at }) => {
        const before = history.slice(0, at).findLastIndex(({ type }) => type === 'iteration');
        const batches = recordsOf(history, 'batch').filter((batch) => batch.at > before && batch.at < at).length;
        return batches === 0 && record.delivered > 0
          ? [
              finding(
                'empty',
                `an iteration that handed over nothing says it delivered ${record.delivered}`,
                'delivered 0',
                `${record.delivered}`,
                [at],
              ),
            ]
          : [];
      });
      return [...busy, ...findMalformed(history)];
    });
  },
});
