// LANE-INDEX-ALWAYS: A visit to a thread whose index lane is not empty delivers index events of that thread,
// whether or not anything is marked.
import type { HistoryRecord } from '../../../spec/index.js';
import { defineCheck } from '../../check.js';
import {
  analyse,
  delivering,
  finding,
  findLoss,
  findWrongOutcome,
  findUnservedThreads,
  visitsOf,
  type Finding,
} from '../../checkers/index.js';
import { mixed } from '../../scenarios/arbitrary.js';
import {
  acquire,
  emit,
  emitWithin,
  mark,
  register,
  release,
  seal,
  settle,
  stepped,
  turn,
  visit,
} from '../../scenarios/build.js';

const CONFIG = { quantum: 8, detailCapacity: 64, windowRecords: 8, detailRecordBytes: 64, preRoll: 8 };

/** Visits that delivered detail only, to a thread with index events. */
function findDetailOnly(history: readonly HistoryRecord[]): Finding[] {
  return visitsOf(history).flatMap(({ thread, records }) => {
    if (records.some((at) => (history[at] as { lane?: string }).lane === 'index')) return [];
    const { accepted, deliveries } = analyse(history).lane(thread, 'index');
    const came = accepted.reduce((sum, { count, record }) => (record < records[0]! ? sum + count : sum), 0);
    const pending = deliveries.reduce((sum, one) => (one.record < records[0]! ? sum - one.acknowledged : sum), came);
    if (pending <= 0) return [];
    const message = `a visit delivered no index event: thread ${thread} had ${pending} of them, and the visit delivered detail only`;
    return [finding('index-idle', message, 'index events in every visit', 'detail events only', records)];
  });
}

export default defineCheck({
  id: 'LANE-INDEX-ALWAYS',
  scenarios: [
    stepped(
      { detailCapacity: 0 },
      register(1),
      ...[1, 5, 1, 30].flatMap((count) => [emit(1, 'index', count), turn()]),
      settle(4096),
    ),
    // a quantum that 24 bits do not hold
    stepped(
      { detailCapacity: 0, quantum: 2 ** 24 },
      ...[register(1), register(2), emit(1, 'index', 5), turn(), emit(2, 'index', 5), settle(64)],
    ),
  ],
  also: [
    {
      needs: ['detail'],
      scenarios: [8, 2].flatMap((quantum) => [
        // nothing is marked
        stepped(
          { ...CONFIG, quantum },
          ...[register(1), emit(1, 'detail', 20), emit(1, 'index', 20), turn(2), settle(4096)],
        ),
        // so much is marked that it could fill every visit
        stepped(
          { ...CONFIG, quantum },
          ...[register(1), emit(1, 'detail', 30), mark(1), emit(1, 'index', 12), turn(2)],
          ...[emit(1, 'detail', 20), mark(1), emit(1, 'index', 1), settle(4096)],
        ),
      ]),
    },
    {
      needs: ['detail', 'submit'],
      scenarios: [
        // a visit by hand that may take one event
        stepped(
          CONFIG,
          ...[register(1), emit(1, 'detail', 16), mark(1), emit(1, 'index', 5), acquire(1)],
          ...[visit(1, 1), visit(1, 3), visit(1, 1), release(1), settle(4096)],
        ),
      ],
    },
    {
      needs: ['detail'],
      scenarios: [
        // a detail lane that is not there takes nothing, and stands in nobody's way
        stepped(
          { quantum: 8, detailCapacity: 0 },
          ...[register(1), emit(1, 'index', 3), emit(1, 'detail', 2), emitWithin(1, 'detail', 1, 2), mark(1), seal(1)],
          ...[emit(1, 'index', 9), turn(), emit(1, 'detail'), emit(1, 'index', 1), settle(4096)],
        ),
      ],
    },
  ],
  generated: { arbitrary: mixed({ during: false }), runs: 60 },
  judge(history, scenario) {
    const absent = findWrongOutcome(
      scenario.config?.['detailCapacity'] === 0 ? history : [],
      (record) =>
        record.type === 'mark' || record.type === 'seal' || (record.type === 'emit' && record.lane === 'detail')
          ? `${record.type === 'emit' ? 'a detail emit' : record.type} of thread ${record.thread}`
          : undefined,
      ['NO_DETAIL_LANE'],
      'came without a detail lane',
    );
    return delivering(history, () => [
      ...absent,
      ...findUnservedThreads(history).map((fault) => ({
        ...fault,
        message: `a visit delivered no index event: ${fault.message}`,
      })),
      ...findDetailOnly(history),
      ...findLoss(history),
    ]);
  },
});
