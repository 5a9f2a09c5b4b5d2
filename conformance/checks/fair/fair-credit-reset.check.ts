// FAIR-CREDIT-RESET: A thread whose lane ran empty starts again without credit: a long quiet time does not buy
// a burst beyond one quantum.
import { defineCheck } from '../../check.js';
import { delivering, finding, visitsOf } from '../../checkers/index.js';
import { emit, register, stepped, turn } from '../../scenarios/build.js';

const QUANTUM = 10;

export default defineCheck({
  id: 'FAIR-CREDIT-RESET',
  // thread 1 has one event an iteration for a long time, then very many
  scenarios: [
    stepped(
      { detailCapacity: 0, quantum: QUANTUM },
      register(1),
      register(2),
      emit(2, 'index', 900),
      ...Array.from({ length: 12 }, () => [emit(1, 'index', 1), turn()]).flat(),
      emit(1, 'index', 500),
      turn(3),
    ),
  ],
  judge(history) {
    return delivering(history, () => {
      const quiet = visitsOf(history).filter(({ thread, iteration }) => thread === 1 && iteration < 12);
      if (quiet.length < 6) return { inconclusive: 'thread 1 was hardly visited while it was quiet' };
      return visitsOf(history)
        .filter(({ thread, index }) => thread === 1 && index > QUANTUM)
        .map(({ index, records }) =>
          finding(
            'hoard',
            `after a quiet time thread 1 took ${index} events in one visit: it hoarded credit`,
            `at most ${QUANTUM}`,
            `${index}`,
            records,
          ),
        );
    });
  },
});
