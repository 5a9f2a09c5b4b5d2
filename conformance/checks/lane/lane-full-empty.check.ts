// LANE-FULL-EMPTY: At every offset of the ring a full index lane is told apart from an empty one: exactly the
// capacity is accepted, and all of it is delivered.
import { defineCheck } from '../../check.js';
import { delivering, findDuplicates, findLoss, finding, recordsOf } from '../../checkers/index.js';
import { emit, register, settle, stepped } from '../../scenarios/build.js';

const CAPACITY = 4;

/** Fills the lane and empties it at every offset of the ring, twice round. */
const rounds = Array.from({ length: 2 * CAPACITY }, () => [
  emit(1, 'index', 1),
  settle(64),
  emit(1, 'index', CAPACITY + 1),
  settle(64),
]);

export default defineCheck({
  id: 'LANE-FULL-EMPTY',
  scenarios: [
    stepped({ indexCapacity: CAPACITY, detailCapacity: 0 }, register(1), ...rounds.flat()),
    stepped({ indexCapacity: CAPACITY, detailCapacity: 0, initialCursor: 2 ** 32 - 5 }, register(1), ...rounds.flat()),
  ],
  judge(history) {
    return delivering(history, () => {
      const full = recordsOf(history, 'emit').filter(
        ({ record }) => record.outcome === 'accepted' && record.count !== 1 && record.count !== CAPACITY,
      );
      const wrong = full.map(({ record, at }) =>
        finding(
          'full-empty',
          `an empty index lane of ${CAPACITY} records accepted ${record.count} events before it was full`,
          `exactly ${CAPACITY} accepted`,
          `${record.count}`,
          [at],
        ),
      );
      const lost = findLoss(history).map((fault) => ({
        ...fault,
        message: `a full lane was not drained whole: ${fault.message}`,
      }));
      return [...wrong, ...lost, ...findDuplicates(history)];
    });
  },
});
