// METRIC-JAIN: The fairness index is over delivered / fair share of the threads with demand, those with nothing
// delivered included.
import { fairnessIndex } from '../../../spec/index.js';
import { defineCheck } from '../../check.js';
import { acknowledged, analyse, delivering, finding, recordsOf } from '../../checkers/index.js';
import { emit, metrics, register, settle, sink, stepped, threads, turn } from '../../scenarios/build.js';

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
  judge(history) {
    return delivering(history, () =>
      recordsOf(history, 'metrics').flatMap(({ record, at }) => {
        const wanted = fairnessIndex(
          analyse(history)
            .lanes.filter(({ lane }) => lane === 'index')
            .map(({ thread, accepted }) => ({
              demand: accepted.reduce((sum, { count }) => sum + count, 0),
              weight: 1,
              delivered: acknowledged(history, { thread, before: at }),
            })),
        );
        if (Math.abs(record.jain - wanted) < 2e-6) return [];
        const message = `the metrics give a fairness index of ${record.jain}, and over delivered / fair share of all threads with demand it is ${wanted}`;
        return [finding('jain', message, `${wanted}`, `${record.jain}`, [at])];
      }),
    );
  },
});
