// ARENA-CONFIG: A capacity that is zero or no power of two, a quantum of zero, a weight out of range, a wrong
// number of slots or an unknown policy is refused with its own code.
import type { ScenarioInput } from '../../../spec/index.js';
import { defineCheck } from '../../check.js';
import { delivering, findLoss, findWrongOutcome } from '../../checkers/index.js';
import { emit, register, settle, stepped } from '../../scenarios/build.js';

/** A configuration that is wrong in one field, and the code that must refuse it. */
const WRONG: readonly (readonly [Record<string, number | string>, string])[] = [
  [{ indexCapacity: 0 }, 'INVALID_CAPACITY'],
  [{ indexCapacity: 12 }, 'INVALID_CAPACITY'],
  [{ indexCapacity: -8 }, 'INVALID_CAPACITY'],
  [{ indexCapacity: 8.5 }, 'INVALID_CAPACITY'],
  // where a number is cut to 32 bits, this one is 8
  [{ indexCapacity: 2 ** 32 + 8 }, 'INVALID_CAPACITY'],
  [{ quantum: 0, detailCapacity: 0 }, 'INVALID_QUANTUM'],
  [{ quantum: -4, detailCapacity: 0 }, 'INVALID_QUANTUM'],
  [{ quantum: 1.5, detailCapacity: 0 }, 'INVALID_QUANTUM'],
  [{ slots: 0 }, 'INVALID_SLOTS'],
  [{ slots: -4 }, 'INVALID_SLOTS'],
  [{ slots: 4.5 }, 'INVALID_SLOTS'],
  [{ slots: 65537 }, 'INVALID_SLOTS'],
  [{ slots: 2 ** 32 + 4 }, 'INVALID_SLOTS'],
  [{ policy: 'fifo' }, 'UNKNOWN_POLICY'],
  [{ policy: '' }, 'UNKNOWN_POLICY'],
  [{ policy: 'Round-Robin' }, 'UNKNOWN_POLICY'],
];
const WRONG_DETAIL: typeof WRONG = [
  [{ detailCapacity: 24 }, 'INVALID_CAPACITY'],
  [{ detailCapacity: -8 }, 'INVALID_CAPACITY'],
  [{ detailCapacity: 2 ** 32 + 64 }, 'INVALID_CAPACITY'],
];
// The last ones are 1 where a number is cut to 16 or to 32 bits.
const WEIGHTS = [0, -1, 1.5, 1025, 2 ** 16 + 1, 2 ** 32 + 1];

const asked = (configs: typeof WRONG): ScenarioInput[] =>
  configs.map(([config]) => stepped(config, register(1), emit(1, 'index', 1), settle(64)));

export default defineCheck({
  id: 'ARENA-CONFIG',
  scenarios: [
    ...asked(WRONG),
    stepped(
      { detailCapacity: 0 },
      ...WEIGHTS.map((weight, i) => register(10 + i, weight)),
      register(1, 1),
      emit(1, 'index', 3),
      settle(4096),
    ),
  ],
  also: [{ needs: ['detail'], scenarios: asked(WRONG_DETAIL) }],
  judge(history, scenario) {
    const wanted = [...WRONG, ...WRONG_DETAIL].find(
      ([config]) => JSON.stringify(config) === JSON.stringify(scenario.config),
    )?.[1];
    if (wanted !== undefined) {
      return findWrongOutcome(
        history,
        (record) => (record.type === 'create' ? `a drain with ${JSON.stringify(scenario.config)}` : undefined),
        [wanted],
        'was asked for',
      );
    }
    const heavy = findWrongOutcome(
      history,
      (record) =>
        record.type === 'register' && record.thread >= 10
          ? `thread ${record.thread} with weight ${WEIGHTS[record.thread - 10]}`
          : undefined,
      ['INVALID_WEIGHT'],
      'registered',
    );
    return delivering(history, () => [...heavy, ...findLoss(history)]);
  },
});
