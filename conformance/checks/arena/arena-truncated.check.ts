// ARENA-TRUNCATED: An arena that has fewer bytes than its header states, or no whole header, is refused with
// ARENA_TRUNCATED.
import { defineCheck } from '../../check.js';
import { delivering, findLoss, finding, recordsOf } from '../../checkers/index.js';
import { emit, register, settle, stepped, attach } from '../../scenarios/build.js';

/** What is changed in the arena, and the code that must refuse it. */
const CODES: Record<string, string> = { truncate: 'ARENA_TRUNCATED', empty: 'ARENA_TRUNCATED' };

export default defineCheck({
  id: 'ARENA-TRUNCATED',
  scenarios: Object.keys(CODES).map((change) =>
    stepped({ detailCapacity: 0 }, register(1), emit(1, 'index', 3), attach('none'), attach(change), settle(4096)),
  ),
  judge(history) {
    const sound = recordsOf(history, 'attach').find(({ record }) => record.change === 'none');
    if (sound?.record.outcome !== 'accepted') {
      return [
        finding(
          'attach',
          `a sound arena was refused with ${sound?.record.outcome ?? 'no answer'}`,
          'accepted',
          sound?.record.outcome ?? 'nothing',
          [sound?.at ?? 0],
        ),
      ];
    }
    const wrong = recordsOf(history, 'attach')
      .filter(({ record }) => record.change !== 'none' && record.outcome !== CODES[record.change])
      .map(({ record, at }) =>
        finding(
          'attach',
          `an arena with the change '${record.change}' was answered with '${record.outcome}'`,
          CODES[record.change] ?? '',
          record.outcome,
          [at],
        ),
      );
    return delivering(history, () => [...wrong, ...findLoss(history)]);
  },
});
