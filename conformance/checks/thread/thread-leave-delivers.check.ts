// THREAD-LEAVE-DELIVERS: Every event that a thread had accepted before it left is delivered, the very last one
// included.
import fc from 'fast-check';
import type { ScenarioInput } from '../../../spec/index.js';
import { defineCheck } from '../../check.js';
import { delivering, findLoss, findPhantoms, recordsOf } from '../../checkers/index.js';
import { mixed } from '../../scenarios/arbitrary.js';
import { lives } from '../../scenarios/arbitrary-thread.js';
import { emit, leave, mark, register, settle, stepped, steppedWith, turn } from '../../scenarios/build.js';
import { underPolicies } from '../../scenarios/policies.js';

const windows = { detailCapacity: 32, windowRecords: 8, detailRecordBytes: 64, preRoll: 1, postRoll: 1, quantum: 4 };

const SCENARIOS: readonly ScenarioInput[] = [
  ...[1, 2, 7, 8, 9, 300].map((count) =>
    stepped(
      { detailCapacity: 0, quantum: 8, indexCapacity: 512 },
      ...[register(1), register(2), emit(2, 'index', 3), emit(1, 'index', count), leave(1)],
      settle(4096),
    ),
  ),
  // it emits and leaves while it is visited, and while another is
  steppedWith(
    { detailCapacity: 0 },
    { 0: [emit(1, 'index', 1), leave(1), emit(2, 'index', 1)], 1: [emit(2, 'index', 1), leave(2)] },
    ...[register(1), emit(1, 'index', 5), register(2), emit(2, 'index', 5), turn(), settle(4096)],
  ),
];

export default defineCheck({
  id: 'THREAD-LEAVE-DELIVERS',
  scenarios: SCENARIOS,
  generated: {
    arbitrary: fc.oneof(lives({ nested: true }), mixed({ leaves: true, sinks: true })),
    runs: 200,
  },
  also: [
    ...underPolicies(SCENARIOS),
    {
      needs: ['detail'],
      // all of the detail is marked, the last window of it is open or sealed
      scenarios: [
        ...[1, 7, 8, 11].map((count) =>
          stepped(
            windows,
            ...[register(1), mark(1), emit(1, 'detail', count), mark(1), emit(1, 'index', 3), leave(1), settle(4096)],
          ),
        ),
        // lives of one slot, each with more of it than the one before
        stepped(
          { ...windows, slots: 1, windowRecords: 4, preRoll: 8 },
          ...[3, 11, 30].flatMap((count, i) => [
            ...[register(i + 1), emit(i + 1, 'index', 1), emit(i + 1, 'detail', count), mark(i + 1), leave(i + 1)],
            settle(4096),
          ]),
        ),
      ],
    },
  ],
  judge(history, scenario) {
    const left = recordsOf(history, 'leave').some(({ record }) => record.outcome === 'accepted');
    if (!left) return { inconclusive: 'no thread left' };
    const detail = scenario.config?.['detailCapacity'] !== 0;
    return delivering(history, () => {
      const lost = findLoss(history, { lanes: detail ? ['index', 'detail'] : ['index'] }).map((fault) => ({
        ...fault,
        message: `with threads that leave: ${fault.message}`,
      }));
      return [...lost, ...findPhantoms(history)];
    });
  },
});
