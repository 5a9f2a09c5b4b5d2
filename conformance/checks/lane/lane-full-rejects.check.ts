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
import { emit, emitWithin, mayWait, register, settle, stepped } from '../../scenarios/build.js';

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
  scenarios: [
    overflow(8),
    overflow(2),
    overflow(1024),
    // a caller that would wait for room: there is some at first; then nobody makes any
    stepped(
      { indexCapacity: 4, detailCapacity: 0 },
      ...[register(1), emitWithin(1, 'index', 5, 2), settle(4096), emitWithin(1, 'index', 1, 2), settle(4096)],
    ),
  ],
  generated: { arbitrary: indexLanes({ troubles: false, nested: false }), runs: 100 },
  judge(history, scenario) {
    const told = mayWait(scenario) ? ['LANE_FULL', 'TIMED_OUT'] : ['LANE_FULL'];
    const wrong = history.flatMap((record, at) =>
      record.type === 'emit' && record.outcome !== 'accepted' && !told.includes(record.outcome)
        ? [
            finding(
              'full-lane',
              `thread ${record.thread} emitted event ${record.from} into its full index lane and was told '${record.outcome}'`,
              told.join(' or '),
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
