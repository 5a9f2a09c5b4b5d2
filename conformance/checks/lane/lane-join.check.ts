// LANE-JOIN: An index event that was submitted with a detail event is delivered with that detail event’s
// sequence number, and the detail (if marked) under it.
import { defineCheck } from '../../check.js';
import {
  delivering,
  findGroupFaults,
  findJoinFaults,
  findLoss,
  findTorn,
  findWindowFaults,
  recordsOf,
} from '../../checkers/index.js';
import { mixed } from '../../scenarios/arbitrary.js';
import { begin, commit, emit, leave, mark, register, settle, stepped, submit, turn } from '../../scenarios/build.js';

const CONFIG = { detailRecordBytes: 64, detailCapacity: 32, windowRecords: 4, preRoll: 0, postRoll: 3 };

export default defineCheck({
  id: 'LANE-JOIN',
  scenarios: [
    stepped(
      CONFIG,
      register(1),
      mark(1),
      emit(1, 'index', 3),
      submit(1, 2, 2),
      emit(1, 'detail', 1),
      submit(1, 3, 1),
      settle(4096),
      leave(1),
      settle(4096),
    ),
    // the group is not visible in either lane before its commit
    stepped(CONFIG, register(1), mark(1), begin(1, 4, 4), turn(3), commit(1), settle(4096), leave(1), settle(4096)),
  ],
  generated: { arbitrary: mixed({ detail: true, submit: true }), runs: 80 },
  judge(history) {
    const joined = recordsOf(history, 'submit').some(
      ({ record }) =>
        record.outcome === 'accepted' && record.phase !== 'begin' && record.detail[1] > 0 && record.index[1] > 0,
    );
    if (!joined) return { inconclusive: 'no index event was submitted with a detail event' };
    return delivering(history, () => [
      ...findJoinFaults(history),
      ...findTorn(history).map((fault) => ({ ...fault, message: `a submitted record was changed: ${fault.message}` })),
      ...findGroupFaults(history),
      ...findWindowFaults(history),
      ...findLoss(history),
    ]);
  },
});
