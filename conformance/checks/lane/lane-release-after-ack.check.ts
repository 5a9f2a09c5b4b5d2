// LANE-RELEASE-AFTER-ACK: While the sink holds a batch, the space of that batch is not writable: an emit into
// the full lane is rejected, and the bytes of the batch stay what they were.
import type { HistoryRecord } from '../../../spec/index.js';
import { defineCheck } from '../../check.js';
import {
  acknowledged,
  analyse,
  delivering,
  findLoss,
  findPhantoms,
  findTorn,
  finding,
  recordsOf,
} from '../../checkers/index.js';
import { emit, mark, register, settle, sink, steppedWith, turn } from '../../scenarios/build.js';

const CAPACITY = 8;

/** True for what was written while the sink was at work on a batch. */
const isNested = (history: readonly HistoryRecord[], at: number): boolean =>
  history.some((record, end) => record.type === 'batch' && at < end && at >= end - (record.nested ?? 0));

export default defineCheck({
  id: 'LANE-RELEASE-AFTER-ACK',
  scenarios: [
    // while the sink holds the whole lane, nothing may be written into it
    steppedWith(
      { indexCapacity: CAPACITY, detailCapacity: 0, quantum: 64 },
      { 0: [emit(1, 'index', 3)] },
      register(1),
      emit(1, 'index', CAPACITY),
      turn(),
      settle(4096),
    ),
    // where the batch is the end of the ring and its beginning
    steppedWith(
      { indexCapacity: CAPACITY, detailCapacity: 0, quantum: 64 },
      { 1: [emit(1, 'index', 3)], 2: [emit(1, 'index', 6)] },
      ...[register(1), emit(1, 'index', 5), settle(4096), emit(1, 'index', CAPACITY), settle(4096)],
    ),
    // and where it is a small part of the lane, or the lane is small
    ...[3, 1].map((quantum) =>
      steppedWith(
        { indexCapacity: CAPACITY, detailCapacity: 0, quantum },
        { 0: [emit(1, 'index', 2)], 1: [emit(1, 'index', quantum + 1)], 3: [emit(1, 'index', 2 * quantum)] },
        ...[register(1), emit(1, 'index', CAPACITY), turn(4), settle(4096)],
      ),
    ),
    steppedWith(
      { indexCapacity: 2, detailCapacity: 0 },
      { 0: [emit(1, 'index', 1)], 1: [emit(1, 'index', 2)] },
      ...[register(1), emit(1, 'index', 2), turn(), emit(1, 'index', 2), turn(), settle(4096)],
    ),
    // and when it takes only a part, only that part is released
    steppedWith(
      { indexCapacity: CAPACITY, detailCapacity: 0, quantum: 64 },
      { 1: [emit(1, 'index', 3)] },
      register(1),
      emit(1, 'index', CAPACITY),
      sink('throw', { times: 1 }),
      turn(8),
      settle(4096),
    ),
  ],
  also: [
    {
      needs: ['detail'],
      scenarios: [
        // while the sink holds marked windows, their places are taken
        steppedWith(
          { detailCapacity: 8, windowRecords: 4, detailRecordBytes: 64, postRoll: 8, indexCapacity: CAPACITY },
          { 1: [emit(1, 'detail', 3), emit(1, 'index', 1)], 2: [emit(1, 'detail', 2)] },
          ...[register(1), emit(1, 'index', CAPACITY), mark(1), emit(1, 'detail', 8), turn(), settle(4096)],
        ),
      ],
    },
  ],
  judge(history) {
    return delivering(history, () => {
      const emits = recordsOf(history, 'emit').filter(({ record }) => record.lane === 'index');
      const during = emits.filter(({ at }) => isNested(history, at));
      if (during.length === 0) return { inconclusive: 'nothing was emitted while the sink held a batch' };
      const capacity = analyse(history).config('indexCapacity', CAPACITY);
      const early = emits
        .filter(({ record, at }) => {
          const told = emits.filter((emit) => emit.at <= at && emit.record.outcome === 'accepted');
          const accepted = told.reduce((sum, emit) => sum + emit.record.count, 0);
          const taken = acknowledged(history, { lane: 'index', before: at });
          return record.outcome === 'accepted' && accepted - taken > capacity;
        })
        .map(({ record, at }) =>
          finding(
            'early-release',
            `thread 1 wrote event ${record.from} into space that the sink had not acknowledged: the space was released too early`,
            'LANE_FULL while the sink holds the batch',
            `'${record.outcome}'`,
            [at],
          ),
        );
      return [...early, ...findTorn(history), ...findPhantoms(history), ...findLoss(history)];
    });
  },
});
