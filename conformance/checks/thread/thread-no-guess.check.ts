// THREAD-NO-GUESS: A thread that holds its queue for a long time is not reclaimed and its submit is not broken:
// when it commits, the group is delivered.
import { defineCheck } from '../../check.js';
import { delivering, findGroupFaults, findLoss, findWrongOutcome, finding, recordsOf } from '../../checkers/index.js';
import {
  advance,
  begin,
  commit,
  declareDead,
  emit,
  leave,
  register,
  settle,
  stepped,
  turn,
} from '../../scenarios/build.js';

const HOUR_NS = 3_600_000_000_000;
const slowly = [turn(100), advance(HOUR_NS), turn(300), advance(24 * HOUR_NS), emit(2, 'index', 2), turn(100)];

export default defineCheck({
  id: 'THREAD-NO-GUESS',
  scenarios: [
    stepped(
      { detailCapacity: 0, slots: 2 },
      ...[register(1), register(2), emit(2, 'index', 2), emit(1, 'index', 4), begin(1, 3), ...slowly],
      ...[commit(1), settle(4096), emit(1, 'index', 2), settle(4096)],
    ),
    // with nothing but the group to deliver, and the skips that are allowed at zero
    stepped(
      { detailCapacity: 0, slots: 2, maxSkips: 0 },
      ...[register(1), register(2), begin(1, 3), ...slowly],
      ...[commit(1), settle(4096), emit(1, 'index', 2), settle(4096)],
    ),
  ],
  also: [
    {
      needs: ['death'],
      scenarios: [
        // the dead thread is another one, that had the slot before: proof of its death is none of this one's
        stepped(
          { detailCapacity: 0, slots: 2 },
          ...[register(3), register(2), emit(3, 'index', 2), leave(3), settle(64), register(1), emit(1, 'index', 4)],
          ...[begin(1, 3), declareDead(3), turn(3), commit(1), declareDead(3), emit(1, 'index', 2), settle(4096)],
        ),
      ],
    },
  ],
  judge(history) {
    if (!recordsOf(history, 'submit').some(({ record }) => record.phase === 'begin' && record.outcome === 'accepted'))
      return { inconclusive: 'no submit was held' };
    return delivering(history, () => {
      const broken = findWrongOutcome(
        history,
        (record) => {
          if (record.type === 'submit' && record.phase === 'commit') return 'the commit of a slow, live thread';
          return record.type === 'emit' ? `an emit of live thread ${record.thread}` : undefined;
        },
        ['accepted'],
        'came late',
      );
      const held = recordsOf(history, 'submit')[0]!.at;
      const reclaimed = recordsOf(history, 'iteration').filter(({ record, at }) => at > held && record.reclaimed > 0);
      const guessed = reclaimed.map(({ at }) =>
        finding('guess', 'a slot was reclaimed, and both threads are alive', 'no slot reclaimed', 'one reclaimed', [
          at,
        ]),
      );
      return [...broken, ...guessed.slice(0, 1), ...findGroupFaults(history), ...findLoss(history)];
    });
  },
});
