// FAIR-JAIN-THREADS: While 64 real threads emit as fast as they can, Jain’s index over delivered / fair share is at
// least 0.99 and the smallest share at least 0.97 over every window of 1,000 quanta a thread that begins with everybody’s share
// waiting; with demands 128 times apart 0.95 and 0.9.
import type { ScenarioInput } from '../../../spec/index.js';
import { defineCheck } from '../../check.js';
import { delivering, findRacingShareFaults, racingWindows } from '../../checkers/index.js';
import { free, threads } from '../../scenarios/build.js';

const THREADS = 64;
const QUANTUM = 2;
const WINDOW = 1000 * QUANTUM * THREADS;
const APART = 128;

/** Each lane has room for all that its thread emits. The drain begins when so much of it has been emitted. */
function scenario(events: (thread: number) => number, emitted: number): ScenarioInput {
  const ids = threads(THREADS);
  const all = ids.reduce((sum, id) => sum + events(id), 0);
  const indexCapacity = 2 ** Math.ceil(Math.log2(Math.max(...ids.map(events))));
  return free(
    { detailCapacity: 0, slots: THREADS, indexCapacity, quantum: QUANTUM },
    ids.map((threadId) => ({ threadId, events: events(threadId), ending: 'stay' as const })),
    { pace: 'turn', windowEvents: WINDOW, startAfter: Math.floor(emitted * all) },
  );
}

const EQUAL = 6000;
const equal = (): number => EQUAL;
/** From 200 to 128 times as many, each the same factor above the one before. */
const exponential = (thread: number): number => Math.round(200 * APART ** ((thread - 1) / (THREADS - 1)));

/** So little is missing that nobody lacks its share of the first window. */
const NEARLY = 1 - (EQUAL - WINDOW / THREADS) / (THREADS * EQUAL);
/** The drain is at work while the threads are. */
const racing = [scenario(equal, 0.5), scenario(exponential, 0.5)];

export default defineCheck({
  id: 'FAIR-JAIN-THREADS',
  scenarios: [scenario(equal, NEARLY), scenario(exponential, 1), ...racing],
  judge(history, input) {
    const isEqual = input.mode === 'free' && input.programs.every(({ events }) => events === EQUAL);
    return delivering(history, () => {
      const windows = racingWindows(history).filter(({ sure }) => sure);
      // beside racing threads a quick drain may never have that many waiting: then the other scenarios decide
      if (windows.length === 0 && !racing.includes(input))
        return { inconclusive: 'no window began with all shares waiting' };
      const limits = isEqual ? { minShare: 0.97, minJain: 0.99 } : { minShare: 0.9, minJain: 0.95 };
      return findRacingShareFaults(windows, limits);
    });
  },
});
