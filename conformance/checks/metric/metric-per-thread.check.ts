// METRIC-PER-THREAD: The metrics list every thread that holds a slot, with its own ledger, weight, skips and
// credit within [0, cap].
import { DEFAULT_WEIGHT, creditCap, type HistoryRecord, type RecordOf } from '../../../spec/index.js';
import { defineCheck } from '../../check.js';
import {
  acknowledged,
  analyse,
  delivering,
  findUntruth,
  finding,
  recordsOf,
  walk,
  type Finding,
} from '../../checkers/index.js';
import { mixed } from '../../scenarios/arbitrary.js';
import {
  begin,
  commit,
  emit,
  leave,
  mark,
  metrics,
  register,
  setWeight,
  settle,
  stepped,
  threads,
  turn,
} from '../../scenarios/build.js';

/** The skips of all threads are those of the iterations; a thread that is gone took its own with it. */
function findSkipFaults(history: readonly HistoryRecord[], at: number): Finding[] {
  const { threads: listed } = history[at] as RecordOf<'metrics'>;
  const before = history.slice(0, at);
  const skips = recordsOf(before, 'iteration').reduce((sum, { record }) => sum + record.skips, 0);
  const told = listed.reduce((sum, one) => sum + one.skips, 0);
  const gone = before.some(({ type }) => type === 'leave' || type === 'dead' || type === 'stop');
  // whose queue was never held was never skipped
  const held = new Set(
    before.flatMap((record) =>
      (record.type === 'submit' && record.phase === 'begin') || record.type === 'acquire' ? [record.thread] : [],
    ),
  );
  const wrong = listed.find((one) => one.skips > 0 && !held.has(one.thread));
  if (wrong === undefined && (told === skips || (gone && told < skips))) return [];
  const whose = wrong === undefined ? '' : `, ${wrong.skips} of them of thread ${wrong.thread}, whose queue was free`;
  const message = `the iterations skipped ${skips} times, and the metrics tell ${told} skips of their threads${whose}`;
  return [finding('per-thread', message, `${skips}`, `${told}`, [at])];
}

/**
 * Weights that metrics may tell, by thread, at each metrics record: the last that was accepted; and until the thread's next
 * turn, from which on that holds, those before it.
 */
function weightsAt(history: readonly HistoryRecord[]): ReadonlyMap<number, ReadonlyMap<number, readonly number[]>> {
  const told = new Map<number, ReadonlyMap<number, readonly number[]>>();
  const weights = new Map<number, readonly number[]>();
  walk(history, {
    told: (record, at) => {
      if (record.type === 'register' && record.outcome === 'accepted') weights.set(record.thread, [record.weight]);
      if (record.type === 'metrics') told.set(at, new Map(weights));
    },
    visited: ({ thread }) => void weights.set(thread, (weights.get(thread) ?? []).slice(-1)),
    changed: (change) => {
      if (change.type !== 'weight') return;
      weights.set(change.thread, [...(weights.get(change.thread) ?? []), change.weight]);
    },
  });
  return told;
}

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
  also: [
    {
      needs: ['weights'],
      scenarios: [
        stepped(
          { detailCapacity: 0, quantum: 4, policy: 'weighted-fair' },
          ...[register(1, 1024), register(2, 255), register(3, 256), emit(1, 'index', 20), turn(), metrics()],
        ),
      ],
    },
    {
      needs: ['reconfigure', 'weights'],
      scenarios: [
        // the weight of its last turn, which is not that of its registration
        ...['round-robin', 'weighted-fair'].map((policy) =>
          stepped(
            { detailCapacity: 0, quantum: 4, policy },
            ...[register(1, 2), register(2), emit(1, 'index', 100), emit(2, 'index', 100), turn(), setWeight(1, 7)],
            ...[metrics(), turn(), metrics(), setWeight(1, 3), setWeight(2, 1024), turn(2), metrics()],
          ),
        ),
      ],
    },
    {
      needs: ['submit'],
      scenarios: [
        // two threads of three are skipped, one more often than the other
        stepped(
          { detailCapacity: 0, quantum: 4, indexCapacity: 16 },
          ...[...threads(3).map((id) => register(id)), ...threads(3).map((id) => emit(id, 'index', 12))],
          ...[begin(2, 1), turn(), begin(3, 1), turn(2), metrics(), commit(2), turn(), commit(3), turn(2), metrics()],
        ),
        // skipped for so long that its credit is at its cap
        stepped(
          { detailCapacity: 0, quantum: 4, maxSkips: 1 },
          ...[register(1), register(2), emit(1, 'index', 40), emit(2, 'index', 40), turn(), begin(1, 1)],
          ...[turn(), metrics(), turn(4), metrics(), commit(1), turn(), metrics()],
        ),
      ],
    },
    {
      needs: ['detail'],
      scenarios: [
        // both lanes have their own books, of which each tells something else
        stepped(
          { indexCapacity: 4, detailCapacity: 4, windowRecords: 2, detailRecordBytes: 64, preRoll: 2, slots: 3 },
          ...[register(3), register(1), leave(3), turn(), register(2), emit(1, 'index', 6), emit(1, 'detail', 4)],
          ...[mark(1), emit(1, 'detail', 3), emit(2, 'index', 1), metrics(), turn(), emit(1, 'detail', 1), metrics()],
        ),
      ],
    },
  ],
  generated: { arbitrary: mixed({ sinks: true, leaves: true, metrics: true, during: false }), runs: 80 },
  judge(history) {
    const weights = weightsAt(history);
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
        found.push(...findSkipFaults(history, at));
        const { registrations, config } = analyse(history);
        for (const one of record.threads) {
          const may = weights.get(at)?.get(one.thread) ?? [DEFAULT_WEIGHT];
          const weight = may.at(-1)!;
          const most = creditCap(Math.max(...may), config('quantum', 256), config('maxSkips', 4));
          if (!may.includes(one.weight))
            found.push(
              finding(
                'per-thread',
                `thread ${one.thread} has weight ${weight} and the metrics say ${one.weight}`,
                `${weight}`,
                `${one.weight}`,
                [at],
              ),
            );
          const { slot, generation } = registrations.get(one.thread) ?? {};
          if ((slot ?? one.slot) !== one.slot || (generation ?? one.generation) !== one.generation) {
            const message = `thread ${one.thread} holds slot ${slot} in generation ${generation}, and the metrics say slot ${one.slot}, generation ${one.generation}`;
            const [expected, seen] = [`${slot}, ${generation}`, `${one.slot}, ${one.generation}`];
            found.push(finding('per-thread', message, expected, seen, [at]));
          }
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
        return [...found, ...findUntruth(history).filter(({ evidence }) => evidence.includes(at))];
      }),
    );
  },
});
