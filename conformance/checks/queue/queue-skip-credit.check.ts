// QUEUE-SKIP-CREDIT: A skipped thread keeps its unspent credit: after s skips it may take up to (s + 1) quanta
// in its next visit, at most (maxSkips + 1).
import fc from 'fast-check';
import type { HistoryRecord, ScenarioInput } from '../../../spec/index.js';
import { defineCheck } from '../../check.js';
import { analyse, delivering, finding, recordsOf, visitsOf, type Finding } from '../../checkers/index.js';
import { emit, register } from '../../scenarios/build.js';
import { holding, holdings } from '../../scenarios/arbitrary-queue.js';

/** What a thread took in one iteration, in one visit or several. */
interface Turn {
  readonly thread: number;
  readonly iteration: number;
  /** Iterations before it, one after another, in which the thread was held. */
  readonly skips: number;
  taken: number;
  readonly records: number[];
}

function turnsOf(history: readonly HistoryRecord[]): Turn[] {
  const heldIn = new Map<number, Set<number>>(); // thread: numbers of the iterations
  let held: number | undefined;
  let iteration = 0;
  for (const record of history) {
    if (record.type === 'submit' && record.outcome === 'accepted')
      held = record.phase === 'begin' ? record.thread : undefined;
    if (record.type !== 'iteration') continue;
    if (held !== undefined) heldIn.set(held, (heldIn.get(held) ?? new Set()).add(iteration));
    iteration += 1;
  }
  const turns: Turn[] = [];
  for (const { thread, index, iteration: at, records } of visitsOf(history)) {
    let turn = turns.find((one) => one.thread === thread && one.iteration === at);
    if (turn === undefined) {
      let skips = 0;
      while (heldIn.get(thread)?.has(at - 1 - skips) === true) skips += 1;
      turns.push((turn = { thread, iteration: at, skips, taken: 0, records: [] }));
    }
    turn.taken += index;
    turn.records.push(...records);
  }
  return turns;
}

const WEIGHT = 6;

/** The same with a thread that counts more than the others. */
function weighted(held: number): ScenarioInput {
  const plain = holding({ quantum: 4, maxSkips: 3 }, [{ thread: 1, held, after: 2 }]);
  if (plain.mode !== 'stepped') return plain;
  const steps = plain.steps.map((step) => {
    if (step.op === 'register' && step.thread === 1) return register(1, WEIGHT);
    return step.op === 'emit' && step.thread === 1 ? emit(1, 'index', WEIGHT * (step.count ?? 1)) : step;
  });
  return { ...plain, config: { ...plain.config, policy: 'weighted-fair' }, steps };
}

export default defineCheck({
  id: 'QUEUE-SKIP-CREDIT',
  scenarios: [1, 2, 3, 5].map((held) => holding({ quantum: 4, maxSkips: 3 }, [{ thread: 1, held, after: 2 }])),
  also: [{ needs: ['weights'], scenarios: [1, 2, 5].map(weighted) }],
  generated: {
    arbitrary: fc
      .tuple(fc.integer({ min: 2, max: 8 }), fc.nat(4), holdings(6))
      .map(([quantum, maxSkips, rounds]) => holding({ quantum, maxSkips }, rounds)),
    runs: 60,
  },
  judge(history) {
    const begun = recordsOf(history, 'submit').some(({ record }) => record.outcome === 'accepted');
    if (!begun) return { inconclusive: 'no queue was held' };
    const { config, registrations, header } = analyse(history);
    const longest = config('maxSkips', 4);
    const share = (thread: number): number =>
      config('quantum', 256) *
      (header?.config['policy'] === 'weighted-fair' ? (registrations.get(thread)?.weight ?? 1) : 1);
    return delivering(history, () => {
      const visits = turnsOf(history);
      // every lane holds more than is ever taken: a drain that leaves a part of its quantum has its own reasons
      const spends = visits.every(({ thread, skips, taken }) => skips > 0 || taken === share(thread));
      const found = visits.flatMap(({ thread, skips, taken, records }): Finding[] => {
        const quantum = share(thread);
        const most = (Math.min(skips, longest) + 1) * quantum;
        if (skips === 0 || taken === most || (taken < most && !spends)) return [];
        const why = taken > most ? 'more than its credit' : 'the credit of the skips was thrown away';
        const message = `after ${skips} skips thread ${thread} took ${taken} events in its next visit: ${why}`;
        return [finding('credit', message, `${most} (quantum ${quantum}, maxSkips ${longest})`, `${taken}`, records)];
      });
      if (found.length > 0) return found;
      return visits.some(({ skips }) => skips > 0) ? [] : { inconclusive: 'no thread was visited after a skip' };
    });
  },
});
