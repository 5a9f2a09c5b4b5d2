// LOSS-NOT-TORN: An event becomes visible only when its whole record is written: under racing threads every
// delivered record has exactly the bytes that its producer gave.
import { defineCheck } from '../../check.js';
import { delivering, findDuplicates, findPhantoms, findTorn } from '../../checkers/index.js';
import { free, threads } from '../../scenarios/build.js';

/**
 * Long lanes that hardly ever fill: the producers never rest, and so are preempted at any moment, between publishing
 * and writing too. Found to catch that fault in every run of four.
 */
const busy = free(
  { detailCapacity: 0, slots: 4, indexCapacity: 65_536, quantum: 65_536 },
  threads(4).map((threadId) => ({ threadId, events: 600_000 })),
  { pace: 'turn' },
);

export default defineCheck({
  id: 'LOSS-NOT-TORN',
  scenarios: [
    // one producer beside a drain that reads each record as soon as it is published
    free({ detailCapacity: 0, indexCapacity: 64 }, [{ threadId: 1, events: 300_000 }], { pace: 'turn' }),
    ...[busy, busy, busy, busy],
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
