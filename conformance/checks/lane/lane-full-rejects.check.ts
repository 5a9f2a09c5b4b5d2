// LANE-FULL-REJECTS: An emit into a full index lane is rejected with LANE_FULL at once, does not block, and
// overwrites nothing.
import { defineCheck } from '../../check.js';
import { finding } from '../../checkers/finding.js';
import { findLoss, findPhantoms, findTorn } from '../../checkers/index.js';
import { emit, register, settle, stepped } from '../../scenarios/build.js';

const CAPACITY = 8;

export default defineCheck({
  id: 'LANE-FULL-REJECTS',
  scenarios: [stepped({ indexCapacity: CAPACITY }, register(1), emit(1, 'index', CAPACITY + 5), settle())],
  judge(history) {
    const wrong = history.flatMap((record, at) =>
      record.type === 'emit' && record.from + record.count > CAPACITY && record.outcome !== 'LANE_FULL'
        ? [
            finding(
              'full-lane-accepts',
              `thread 1 emitted event ${Math.max(record.from, CAPACITY)} into its full index lane of ${CAPACITY} and was told '${record.outcome}'`,
              `LANE_FULL for every emit beyond ${CAPACITY} undrained events`,
              `'${record.outcome}'`,
              [at],
            ),
          ]
        : [],
    );
    return [...wrong, ...findPhantoms(history), ...findTorn(history), ...findLoss(history)];
  },
});
