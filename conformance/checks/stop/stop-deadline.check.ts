// STOP-DEADLINE: With a sink that keeps failing, stop() returns at its deadline and says exactly how many
// accepted events are left.
import type { HistoryRecord, Lane } from '../../../spec/index.js';
import { defineCheck } from '../../check.js';
import { acknowledged, analyse, delivering, finding, recordsOf, windowsOf } from '../../checkers/index.js';
import { begin, emit, mark, register, settle, sink, stepped, stop } from '../../scenarios/build.js';

const COST = 100_000_000;
const DEADLINE = 10 * COST;

export default defineCheck({
  id: 'STOP-DEADLINE',
  scenarios: (['throw', 'refuse'] as const).map((how) =>
    stepped(
      { detailCapacity: 0 },
      register(1),
      register(2),
      emit(1, 'index', 7),
      settle(64),
      sink(how, { costNs: COST }),
      emit(1, 'index', 20),
      emit(2, 'index', 5),
      stop(DEADLINE),
    ),
  ),
  also: [
    {
      needs: ['detail'],
      // marked detail is left, sealed or not; unmarked detail is no loss
      scenarios: [
        stepped(
          { detailCapacity: 32, windowRecords: 4, detailRecordBytes: 64, preRoll: 0, postRoll: 0 },
          ...[register(1), register(2), emit(1, 'index', 7), settle(64), sink('throw', { costNs: COST })],
          ...[emit(1, 'index', 20), emit(2, 'index', 5), emit(1, 'detail', 6), mark(1), emit(1, 'detail', 5)],
          ...[emit(2, 'detail', 6), emit(2, 'detail', 1), mark(2), stop(DEADLINE)],
        ),
      ],
    },
    {
      needs: ['submit'],
      // of a thread whose group is held what it had emitted before is left, and the group is not: it was never accepted
      scenarios: [
        stepped(
          { detailCapacity: 0 },
          ...[register(1), register(2), emit(1, 'index', 7), settle(64), sink('throw', { costNs: COST })],
          ...[emit(1, 'index', 20), emit(2, 'index', 5), begin(1, 3), stop(DEADLINE)],
        ),
      ],
    },
    {
      needs: ['submit', 'detail'],
      // the same with detail: in the open window, marked, before the group's, and in windows of its own
      scenarios: [2, 9].map((staged) =>
        stepped(
          { detailCapacity: 32, windowRecords: 4, detailRecordBytes: 64, preRoll: 0, postRoll: 0 },
          ...[register(1), register(2), emit(1, 'index', 7), settle(64), sink('throw', { costNs: COST })],
          ...[emit(1, 'index', 20), emit(1, 'detail', 1), mark(1), emit(2, 'detail', 6), mark(2)],
          ...[begin(1, staged, staged), stop(DEADLINE)],
        ),
      ),
    },
  ],
  judge(history) {
    return delivering(history, () => {
      const { record, at } = recordsOf(history, 'stop')[0] ?? {};
      if (record === undefined || at === undefined) return { inconclusive: 'stop() gave no result' };
      const left = leftOf(history, 'index', at);
      const found = [];
      if (record.complete)
        found.push(
          finding(
            'deadline',
            'stop() with a sink that takes nothing says it is complete',
            'complete: false',
            'complete: true',
            [at],
          ),
        );
      if (record.leftIndex !== left) {
        found.push(
          finding(
            'deadline',
            `stop() gave up and says it left ${record.leftIndex} events, and ${left} are left`,
            `leftIndex ${left}`,
            `${record.leftIndex}`,
            [at],
          ),
        );
      }
      const detail = leftOf(history, 'detail', at);
      if (record.leftDetail !== detail) {
        const message = `stop() gave up and says it left ${record.leftDetail} detail events, and ${detail} marked ones are left`;
        found.push(finding('deadline', message, `leftDetail ${detail}`, `${record.leftDetail}`, [at]));
      }
      // a pass over both threads may have begun just before the deadline
      const tries = recordsOf(history, 'batch').filter((batch) => batch.at < at && batch.record.acknowledged === 0);
      if (tries.length * COST > 2 * DEADLINE) {
        const message = `stop() had ${DEADLINE} ns and spent ${tries.length * COST} ns of the given clock in the sink`;
        found.push(
          finding('deadline', message, `at most ${DEADLINE} ns and a pass`, `${tries.length * COST} ns`, [at]),
        );
      }
      return found;
    });
  },
});

/** Accepted events that the sink had not taken before a record; of the detail lane those in marked windows, open or not. */
function leftOf(history: readonly HistoryRecord[], lane: Lane, before: number): number {
  const taken = acknowledged(history, { lane, before });
  const due = analyse(history).lanes.flatMap((one) => {
    if (one.lane !== lane) return [];
    if (lane === 'index') return one.accepted.filter(({ record }) => record < before).map(({ count }) => count);
    const marked = windowsOf(history, one.thread).filter((window) => window.marked === 'yes');
    return marked.map(({ records }) => records);
  });
  return due.reduce((sum, count) => sum + count, 0) - taken;
}
