// FAIR-PRIORITY-ORDER: Under priority no thread is visited in an iteration while one of a higher class,
// backlogged since before it began and not skipped, waits for its turn, unless missed iterations or skips have raised the
// visited one that far.
import fc from 'fast-check';
import type { ScenarioInput, StepInput } from '../../../spec/index.js';
import { defineCheck } from '../../check.js';
import { delivering, findOvertakings, visitsOf } from '../../checkers/index.js';
import { begin, commit, emit, registerAs, setPriority, stepped, turn } from '../../scenarios/build.js';

const CONFIG = { detailCapacity: 0, policy: 'priority', quantum: 3, indexCapacity: 4096 };

/** Saturated threads of these classes, and iterations that may be cut short. */
const load = (classes: readonly number[], config: object, turns: number): ScenarioInput =>
  stepped(
    { ...CONFIG, ...config },
    ...classes.flatMap((one, i) => [registerAs(i + 1, one), emit(i + 1, 'index', 1500)]),
    turn(turns),
  );

/** Threads of these classes that have a few events now and then, beside a saturated one of the lowest. */
const guests = (comes: readonly (readonly [priority: number, events: number])[], visits: number): ScenarioInput =>
  stepped(
    { ...CONFIG, maxIterationVisits: visits },
    registerAs(1, 0),
    emit(1, 'index', 1500),
    ...[1, 2, 3, 4, 5, 6, 7].map((one) => registerAs(10 + one, one)),
    ...comes.flatMap(([priority, events]): StepInput[] => [emit(11 + (priority % 7), 'index', events), turn()]),
    turn(12),
  );

export default defineCheck({
  id: 'FAIR-PRIORITY-ORDER',
  scenarios: [
    load([0, 7, 3], {}, 4),
    load([1, 0, 2, 1, 7], { maxIterationVisits: 2 }, 30),
    load([0, 4, 4, 2], { maxIterationVisits: 1, ageAfter: 3 }, 60),
    load(
      Array.from({ length: 64 }, (_, i) => i % 8),
      { slots: 64 },
      3,
    ),
    guests(
      [
        [3, 2],
        [5, 9],
        [0, 1],
        [6, 4],
      ],
      2,
    ),
  ],
  generated: {
    arbitrary: fc
      .tuple(
        fc.array(fc.nat(7), { minLength: 2, maxLength: 7 }),
        fc.nat(4),
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 3, max: 30 }),
      )
      .map(([classes, maxIterationVisits, ageAfter, turns]) => load(classes, { maxIterationVisits, ageAfter }, turns)),
    runs: 60,
  },
  also: [
    {
      needs: ['reconfigure'],
      scenarios: [
        stepped(
          CONFIG,
          ...[1, 2, 3].flatMap((id) => [registerAs(id, id), emit(id, 'index', 900)]),
          ...[turn(3), setPriority(1, 7), turn(4), setPriority(3, 0), turn(4), setPriority(2, 6), turn(3)],
        ),
      ],
    },
    {
      needs: ['submit'],
      scenarios: [
        stepped(
          { ...CONFIG, maxSkips: 3 },
          ...[1, 2, 3, 4].flatMap((id) => [registerAs(id, id), emit(id, 'index', 900)]),
          ...[turn(), begin(4, 1), turn(2), commit(4), turn(3), begin(1, 1), turn(4), commit(1), turn(6)],
        ),
      ],
    },
  ],
  judge(history) {
    return delivering(history, () => {
      const found = findOvertakings(history);
      const visits = visitsOf(history).length;
      return found.length > 0 || visits > 4 ? found : { inconclusive: `only ${visits} visits were made` };
    });
  },
});
