// THREAD-KILLED-RUNNING: A thread that is terminated at an arbitrary moment loses none of the events it was
// told are accepted, and delays nobody.
import { defineCheck } from '../../check.js';
import { delivering, findWrongOutcome, recordsOf } from '../../checkers/index.js';
import { findRaceFaults } from '../../checkers/racing.js';
import { free, threads } from '../../scenarios/build.js';

/** Every second thread is terminated somewhere in the middle, twice in a row; the others go on to their ends. */
const programs = (more: object = {}) =>
  threads(6).map((id) => ({
    threadId: 100 * id,
    events: 20_000,
    ...(id % 2 === 0 ? { lives: 2, ending: 'terminate' as const } : {}),
    ...more,
  }));

export default defineCheck({
  id: 'THREAD-KILLED-RUNNING',
  scenarios: [
    free({ detailCapacity: 0, slots: 8, indexCapacity: 256 }, programs()),
    free({ detailCapacity: 0, slots: 8, indexCapacity: 16, quantum: 4 }, programs({ events: 5_000 })),
    // one event a visit: most of what a thread was told is accepted is in its lane when it dies
    free({ detailCapacity: 0, slots: 8, indexCapacity: 32_768, quantum: 1 }, programs({ events: 12_000 })),
  ],
  also: [
    {
      needs: ['submit', 'detail'],
      // most of its time such a thread holds its queue
      scenarios: [
        free(
          { slots: 8, indexCapacity: 64, detailCapacity: 64, detailRecordBytes: 2048 },
          programs({ events: 6_000, detailEvery: 1, markEvery: 2 }),
        ),
      ],
    },
  ],
  judge(history) {
    return delivering(history, () => {
      const dead = findWrongOutcome(
        history,
        (record) => (record.type === 'dead' ? `declareDead() of terminated thread ${record.thread}` : undefined),
        ['accepted'],
        'came in time',
      );
      const found = [...dead, ...findRaceFaults(history)].map((fault) => ({
        ...fault,
        message: `with threads that were terminated: ${fault.message}`,
      }));
      const killed = recordsOf(history, 'kill').filter(({ record }) => record.during === 'running').length;
      return found.length > 0 || killed >= 6 ? found : { inconclusive: `only ${killed} threads were terminated` };
    });
  },
});
