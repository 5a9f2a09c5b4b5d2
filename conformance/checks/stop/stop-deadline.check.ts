// STOP-DEADLINE: With a sink that keeps failing, stop() returns at its deadline and says exactly how many
// accepted events are left.
import { defineCheck } from '../../check.js';
import { delivering, finding, recordsOf } from '../../checkers/index.js';
import { emit, register, settle, sink, stepped, stop } from '../../scenarios/build.js';

const COST = 1_000_000;

export default defineCheck({
  id: 'STOP-DEADLINE',
  scenarios: (['throw', 'refuse'] as const).map((how) =>
    stepped(
      { detailCapacity: 0 },
      register(1),
      register(2),
      emit(1, 'index', 7),
      settle(64),
      sink(how, { costNs: COST }),
      emit(1, 'index', 20),
      emit(2, 'index', 5),
      stop(10 * COST),
    ),
  ),
  judge(history) {
    return delivering(history, () => {
      const { record, at } = recordsOf(history, 'stop')[0] ?? {};
      if (record === undefined || at === undefined) return { inconclusive: 'stop() gave no result' };
      const left = 25;
      const found = [];
      if (record.complete)
        found.push(
          finding(
            'deadline',
            'stop() with a sink that takes nothing says it is complete',
            'complete: false',
            'complete: true',
            [at],
          ),
        );
      if (record.leftIndex !== left) {
        found.push(
          finding(
            'deadline',
            `stop() gave up and says it left ${record.leftIndex} events, and ${left} are left`,
            `leftIndex ${left}`,
            `${record.leftIndex}`,
            [at],
          ),
        );
      }
      return found;
    });
  },
});
