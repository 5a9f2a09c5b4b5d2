// THREAD-SLOTS-PLATEAU: Far more threads than there are slots can come and go one after another: every
// registration succeeds as long as fewer than `slots` are alive.
import { defineCheck } from '../../check.js';
import { delivering, findLoss, finding, recordsOf } from '../../checkers/index.js';
import { emit, leave, register, settle, stepped, threads } from '../../scenarios/build.js';

const lives = threads(60);

export default defineCheck({
  id: 'THREAD-SLOTS-PLATEAU',
  scenarios: [
    stepped(
      { detailCapacity: 0, slots: 2 },
      register(1000),
      ...lives.flatMap((id) => [register(id), emit(id, 'index', 3), leave(id), settle(64)]),
    ),
  ],
  judge(history) {
    return delivering(history, () => {
      const refused = recordsOf(history, 'register').filter(({ record }) => record.outcome !== 'accepted');
      const leaks = refused
        .slice(0, 1)
        .map(({ record, at }) =>
          finding(
            'slots',
            `thread ${record.thread} could not register (${record.outcome}) though only one other thread was alive: slots leak`,
            'accepted',
            record.outcome,
            [at],
          ),
        );
      return [...leaks, ...findLoss(history)];
    });
  },
});
