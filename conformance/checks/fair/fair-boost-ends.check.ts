// FAIR-BOOST-ENDS: A thread that waiting or skips had raised is back in its own class after it was served.
import fc from 'fast-check';
import type { ScenarioInput } from '../../../spec/index.js';
import { defineCheck } from '../../check.js';
import { classTurns, delivering, finding } from '../../checkers/index.js';
import { begin, commit, emit, registerAs, stepped, turn } from '../../scenarios/build.js';

/** One thread of a low class that ages, beside others of higher ones that leave it little room. */
const ageing = (low: number, high: readonly number[], visits: number, ageAfter: number, turns: number): ScenarioInput =>
  stepped(
    { detailCapacity: 0, policy: 'priority', quantum: 2, maxIterationVisits: visits, ageAfter, indexCapacity: 4096 },
    ...[low, ...high].flatMap((one, i) => [registerAs(i + 1, one), emit(i + 1, 'index', 1500)]),
    turn(turns),
  );

export default defineCheck({
  id: 'FAIR-BOOST-ENDS',
  scenarios: [ageing(0, [2, 2, 2], 1, 1, 40), ageing(1, [4, 4, 3], 2, 2, 60), ageing(0, [7, 7], 1, 1, 60)],
  generated: {
    arbitrary: fc
      .tuple(
        fc.nat(2),
        fc.array(fc.integer({ min: 3, max: 7 }), { minLength: 2, maxLength: 4 }),
        fc.integer({ min: 1, max: 3 }),
      )
      .map(([low, high, ageAfter]) => ageing(low, high, 1, ageAfter, 50)),
    runs: 25,
  },
  also: [
    {
      needs: ['submit'],
      scenarios: [
        // skips raise it, too; then it is served in its own class again
        stepped(
          { detailCapacity: 0, policy: 'priority', quantum: 2, maxSkips: 5, ageAfter: 50, indexCapacity: 4096 },
          ...[0, 3, 3].flatMap((one, i) => [registerAs(i + 1, one), emit(i + 1, 'index', 900)]),
          ...[turn(), begin(1, 1), turn(4), commit(1), turn(8), begin(1, 1), turn(5), commit(1), turn(8)],
        ),
      ],
    },
  ],
  judge(history) {
    return delivering(history, () => {
      const { overtakings, raisedVisits } = classTurns(history);
      const kept = overtakings.filter(({ wasRaised }) => wasRaised);
      if (kept.length === 0 && raisedVisits === 0) return { inconclusive: 'no thread was raised and served' };
      return kept.map(({ visited, waiting, own, records }) => {
        const message = `thread ${visited} had been raised and was served, and goes before thread ${waiting} of class ${own} again: its boost was kept`;
        return finding('boost', message, `thread ${waiting} first`, `thread ${visited}`, records);
      });
    });
  },
});
