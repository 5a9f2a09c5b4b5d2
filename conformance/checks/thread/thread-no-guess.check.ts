// THREAD-NO-GUESS: A thread that holds its queue for a long time is not reclaimed and its submit is not broken:
// when it commits, the group is delivered.
import { defineCheck } from '../../check.js';
import { delivering, findGroupFaults, findLoss, findWrongOutcome, recordsOf } from '../../checkers/index.js';
import { advance, begin, commit, emit, register, settle, stepped, turn } from '../../scenarios/build.js';

const HOUR_NS = 3_600_000_000_000;

export default defineCheck({
  id: 'THREAD-NO-GUESS',
  scenarios: [
    stepped(
      { detailCapacity: 0, slots: 2 },
      register(1),
      register(2),
      emit(2, 'index', 2),
      begin(1, 3),
      turn(100),
      advance(HOUR_NS),
      turn(100),
      emit(2, 'index', 2),
      turn(5),
      commit(1),
      settle(4096),
      emit(1, 'index', 2),
      settle(4096),
    ),
  ],
  judge(history) {
    if (!recordsOf(history, 'submit').some(({ record }) => record.phase === 'begin' && record.outcome === 'accepted'))
      return { inconclusive: 'no submit was held' };
    const broken = findWrongOutcome(
      history,
      (record) =>
        record.type === 'submit' && record.phase === 'commit' ? 'the commit of a slow, live thread' : undefined,
      ['accepted'],
      'came late',
    );
    return delivering(history, () => [...broken, ...findGroupFaults(history), ...findLoss(history)]);
  },
});
