// LEDGER-TRUE: The ledger’s accepted, rejected and delivered counts equal what the producers were told and what
// the sink acknowledged.
import { defineCheck } from '../../check.js';
import { delivering, findUntruth, recordsOf } from '../../checkers/index.js';
import { mixed } from '../../scenarios/arbitrary.js';
import {
  acquire,
  begin,
  commit,
  declareDead,
  emit,
  emitWithin,
  kill,
  leave,
  mark,
  metrics,
  register,
  release,
  settle,
  sink,
  stepped,
  submit,
  submitWithin,
  threads,
  turn,
} from '../../scenarios/build.js';

const windows = { detailCapacity: 4, windowRecords: 2, detailRecordBytes: 64, preRoll: 1, postRoll: 1 };

export default defineCheck({
  id: 'LEDGER-TRUE',
  scenarios: [
    stepped(
      { detailCapacity: 0, indexCapacity: 8 },
      register(1),
      register(2),
      emit(1, 'index', 12),
      emit(2, 'index', 3),
      metrics(),
      turn(),
      metrics(),
      emit(1, 'index', 9),
      leave(2),
      settle(4096),
      metrics(),
    ),
    stepped(
      { detailCapacity: 0, indexCapacity: 4, initialCursor: 2 ** 32 - 3 },
      register(1),
      ...[3, 5, 2].flatMap((n) => [emit(1, 'index', n), metrics(), turn(), metrics()]),
    ),
    // more in one visit, and more that finds no room, than 16 bits count
    stepped(
      { detailCapacity: 0, slots: 1, indexCapacity: 2 ** 17, quantum: 2 ** 17 },
      ...[register(1), emit(1, 'index', 2 ** 16 + 9), turn(), metrics()],
    ),
    stepped(
      { detailCapacity: 0, slots: 1, indexCapacity: 4 },
      ...[register(1), emit(1, 'index', 70_000), turn(), metrics()],
    ),
    // events that come to a backlog
    stepped(
      { detailCapacity: 0, quantum: 4 },
      ...[register(1), emit(1, 'index', 9), turn(), emit(1, 'index', 2), metrics(), turn(), metrics()],
    ),
  ],
  also: [
    {
      needs: ['detail'],
      scenarios: [
        // a batch of the detail lane that is taken in part; emits that wait in vain
        stepped(
          { ...windows, detailCapacity: 16, windowRecords: 4, preRoll: 4 },
          ...[register(1), emit(1, 'detail', 16), mark(1), sink('partial', { take: 3 }), turn(), metrics()],
          ...[turn(2), metrics(), sink('accept'), settle(4096), metrics(), mark(1), emit(1, 'detail', 8), mark(1)],
          ...[emit(1, 'detail', 8), mark(1), emitWithin(1, 'detail', 3, 2), metrics()],
        ),
        // three lives in one slot, each turned away in both lanes: nobody inherits a count
        stepped(
          { slots: 1, indexCapacity: 4, initialCursor: 2 ** 32 - 3, ...windows },
          ...threads(3).flatMap((id) => [
            ...[register(id), emit(id, 'index', 5 + id), emit(id, 'detail', 2), mark(id), emit(id, 'detail', 7 + id)],
            ...[metrics(), turn(), emit(id, 'detail', 2), metrics(), leave(id), settle(4096), metrics()],
          ]),
        ),
      ],
    },
    {
      needs: ['submit'],
      scenarios: [
        // groups that find no room are counted record by record, those that find the queue taken are not
        stepped(
          { detailCapacity: 0, indexCapacity: 4 },
          ...[register(1), submit(1, 3), submit(1, 2), metrics(), begin(1, 3), metrics(), acquire(1), begin(1, 1)],
          ...[submit(1, 1), metrics(), release(1), turn(), begin(1, 4), commit(1), metrics(), submitWithin(1, 2, 0, 2)],
          ...[emitWithin(1, 'index', 1, 2), metrics(), settle(4096), metrics()],
        ),
      ],
    },
    {
      needs: ['death'],
      scenarios: [
        // what a dead thread had is in the books when it is gone
        stepped(
          { detailCapacity: 0, indexCapacity: 8 },
          ...[register(1), register(2), emit(1, 'index', 10), emit(2, 'index', 3), turn(), kill(1), declareDead(1)],
          ...[metrics(), emit(2, 'index', 1), settle(4096), metrics()],
        ),
        // what its handle is told is in nobody's
        stepped(
          { detailCapacity: 0, slots: 1 },
          ...[register(1), emit(1, 'index', 1), turn(), declareDead(1), settle(4096), register(2)],
          ...[emit(2, 'index', 2), emit(1, 'index', 3), turn(), metrics(), leave(2), settle(4096), metrics()],
        ),
      ],
    },
    {
      needs: ['submit', 'detail'],
      scenarios: [
        stepped(
          { indexCapacity: 4, ...windows },
          ...[register(1), submit(1, 3, 2), mark(1), submit(1, 2, 2), metrics(), begin(1, 1, 9), metrics()],
          ...[emit(1, 'detail', 8), metrics(), submit(1, 1, 1), metrics(), settle(4096), metrics()],
        ),
      ],
    },
  ],
  generated: { arbitrary: mixed({ sinks: true, leaves: true, metrics: true, during: false }), runs: 120 },
  judge(history) {
    if (recordsOf(history, 'metrics').length === 0) return { inconclusive: 'there are no metrics' };
    return delivering(history, () => findUntruth(history));
  },
});
