// LOSS-NO-PHANTOM: Nothing is delivered that was not accepted: no rejected event, no unpublished one, no record
// of an earlier lap.
import { defineCheck } from '../../check.js';
import { delivering, findPhantoms, findTorn } from '../../checkers/index.js';
import { mixed } from '../../scenarios/arbitrary.js';
import { begin, commit, emit, leave, register, settle, stepped, stop, turn } from '../../scenarios/build.js';

export default defineCheck({
  id: 'LOSS-NO-PHANTOM',
  scenarios: [
    stepped(
      { detailCapacity: 0, indexCapacity: 4 },
      register(1),
      emit(1, 'index', 9),
      settle(4096),
      emit(1, 'index', 2),
      settle(4096),
    ),
    // a slot that is used again must not show what was in it
    stepped(
      { detailCapacity: 0, slots: 1 },
      register(1),
      emit(1, 'index', 9),
      leave(1),
      settle(4096),
      register(2),
      turn(2),
      emit(2, 'index', 1),
      settle(4096),
    ),
  ],
  also: [
    {
      needs: ['submit'],
      scenarios: [
        // staged, and not published; published late; never published
        stepped(
          { detailCapacity: 0, indexCapacity: 8 },
          ...[register(1), register(2), emit(1, 'index', 9), settle(4096), begin(1, 3), emit(2, 'index', 2), turn(3)],
          ...[commit(1), settle(4096), begin(1, 9), emit(1, 'index', 2), begin(2, 2), turn(8), stop(1_000_000)],
        ),
      ],
    },
  ],
  generated: { arbitrary: mixed({ sinks: true, leaves: true }), runs: 150 },
  judge(history) {
    return delivering(history, () => [...findPhantoms(history), ...findTorn(history)]);
  },
});
