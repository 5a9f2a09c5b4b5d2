// QUEUE-GROUP-VISIBLE: Nothing of a submitted group is delivered before its commit, and after it the whole
// group is, in both lanes.
import { defineCheck } from '../../check.js';
import { delivering, findGroupFaults, findLoss, findPhantoms, recordsOf } from '../../checkers/index.js';
import { mixed } from '../../scenarios/arbitrary.js';
import { begin, commit, emit, register, settle, stepped, turn } from '../../scenarios/build.js';

export default defineCheck({
  id: 'QUEUE-GROUP-VISIBLE',
  scenarios: [
    stepped(
      { detailCapacity: 0 },
      register(1),
      register(2),
      emit(1, 'index', 2),
      begin(1, 3),
      emit(2, 'index', 2),
      turn(4),
      commit(1),
      settle(4096),
    ),
  ],
  generated: { arbitrary: mixed({ submit: true }), runs: 120 },
  judge(history) {
    const begun = recordsOf(history, 'submit').some(
      ({ record }) => record.phase === 'begin' && record.outcome === 'accepted',
    );
    if (!begun) return { inconclusive: 'no group was held' };
    return delivering(history, () => {
      const lost = findLoss(history).map((fault) => ({
        ...fault,
        message: `a committed group was not delivered whole: ${fault.message}`,
      }));
      return [...findGroupFaults(history), ...findPhantoms(history), ...lost];
    });
  },
});
