// FAIR-ADAPTIVE-STEADY: Under adaptive and a load that stays the same the size of visits settles: it does not go up
// and down.
import fc from 'fast-check';
import type { HistoryRecord, ScenarioInput } from '../../../spec/index.js';
import { defineCheck } from '../../check.js';
import { delivering, finding, recordsOf, visitsOf } from '../../checkers/index.js';
import { emit, register, sink, stepped, threads, turn } from '../../scenarios/build.js';

const TURNS = 160;
/** What happens before is settling. */
const SETTLED_AFTER = 64;

/**
 * Threads that are backlogged throughout, and a sink that takes as long for each write of a few events. The target lies anywhere
 * between what the smallest and the largest quantum take.
 */
const backlogged = (n: number, costNs: number, targetIterationNs: number): ScenarioInput =>
  stepped(
    {
      ...{ detailCapacity: 0, policy: 'adaptive', maxSkips: 0, slots: 8, indexCapacity: 8192, targetIterationNs },
      ...{ quantum: 4, quantumMin: 4, quantumMax: 64, batchMin: 4, batchMax: 4 },
    },
    ...threads(n).flatMap((id) => [register(id), emit(id, 'index', 8000)]),
    sink('accept', { costNs }),
    ...Array.from({ length: TURNS }, () => [turn(), ...threads(n).map((id) => emit(id, 'index', 40))]).flat(),
  );

/** The same number of events for each thread before each iteration. */
const arriving = (n: number, each: number, quantum: number): ScenarioInput =>
  stepped(
    {
      ...{
        detailCapacity: 0,
        policy: 'adaptive',
        maxSkips: 0,
        slots: 8,
        indexCapacity: 8192,
        targetIterationNs: 1_000_000_000,
      },
      ...{ quantum, quantumMin: 2, quantumMax: 256, batchMin: 2, batchMax: 256 },
    },
    ...threads(n).map((id) => register(id)),
    ...Array.from({ length: TURNS }, () => [...threads(n).map((id) => emit(id, 'index', each)), turn()]).flat(),
  );

/** The largest visit of each iteration after things have settled. */
function sizes(history: readonly HistoryRecord[]): number[] {
  const all: number[] = [];
  for (const { iteration, index } of visitsOf(history)) all[iteration] = Math.max(all[iteration] ?? 0, index);
  return all.slice(SETTLED_AFTER).filter((size) => size > 0);
}

/** How often it turns from up to down or back. */
function turnsAbout(values: readonly number[]): number {
  let direction = 0;
  let turns = 0;
  values.slice(1).forEach((value, i) => {
    const now = Math.sign(value - values[i]!);
    if (now === 0) return;
    if (direction !== 0 && now !== direction) turns += 1;
    direction = now;
  });
  return turns;
}

export default defineCheck({
  id: 'FAIR-ADAPTIVE-STEADY',
  scenarios: [
    ...[10_000, 24_000, 40_000, 60_000].map((target) => backlogged(4, 1000, target)),
    ...[3, 9, 40].map((each) => arriving(3, each, 16)),
  ],
  generated: {
    arbitrary: fc.oneof(
      fc
        .tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 4, max: 80 }))
        .map(([n, target]) => backlogged(n, 1000, n * target * 250)),
      fc
        .tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 100 }), fc.integer({ min: 2, max: 200 }))
        .map((parts) => arriving(...parts)),
    ),
    runs: 12,
  },
  judge(history) {
    return delivering(history, () => {
      const settled = sizes(history);
      if (settled.length < SETTLED_AFTER)
        return {
          inconclusive: `there were only ${settled.length} iterations with visits after the first ${SETTLED_AFTER}`,
        };
      const turns = turnsAbout(settled);
      if (turns <= 1) return [];
      const [least, most] = [Math.min(...settled), Math.max(...settled)];
      const message = `under a load that stays the same visits go up and down between ${least} and ${most} events, ${turns} times in ${settled.length} iterations`;
      const end = recordsOf(history, 'iteration').at(-1)!.at;
      return [finding('adaptive', message, 'visits of a size that settles', `${turns} turns`, [end])];
    });
  },
});
