// LANE-WHOLE-CAPACITY: After a lane was drained empty, its whole capacity is writable again, without a further
// visit.
import { defineCheck } from '../../check.js';
import { analyse, delivering, finding, recordsOf } from '../../checkers/index.js';
import { emit, mark, register, settle, stepped } from '../../scenarios/build.js';

const CAPACITY = 16;

export default defineCheck({
  id: 'LANE-WHOLE-CAPACITY',
  scenarios: [1, 3, 7, CAPACITY].map((first) =>
    stepped(
      { indexCapacity: CAPACITY, detailCapacity: 0 },
      register(1),
      emit(1, 'index', first),
      settle(4096),
      emit(1, 'index', CAPACITY),
    ),
  ),
  also: [
    {
      needs: ['detail'],
      // all windows are marked and delivered, as many at once as a visit takes: each of them is free again
      scenarios: [2, 4, 5, 64].map((quantum) =>
        stepped(
          { detailCapacity: CAPACITY, windowRecords: 2, detailRecordBytes: 64, preRoll: 8, postRoll: 64, quantum },
          ...[register(1), emit(1, 'detail', CAPACITY), mark(1), settle(4096), emit(1, 'detail', CAPACITY)],
        ),
      ),
    },
  ],
  judge(history) {
    return delivering(history, () => {
      const drained = history.findLastIndex(({ type }) => type === 'iteration');
      const { config } = analyse(history);
      return recordsOf(history, 'emit')
        .filter(({ record, at }) => at > drained && record.outcome !== 'accepted')
        .flatMap(({ record, at }) => {
          const written = CAPACITY - record.count;
          const capacity = config(record.lane === 'index' ? 'indexCapacity' : 'detailCapacity', CAPACITY);
          if (capacity === 0) return [];
          if (written >= capacity) return [];
          const message = `after a drain only ${written} of ${capacity} records of the lane of thread ${record.thread} were writable again`;
          const seen = `${record.count} rejected with ${record.outcome}`;
          return [finding('capacity', message, `${capacity} emits accepted by the drained lane`, seen, [at])];
        });
    });
  },
});
