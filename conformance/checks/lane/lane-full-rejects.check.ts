// LANE-FULL-REJECTS: An emit into a full index lane is rejected with LANE_FULL at once, does not block, and
// overwrites nothing.
import { defineCheck } from '../../check.js';
import { finding } from '../../checkers/finding.js';
import {
  acceptedEvents,
  analyse,
  findDisorder,
  findLoss,
  findPhantoms,
  findTorn,
  rejectedEvents,
} from '../../checkers/index.js';
import { findOverfull } from '../../checkers/room.js';
import { indexLanes } from '../../scenarios/arbitrary-lane.js';
import { emit, register, settle, stepped } from '../../scenarios/build.js';

const overflow = (capacity: number): ReturnType<typeof stepped> =>
  stepped(
    { indexCapacity: capacity, detailCapacity: 0 },
    register(1),
    emit(1, 'index', capacity + 5),
    emit(1, 'index', 2 * capacity),
    settle(4096),
  );

export default defineCheck({
  id: 'LANE-FULL-REJECTS',
  scenarios: [overflow(8), overflow(2), overflow(1024)],
  generated: { arbitrary: indexLanes({ troubles: false, nested: false }), runs: 100 },
  judge(history) {
    const wrong = history.flatMap((record, at) =>
      record.type === 'emit' && record.outcome !== 'accepted' && record.outcome !== 'LANE_FULL'
        ? [
            finding(
              'full-lane',
              `thread ${record.thread} emitted event ${record.from} into its full index lane and was told '${record.outcome}'`,
              'LANE_FULL',
              `'${record.outcome}'`,
              [at],
            ),
          ]
        : [],
    );
    const findings = [
      ...findOverfull(history),
      ...wrong,
      ...findPhantoms(history),
      ...findTorn(history),
      ...findDisorder(history),
      ...findLoss(history),
    ];
    const full =
      rejectedEvents(history) > 0 && acceptedEvents(history) >= analyse(history).config('indexCapacity', 1024);
    if (findings.length === 0 && !full) return { inconclusive: 'no lane was ever full' };
    return findings;
  },
});
