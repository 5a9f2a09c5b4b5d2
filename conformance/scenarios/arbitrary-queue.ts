/** Generated scenarios for the QUEUE family: producers and drains that want one thread's queue. */
import fc, { type Arbitrary } from 'fast-check';
import type { ScenarioInput, StepInput } from '../../spec/index.js';
import { cursors } from './arbitrary-lane.js';
import {
  acquire,
  begin,
  commit,
  emit,
  openDrain,
  register,
  release,
  settle,
  submit,
  threads,
  turn,
  visit,
} from './build.js';

const IDS = threads(3);
const thread = fc.constantFrom(...IDS);
const few = fc.integer({ min: 1, max: 4 });
const config = fc.record({
  quantum: fc.integer({ min: 1, max: 9 }),
  maxSkips: fc.nat(3),
  indexCapacity: fc.constantFrom(16, 64),
  initialCursor: cursors,
});
const emits: Arbitrary<StepInput> = fc.tuple(thread, few).map(([id, n]) => emit(id, 'index', n));

/** Submits, held groups, and one drain that takes queues by hand and turns. Ends with every queue free, settled. */
export function contention(): Arbitrary<ScenarioInput> {
  const step: Arbitrary<StepInput> = fc.oneof(
    emits,
    fc.tuple(thread, few).map(([id, n]) => begin(id, n)),
    thread.map(commit),
    fc.tuple(thread, few).map(([id, n]) => submit(id, n)),
    thread.map((id) => acquire(id)),
    fc.tuple(thread, few).map(([id, n]) => visit(id, n)),
    thread.map((id) => release(id)),
    fc.integer({ min: 1, max: 3 }).map((times) => turn(times)),
  );
  return fc.tuple(config, fc.array(step, { minLength: 2, maxLength: 30, size: 'max' })).map(([sizes, steps]) => ({
    mode: 'stepped',
    config: { ...sizes, detailCapacity: 0 },
    steps: [
      ...IDS.map((id) => register(id)),
      ...steps,
      ...IDS.flatMap((id) => [commit(id), release(id)]),
      settle(4096),
    ],
  }));
}

/** While drain 0 visits, drain 1 turns, or takes queues by hand. Drain 1 does nothing at other times, but at the end. */
export function rivals(): Arbitrary<ScenarioInput> {
  const inner: Arbitrary<StepInput[]> = fc.oneof(
    fc.constant<StepInput[]>([turn(1, 1)]),
    fc.tuple(thread, few).map(([id, n]): StepInput[] => [acquire(id, 1), visit(id, n, 1), release(id, 1)]),
  );
  const step = fc.oneof(
    emits,
    fc.constant(turn()),
    fc.tuple(thread, few).map(([id, n]) => submit(id, n)),
  );
  const during = fc.array(fc.tuple(fc.nat(5), inner), { minLength: 1, maxLength: 5 });
  return fc
    .tuple(config, fc.array(step, { minLength: 2, maxLength: 24, size: 'max' }), during)
    .map(([sizes, steps, nested]) => ({
      mode: 'stepped',
      config: { ...sizes, detailCapacity: 0 },
      steps: [
        ...IDS.map((id) => register(id)),
        openDrain(1),
        emit(1, 'index', 5),
        ...steps,
        settle(4096),
        settle(4096, 1),
      ],
      duringBatch: nested.map(([write, some]) => ({ write, steps: some })),
    }));
}

export interface Holding {
  readonly thread: number;
  /** Iterations while it is held, and after. */
  readonly held: number;
  readonly after: number;
}

/** Threads with large backlogs, one of which is held for some iterations, again and again. */
export function holding(
  options: { readonly quantum: number; readonly maxSkips: number },
  rounds: readonly Holding[],
  config: Readonly<Record<string, number | string>> = {},
  among = IDS.length,
): ScenarioInput {
  const ids = threads(among);
  const turns = rounds.reduce((sum, { held, after }) => sum + held + after, 1);
  const backlog = (turns + options.maxSkips + 1) * options.quantum * 2;
  return {
    mode: 'stepped',
    config: { ...options, detailCapacity: 0, indexCapacity: 8192, ...config },
    steps: [
      ...ids.map((id) => register(id)),
      ...ids.map((id) => emit(id, 'index', backlog)),
      turn(),
      ...rounds.flatMap(({ thread: id, held, after }) => [begin(id, 1), turn(held), commit(id), turn(after)]),
    ],
  };
}

/** Such rounds, with at most `longest` iterations each while the queue is held. */
export const holdings = (longest: number): Arbitrary<Holding[]> =>
  fc.array(fc.record({ thread, held: fc.integer({ min: 1, max: longest }), after: fc.integer({ min: 1, max: 2 }) }), {
    minLength: 1,
    maxLength: 10,
    size: 'max',
  });
