// METRIC-PEEK: Reading the metrics, any number of times, changes nothing that is delivered, counted or
// scheduled afterwards.
import { defineCheck } from '../../check.js';
import { delivering, findDisorder, findDuplicates, findLoss, finding, recordsOf } from '../../checkers/index.js';
import { mixed } from '../../scenarios/arbitrary.js';
import { emit, metrics, register, settle, stepped, turn } from '../../scenarios/build.js';

const looks = [metrics(), metrics(), metrics()];

export default defineCheck({
  id: 'METRIC-PEEK',
  scenarios: [
    stepped(
      { detailCapacity: 0, quantum: 4, indexCapacity: 16 },
      register(1),
      ...looks,
      emit(1, 'index', 12),
      ...looks,
      turn(),
      ...looks,
      turn(),
      register(2),
      emit(2, 'index', 6),
      ...looks,
      settle(4096),
      ...looks,
    ),
  ],
  generated: { arbitrary: mixed({ sinks: true, leaves: true, metrics: true }), runs: 80 },
  judge(history) {
    return delivering(history, () => {
      const changed = history.flatMap((record, at) => {
        const next = history[at + 1];
        if (record.type !== 'metrics' || next?.type !== 'metrics' || JSON.stringify(record) === JSON.stringify(next))
          return [];
        return [
          finding(
            'peek',
            'two looks at the metrics with nothing between them differ: looking changed something',
            'the same metrics',
            'others',
            [at, at + 1],
          ),
        ];
      });
      const told = recordsOf(history, 'metrics').some(
        ({ record }) => record.index.accepted + record.detail.accepted > 0,
      );
      if (!told) return { inconclusive: 'no metrics told of an accepted event' };
      return [...changed, ...findLoss(history), ...findDuplicates(history), ...findDisorder(history)];
    });
  },
});
