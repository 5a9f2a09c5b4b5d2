// LOSS-EXACTLY-ONCE: Every accepted index event is delivered and acknowledged once the lane has been drained,
// in any sequence of emits, marks, visits, leaves and sink failures.
import type { ScenarioInput } from '../../../spec/index.js';
import { defineCheck } from '../../check.js';
import { delivering, findLoss } from '../../checkers/index.js';
import { finish, mixed } from '../../scenarios/arbitrary.js';
import { emit, leave, mark, register, settle, sink, stepped, threads, turn } from '../../scenarios/build.js';
import { underPolicies } from '../../scenarios/policies.js';

const SCENARIOS: readonly ScenarioInput[] = [
  stepped(
    { detailCapacity: 0 },
    register(1),
    register(2),
    emit(1, 'index', 300),
    emit(2, 'index', 700),
    settle(4096),
    leave(1),
    emit(2, 'index', 1),
    settle(4096),
  ),
  // cursors that would change their sign
  stepped(
    { detailCapacity: 0, indexCapacity: 16, initialCursor: 2 ** 31 - 20 },
    register(1),
    ...Array.from({ length: 5 }, () => [emit(1, 'index', 11), turn()]).flat(),
    settle(4096),
  ),
  // more events than 16 bits count, in one visit
  stepped(
    { detailCapacity: 0, slots: 1, indexCapacity: 2 ** 17, quantum: 2 ** 17 },
    ...[register(1), emit(1, 'index', 2 ** 16 + 9), turn(), emit(1, 'index', 9), settle(2 ** 17)],
  ),
];

export default defineCheck({
  id: 'LOSS-EXACTLY-ONCE',
  scenarios: SCENARIOS,
  also: [
    ...underPolicies(SCENARIOS),
    {
      needs: ['weights'],
      scenarios: [
        // what a turn adds, or the most that is kept of it, is 2^32
        stepped(
          { detailCapacity: 0, policy: 'weighted-fair', quantum: 2 ** 24, maxSkips: 3 },
          ...[register(1, 256), register(2, 64), register(3), ...threads(3).map((id) => emit(id, 'index', 9))],
          ...[turn(), ...threads(3).map((id) => emit(id, 'index', 9)), settle(64)],
        ),
      ],
    },
    {
      needs: ['detail'],
      scenarios: [8, 3].map((quantum) =>
        stepped(
          { indexCapacity: 8, quantum, detailCapacity: 16, windowRecords: 4, detailRecordBytes: 64, preRoll: 4 },
          ...[register(1), emit(1, 'detail', 14), mark(1), emit(1, 'index', 8), turn(), emit(1, 'index', 8)],
          ...[sink('throw', { times: 1 }), mark(1), turn(3), emit(1, 'index', 5), leave(1), ...finish()],
        ),
      ),
    },
  ],
  generated: { arbitrary: mixed({ sinks: true, leaves: true }), runs: 250 },
  judge(history) {
    return delivering(history, () => findLoss(history));
  },
});
