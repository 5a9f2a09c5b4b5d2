// FAIR-WEIGHTS: Under weighted fair a thread of weight w is served w times as much as one of weight 1 while
// both are backlogged, within one quantum per weight.
import { defineCheck } from '../../check.js';
import { acknowledged, delivering, findLagFaults } from '../../checkers/index.js';
import { emit, register, stepped, turn } from '../../scenarios/build.js';

const QUANTUM = 6;
const WEIGHTS = [1, 2, 4, 3];

export default defineCheck({
  id: 'FAIR-WEIGHTS',
  scenarios: [
    stepped(
      { detailCapacity: 0, quantum: QUANTUM, policy: 'weighted-fair', indexCapacity: 2048 },
      ...WEIGHTS.map((weight, i) => register(i + 1, weight)),
      ...WEIGHTS.map((_, i) => emit(i + 1, 'index', 2000)),
      turn(40),
    ),
  ],
  judge(history) {
    return delivering(history, () => {
      const served = WEIGHTS.map((_, i) => acknowledged(history, { thread: i + 1 }));
      if (Math.max(...served) === 2000) return { inconclusive: 'a thread ran out of events' };
      return findLagFaults(history, QUANTUM).map((fault) => ({
        ...fault,
        message: `with weights ${WEIGHTS.join(', ')} the threads were served ${served.join(', ')} events: ${fault.message}`,
      }));
    });
  },
});
