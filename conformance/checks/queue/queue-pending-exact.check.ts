// QUEUE-PENDING-EXACT: When nothing moves, the pending counts of every thread and lane equal accepted less
// delivered less evicted.
import type { HistoryRecord, RecordOf } from '../../../spec/index.js';
import { defineCheck } from '../../check.js';
import { acknowledged, analyse, delivering, finding, findLoss, recordsOf, type Finding } from '../../checkers/index.js';
import { mixed } from '../../scenarios/arbitrary.js';
import {
  begin,
  commit,
  emit,
  leave,
  mark,
  metrics,
  register,
  seal,
  settle,
  sink,
  stepped,
  turn,
} from '../../scenarios/build.js';

/** Accepted less delivered, of the threads given, before a record. */
function told(history: readonly HistoryRecord[], lane: 'index' | 'detail', before: number, thread?: number): number {
  const lanes = analyse(history).lanes.filter(
    (one) => one.lane === lane && (thread === undefined || one.thread === thread),
  );
  const runs = lanes.flatMap(({ accepted }) => accepted.filter(({ record }) => record < before));
  const at = thread === undefined ? { lane, before } : { lane, before, thread };
  return runs.reduce((sum, { count }) => sum + count, 0) - acknowledged(history, at);
}

/** The pending counts of one look at the metrics; what is gone from the threads is in the totals. */
function pendingFaults(history: readonly HistoryRecord[], record: RecordOf<'metrics'>, at: number): Finding[] {
  const gone = new Set(recordsOf(history, 'leave').map((one) => one.record.thread));
  return (['index', 'detail'] as const).flatMap((lane) => {
    const wrong = (where: string, pending: number | undefined, evicted: number, thread?: number): Finding[] => {
      const expected = told(history, lane, at, thread) - evicted;
      if (pending === expected || (pending === undefined && (expected === 0 || gone.has(thread!)))) return [];
      const seen = pending ?? 'nothing';
      const message = `${where}, ${lane} lane: ${expected} events are pending, and the metrics say ${seen}`;
      return [finding('pending', message, `pending ${expected}`, `pending ${seen}`, [at])];
    };
    const known = analyse(history).lanes.filter((one) => one.lane === lane);
    return [
      ...known.flatMap(({ thread }) => {
        const claimed = record.threads.find((one) => one.thread === thread)?.[lane];
        return wrong(`thread ${thread}`, claimed?.pending, claimed?.evicted ?? 0, thread);
      }),
      ...wrong('in total', record[lane].pending, record[lane].evicted),
    ];
  });
}

const looks = [3, 5, 8, 1].flatMap((n) => [emit(1, 'index', n), metrics(), turn(), metrics()]);

export default defineCheck({
  id: 'QUEUE-PENDING-EXACT',
  scenarios: [
    stepped(
      { detailCapacity: 0, quantum: 4, indexCapacity: 8, initialCursor: 2 ** 32 - 9 },
      ...[register(1), ...looks, sink('partial', { take: 1, times: 2 }), turn(), metrics(), turn(), metrics()],
      ...[settle(4096), metrics(), emit(1, 'index', 3), leave(1), metrics(), settle(4096), metrics()],
    ),
  ],
  generated: { arbitrary: mixed({ sinks: true, metrics: true }), runs: 100 },
  also: [
    {
      needs: ['detail'],
      scenarios: [
        stepped(
          { detailCapacity: 16, windowRecords: 4, detailRecordBytes: 64, preRoll: 0, postRoll: 0, quantum: 3 },
          ...[register(1), register(2), emit(1, 'detail', 6), mark(1), metrics(), emit(1, 'detail', 30), metrics()],
          ...[turn(), metrics(), emit(1, 'index', 4), seal(1), turn(), metrics(), settle(4096), metrics()],
        ),
      ],
    },
    {
      needs: ['submit'],
      scenarios: [
        stepped(
          { detailCapacity: 0 },
          ...[register(1), emit(1, 'index', 2), begin(1, 3), metrics(), turn(), metrics(), commit(1), metrics()],
          ...[settle(4096), metrics()],
        ),
      ],
    },
  ],
  judge(history) {
    return delivering(history, () => {
      const all = recordsOf(history, 'metrics');
      const found = all.flatMap(({ record, at }) => pendingFaults(history, record, at));
      if (found.length > 0) return found;
      if (!all.some(({ at }) => told(history, 'index', at) > 0))
        return { inconclusive: 'nothing was pending at any look' };
      return findLoss(history);
    });
  },
});
