// FAIR-JAIN-THREADS: While 64 real threads emit as fast as they can, Jain’s index over delivered / fair share is at
// least 0.99 and the smallest share at least 0.97 over every window of 1,000 quanta a thread; with demands 128 times apart 0.95
// and 0.9.
import type { ScenarioInput } from '../../../spec/index.js';
import { defineCheck } from '../../check.js';
import { delivering, findRacingShareFaults, overlap, racingWindows } from '../../checkers/index.js';
import { free, threads } from '../../scenarios/build.js';

const THREADS = 64;
const QUANTUM = 16;
const WINDOW = 1000 * QUANTUM * THREADS;
/** Room for all that a thread emits: what it wants is never cut down to what it gets. */
const LANE = 2 ** 17;
const SMALL_LANE = 2 ** 15;
const APART = 128;

/** The drain begins when a part has been emitted: then the threads stay ahead of it. */
function scenario(indexCapacity: number, events: (thread: number) => number): ScenarioInput {
  const ids = threads(THREADS);
  const all = ids.reduce((sum, id) => sum + events(id), 0);
  return free(
    { detailCapacity: 0, slots: THREADS, indexCapacity, quantum: QUANTUM },
    ids.map((threadId) => ({ threadId, events: events(threadId), ending: 'stay' as const })),
    { pace: 'turn', windowEvents: WINDOW, startAfter: Math.floor(0.3 * all) },
  );
}

/** From 800 to 128 times as many, each the same factor above the one before. */
const exponential = (thread: number): number => Math.round(800 * APART ** ((thread - 1) / (THREADS - 1)));

export default defineCheck({
  id: 'FAIR-JAIN-THREADS',
  scenarios: [scenario(SMALL_LANE, () => 24_000), scenario(LANE, exponential)],
  judge(history, input) {
    const programs = input.mode === 'free' ? input.programs : [];
    const equal = programs.every(({ events }) => events === programs[0]?.events);
    return delivering(history, () => {
      // where the machine is busy some threads have emitted all before the last ones begin: all lanes are full then
      const together = overlap(history);
      if (together < THREADS / 2) return { inconclusive: `only ${together} threads overlapped` };
      const windows = racingWindows(history).filter(({ left, threads: n }) => left > 0 && (!equal || n === THREADS));
      if (windows.length === 0) return { inconclusive: 'no whole window was saturated' };
      return findRacingShareFaults(
        windows,
        equal ? { minShare: 0.97, minJain: 0.99 } : { minShare: 0.9, minJain: 0.95 },
      );
    });
  },
});
