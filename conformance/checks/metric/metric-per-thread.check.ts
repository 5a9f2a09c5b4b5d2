// METRIC-PER-THREAD: The metrics list every thread that holds a slot, with its own ledger, weight, skips and
// credit within [0, cap].
import { creditCap } from '../../../spec/index.js';
import { defineCheck } from '../../check.js';
import { acknowledged, analyse, delivering, finding, recordsOf } from '../../checkers/index.js';
import { mixed } from '../../scenarios/arbitrary.js';
import { emit, leave, metrics, register, settle, stepped, threads, turn } from '../../scenarios/build.js';

export default defineCheck({
  id: 'METRIC-PER-THREAD',
  scenarios: [
    stepped(
      { detailCapacity: 0, quantum: 4, maxSkips: 2, slots: 3 },
      ...threads(3).map((id) => register(id, id)),
      emit(1, 'index', 30),
      emit(2, 'index', 10),
      turn(2),
      metrics(),
      leave(2),
      settle(4096),
      metrics(),
      register(4, 2),
      emit(4, 'index', 1),
      turn(),
      metrics(),
    ),
  ],
  generated: { arbitrary: mixed({ sinks: true, leaves: true, metrics: true, during: false }), runs: 80 },
  judge(history) {
    return delivering(history, () =>
      recordsOf(history, 'metrics').flatMap(({ record, at }) => {
        const reports = recordsOf(history, 'thread-event').length > 0; // without it nobody knows when a slot is free again
        const held = new Set<number>();
        for (const earlier of history.slice(0, at)) {
          if (earlier.type === 'register' && earlier.outcome === 'accepted') held.add(earlier.thread);
          if (earlier.type === 'thread-event' && earlier.event === 'reclaimed') held.delete(earlier.thread);
          if (!reports && (earlier.type === 'leave' || earlier.type === 'dead')) held.delete(earlier.thread);
          if (!reports && earlier.type === 'stop') held.clear();
        }
        const listed = new Map(record.threads.map((one) => [one.thread, one]));
        const found = [...held]
          .filter((thread) => !listed.has(thread))
          .map((thread) =>
            finding(
              'per-thread',
              `thread ${thread} holds a slot and the metrics do not list it`,
              'every thread that holds a slot',
              `${[...listed.keys()].join(', ')}`,
              [at],
            ),
          );
        const { registrations, config } = analyse(history);
        for (const one of record.threads) {
          const weight = registrations.get(one.thread)?.weight ?? 1;
          const most = creditCap(weight, config('quantum', 256), config('maxSkips', 4));
          if (one.weight !== weight)
            found.push(
              finding(
                'per-thread',
                `thread ${one.thread} has weight ${weight} and the metrics say ${one.weight}`,
                `${weight}`,
                `${one.weight}`,
                [at],
              ),
            );
          if (one.credit > most)
            found.push(
              finding(
                'per-thread',
                `thread ${one.thread} has a credit of ${one.credit}, its cap is ${most}`,
                `0 to ${most}`,
                `${one.credit}`,
                [at],
              ),
            );
          const told = acknowledged(history, { thread: one.thread, lane: 'index', before: at });
          if (one.index.delivered !== told) {
            found.push(
              finding(
                'per-thread',
                `the metrics say that ${one.index.delivered} events of thread ${one.thread} were delivered, and it was ${told}`,
                `${told}`,
                `${one.index.delivered}`,
                [at],
              ),
            );
          }
        }
        return found;
      }),
    );
  },
});
