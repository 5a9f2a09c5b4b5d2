// LANE-MARKED-ONCE: Every record of a sealed marked window is delivered exactly once, windows in order and
// records in order within them.
import fc from 'fast-check';
import type { ScenarioInput } from '../../../spec/index.js';
import { defineCheck } from '../../check.js';
import {
  analyse,
  findDisorder,
  findDuplicates,
  findMalformed,
  findPhantoms,
  findTorn,
  findWindowFaults,
  windowsOf,
} from '../../checkers/index.js';
import { detailLanes } from '../../scenarios/arbitrary-lane.js';
import { finish, mixed } from '../../scenarios/arbitrary.js';
import { lives } from '../../scenarios/arbitrary-thread.js';
import { emit, leave, mark, register, settle, sink, stepped, turn } from '../../scenarios/build.js';
import { underPolicies } from '../../scenarios/policies.js';

const CONFIG = { detailRecordBytes: 64, detailCapacity: 32, windowRecords: 4, preRoll: 1, postRoll: 1, quantum: 6 };

const SCENARIOS: readonly ScenarioInput[] = [
  stepped(
    CONFIG,
    register(1),
    emit(1, 'detail', 9),
    mark(1),
    turn(),
    emit(1, 'detail', 9),
    mark(1),
    emit(1, 'index', 40),
    settle(4096),
    leave(1),
    settle(4096),
  ),
  // a busy index lane beside it: both lanes move
  stepped(
    CONFIG,
    register(1),
    emit(1, 'index', 200),
    mark(1),
    emit(1, 'detail', 8),
    settle(4096),
    leave(1),
    settle(4096),
  ),
  // the sink fails in the middle of a window
  stepped(
    { ...CONFIG, maxBackoffIterations: 1 },
    register(1),
    mark(1),
    emit(1, 'detail', 8),
    sink('partial', { take: 1, times: 2 }),
    turn(2),
    sink('throw', { times: 2 }),
    turn(6),
    ...finish(),
  ),
  // more windows than a word has bits, all of them due at once, where their numbers wrap or change their sign
  ...[0, 2 ** 32 - 50, 2 ** 31 - 50].map((initialCursor) =>
    stepped(
      { ...CONFIG, detailRecordBytes: 32, detailCapacity: 128, windowRecords: 1, preRoll: 128, initialCursor },
      ...[register(1), emit(1, 'detail', 100), mark(1), settle(4096), leave(1), settle(4096)],
    ),
  ),
  // the largest records
  stepped(
    { ...CONFIG, slots: 1, detailRecordBytes: 65536, detailCapacity: 4, windowRecords: 2 },
    ...[register(1), emit(1, 'detail', 3), mark(1), settle(4096), leave(1), settle(4096)],
  ),
];

export default defineCheck({
  id: 'LANE-MARKED-ONCE',
  scenarios: SCENARIOS,
  also: underPolicies(SCENARIOS),
  generated: {
    arbitrary: fc.oneof(detailLanes(), mixed({ detail: true, sinks: true, leaves: true }), lives({ detail: true })),
    runs: 300,
  },
  judge(history) {
    const due = analyse(history).lanes.some(
      ({ thread, lane }) =>
        lane === 'detail' &&
        windowsOf(history, thread).some(({ marked, sealedBy }) => marked === 'yes' && sealedBy !== undefined),
    );
    if (!due) return { inconclusive: 'no window was marked and sealed' };
    return [
      ...findWindowFaults(history),
      ...findDuplicates(history),
      ...findDisorder(history),
      ...findTorn(history),
      ...findMalformed(history),
      ...findPhantoms(history),
    ];
  },
});
