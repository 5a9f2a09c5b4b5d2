/** Generated scenarios in which policy, limits, weights and classes change under threads that come, go, are held and fail. */
import fc, { type Arbitrary } from 'fast-check';
import type { Policy, ScenarioInput, StepInput } from '../../spec/index.js';
import {
  begin,
  commit,
  configure,
  emit,
  leave,
  register,
  setPriority,
  setWeight,
  settle,
  sink,
  turn,
} from './build.js';

const STAYING = [1, 2, 3] as const;
const COMING = [4, 5, 6] as const;

export interface PolicyMix {
  readonly policies: readonly Policy[];
  /** Held queues (capability `submit`). */
  readonly submit: boolean;
}

/**
 * Three threads with large backlogs and three that come and go. `maxSkips` is the least that is ever in force: nobody is held for
 * more iterations.
 */
export function reconfigured({ policies, submit }: PolicyMix): Arbitrary<ScenarioInput> {
  const staying = fc.constantFrom(...STAYING);
  const coming = fc.constantFrom(...COMING);
  const limits = fc.record(
    {
      policy: fc.constantFrom(...policies),
      quantum: fc.integer({ min: 1, max: 12 }),
      maxIterationVisits: fc.constantFrom(0, 0, 0, 2, 3),
      ageAfter: fc.integer({ min: 1, max: 4 }),
      maxBackoffIterations: fc.integer({ min: 1, max: 3 }),
    },
    { requiredKeys: [] },
  );
  const one: Arbitrary<StepInput[]> = fc.oneof(
    { weight: 5, arbitrary: fc.integer({ min: 1, max: 4 }).map((times) => [turn(times)]) },
    { weight: 4, arbitrary: limits.map((changes) => [configure(changes)]) },
    {
      weight: 3,
      arbitrary: fc.tuple(coming, fc.integer({ min: 1, max: 20 })).map(([id, n]) => [emit(id, 'index', n)]),
    },
    { weight: 2, arbitrary: fc.tuple(staying, fc.integer({ min: 1, max: 6 })).map(([id, w]) => [setWeight(id, w)]) },
    ...(policies.includes('priority')
      ? [{ weight: 1, arbitrary: fc.tuple(staying, fc.nat(7)).map(([id, p]) => [setPriority(id, p)]) }]
      : []),
    { weight: 1, arbitrary: coming.map((id) => [leave(id)]) },
    { weight: 1, arbitrary: coming.map((id) => [register(id + 10), emit(id + 10, 'index', 5)]) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(fc.constantFrom('throw' as const, 'partial' as const), staying)
        .map(([how, thread]) => [
          sink(how, { times: 1, thread, ...(how === 'partial' ? { take: 1 } : {}) }),
          turn(),
          sink('accept'),
        ]),
    },
    ...(submit
      ? [
          {
            weight: 1,
            arbitrary: fc
              .tuple(staying, fc.integer({ min: 1, max: 2 }))
              .map(([id, times]) => [begin(id, 1), turn(times), commit(id), turn()]),
          },
        ]
      : []),
  );
  return fc.array(one, { minLength: 2, maxLength: 24, size: 'max' }).map((steps) => ({
    mode: 'stepped',
    config: { detailCapacity: 0, quantum: 5, maxSkips: 2, indexCapacity: 2048, maxBackoffIterations: 2, slots: 10 },
    steps: [
      ...[...STAYING, ...COMING].map((id) => register(id)),
      ...STAYING.map((id) => emit(id, 'index', 1800)),
      turn(),
      ...onceEach(steps.flat()),
      configure({ maxIterationVisits: 0 }),
      turn(4),
      sink('accept'),
      configure({ quantum: 2000 }),
      settle(4096),
    ],
  }));
}

/** A thread that has registered already is not registered again. */
function onceEach(steps: readonly StepInput[]): StepInput[] {
  const there = new Set<number>();
  return steps.filter((step) => step.op !== 'register' || (!there.has(step.thread) && there.add(step.thread)));
}
