// THREAD-JOIN-NEXT: A thread that registers while an iteration is under way, or between two, has its events
// delivered by the next full iteration.
import fc from 'fast-check';
import type { ScenarioInput, StepInput } from '../../../spec/index.js';
import { defineCheck } from '../../check.js';
import { acknowledged, delivering, finding, recordsOf } from '../../checkers/index.js';
import { emit, leave, register, settle, stepped, steppedWith, threads, turn } from '../../scenarios/build.js';

/** Threads from here up register while a batch is handed over. */
const DURING = 1000;
const joins = (id: number): StepInput[] => [register(id), emit(id, 'index', 1)];

/** So many threads join before each iteration; and so many during each of these writes. */
const scenario = (before: readonly number[], during: readonly number[], backlog: number): ScenarioInput => {
  let next = 2;
  const rounds = before.map((n) => threads(n).map(() => next++));
  return steppedWith(
    { detailCapacity: 0, quantum: 4, slots: 256 },
    Object.fromEntries(during.map((write) => [write, joins(DURING + write)])),
    ...[register(1), emit(1, 'index', backlog)],
    ...rounds.flatMap((ids) => [...ids.flatMap(joins), turn()]),
    turn(),
    settle(4096),
  );
};

export default defineCheck({
  id: 'THREAD-JOIN-NEXT',
  scenarios: [
    scenario([0, 1, 1, 2, 3, 1, 1, 1], [], 900),
    scenario([0, 0, 0, 0], [0, 2], 900),
    scenario([1, 1], [0], 2),
    // nobody else is backlogged
    stepped({ detailCapacity: 0 }, register(1), turn(3), ...joins(2), turn(), ...joins(3), turn(), settle(4096)),
    // in a slot that has had another thread
    stepped(
      { detailCapacity: 0, slots: 2 },
      ...[register(1), emit(1, 'index', 2), turn()],
      ...[2, 3, 4].flatMap((id) => [...joins(id), turn(), leave(id), settle(64)]),
    ),
  ],
  generated: {
    arbitrary: fc
      .tuple(
        fc.array(fc.nat(3), { minLength: 1, maxLength: 8 }),
        fc.uniqueArray(fc.nat(8), { maxLength: 3 }),
        fc.integer({ min: 1, max: 200 }),
      )
      .map(([before, during, backlog]) => scenario(before, during, backlog)),
    runs: 100,
  },
  judge(history) {
    const joined = recordsOf(history, 'register').filter(
      ({ record }) => record.thread > 1 && record.outcome === 'accepted',
    );
    if (joined.length === 0) return { inconclusive: 'no thread joined after the first iteration' };
    const iterations = recordsOf(history, 'iteration').map(({ at }) => at);
    return delivering(history, () =>
      joined.flatMap(({ record: { thread }, at }) => {
        // who joins during an iteration has the whole next one
        const by = iterations.filter((end) => end > at)[thread >= DURING ? 1 : 0] ?? history.length;
        if (acknowledged(history, { thread, before: by }) > 0) return [];
        const when = thread >= DURING ? 'while an iteration was under way' : 'before an iteration began';
        const message = `thread ${thread} registered ${when}, and its event was not delivered in the next one`;
        return [finding('join', message, 'a new thread in the next iteration', 'not visited', [at, by])];
      }),
    );
  },
});
