// FAIR-REWEIGH: After setWeight() the thread is served by its new weight from its next turn on, and its credit
// stays within the cap of the new weight.
import fc from 'fast-check';
import {
  creditCap,
  serviceLagBound,
  type HistoryRecord,
  type ScenarioInput,
  type StepInput,
} from '../../../spec/index.js';
import { defineCheck } from '../../check.js';
import {
  Regime,
  delivering,
  findLagFaults,
  finding,
  recordsOf,
  visitsOf,
  walk,
  type Finding,
} from '../../checkers/index.js';
import {
  begin,
  commit,
  emit,
  register,
  setWeight,
  stepped,
  steppedWith,
  threads,
  turn,
} from '../../scenarios/build.js';

const CONFIG = { detailCapacity: 0, policy: 'weighted-fair', quantum: 4, maxSkips: 0, indexCapacity: 2048, slots: 4 };

/** Three saturated threads of weight 2; before each round some get another weight. */
const rounds = (each: readonly (readonly [thread: number, weight: number])[], turns: number): ScenarioInput =>
  stepped(
    CONFIG,
    ...threads(3).flatMap((id) => [register(id, 2), emit(id, 'index', 2000)]),
    turn(),
    ...each.flatMap(([thread, weight]): StepInput[] => [setWeight(thread, weight), turn(turns)]),
  );

/** The weight falls while a held queue has made the thread rich. */
const falls = (from: number, to: number): ScenarioInput =>
  stepped(
    { ...CONFIG, maxSkips: 3 },
    ...threads(2).flatMap((id) => [register(id, from), emit(id, 'index', 3000)]),
    ...[turn(), begin(1, 1), turn(3), setWeight(1, to), commit(1), turn(4)],
  );

/** Visits that took more than the cap of the weight at that time. */
function beyondCap(history: readonly HistoryRecord[]): Finding[] {
  const regime = new Regime(history);
  const found: Finding[] = [];
  walk(history, {
    visited: ({ thread, index, records }) => {
      const most = creditCap(regime.share(thread), regime.quantum, regime.maxSkips);
      if (index <= most) return;
      const message = `thread ${thread}, of weight ${regime.weight(thread)} now, took ${index} events in one visit`;
      found.push(finding('reweigh', message, `at most ${most}`, `${index}`, records));
    },
    changed: (change) => {
      regime.apply(change);
    },
  });
  return found;
}

const changes = fc.array(fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 9 })), {
  minLength: 1,
  maxLength: 8,
});

export default defineCheck({
  id: 'FAIR-REWEIGH',
  scenarios: [
    rounds([[1, 6]], 6),
    rounds([[2, 1]], 6),
    rounds(
      [
        [1, 1],
        [3, 8],
        [1, 5],
        [3, 1],
      ],
      4,
    ),
    // from inside a write: from the next turn on
    steppedWith(
      CONFIG,
      { 1: [setWeight(1, 5)], 4: [setWeight(2, 1)] },
      ...threads(3).flatMap((id) => [register(id, 2), emit(id, 'index', 2000)]),
      turn(6),
    ),
  ],
  generated: {
    arbitrary: fc.tuple(changes, fc.integer({ min: 1, max: 4 })).map(([each, turns]) => rounds(each, turns)),
    runs: 50,
  },
  also: [{ needs: ['submit'], scenarios: [falls(8, 1), falls(5, 2)] }],
  judge(history) {
    return delivering(history, () => {
      const changed = recordsOf(history, 'weight').findLast(({ record }) => record.outcome === 'accepted');
      const after = visitsOf(history).filter(({ records }) => records[0]! > (changed?.at ?? Infinity)).length;
      if (after < 3) return { inconclusive: 'no weight changed before three visits' };
      return [
        ...beyondCap(history),
        ...findLagFaults(history, ({ quantum, maxSkips }) => serviceLagBound(quantum, maxSkips)).map((fault) => ({
          ...fault,
          message: `with a weight that changed: ${fault.message}`,
        })),
      ];
    });
  },
});
