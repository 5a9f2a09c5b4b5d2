// LANE-WHOLE-CAPACITY: After a lane was drained empty, its whole capacity is writable again, without a further
// visit.
import { defineCheck } from '../../check.js';
import { analyse, delivering, finding, recordsOf } from '../../checkers/index.js';
import { emit, register, settle, stepped } from '../../scenarios/build.js';

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
  judge(history) {
    return delivering(history, () => {
      const drained = history.findLastIndex(({ type }) => type === 'iteration');
      const capacity = analyse(history).config('indexCapacity', CAPACITY);
      return recordsOf(history, 'emit')
        .filter(({ record, at }) => at > drained && record.outcome !== 'accepted')
        .flatMap(({ record, at }) => {
          const written = CAPACITY - record.count;
          if (written >= capacity) return [];
          const message = `after a drain only ${written} of ${capacity} records of the lane of thread ${record.thread} were writable again`;
          const seen = `${record.count} rejected with ${record.outcome}`;
          return [finding('capacity', message, `${capacity} emits accepted by the drained lane`, seen, [at])];
        });
    });
  },
});
