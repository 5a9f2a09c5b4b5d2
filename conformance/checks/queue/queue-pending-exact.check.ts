// QUEUE-PENDING-EXACT: When nothing moves, the pending counts of every thread and lane equal accepted less
// delivered less evicted.
import { defineCheck } from '../../check.js';
import { acknowledged, analyse, delivering, finding, recordsOf } from '../../checkers/index.js';
import { mixed } from '../../scenarios/arbitrary.js';
import { emit, metrics, register, settle, stepped, turn } from '../../scenarios/build.js';

export default defineCheck({
  id: 'QUEUE-PENDING-EXACT',
  scenarios: [
    stepped(
      { detailCapacity: 0, quantum: 4, indexCapacity: 8, initialCursor: 2 ** 32 - 9 },
      register(1),
      ...[3, 5, 8, 1].flatMap((n) => [emit(1, 'index', n), metrics(), turn(), metrics()]),
      settle(4096),
      metrics(),
    ),
  ],
  generated: { arbitrary: mixed({ sinks: true, metrics: true, during: false }), runs: 80 },
  judge(history) {
    return delivering(history, () =>
      recordsOf(history, 'metrics').flatMap(({ record, at }) =>
        analyse(history).lanes.flatMap(({ thread, lane, accepted }) => {
          const claimed = record.threads.find((one) => one.thread === thread)?.[lane].pending;
          const told =
            accepted.reduce((sum, run) => (run.record < at ? sum + run.count : sum), 0) -
            acknowledged(history, { thread, lane, before: at });
          if (lane !== 'index' || claimed === told || (claimed === undefined && told === 0)) return [];
          const message = `${told} events of thread ${thread} are pending, and the metrics say ${claimed ?? 'nothing'}`;
          return [finding('pending', message, `pending ${told}`, `pending ${claimed ?? 'nothing'}`, [at])];
        }),
      ),
    );
  },
});
