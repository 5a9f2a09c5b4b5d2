// FAIR-CREDIT-RESET: A thread whose lane ran empty starts again without credit: a long quiet time does not buy
// a burst beyond one quantum.
import fc from 'fast-check';
import type { ScenarioInput, StepInput } from '../../../spec/index.js';
import { defineCheck } from '../../check.js';
import { acknowledged, analyse, delivering, finding, recordsOf, visitsOf } from '../../checkers/index.js';
import { begin, commit, emit, register, stepped, turn } from '../../scenarios/build.js';

/** Thread 1 is quiet for a long time (a few events at most, which empty its lane), then it has very many. */
const scenario = (quantum: number, quiet: StepInput[]): ScenarioInput =>
  stepped(
    { detailCapacity: 0, quantum, indexCapacity: 2048 },
    ...[register(1), register(2), emit(2, 'index', 2000), ...quiet],
    ...[emit(1, 'index', 20 * quantum), turn(3)],
  );
const rounds = (n: number, events: readonly number[]): StepInput[] =>
  Array.from({ length: n }, () => events.flatMap((count) => [emit(1, 'index', count), turn()])).flat();

export default defineCheck({
  id: 'FAIR-CREDIT-RESET',
  scenarios: [
    scenario(10, rounds(12, [1])),
    scenario(10, [emit(1, 'index', 12), turn(20)]),
    scenario(16, [...rounds(4, [9, 0, 0, 3]), turn(64)]),
  ],
  generated: {
    arbitrary: fc
      .tuple(fc.integer({ min: 3, max: 24 }), fc.array(fc.nat(3), { minLength: 1, maxLength: 12 }))
      .map(([quantum, events]) => scenario(quantum, [emit(1, 'index', 1), turn(2), ...rounds(1, events), turn(3)])),
    runs: 60,
  },
  also: [
    {
      needs: ['submit'],
      // the credit of skips is gone too, once the lane ran empty
      scenarios: [scenario(10, [emit(1, 'index', 3), begin(1, 1), turn(3), commit(1), turn(8)])],
    },
  ],
  judge(history) {
    const quantum = analyse(history).config('quantum', 256);
    const burst = recordsOf(history, 'emit').findLast(({ record }) => record.thread === 1);
    return delivering(history, () => {
      if (burst === undefined || acknowledged(history, { thread: 1, before: burst.at }) < burst.record.from)
        return { inconclusive: 'the lane of thread 1 did not run empty before its burst' };
      const visits = visitsOf(history).filter(({ thread, records }) => thread === 1 && records[0]! > burst.at);
      if (visits.length === 0) return { inconclusive: 'thread 1 was not visited after its burst' };
      return visits
        .filter(({ index }) => index > quantum)
        .map(({ index, records }) =>
          finding(
            'hoard',
            `after a quiet time thread 1 took ${index} events in one visit: it hoarded credit`,
            `at most ${quantum}`,
            `${index}`,
            records,
          ),
        );
    });
  },
});
