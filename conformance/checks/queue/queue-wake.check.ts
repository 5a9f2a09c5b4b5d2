// QUEUE-WAKE: A drain that sleeps delivers an event that is emitted while it falls asleep or sleeps, even if no
// other event follows.
import { defineCheck } from '../../check.js';
import { acceptedEvents, delivering, finding, recordsOf } from '../../checkers/index.js';
import { findRaceFaults } from '../../checkers/racing.js';
import { free } from '../../scenarios/build.js';

/** Events that only stop() delivered: the drain slept on while they waited. */
const STALL_MS = 3_000;

export default defineCheck({
  id: 'QUEUE-WAKE',
  scenarios: [
    // each event comes alone, when the drain has gone to sleep or is about to
    free({ detailCapacity: 0 }, [{ threadId: 1, events: 150, pauseUs: 3_000 }], { stallMs: STALL_MS }),
    // and each third waits for the two before it to be delivered
    free(
      { detailCapacity: 0, indexCapacity: 2 },
      [
        { threadId: 1, events: 400, pauseUs: 500 },
        { threadId: 2, events: 400, pauseUs: 700 },
        { threadId: 3, events: 2_000 },
      ],
      { stallMs: STALL_MS },
    ),
    // alone with a lane that fills while the drain falls asleep: nobody else would wake it (a race: so three times)
    ...[2, 2, 4].map((indexCapacity) =>
      free({ detailCapacity: 0, indexCapacity }, [{ threadId: 1, events: 3_000 }], { stallMs: STALL_MS }),
    ),
    // one event, and no other after it
    ...[1, 2, 3].map((n) =>
      free({ detailCapacity: 0 }, [{ threadId: 1, events: n, pauseUs: 20_000, lives: 5 }], { stallMs: STALL_MS }),
    ),
  ],
  judge(history) {
    if (acceptedEvents(history) === 0) return { inconclusive: 'no event was accepted' };
    const judged = delivering(history, () => {
      const faults = findRaceFaults(history);
      const late = recordsOf(history, 'stop').filter(({ record }) => record.delivered > 0);
      const stranded = late.map(({ record, at }) => {
        const message = `${record.delivered} events were delivered by stop() only: the drain slept on while they waited`;
        return finding('stranded', message, 'delivery while the drain turns', 'delivery by stop()', [at]);
      });
      return [...faults, ...stranded];
    });
    if ('inconclusive' in judged) return judged;
    return judged.map((fault) => ({ ...fault, message: `beside a sleeping drain: ${fault.message}` }));
  },
});
