// QUEUE-GROUP-VISIBLE: Nothing of a submitted group is delivered before its commit, and after it the whole
// group is, in both lanes.
import { defineCheck } from '../../check.js';
import {
  delivering,
  findGroupFaults,
  findJoinFaults,
  findLoss,
  findPhantoms,
  recordsOf,
} from '../../checkers/index.js';
import { mixed } from '../../scenarios/arbitrary.js';
import {
  begin,
  commit,
  emit,
  leave,
  mark,
  register,
  seal,
  settle,
  stepped,
  submit,
  turn,
} from '../../scenarios/build.js';

const windows = { detailCapacity: 32, windowRecords: 8, detailRecordBytes: 64, preRoll: 1, postRoll: 1 };

export default defineCheck({
  id: 'QUEUE-GROUP-VISIBLE',
  scenarios: [
    stepped(
      { detailCapacity: 0 },
      ...[register(1), register(2), emit(1, 'index', 2), begin(1, 3), emit(2, 'index', 2)],
      ...[turn(4), commit(1), settle(4096)],
    ),
    // nothing else is pending
    stepped({ detailCapacity: 0 }, ...[register(1), begin(1, 3), turn(3), commit(1), settle(4096)]),
  ],
  generated: { arbitrary: mixed({ submit: true }), runs: 120 },
  also: [
    {
      needs: ['detail'],
      // every detail record is marked, so that both parts of a group are to be delivered
      scenarios: [
        ...[2, 9].map((size) =>
          stepped(
            { ...windows, quantum: 64 },
            ...[register(1), register(2), emit(2, 'index', 5), mark(1), begin(1, size, size)],
            ...[turn(3), commit(1), mark(1), seal(1), turn(2)],
            ...[submit(1, 2, 1), mark(1), seal(1), settle(4096)],
          ),
        ),
        // nothing but detail
        ...[4, 9].map((size) =>
          stepped(
            { ...windows, preRoll: 2, postRoll: 4 },
            ...[register(1), emit(1, 'index', 1), mark(1), begin(1, 0, size), turn(), commit(1), seal(1), settle(4096)],
            ...[leave(1), settle(4096)],
          ),
        ),
      ],
    },
  ],
  judge(history, scenario) {
    const begun = recordsOf(history, 'submit').some(
      ({ record }) => record.phase === 'begin' && record.outcome === 'accepted',
    );
    if (!begun) return { inconclusive: 'no group was held' };
    const marked = scenario.config?.['detailCapacity'] !== 0;
    return delivering(history, () => {
      const lost = findLoss(history, { lanes: marked ? ['index', 'detail'] : ['index'] }).map((fault) => ({
        ...fault,
        message: `a committed group was not delivered whole: ${fault.message}`,
      }));
      return [...findGroupFaults(history), ...findPhantoms(history), ...lost, ...findJoinFaults(history)];
    });
  },
});
