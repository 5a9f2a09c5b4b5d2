// QUEUE-OTHERS-GO-ON: While one thread’s queue is held, for however long, every other thread is drained as
// usual and iterations end.
import fc from 'fast-check';
import type { ScenarioInput } from '../../../spec/index.js';
import { defineCheck } from '../../check.js';
import { acknowledged, delivering, findLoss, findUnservedThreads, finding, recordsOf } from '../../checkers/index.js';
import { begin, commit, emit, register, settle, stepped, threads, turn } from '../../scenarios/build.js';

/** One thread of n is held for so many iterations; each of the others emits one event before each of them. */
const scenario = (n: number, held: number, iterations: number, config: object = {}): ScenarioInput =>
  stepped(
    { detailCapacity: 0, quantum: 4, ...config },
    ...threads(n).map((id) => register(id)),
    ...[emit(held, 'index', 60), begin(held, 1)],
    ...Array.from({ length: iterations }, () => [
      ...threads(n).flatMap((id) => (id === held ? [] : [emit(id, 'index', 1)])),
      turn(),
    ]).flat(),
    ...[commit(held), settle(4096)],
  );

export default defineCheck({
  id: 'QUEUE-OTHERS-GO-ON',
  scenarios: [
    scenario(4, 1, 60),
    scenario(4, 2, 20, { maxSkips: 0 }),
    scenario(4, 4, 20),
    ...[0, 1].map((maxSkips) => scenario(2, 1, 20, { maxSkips, maxIterationVisits: 1 })),
  ],
  generated: {
    arbitrary: fc
      .tuple(fc.integer({ min: 2, max: 6 }), fc.nat(5), fc.integer({ min: 1, max: 12 }), fc.nat(4))
      .map(([n, held, iterations, maxSkips]) => scenario(n, 1 + (held % n), iterations, { maxSkips })),
    runs: 60,
  },
  judge(history) {
    const begun = recordsOf(history, 'submit').find(
      ({ record }) => record.phase === 'begin' && record.outcome === 'accepted',
    );
    if (begun === undefined) return { inconclusive: 'no queue was held' };
    return delivering(history, () => {
      const held = begun.record.thread;
      const commit = recordsOf(history, 'submit').find(({ record }) => record.phase === 'commit')?.at ?? history.length;
      const others = new Set(recordsOf(history, 'emit').map(({ record }) => record.thread));
      others.delete(held);
      const late = recordsOf(history, 'iteration').flatMap(({ at }, n) =>
        [...others].flatMap((thread) =>
          at > commit || acknowledged(history, { thread, before: at }) > n
            ? []
            : [
                finding(
                  'others',
                  `the queue of thread ${held} was held, and iteration ${n} did not deliver the event of thread ${thread}`,
                  'every other thread drained in every iteration',
                  `thread ${thread} waits`,
                  [begun.at, at],
                ),
              ],
        ),
      );
      return [...late.slice(0, 3), ...findUnservedThreads(history), ...findLoss(history)];
    });
  },
});
