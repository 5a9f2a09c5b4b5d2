// LEDGER-LEFT: What a stop() with a deadline left undelivered is in the left count, and no longer pending.
import { defineCheck } from '../../check.js';
import { delivering, findLeftFaults, finding, recordsOf } from '../../checkers/index.js';
import { emit, mark, metrics, register, settle, sink, stepped, stop } from '../../scenarios/build.js';

export default defineCheck({
  id: 'LEDGER-LEFT',
  scenarios: [
    stepped(
      { detailCapacity: 0 },
      register(1),
      register(2),
      emit(1, 'index', 4),
      settle(64),
      emit(1, 'index', 6),
      emit(2, 'index', 3),
      sink('throw', { costNs: 1_000_000 }),
      stop(3_000_000),
      metrics(),
    ),
  ],
  also: [
    {
      needs: ['detail'],
      // marked detail is left too, unmarked detail is not
      scenarios: [
        stepped(
          { detailCapacity: 32, windowRecords: 4, detailRecordBytes: 64, preRoll: 0, postRoll: 0 },
          ...[
            register(1),
            register(2),
            emit(1, 'index', 4),
            settle(64),
            emit(1, 'index', 6),
            emit(2, 'index', 3),
            emit(1, 'detail', 6),
            mark(1),
          ],
          ...[
            emit(1, 'detail', 5),
            emit(2, 'detail', 6),
            sink('throw', { costNs: 1_000_000 }),
            stop(3_000_000),
            metrics(),
          ],
        ),
      ],
    },
  ],
  judge(history) {
    return delivering(history, () => {
      const last = recordsOf(history, 'metrics').at(-1);
      const stop = recordsOf(history, 'stop').at(-1);
      if (last === undefined || stop === undefined) return { inconclusive: 'there are no metrics after a stop()' };
      const left = 9;
      const { index } = last.record;
      if (index.left === left && index.pending === 0) return findLeftFaults(history);
      const message = `stop() left ${left} events undelivered, and the ledger says left ${index.left}, pending ${index.pending}`;
      return [
        finding('left', message, `left ${left}, pending 0`, `left ${index.left}, pending ${index.pending}`, [
          stop.at,
          last.at,
        ]),
      ];
    });
  },
});
