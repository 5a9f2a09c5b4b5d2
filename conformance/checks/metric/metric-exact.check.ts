// METRIC-EXACT: Iterations, visits, skips, batches, sink failures, registrations and reclaims in the metrics
// equal what happened.
import { defineCheck } from '../../check.js';
import { delivering, finding, recordsOf } from '../../checkers/index.js';
import { finish, mixed } from '../../scenarios/arbitrary.js';
import {
  acquire,
  begin,
  commit,
  declareDead,
  emit,
  kill,
  leave,
  metrics,
  register,
  release,
  settle,
  sink,
  stepped,
  stop,
  turn,
  visit,
} from '../../scenarios/build.js';

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
    // one slot for three threads
    stepped(
      { detailCapacity: 0, slots: 1 },
      ...[1, 2, 3].flatMap((id) => [register(id), emit(id, 'index', 2), turn(2), leave(id), settle(64), metrics()]),
      ...[turn(2), metrics()],
    ),
    // stop() hands over batches and frees slots as iterations do
    stepped(
      { detailCapacity: 0, quantum: 4 },
      ...[register(1), register(2), register(3), emit(1, 'index', 9), emit(2, 'index', 3), turn(), metrics()],
      ...[sink('throw', { times: 2 }), stop(), metrics()],
    ),
  ],
  also: [
    {
      needs: ['death'],
      scenarios: [
        // who died is reclaimed like who left
        stepped(
          { detailCapacity: 0, slots: 2 },
          ...[register(1), register(2), emit(1, 'index', 5), turn(), kill(1), declareDead(1), settle(4096), metrics()],
          ...[register(3), emit(3, 'index', 2), turn(), leave(2), kill(3), declareDead(3), settle(4096), metrics()],
        ),
      ],
    },
    {
      needs: ['submit'],
      scenarios: [
        // iterations that do nothing but skip
        stepped(
          { detailCapacity: 0 },
          ...[register(1), emit(1, 'index', 3), begin(1, 1), turn(3), metrics(), commit(1), settle(64), metrics()],
        ),
        // visits by hand hand over batches too
        stepped(
          { detailCapacity: 0 },
          ...[register(1), emit(1, 'index', 9), turn(), emit(1, 'index', 9), acquire(1), visit(1, 3)],
          ...[sink('throw', { times: 1 }), visit(1, 3), metrics(), visit(1, 9), release(1), settle(4096), metrics()],
        ),
      ],
    },
  ],
  generated: { arbitrary: mixed({ sinks: true, leaves: true, metrics: true, during: false }), runs: 100 },
  judge(history) {
    return delivering(history, () =>
      recordsOf(history, 'metrics').flatMap(({ record, at }) => {
        const before = history.slice(0, at);
        const iterations = recordsOf(before, 'iteration');
        const turns = iterations.map((turn) => turn.record);
        const stopped = before.some(({ type }) => type === 'stop');
        const frees = recordsOf(before, 'thread-event').filter((event) => event.record.event === 'reclaimed').length;
        const sum = (field: 'visits' | 'skips' | 'batches' | 'sinkFailures' | 'reclaimed'): number =>
          turns.reduce((total, turn) => total + turn[field], 0);
        const batches = recordsOf(before, 'batch');
        const told = {
          // what turns stop() takes is its own affair, and without thread events nobody sees what it frees
          ...(stopped ? {} : { iterations: turns.length, visits: sum('visits'), skips: sum('skips') }),
          ...(stopped ? (frees > 0 ? { reclaimed: frees } : {}) : { reclaimed: sum('reclaimed') }),
          batches: batches.length,
          sinkFailures: batches.filter((batch) => batch.record.acknowledged === 0).length,
        };
        // a thread is counted when it is met: at the latest by an iteration (or stop) that begins after it came
        const comings = recordsOf(before, 'register').filter((coming) => coming.record.outcome === 'accepted');
        const met = stopped ? at : (iterations.at(-2)?.at ?? -1);
        const least = comings.filter((coming) => coming.at < met).length;
        const registered = Math.min(Math.max(record.registered, least), comings.length);
        return Object.entries({ ...told, registered })
          .filter(([field, wanted]) => record[field as 'registered'] !== wanted)
          .map(([field, wanted]) =>
            finding(
              'metric',
              `the metrics say ${field} ${record[field as 'registered']}, and it was ${wanted}`,
              `${wanted}`,
              `${record[field as 'registered']}`,
              [at],
            ),
          );
      }),
    );
  },
});
