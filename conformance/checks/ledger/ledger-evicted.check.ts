// LEDGER-EVICTED: Every unmarked detail record that was given up is in the evicted count of its lane, and none
// that was delivered is.
import type { HistoryRecord } from '../../../spec/index.js';
import { defineCheck } from '../../check.js';
import { acknowledged, analyse, findLoss, finding, recordsOf } from '../../checkers/index.js';
import { mixed } from '../../scenarios/arbitrary.js';
import { emit, leave, mark, metrics, register, seal, settle, stepped, submit } from '../../scenarios/build.js';

const CONFIG = { detailRecordBytes: 64, detailCapacity: 8, windowRecords: 2, preRoll: 0, postRoll: 0 };

export default defineCheck({
  id: 'LEDGER-EVICTED',
  scenarios: [
    // evicted for room; then what is left unmarked is given up with the thread
    stepped(
      CONFIG,
      register(1),
      emit(1, 'index', 1),
      emit(1, 'detail', 21),
      mark(1),
      emit(1, 'detail', 1),
      settle(4096),
      metrics(),
      leave(1),
      settle(4096),
      metrics(),
    ),
    stepped(
      CONFIG,
      register(1),
      emit(1, 'index', 1),
      emit(1, 'detail', 30),
      metrics(),
      leave(1),
      settle(4096),
      metrics(),
    ),
    // windows that were sealed before they were full
    stepped(
      { ...CONFIG, windowRecords: 4 },
      ...[register(1), ...[1, 2, 3, 1, 2].flatMap((n) => [emit(1, 'detail', n), seal(1)]), mark(1), metrics()],
      ...[leave(1), settle(4096), metrics()],
    ),
    // the next thread in the slot begins with nothing evicted
    stepped(
      { ...CONFIG, slots: 1 },
      ...[register(1), emit(1, 'detail', 21), mark(1), metrics(), leave(1), settle(4096), metrics()],
      ...[register(2), emit(2, 'detail', 12), mark(2), metrics(), leave(2), settle(4096), metrics()],
    ),
  ],
  also: [
    {
      needs: ['submit'],
      // windows that a group evicts
      scenarios: [
        stepped(
          { ...CONFIG, indexCapacity: 16 },
          ...[
            register(1),
            emit(1, 'detail', 8),
            submit(1, 3, 3),
            submit(1, 1),
            metrics(),
            mark(1),
            settle(4096),
            metrics(),
          ],
          ...[leave(1), settle(4096), metrics()],
        ),
      ],
    },
  ],
  generated: { arbitrary: mixed({ detail: true, leaves: true, metrics: true, during: false }), runs: 100 },
  judge(history) {
    const last = recordsOf(history, 'metrics').at(-1);
    if (last === undefined) return { inconclusive: 'there are no metrics' };
    const { detail } = last.record;
    const accepted = analyse(history).lanes.reduce(
      (sum, one) => (one.lane === 'detail' ? sum + one.accepted.reduce((part, { count }) => part + count, 0) : sum),
      0,
    );
    const delivered = acknowledged(history, { lane: 'detail' });
    const gone = accepted - delivered - detail.pending - detail.left;
    if (accepted === delivered) return { inconclusive: 'every detail event was delivered' };
    if (
      detail.evicted === gone &&
      detail.accepted === accepted &&
      recordsOf(history, 'metrics').every(({ record }) => record.index.evicted === 0)
    ) {
      return detail.pending > accepted - delivered
        ? [
            finding(
              'evicted',
              'the detail lane says it holds more than was accepted',
              `${accepted}`,
              `${detail.pending}`,
              [last.at],
            ),
          ]
        : evictedAtAll(history, detail.evicted, last.at);
    }
    const message = `${accepted} detail events were accepted, ${delivered} delivered, ${detail.pending} are pending, and ${detail.evicted} are counted as evicted`;
    return [finding('evicted', message, `evicted ${gone}`, `evicted ${detail.evicted}`, [last.at])];
  },
});

/** With every thread gone nothing is pending: all that was not delivered was evicted. */
function evictedAtAll(history: readonly HistoryRecord[], evicted: number, at: number): ReturnType<typeof findLoss> {
  const registered = recordsOf(history, 'register').filter(({ record }) => record.outcome === 'accepted').length;
  const left = recordsOf(history, 'leave').filter(({ record }) => record.outcome === 'accepted').length;
  if (registered !== left || evicted > 0) return [];
  return [
    finding(
      'evicted',
      'every thread is gone, detail was not delivered, and none is counted as evicted',
      'evicted > 0',
      '0',
      [at],
    ),
  ];
}
