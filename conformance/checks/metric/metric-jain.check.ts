// METRIC-JAIN: The fairness index is over delivered / fair share of the threads with demand, those with nothing
// delivered included.
import { fairnessIndex } from '../../../spec/index.js';
import { defineCheck } from '../../check.js';
import { acknowledged, analyse, delivering, finding, recordsOf } from '../../checkers/index.js';
import { emit, mark, metrics, register, settle, sink, stepped, threads, turn } from '../../scenarios/build.js';

export default defineCheck({
  id: 'METRIC-JAIN',
  scenarios: [
    // thread 2 is starved by its failing batches
    stepped(
      { detailCapacity: 0 },
      register(1),
      register(2),
      emit(1, 'index', 100),
      emit(2, 'index', 100),
      sink('throw', { thread: 2 }),
      turn(2),
      metrics(),
    ),
    stepped(
      { detailCapacity: 0, quantum: 10 },
      ...threads(4).map((id) => register(id)),
      ...threads(3).map((id) => emit(id, 'index', 40 * id)),
      sink('refuse', { thread: 3 }),
      turn(2),
      metrics(),
    ),
    stepped(
      { detailCapacity: 0 },
      register(1),
      register(2),
      emit(1, 'index', 1),
      emit(2, 'index', 100),
      settle(4096),
      metrics(),
    ),
  ],
  also: [
    {
      needs: ['weights'],
      scenarios: [
        stepped(
          { detailCapacity: 0, quantum: 4, policy: 'weighted-fair' },
          ...threads(3).map((id) => register(id, 2 * id - 1)),
          ...threads(3).map((id) => emit(id, 'index', 100)),
          sink('refuse', { thread: 2 }),
          turn(3),
          metrics(),
        ),
      ],
    },
    {
      needs: ['detail'],
      scenarios: [
        stepped(
          { detailCapacity: 32, windowRecords: 4, detailRecordBytes: 64, preRoll: 8 },
          ...[register(1), register(2), emit(1, 'index', 10), emit(2, 'index', 4), emit(1, 'detail', 20), mark(1)],
          ...[turn(4), sink('refuse', { thread: 2 }), emit(2, 'index', 40), emit(1, 'index', 4), turn(), metrics()],
        ),
      ],
    },
  ],
  judge(history) {
    return delivering(history, () =>
      recordsOf(history, 'metrics').flatMap(({ record, at }) => {
        const { lane, registrations, header } = analyse(history);
        const count = (attempts: readonly { readonly count: number }[]): number =>
          attempts.reduce((sum, one) => sum + one.count, 0);
        const wanted = fairnessIndex(
          [...registrations.values()].map(({ thread, weight }) => {
            const delivered = acknowledged(history, { thread, before: at });
            const detail = acknowledged(history, { thread, lane: 'detail', before: at });
            // in these scenarios all detail that is due is delivered before the metrics are asked
            const demand = count(lane(thread, 'index').accepted) + detail;
            return { demand, weight: header?.config['policy'] === 'weighted-fair' ? weight : 1, delivered };
          }),
        );
        if (Math.abs(record.jain - wanted) < 2e-6) return [];
        const message = `the metrics give a fairness index of ${record.jain}, and over delivered / fair share of all threads with demand it is ${wanted}`;
        return [finding('jain', message, `${wanted}`, `${record.jain}`, [at])];
      }),
    );
  },
});
