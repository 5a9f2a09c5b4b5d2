// ITER-QUANTUM: A visit delivers at most its thread’s credit in events, both lanes together.
import { defineCheck } from '../../check.js';
import { analyse, delivering, finding, visitsOf } from '../../checkers/index.js';
import { mixed } from '../../scenarios/arbitrary.js';
import { emit, mark, register, settle, stepped, steppedWith, turn } from '../../scenarios/build.js';

const QUANTUM = 6;

export default defineCheck({
  id: 'ITER-QUANTUM',
  scenarios: [1, 7, 6, 100]
    .map((count) =>
      stepped(
        { detailCapacity: 0, quantum: QUANTUM },
        register(1),
        register(2),
        emit(1, 'index', count),
        emit(2, 'index', 20),
        turn(4),
        settle(4096),
      ),
    )
    .concat([
      // the least that there is
      stepped(
        { detailCapacity: 0, quantum: 1 },
        ...[register(1), register(2), emit(1, 'index', 3), emit(2, 'index', 5), turn(9)],
      ),
      // weights count under weighted fair only
      stepped(
        { detailCapacity: 0, quantum: QUANTUM, policy: 'round-robin' },
        ...[register(1, 3), register(2), emit(1, 'index', 50), emit(2, 'index', 50), turn(4), settle(4096)],
      ),
      // who has one event more each time he is visited saves nothing up
      steppedWith(
        { detailCapacity: 0, quantum: QUANTUM },
        Object.fromEntries(Array.from({ length: 40 }, (_, write) => [write, [emit(1, 'index', 1)]])),
        ...[register(1), register(2), emit(1, 'index', 1), emit(2, 'index', 200), turn(10), emit(1, 'index', 60)],
        ...[turn(3), settle(4096)],
      ),
    ]),
  also: [
    {
      needs: ['detail'],
      // both lanes are longer than a visit
      scenarios: [2, QUANTUM, 20].map((quantum) =>
        stepped(
          { quantum, detailCapacity: 64, windowRecords: 8, detailRecordBytes: 64, preRoll: 8 },
          ...[register(1), emit(1, 'detail', 60), mark(1), emit(1, 'index', 50), settle(4096)],
        ),
      ),
    },
  ],
  generated: { arbitrary: mixed(), runs: 80 },
  judge(history) {
    return delivering(history, () => {
      const quantum = analyse(history).config('quantum', QUANTUM);
      return visitsOf(history)
        .filter(({ index, detail }) => index + detail > quantum)
        .map(({ thread, index, detail, records }) =>
          finding(
            'quantum',
            `a visit to thread ${thread} delivered ${index + detail} events, its quantum is ${quantum}`,
            `at most ${quantum} events a visit`,
            `${index + detail}`,
            records,
          ),
        );
    });
  },
});
