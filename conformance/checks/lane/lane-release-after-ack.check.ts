// LANE-RELEASE-AFTER-ACK: While the sink holds a batch, the space of that batch is not writable: an emit into
// the full lane is rejected, and the bytes of the batch stay what they were.
import { defineCheck } from '../../check.js';
import {
  acknowledged,
  delivering,
  findLoss,
  findPhantoms,
  findTorn,
  finding,
  recordsOf,
} from '../../checkers/index.js';
import { emit, register, settle, sink, steppedWith, turn } from '../../scenarios/build.js';

const CAPACITY = 8;

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
  judge(history) {
    return delivering(history, () => {
      const held = history.findIndex(({ type }) => type === 'batch');
      const during = recordsOf(history, 'emit').filter(({ record, at }) => record.from >= CAPACITY && at > 1);
      if (during.length === 0) return { inconclusive: 'nothing was emitted while the sink held a batch' };
      const early = during
        .filter(
          ({ record, at }) =>
            record.outcome === 'accepted' && CAPACITY + record.count - acknowledged(history, { before: at }) > CAPACITY,
        )
        .map(({ record, at }) =>
          finding(
            'early-release',
            `thread 1 wrote event ${record.from} into space that the sink had not acknowledged: the space was released too early`,
            'LANE_FULL while the sink holds the batch',
            `'${record.outcome}'`,
            [at, Math.max(held, at)],
          ),
        );
      return [...early, ...findTorn(history), ...findPhantoms(history), ...findLoss(history)];
    });
  },
});
