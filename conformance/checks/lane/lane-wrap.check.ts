// LANE-WRAP: A lane whose cursors start just below 2^32 works across their wrap as any other: nothing lost,
// repeated, reordered or wrongly refused.
import type { HistoryRecord, ScenarioInput } from '../../../spec/index.js';
import { defineCheck } from '../../check.js';
import {
  acknowledged,
  analyse,
  delivering,
  findDisorder,
  findDuplicates,
  findLoss,
  findPhantoms,
  findWindowFaults,
  finding,
  recordsOf,
  wrapped,
} from '../../checkers/index.js';
import { mixed } from '../../scenarios/arbitrary.js';
import { emit, mark, register, seal, settle, stepped, turn } from '../../scenarios/build.js';

const steps = [
  register(1),
  ...Array.from({ length: 40 }, () => [emit(1, 'index', 5), turn()]).flat(),
  emit(1, 'index', 9),
  settle(4096),
];

/** Windows whose numbers and records pass the wrap too: kept, marked and evicted around it. */
const windows = (before: number): ScenarioInput =>
  stepped(
    { initialCursor: 2 ** 32 - before, detailCapacity: 8, windowRecords: 2, detailRecordBytes: 64, preRoll: 2 },
    register(1),
    ...Array.from({ length: before }, () => [
      ...[emit(1, 'index', 2), emit(1, 'detail', 5), mark(1), seal(1), turn()],
    ]).flat(),
    ...[emit(1, 'detail', 20), mark(1), seal(1), settle(4096)],
  );

export default defineCheck({
  id: 'LANE-WRAP',
  scenarios: [1, 4, 7, 30].map((before) =>
    stepped({ indexCapacity: 8, detailCapacity: 0, initialCursor: 2 ** 32 - before }, ...steps),
  ),
  also: [{ needs: ['detail'], scenarios: [2, 7, 20].map(windows) }],
  generated: { arbitrary: mixed({ during: false }), runs: 60 },
  judge(history) {
    return delivering(history, () => {
      if (!wrapped(history)) return { inconclusive: 'no cursor passed 2^32' };
      const refused = recordsOf(history, 'emit').flatMap(({ record, at }) =>
        record.outcome === 'LANE_FULL' && pendingBefore(history, record.thread, at) < capacityOf(history)
          ? [
              finding(
                'wrap',
                `thread ${record.thread} was refused as LANE_FULL near the wrap of its cursors, with room in its lane`,
                'accepted',
                'LANE_FULL',
                [at],
              ),
            ]
          : [],
      );
      return [
        ...refused,
        ...findLoss(history),
        ...findDuplicates(history),
        ...findDisorder(history),
        ...findPhantoms(history),
        ...findWindowFaults(history),
      ].map((fault) => ({
        ...fault,
        message: `across the wrap of the cursors: ${fault.message}`,
      }));
    });
  },
});

const capacityOf = (history: readonly HistoryRecord[]): number => analyse(history).config('indexCapacity', 1024);

function pendingBefore(history: readonly HistoryRecord[], thread: number, at: number): number {
  const { accepted } = analyse(history).lane(thread, 'index');
  const told = accepted.reduce((sum, { count, record }) => (record < at ? sum + count : sum), 0);
  // a batch under way is not released yet: its line comes later
  return told - acknowledged(history, { thread, lane: 'index', before: at });
}
