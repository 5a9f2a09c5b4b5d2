// QUEUE-WAKE: A drain that sleeps delivers an event that is emitted while it falls asleep or sleeps, even if no
// other event follows.
import { defineCheck } from '../../check.js';
import { acceptedEvents, delivering, findDuplicates, findLoss } from '../../checkers/index.js';
import { free } from '../../scenarios/build.js';

export default defineCheck({
  id: 'QUEUE-WAKE',
  // each event comes alone, when the drain has gone to sleep or is about to
  scenarios: [
    free({ detailCapacity: 0 }, [{ threadId: 1, events: 150, pauseUs: 3_000 }], { pace: 'sleep' }),
    free(
      { detailCapacity: 0, indexCapacity: 2 },
      [
        { threadId: 1, events: 150, pauseUs: 500 },
        { threadId: 2, events: 150, pauseUs: 700 },
      ],
      { pace: 'sleep' },
    ),
  ],
  judge(history) {
    if (acceptedEvents(history) < 150) return { inconclusive: 'the events were not accepted' };
    return delivering(history, () =>
      [...findLoss(history), ...findDuplicates(history)].map((fault) => ({
        ...fault,
        message: `beside a sleeping drain: ${fault.message}`,
      })),
    );
  },
});
