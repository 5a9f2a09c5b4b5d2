// METRIC-EXACT: Iterations, visits, skips, batches, sink failures, registrations and reclaims in the metrics
// equal what happened.
import { defineCheck } from '../../check.js';
import { delivering, finding, recordsOf } from '../../checkers/index.js';
import { finish, mixed } from '../../scenarios/arbitrary.js';
import { emit, leave, metrics, register, sink, stepped, turn } from '../../scenarios/build.js';

export default defineCheck({
  id: 'METRIC-EXACT',
  scenarios: [
    stepped(
      { detailCapacity: 0, quantum: 4 },
      register(1),
      register(2),
      emit(1, 'index', 9),
      turn(2),
      emit(2, 'index', 3),
      sink('throw', { times: 2 }),
      turn(3),
      leave(2),
      ...finish(),
      metrics(),
    ),
  ],
  generated: { arbitrary: mixed({ sinks: true, leaves: true, metrics: true, during: false }), runs: 100 },
  judge(history) {
    return delivering(history, () =>
      recordsOf(history, 'metrics').flatMap(({ record, at }) => {
        const before = history.slice(0, at);
        const turns = recordsOf(before, 'iteration').map((turn) => turn.record);
        const sum = (field: 'visits' | 'skips' | 'batches' | 'sinkFailures' | 'reclaimed'): number =>
          turns.reduce((total, turn) => total + turn[field], 0);
        const batches = recordsOf(before, 'batch');
        const told = {
          iterations: turns.length,
          visits: sum('visits'),
          skips: sum('skips'),
          batches: batches.length,
          sinkFailures: batches.filter((batch) => batch.record.acknowledged === 0).length,
          reclaimed: sum('reclaimed'),
        };
        return (Object.keys(told) as (keyof typeof told)[])
          .filter((field) => record[field] !== told[field])
          .map((field) =>
            finding(
              'metric',
              `the metrics say ${field} ${record[field]}, and it was ${told[field]}`,
              `${told[field]}`,
              `${record[field]}`,
              [at],
            ),
          );
      }),
    );
  },
});
