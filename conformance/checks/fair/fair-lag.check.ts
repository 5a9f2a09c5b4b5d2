// FAIR-LAG: Under policies with one line, between two threads that are both backlogged over an interval, service
// per weight differs by at most one quantum (events), over every interval of full visits.
import fc from 'fast-check';
import type { ScenarioInput } from '../../../spec/index.js';
import { defineCheck } from '../../check.js';
import { delivering, findLagFaults, visitsOf } from '../../checkers/index.js';
import { emit, mark, register, seal, stepped, threads, turn } from '../../scenarios/build.js';

const demand = fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 2, maxLength: 8 });

/** Threads with these demands, and more of it between the iterations. */
function load(quantum: number, demands: readonly number[], rounds: number, config: object = {}): ScenarioInput {
  const ids = threads(demands.length);
  const more = ids.map((id) => emit(id, 'index', Math.ceil(demands[id - 1]! / 2)));
  return stepped(
    { detailCapacity: 0, quantum, ...config },
    ...ids.map((id) => register(id)),
    ...ids.map((id) => emit(id, 'index', demands[id - 1]!)),
    ...Array.from({ length: rounds }, () => [...more, turn()]).flat(),
  );
}

export default defineCheck({
  id: 'FAIR-LAG',
  scenarios: [
    load(16, [900, 900, 900, 900], 20),
    load(5, [300, 10, 900], 20),
    load(1, [400, 400], 60),
    // many threads for a long time
    load(
      3,
      Array.from({ length: 12 }, () => 300),
      70,
    ),
    load(
      3,
      threads(64).map((id) => 20 + id),
      12,
    ),
  ],
  generated: {
    arbitrary: fc
      .tuple(fc.integer({ min: 1, max: 20 }), demand, fc.integer({ min: 2, max: 12 }))
      .map(([quantum, demands, rounds]) => load(quantum, demands, rounds)),
    runs: 80,
  },
  also: [
    {
      needs: ['weights'],
      scenarios: [
        load(6, [900, 40, 900], 20, { policy: 'weighted-fair' }),
        load(4, [500, 500], 20, { policy: 'weighted-fair' }),
      ],
    },
    {
      needs: ['adaptive'],
      scenarios: [
        load(4, [900, 900, 300], 30, { policy: 'adaptive', quantumMin: 2, quantumMax: 24 }),
        load(
          2,
          threads(64).map((id) => 60 + id),
          12,
          { policy: 'adaptive', quantumMin: 2, quantumMax: 12 },
        ),
      ],
    },
    {
      needs: ['detail'],
      // marked detail counts as much as index events do
      scenarios: [
        stepped(
          { quantum: 10, detailCapacity: 128, windowRecords: 8, detailRecordBytes: 64, preRoll: 64 },
          ...threads(3).flatMap((id) => [register(id), emit(id, 'index', 500)]),
          ...[1, 2].flatMap((id) => [emit(id, 'detail', 100), mark(id), seal(id)]),
          turn(25),
        ),
      ],
    },
  ],
  judge(history) {
    return delivering(history, () => {
      const served = new Set(visitsOf(history).map(({ thread }) => thread)).size;
      const found = findLagFaults(history, ({ quantum }) => quantum);
      if (found.length > 0) return found;
      return served > 1 && visitsOf(history).length >= 4
        ? []
        : { inconclusive: 'there were not two visits to two threads' };
    });
  },
});
