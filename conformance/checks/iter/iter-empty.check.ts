// ITER-EMPTY: An iteration over empty lanes calls no sink and reports nothing delivered; no batch is ever
// empty.
import { defineCheck } from '../../check.js';
import { delivering, findMalformed, finding, recordsOf } from '../../checkers/index.js';
import { mixed } from '../../scenarios/arbitrary.js';
import { emit, register, settle, stepped, turn } from '../../scenarios/build.js';

export default defineCheck({
  id: 'ITER-EMPTY',
  scenarios: [
    stepped(
      { detailCapacity: 0 },
      turn(2),
      register(1),
      register(2),
      turn(3),
      emit(1, 'index', 3),
      settle(4096),
      turn(3),
    ),
  ],
  generated: { arbitrary: mixed({ leaves: true }), runs: 60 },
  judge(history) {
    return delivering(history, () => {
      const busy = recordsOf(history, 'iteration').flatMap(({ record, at }) => {
        const before = history.slice(0, at).findLastIndex(({ type }) => type === 'iteration');
        const batches = recordsOf(history, 'batch').filter((batch) => batch.at > before && batch.at < at).length;
        return batches === 0 && record.delivered > 0
          ? [
              finding(
                'empty',
                `an iteration that handed over nothing says it delivered ${record.delivered}`,
                'delivered 0',
                `${record.delivered}`,
                [at],
              ),
            ]
          : [];
      });
      return [...busy, ...findMalformed(history)];
    });
  },
});
