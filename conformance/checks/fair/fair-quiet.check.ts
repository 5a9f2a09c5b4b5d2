// FAIR-QUIET: One event in a quiet lane beside threads with large backlogs is delivered within one iteration,
// whatever their backlog.
import { defineCheck } from '../../check.js';
import { acknowledged, delivering, finding, iterationEnd } from '../../checkers/index.js';
import { emit, register, stepped, threads, turn } from '../../scenarios/build.js';

const QUIET = 9;

export default defineCheck({
  id: 'FAIR-QUIET',
  scenarios: [1, 8, 64].map((quantum) =>
    stepped(
      { detailCapacity: 0, quantum },
      ...threads(9).map((id) => register(id)),
      ...threads(8).map((id) => emit(id, 'index', 1000)),
      turn(2),
      emit(QUIET, 'index', 1),
      turn(),
    ),
  ),
  judge(history) {
    return delivering(history, () => {
      if (acknowledged(history, { thread: QUIET, before: iterationEnd(history, 2) }) === 1) return [];
      const quiet = history.findIndex((record) => record.type === 'emit' && record.thread === QUIET);
      const message = `one event in the quiet lane of thread ${QUIET} was not delivered in the next iteration, beside 8 threads with large backlogs`;
      return [
        finding('quiet', message, 'delivered within one iteration', 'still waiting', [quiet, iterationEnd(history, 2)]),
      ];
    });
  },
});
