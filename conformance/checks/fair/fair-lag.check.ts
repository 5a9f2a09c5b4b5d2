// FAIR-LAG: Between two threads that are both backlogged over an interval, service per weight differs by at
// most one quantum (events), over every interval of full visits.
import fc from 'fast-check';
import type { ScenarioInput } from '../../../spec/index.js';
import { defineCheck } from '../../check.js';
import { analyse, delivering, findLagFaults } from '../../checkers/index.js';
import { emit, register, stepped, threads, turn } from '../../scenarios/build.js';

const demand = fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 2, maxLength: 8 });

/** Threads with these demands, and more of it between the iterations. */
function load(quantum: number, demands: readonly number[], rounds: number): ScenarioInput {
  const ids = threads(demands.length);
  const more = ids.map((id) => emit(id, 'index', Math.ceil(demands[id - 1]! / 2)));
  return stepped(
    { detailCapacity: 0, quantum },
    ...ids.map((id) => register(id)),
    ...ids.map((id) => emit(id, 'index', demands[id - 1]!)),
    ...Array.from({ length: rounds }, () => [...more, turn()]).flat(),
  );
}

export default defineCheck({
  id: 'FAIR-LAG',
  scenarios: [load(16, [900, 900, 900, 900], 20), load(5, [300, 10, 900], 20)],
  generated: {
    arbitrary: fc
      .tuple(fc.integer({ min: 1, max: 20 }), demand, fc.integer({ min: 2, max: 8 }))
      .map(([quantum, demands, rounds]) => load(quantum, demands, rounds)),
    runs: 60,
  },
  judge(history) {
    return delivering(history, () => findLagFaults(history, analyse(history).config('quantum', 256)));
  },
});
