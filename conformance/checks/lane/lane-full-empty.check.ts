// LANE-FULL-EMPTY: At every offset of the ring a full index lane is told apart from an empty one: exactly the
// capacity is accepted, and all of it is delivered.
import { defineCheck } from '../../check.js';
import { analyse, delivering, findDuplicates, findLoss, finding, recordsOf } from '../../checkers/index.js';
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
    // where cursors wrap, and where they would change their sign
    ...[2 ** 32 - 5, 2 ** 31 - 5].map((initialCursor) =>
      stepped({ indexCapacity: CAPACITY, detailCapacity: 0, initialCursor }, register(1), ...rounds.flat()),
    ),
  ],
  judge(history) {
    return delivering(history, () => {
      const capacity = analyse(history).config('indexCapacity', CAPACITY);
      // the first of a round's sequences is the event alone; with the second the lane is filled
      const filling = recordsOf(history, 'emit').filter(({ record }) => record.from % (CAPACITY + 2) === 1);
      const wrong = filling.flatMap(({ record, at }) => {
        const accepted = record.outcome === 'accepted' ? record.count : 0;
        if (accepted === capacity) return [];
        const message = `an empty index lane of ${capacity} records accepted ${accepted} events before it was full`;
        return [finding('full-empty', message, `exactly ${capacity} accepted`, `${accepted}`, [at])];
      });
      const lost = findLoss(history).map((fault) => ({
        ...fault,
        message: `a full lane was not drained whole: ${fault.message}`,
      }));
      return [...lost, ...wrong, ...findDuplicates(history)];
    });
  },
});
