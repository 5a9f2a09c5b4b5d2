// THREAD-CHURN-AGED: The same churn loses nothing in an arena whose cursors start at 2^32 - 1000.
import { defineCheck } from '../../check.js';
import { delivering, recordsOf, wrapped } from '../../checkers/index.js';
import { findRaceFaults, notRacing } from '../../checkers/racing.js';
import { free, threads } from '../../scenarios/build.js';

const LIVES = 60;
/** Every life passes the wrap. */
const programs = threads(8).map((id) => ({ threadId: 1000 * id, lives: LIVES, events: 1_100 }));

export default defineCheck({
  id: 'THREAD-CHURN-AGED',
  scenarios: [free({ detailCapacity: 0, slots: 10, indexCapacity: 256, initialCursor: 2 ** 32 - 1000 }, programs)],
  judge(history) {
    return delivering(history, () => {
      const found = findRaceFaults(history);
      if (found.length > 0) return found;
      const why = notRacing(history, { threads: 3 });
      if (why !== undefined) return { inconclusive: why };
      const lives = recordsOf(history, 'life').length;
      if (lives < 8 * LIVES) return { inconclusive: `only ${lives} of ${8 * LIVES} lives were lived` };
      return wrapped(history) ? [] : { inconclusive: 'no cursor passed 2^32' };
    });
  },
});
