// QUEUE-GROUP-WHOLE: A group that does not fit into a lane is rejected whole: none of its records is delivered,
// and the next group that fits is accepted.
import { defineCheck } from '../../check.js';
import { delivering, findLoss, findPhantoms, finding, recordsOf } from '../../checkers/index.js';
import { emit, register, settle, stepped, submit } from '../../scenarios/build.js';

export default defineCheck({
  id: 'QUEUE-GROUP-WHOLE',
  scenarios: [
    stepped(
      { detailCapacity: 0, indexCapacity: 8 },
      register(1),
      emit(1, 'index', 5),
      submit(1, 5),
      submit(1, 3),
      submit(1, 1),
      settle(4096),
      submit(1, 8),
      settle(4096),
    ),
  ],
  judge(history) {
    return delivering(history, () => {
      const told = recordsOf(history, 'submit').map(({ record }) => record.outcome);
      const wanted = ['LANE_FULL', 'accepted', 'LANE_FULL', 'accepted'];
      const wrong = wanted.flatMap((outcome, i) =>
        told[i] === outcome
          ? []
          : [
              finding(
                'group-whole',
                `group ${i} of thread 1 (5 of 8 records were pending) was told '${told[i] ?? 'nothing'}'`,
                outcome,
                told[i] ?? 'nothing',
                [recordsOf(history, 'submit')[i]?.at ?? 0],
              ),
            ],
      );
      const parts = findPhantoms(history).map((fault) => ({
        ...fault,
        message: `a part of a rejected group: ${fault.message}`,
      }));
      return [...wrong, ...parts, ...findLoss(history)];
    });
  },
});
