// THREAD-LANES-OUTLIVE: Events of a thread that ended (its worker or thread gone, leave() or not) are delivered
// as long as the drain lives.
import { defineCheck } from '../../check.js';
import { delivering, findWrongOutcome, recordsOf } from '../../checkers/index.js';
import { findRaceFaults } from '../../checkers/racing.js';
import { free, threads } from '../../scenarios/build.js';

/** The drain takes one event a visit: when a thread ends, most of its events are still in its lane. */
const programs = threads(3).flatMap((id) => [
  { threadId: id, events: 2_003 },
  { threadId: 100 + id, events: 2_003, ending: 'vanish' as const },
  { threadId: 200 + id, events: 2_003, ending: 'terminate' as const },
]);

export default defineCheck({
  id: 'THREAD-LANES-OUTLIVE',
  scenarios: [free({ detailCapacity: 0, slots: 16, indexCapacity: 2048, quantum: 1 }, programs)],
  judge(history) {
    return delivering(history, () => {
      const dead = findWrongOutcome(
        history,
        (record) => (record.type === 'dead' ? `declareDead() of ended thread ${record.thread}` : undefined),
        ['accepted'],
        'came while the drain lived',
      );
      const found = [...dead, ...findRaceFaults(history)].map((fault) => ({
        ...fault,
        message: `with threads that ended: ${fault.message}`,
      }));
      const gone = recordsOf(history, 'kill').length;
      return found.length > 0 || gone >= 6 ? found : { inconclusive: `only ${gone} threads ended without leave()` };
    });
  },
});
