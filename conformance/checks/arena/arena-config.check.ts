// ARENA-CONFIG: A capacity that is zero or no power of two, a quantum of zero, a weight or a class out of range,
// a wrong number of slots or an unknown policy is refused with its own code.
import type { HistoryRecord, ScenarioInput, StepInput } from '../../../spec/index.js';
import { defineCheck } from '../../check.js';
import { delivering, findLoss, findWrongOutcome } from '../../checkers/index.js';
import { emit, register, registerAs, setPriority, setWeight, settle, stepped } from '../../scenarios/build.js';

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
const CLASSES = [-1, 0.5, 8, 2 ** 8, 2 ** 32];

const asked = (configs: typeof WRONG): ScenarioInput[] =>
  configs.map(([config]) => stepped(config, register(1), emit(1, 'index', 1), settle(64)));

/** These steps beside a sound thread. */
const threads = (...steps: StepInput[]): ScenarioInput =>
  stepped({ detailCapacity: 0 }, register(1, 1), emit(1, 'index', 3), ...steps, emit(1, 'index', 3), settle(4096));

/** From these on a thread's id says which weight or class it asked for. */
const HEAVY = 10;
const CLASSED = 30;

/** A weight or class out of range that was asked for, in words, and the code that must refuse it. */
function asksTooMuch(record: HistoryRecord): readonly [what: string, code: string] | undefined {
  if (record.type === 'weight') return [`setWeight(${record.weight})`, 'INVALID_WEIGHT'];
  if (record.type === 'priority') return [`setPriority(${record.priority})`, 'INVALID_PRIORITY'];
  if (record.type !== 'register' || record.thread < HEAVY) return undefined;
  const { thread } = record;
  if (thread >= CLASSED) return [`thread ${thread} of class ${CLASSES[thread - CLASSED]}`, 'INVALID_PRIORITY'];
  return [`thread ${thread} with weight ${WEIGHTS[thread - HEAVY]}`, 'INVALID_WEIGHT'];
}

export default defineCheck({
  id: 'ARENA-CONFIG',
  scenarios: [...asked(WRONG), threads(...WEIGHTS.map((weight, i) => register(HEAVY + i, weight)))],
  also: [
    { needs: ['detail'], scenarios: asked(WRONG_DETAIL) },
    {
      needs: ['priorities'],
      scenarios: [threads(...CLASSES.map((priority, i) => registerAs(CLASSED + i, priority)))],
    },
    { needs: ['reconfigure', 'weights'], scenarios: [threads(...WEIGHTS.map((weight) => setWeight(1, weight)))] },
    {
      needs: ['reconfigure', 'priorities'],
      scenarios: [threads(...CLASSES.map((priority) => setPriority(1, priority)))],
    },
  ],
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
    const found = ['INVALID_WEIGHT', 'INVALID_PRIORITY'].flatMap((code) => {
      const isAsked = (record: HistoryRecord): string | undefined => {
        const asked = asksTooMuch(record);
        return asked?.[1] === code ? asked[0] : undefined;
      };
      return findWrongOutcome(history, isAsked, [code], 'was asked for');
    });
    return delivering(history, () => [...found, ...findLoss(history)]);
  },
});
