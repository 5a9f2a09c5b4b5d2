// FAIR-WEIGHTS: Under weighted fair a thread of weight w is served w times as much as one of weight 1 while
// both are backlogged, within one quantum per weight.
import fc from 'fast-check';
import type { ScenarioInput } from '../../../spec/index.js';
import { defineCheck } from '../../check.js';
import { acknowledged, analyse, delivering, findLagFaults, visitsOf } from '../../checkers/index.js';
import { emit, leave, register, settle, stepped, turn } from '../../scenarios/build.js';

/** Threads of these weights, each with more than is ever delivered to it. */
const load = (quantum: number, weights: readonly number[], turns: number): ScenarioInput =>
  stepped(
    { detailCapacity: 0, quantum, policy: 'weighted-fair', indexCapacity: 4096 },
    ...weights.map((weight, i) => register(i + 1, weight)),
    ...weights.map((weight, i) => emit(i + 1, 'index', (turns + 1) * quantum * weight)),
    turn(turns),
  );

/** The same in slots that other threads, of other weights, had before. */
const after = (lives: number, weights: readonly number[]): ScenarioInput => {
  const ids = (life: number): number[] => weights.map((_, i) => 100 * life + i);
  const before = Array.from({ length: lives }, (_, life) => ids(life + 1));
  const now = weights.map((_, i) => i + 1);
  return stepped(
    { detailCapacity: 0, quantum: 2, policy: 'weighted-fair', slots: weights.length },
    ...before.flatMap((all) => [
      ...all.map((id, i) => register(id, weights.length - i)),
      ...all.map((id) => emit(id, 'index', 1)),
      ...all.map(leave),
      settle(4096),
    ]),
    ...now.map((id, i) => register(id, weights[i])),
    ...now.map((id, i) => emit(id, 'index', 11 * 2 * weights[i]!)),
    turn(10),
  );
};

export default defineCheck({
  id: 'FAIR-WEIGHTS',
  scenarios: [
    load(6, [1, 2, 4, 3], 40),
    load(1, [1, 1024], 3),
    load(3, [5, 1, 5], 50),
    after(1, [1, 2, 4]),
    after(3, [7, 1, 3]),
  ],
  generated: {
    arbitrary: fc
      .tuple(
        fc.integer({ min: 1, max: 6 }),
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 2, maxLength: 5 }),
        fc.integer({ min: 3, max: 20 }),
      )
      .map(([quantum, weights, turns]) => load(quantum, weights, turns)),
    runs: 60,
  },
  judge(history) {
    return delivering(history, () => {
      const { registrations, config } = analyse(history);
      const each = [...registrations.values()].filter(({ thread }) => thread < 100);
      const weights = each.map(({ weight }) => weight).join(', ');
      const served = each.map(({ thread }) => acknowledged(history, { thread })).join(', ');
      const found = findLagFaults(history, config('quantum', 256)).map((fault) => ({
        ...fault,
        message: `with weights ${weights} the threads were served ${served} events: ${fault.message}`,
      }));
      if (found.length > 0) return found;
      return visitsOf(history).length >= 2 * each.length ? [] : { inconclusive: 'not every thread had two visits' };
    });
  },
});
