// THREAD-CHURN: 8 real threads that join, emit and leave all the time lose nothing, and every life is drained
// whole before its slot is used again.
import type { HistoryRecord } from '../../../spec/index.js';
import { defineCheck } from '../../check.js';
import { delivering, finding, recordsOf, type Finding } from '../../checkers/index.js';
import { findRaceFaults, notRacing } from '../../checkers/racing.js';
import { free, threads } from '../../scenarios/build.js';

const LIVES = 150;
const programs = threads(8).map((id) => ({ threadId: 1000 * id, lives: LIVES, events: 40 + 5 * id }));

/** Two lives under one slot and generation; and lives that could not register. */
function mixedUp(history: readonly HistoryRecord[]): Finding[] {
  const seen = new Map<string, { thread: number; at: number }>();
  return recordsOf(history, 'register').flatMap(({ record: { thread, slot, generation, outcome }, at }) => {
    if (outcome !== 'accepted')
      return [finding('churn', `thread ${thread} could not register: ${outcome}`, 'accepted', outcome, [at])];
    const place = `slot ${slot}, generation ${generation}`;
    const before = seen.get(place);
    seen.set(place, { thread, at });
    if (before === undefined) return [];
    const message = `threads ${before.thread} and ${thread} both had ${place}`;
    return [finding('churn', message, 'a new generation', place, [before.at, at])];
  });
}

export default defineCheck({
  id: 'THREAD-CHURN',
  scenarios: [
    free({ detailCapacity: 0, slots: 10, indexCapacity: 64 }, programs),
    // fewer slots than threads: they wait for each other's final drains
    free({ detailCapacity: 0, slots: 5, indexCapacity: 16, quantum: 8 }, programs),
  ],
  judge(history) {
    return delivering(history, () => {
      const found = [...findRaceFaults(history), ...mixedUp(history)];
      if (found.length > 0) return found;
      const why = notRacing(history, { threads: 3 });
      if (why !== undefined) return { inconclusive: why };
      const lives = recordsOf(history, 'life').length;
      return lives === 8 * LIVES ? [] : { inconclusive: `only ${lives} of ${8 * LIVES} lives were lived` };
    });
  },
});
