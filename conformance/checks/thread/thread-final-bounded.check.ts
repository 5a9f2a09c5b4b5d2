// THREAD-FINAL-BOUNDED: The final drain of a leaving thread with a large backlog proceeds in quanta: every
// other backlogged thread is visited in every iteration meanwhile.
import { defineCheck } from '../../check.js';
import { delivering, findLoss, findUnservedThreads, finding, visitsOf } from '../../checkers/index.js';
import { emit, leave, register, settle, stepped, threads, turn } from '../../scenarios/build.js';

const QUANTUM = 8;

export default defineCheck({
  id: 'THREAD-FINAL-BOUNDED',
  scenarios: [
    stepped(
      { detailCapacity: 0, quantum: QUANTUM },
      ...threads(4).map((id) => register(id)),
      ...threads(4).map((id) => emit(id, 'index', 500)),
      turn(),
      leave(2),
      turn(10),
      settle(4096),
    ),
  ],
  judge(history) {
    return delivering(history, () => {
      const left = history.findIndex(({ type }) => type === 'leave');
      const most = visitsOf(history).find(
        ({ thread, records, index }) => thread === 2 && records[0]! > left && index > QUANTUM,
      );
      const hog =
        most === undefined
          ? []
          : [
              finding(
                'final',
                `the final drain of leaving thread 2 delivered ${most.index} events in one visit, the quantum is ${QUANTUM}`,
                `at most ${QUANTUM}`,
                `${most.index}`,
                most.records,
              ),
            ];
      const starved = findUnservedThreads(history).map((fault) => ({
        ...fault,
        message: `beside a leaving thread: ${fault.message}`,
      }));
      return [...hog, ...starved, ...findLoss(history)];
    });
  },
});
