/** Generated scenarios: threads that emit, leave, mark and submit, a sink that fails, and a drain that turns. */
import fc from 'fast-check';
import type { ScenarioInput, StepInput } from '../../spec/index.js';
import { begin, commit, emit, leave, mark, metrics, register, seal, settle, sink, submit, turn } from './build.js';

export interface Mix {
  /** Detail events, marks and seals (capability `detail`). */
  readonly detail?: boolean;
  /** Groups and held queues (capability `submit`). */
  readonly submit?: boolean;
  readonly sinks?: boolean;
  readonly leaves?: boolean;
  /** Events that are emitted while the sink holds a batch; default: yes. */
  readonly during?: boolean;
  /** Looks at the metrics now and then, and at the end. */
  readonly metrics?: boolean;
}

/** What every generated scenario ends with: a sink that takes all, and turns until nothing is left. */
export const finish = (): StepInput[] => [sink('accept'), turn(8), settle(4096)];

const THREADS = 4;

function stepArbitrary(mix: Mix): fc.Arbitrary<StepInput> {
  const thread = fc.integer({ min: 1, max: THREADS });
  const count = fc.integer({ min: 1, max: 12 });
  const few = fc.nat(3);
  const steps: fc.WeightedArbitrary<StepInput>[] = [
    { weight: 6, arbitrary: fc.tuple(thread, count).map(([id, n]) => emit(id, 'index', n)) },
    { weight: 4, arbitrary: fc.integer({ min: 1, max: 3 }).map((times) => turn(times)) },
  ];
  if (mix.detail === true) {
    steps.push(
      { weight: 5, arbitrary: fc.tuple(thread, count).map(([id, n]) => emit(id, 'detail', n)) },
      { weight: 2, arbitrary: thread.map(mark) },
      { weight: 1, arbitrary: thread.map(seal) },
    );
  }
  if (mix.submit === true) {
    const details = mix.detail === true ? few : fc.constant(0);
    steps.push(
      {
        weight: 2,
        arbitrary: fc.tuple(thread, few, details).map(([id, i, d]) => submit(id, i + 1, Math.min(d, i + 1))),
      },
      {
        weight: 2,
        arbitrary: fc.tuple(thread, few, details).map(([id, i, d]) => begin(id, i + 1, Math.min(d, i + 1))),
      },
      { weight: 2, arbitrary: thread.map(commit) },
    );
  }
  if (mix.sinks === true) {
    const behaviour = fc.constantFrom('throw' as const, 'refuse' as const, 'partial' as const, 'nonsense' as const);
    const faults = fc.tuple(behaviour, fc.integer({ min: 1, max: 3 }), count);
    steps.push({ weight: 2, arbitrary: faults.map(([how, times, take]) => sink(how, { times, take })) });
  }
  if (mix.leaves === true) steps.push({ weight: 1, arbitrary: thread.map(leave) });
  if (mix.metrics === true) steps.push({ weight: 1, arbitrary: fc.constant(metrics()) });
  return fc.oneof(...steps);
}

/** Scenarios of up to four threads that end settled. Shrinks to few steps and small counts. */
export function mixed(mix: Mix = {}): fc.Arbitrary<ScenarioInput> {
  const config = fc.record({
    indexCapacity: fc.constantFrom(2, 4, 16),
    quantum: fc.integer({ min: 2, max: 20 }),
    initialCursor: fc.constantFrom(0, 2 ** 32 - 3, 2 ** 32 - 20),
    maxSkips: fc.nat(3),
  });
  const detail =
    mix.detail === true
      ? fc.record({
          detailCapacity: fc.constantFrom(4, 16),
          windowRecords: fc.constantFrom(1, 2),
          detailRecordBytes: fc.constant(64),
          preRoll: fc.nat(2),
          postRoll: fc.nat(2),
        })
      : fc.constant({ detailCapacity: 0 });
  const steps = fc.array(stepArbitrary(mix), { minLength: 1, maxLength: 40 });
  const during = fc.array(
    fc.tuple(
      fc.nat(6),
      fc.array(
        stepArbitrary({}).filter(({ op }) => op === 'emit'),
        { minLength: 1, maxLength: 2 },
      ),
    ),
    {
      maxLength: mix.during === false ? 0 : 2,
    },
  );
  return fc.tuple(config, detail, steps, during).map(([sizes, lanes, middle, nested]): ScenarioInput => {
    const ids = Array.from({ length: THREADS }, (_, i) => i + 1);
    const ends = mix.submit === true ? ids.map(commit) : [];
    return {
      mode: 'stepped',
      config: { ...sizes, ...lanes, maxBackoffIterations: 2 },
      steps: [
        ...ids.map((id) => register(id)),
        ...middle,
        ...ends,
        ...finish(),
        ...(mix.metrics === true ? [metrics()] : []),
      ],
      duringBatch: nested.map(([write, inner]) => ({ write, steps: inner })),
    };
  });
}
