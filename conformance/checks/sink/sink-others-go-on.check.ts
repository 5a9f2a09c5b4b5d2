// SINK-OTHERS-GO-ON: While the sink fails for one thread, the events of all other threads are delivered in
// every iteration.
import { defineCheck } from '../../check.js';
import { acknowledged, delivering, finding, iterationEnd, recordsOf } from '../../checkers/index.js';
import { emit, register, sink, stepped, threads, turn } from '../../scenarios/build.js';

const others = [2, 3, 4];

export default defineCheck({
  id: 'SINK-OTHERS-GO-ON',
  scenarios: [
    ...(['throw', 'refuse', 'nonsense'] as const).map((how) =>
      stepped(
        { detailCapacity: 0, maxBackoffIterations: 1 },
        ...threads(4).map((id) => register(id)),
        sink(how, { thread: 1 }),
        emit(1, 'index', 5),
        ...Array.from({ length: 6 }, () => [...others.map((id) => emit(id, 'index', 1)), turn()]).flat(),
      ),
    ),
    // after a failure its batches are taken one event at a time
    stepped(
      { detailCapacity: 0, maxBackoffIterations: 1 },
      ...threads(4).map((id) => register(id)),
      ...[sink('throw', { thread: 1, times: 1 }), emit(1, 'index', 9)],
      ...Array.from({ length: 6 }, (_, n) => [
        ...others.map((id) => emit(id, 'index', 1)),
        ...[turn(), ...(n === 0 ? [sink('partial', { thread: 1, take: 1 })] : [])],
      ]).flat(),
    ),
  ],
  judge(history) {
    const failed = recordsOf(history, 'batch').some(({ record }) => record.thread === 1 && record.acknowledged === 0);
    if (!failed && acknowledged(history) > 0) return { inconclusive: 'no batch of thread 1 failed' };
    return delivering(history, () =>
      others.flatMap((thread) => {
        const missed = [0, 1, 2, 3, 4, 5].find(
          (n) => acknowledged(history, { thread, before: iterationEnd(history, n) }) < n + 1,
        );
        if (missed === undefined) return [];
        const message = `the sink failed for thread 1, and thread ${thread} was not delivered in iteration ${missed}`;
        return [
          finding('others', message, 'every other thread delivered in every iteration', `thread ${thread} waits`, [
            iterationEnd(history, missed),
          ]),
        ];
      }),
    );
  },
});
