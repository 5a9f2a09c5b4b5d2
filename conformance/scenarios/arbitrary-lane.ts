/** Generated scenarios for one or few index lanes, and for detail lanes with their windows. */
import fc, { type Arbitrary } from 'fast-check';
import type { ScenarioInput, StepInput } from '../../spec/index.js';
import { emit, leave, mark, register, seal, settle, sink, threads, turn } from './build.js';

/** First values of a cursor: 0, and some that wrap soon. */
export const cursors: Arbitrary<number> = fc.oneof(
  { weight: 1, arbitrary: fc.constant(0) },
  { weight: 2, arbitrary: fc.integer({ min: 1, max: 24 }).map((below) => 2 ** 32 - below) },
);

/** Longest back-off of the generated scenarios, and turns that outlast it. */
const LONGEST_BACKOFF = 2;
/** The sink is well again, and everything is delivered. */
export const recover: readonly StepInput[] = [sink('accept'), turn(LONGEST_BACKOFF + 2), settle(4096)];

/** The sink fails in some way for a while. */
export const sinkTroubles: Arbitrary<StepInput> = fc.oneof(
  fc
    .record({ take: fc.integer({ min: 1, max: 5 }), times: fc.integer({ min: 1, max: 4 }) })
    .map((options) => sink('partial', options)),
  fc
    .record({
      behaviour: fc.constantFrom('throw' as const, 'refuse' as const, 'nonsense' as const),
      times: fc.integer({ min: 1, max: 3 }),
    })
    .map(({ behaviour, times }) => sink(behaviour, { times })),
);

interface Nested {
  write: number;
  steps: StepInput[];
}

const emits = (count: number): Arbitrary<StepInput> =>
  fc
    .record({ thread: fc.integer({ min: 1, max: count }), events: fc.integer({ min: 1, max: 20 }) })
    .map(({ thread, events }) => emit(thread, 'index', events));
const turns: Arbitrary<StepInput> = fc.integer({ min: 1, max: 3 }).map((times) => turn(times));

/** Things that happen while a write of the sink is under way. */
export const during = (step: Arbitrary<StepInput>): Arbitrary<Nested[]> =>
  fc.array(
    fc.record({ write: fc.integer({ min: 0, max: 8 }), steps: fc.array(step, { minLength: 1, maxLength: 3 }) }),
    {
      maxLength: 4,
    },
  );

/** Emits and turns on small index lanes: three threads, full and empty lanes, wraps; with a failing sink on demand. */
export function indexLanes(options: { troubles: boolean; nested: boolean }): Arbitrary<ScenarioInput> {
  const step = options.troubles
    ? fc.oneof(
        { weight: 4, arbitrary: emits(3) },
        { weight: 3, arbitrary: turns },
        { weight: 2, arbitrary: sinkTroubles },
      )
    : fc.oneof(emits(3), turns);
  return fc
    .record({
      indexCapacity: fc.constantFrom(2, 4, 8, 16),
      quantum: fc.integer({ min: 1, max: 20 }),
      initialCursor: cursors,
      steps: fc.array(step, { minLength: 1, maxLength: 30 }),
      duringBatch: options.nested ? during(emits(3)) : fc.constant<Nested[]>([]),
    })
    .map(({ steps, duringBatch, ...config }) => ({
      mode: 'stepped',
      config: { ...config, detailCapacity: 0, maxBackoffIterations: LONGEST_BACKOFF },
      steps: [...threads(3).map((thread) => register(thread)), ...steps, ...recover],
      duringBatch,
    }));
}

const ENDINGS: readonly (readonly StepInput[])[] = [[seal(1)], [leave(1)], []];

/** One thread's detail lane: emits, marks and seals in any order, turns between them, and a sink that fails now and then. */
export function detailLanes(): Arbitrary<ScenarioInput> {
  const details = fc.integer({ min: 1, max: 10 }).map((events) => emit(1, 'detail', events));
  const index = fc.integer({ min: 1, max: 4 }).map((events) => emit(1, 'index', events));
  const word = fc.constantFrom(mark(1), mark(1), seal(1));
  const plain = fc.oneof(
    { weight: 4, arbitrary: details },
    { weight: 1, arbitrary: index },
    { weight: 3, arbitrary: word },
    { weight: 2, arbitrary: turns },
  );
  const step = fc.oneof({ weight: 6, arbitrary: plain }, { weight: 1, arbitrary: sinkTroubles });
  return fc
    .record({
      windowRecords: fc.constantFrom(1, 2, 4),
      places: fc.constantFrom(2, 4, 8),
      preRoll: fc.integer({ min: 0, max: 3 }),
      postRoll: fc.integer({ min: 0, max: 3 }),
      quantum: fc.integer({ min: 2, max: 9 }),
      initialCursor: cursors,
      steps: fc.array(step, { minLength: 1, maxLength: 30 }),
      ending: fc.constantFrom(...ENDINGS),
    })
    .map(({ places, steps, ending, ...config }) => ({
      mode: 'stepped',
      config: {
        ...config,
        detailCapacity: places * config.windowRecords,
        detailRecordBytes: 64,
        maxBackoffIterations: LONGEST_BACKOFF,
      },
      steps: [register(1), ...steps, ...recover, ...ending, settle(4096)],
    }));
}
