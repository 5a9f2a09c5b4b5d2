// LOSS-NOT-TORN: An event becomes visible only when its whole record is written: under racing threads every
// delivered record has exactly the bytes that its producer gave.
import { defineCheck } from '../../check.js';
import { delivering, findDuplicates, findPhantoms, findTorn } from '../../checkers/index.js';
import { free } from '../../scenarios/build.js';

export default defineCheck({
  id: 'LOSS-NOT-TORN',
  // one or two producers beside a drain that never rests: it reads each record as soon as it is published
  scenarios: [
    free({ detailCapacity: 0, indexCapacity: 64 }, [{ threadId: 1, events: 400_000 }], { pace: 'turn' }),
    free(
      { detailCapacity: 0, indexCapacity: 16, quantum: 4 },
      [
        { threadId: 1, events: 100_000 },
        { threadId: 2, events: 100_000 },
      ],
      { pace: 'turn' },
    ),
  ],
  judge(history) {
    return delivering(history, () =>
      [...findTorn(history), ...findPhantoms(history), ...findDuplicates(history)].map((fault) => ({
        ...fault,
        message: `a record was visible before it was written: ${fault.message}`,
      })),
    );
  },
});
