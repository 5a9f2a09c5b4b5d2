// THREAD-EVENTS: The drain reports each thread’s registration, leaving and reclaim exactly once each, in this
// order, the last one after its last batch.
import { defineCheck } from '../../check.js';
import { delivering, finding, recordsOf } from '../../checkers/index.js';
import { emit, leave, register, settle, stepped, stop, turn } from '../../scenarios/build.js';

const ORDER = ['registered', 'leaving', 'reclaimed'];

export default defineCheck({
  id: 'THREAD-EVENTS',
  scenarios: [
    stepped(
      { detailCapacity: 0, quantum: 4 },
      register(1),
      register(2),
      emit(1, 'index', 9),
      turn(),
      leave(1),
      turn(),
      settle(4096),
      leave(2),
      settle(4096),
    ),
    stepped({ detailCapacity: 0 }, register(1), emit(1, 'index', 2), stop()),
  ],
  judge(history) {
    return delivering(history, () =>
      recordsOf(history, 'register').flatMap(({ record: { thread, outcome } }) => {
        if (outcome !== 'accepted') return [];
        const told = recordsOf(history, 'thread-event').filter(({ record }) => record.thread === thread);
        const names = told.map(({ record }) => record.event).join(', ');
        const evidence = told.map(({ at }) => at);
        if (names !== ORDER.join(', '))
          return [
            finding(
              'events',
              `thread ${thread} registered, left and was drained, and the drain reported: ${names || 'nothing'}`,
              ORDER.join(', '),
              names,
              evidence,
            ),
          ];
        const last = history.findLastIndex((record) => record.type === 'batch' && record.thread === thread);
        return last > told[2]!.at
          ? [
              finding(
                'events',
                `thread ${thread} was reported as reclaimed before its last batch`,
                'reclaimed last',
                'a batch after it',
                [told[2]!.at, last],
              ),
            ]
          : [];
      }),
    );
  },
});
