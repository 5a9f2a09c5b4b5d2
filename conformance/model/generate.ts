/** Which sequences there are: sizes of the drain, and commands of everything that the drain claims. */
import fc, { type Arbitrary } from 'fast-check';
import { PRIORITY_CLASSES } from '../../spec/index.js';
import type { Capability, Policy, StepInput } from '../../spec/index.js';
import { During, Steps, type ModelCommand } from './commands.js';
import type { Setup } from './script.js';

const THREADS = 4;
/** Threads that come during a write. */
const LATE = [5, 6] as const;
/** Writes that may have something happen meanwhile. */
const LAST_WRITE = 9;
const RECORD_BYTES = 32;

/** Mostly the first two: what befalls one thread again and again shows more. */
const thread = fc.constantFrom(1, 1, 1, 2, 2, 3, THREADS);
const few = fc.integer({ min: 1, max: 4 });
const events = fc.oneof({ weight: 3, arbitrary: few }, { weight: 1, arbitrary: fc.integer({ min: 5, max: 20 }) });

/** The policies that a drain claims. */
const policies = (claims: ReadonlySet<string>): Policy[] => [
  'round-robin',
  ...(claims.has('weights') ? (['weighted-fair'] as const) : []),
  ...(claims.has('priorities') ? (['priority'] as const) : []),
  ...(claims.has('adaptive') ? (['adaptive'] as const) : []),
];

/** What `adaptive` keeps to; read by nobody else. */
const RANGES = {
  quantumMin: fc.constantFrom(2, 3),
  quantumMax: fc.constantFrom(3, 6, 12),
  batchMin: fc.constantFrom(1, 2),
  batchMax: fc.constantFrom(2, 4, 8),
  targetIterationNs: fc.constantFrom(1, 50, 5000),
  targetWriteNs: fc.constantFrom(1, 50),
};

/** What configure() may be told: sound changes, and now and then a wrong one. */
const changes = (claims: ReadonlySet<string>): Arbitrary<Record<string, number | string>> =>
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record(
        {
          policy: fc.constantFrom(...policies(claims)),
          quantum: fc.integer({ min: 2, max: 9 }),
          maxSkips: fc.nat(3),
          maxIterationVisits: fc.nat(3),
          maxBackoffIterations: fc.integer({ min: 1, max: 4 }),
          ageAfter: fc.integer({ min: 1, max: 3 }),
          stuckAfterNs: fc.constantFrom(0, 100),
          fairnessWindowVisits: fc.constantFrom(1, 3),
        },
        { requiredKeys: [] },
      ),
    },
    { weight: 1, arbitrary: fc.constantFrom(...WRONG) },
  );
const WRONG = [{ quantum: 0, maxSkips: 1 }, { slots: 77 }, { policy: 'best' }, { ageAfter: 0, quantum: 3 }];

/** Sizes: small, so that lanes are full and empty all the time; limits now and then. */
export function setups(claims: ReadonlySet<string>): Arbitrary<Setup> {
  const has = (name: Capability): boolean => claims.has(name);
  const limit = <T>(some: Arbitrary<T>): Arbitrary<T | number> =>
    fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: some });
  return fc
    .record({
      slots: fc.constantFrom(1, 2, 3, THREADS, THREADS, THREADS),
      indexCapacity: fc.constantFrom(2, 4, 8, 16),
      quantum: fc.integer({ min: 2, max: 6 }),
      maxSkips: fc.nat(3),
      maxBackoffIterations: fc.integer({ min: 1, max: 4 }),
      policy: policies(claims).length > 1 ? fc.constantFrom(...policies(claims)) : fc.constant('round-robin'),
      initialCursor: has('arena')
        ? fc.oneof(
            fc.constant(0),
            fc.integer({ min: 1, max: 12 }).map((below) => 2 ** 32 - below),
          )
        : fc.constant(0),
      maxIterationVisits: limit(fc.integer({ min: 1, max: 3 })),
      maxIterationEvents: limit(fc.integer({ min: 1, max: 8 })),
      maxIterationNs: limit(fc.constantFrom(1, 10, 5000)),
      windowRecords: fc.constantFrom(1, 2, 4),
      places: has('detail') ? fc.constantFrom(2, 4, 8, 0) : fc.constant(0),
      preRoll: fc.nat(3),
      postRoll: fc.nat(3),
      ...(has('stuck-queues') ? { stuckAfterNs: fc.constantFrom(0, 1, 100, 1_000_000_000) } : {}),
      ...(has('fairness-metrics') ? { fairnessWindowVisits: fc.constantFrom(1, 4, 1000) } : {}),
      ...(has('priorities') ? { ageAfter: fc.integer({ min: 1, max: 3 }) } : {}),
      ...(has('adaptive') ? RANGES : {}),
    })
    .map(({ places, ...sizes }) => ({
      config: { ...sizes, detailRecordBytes: RECORD_BYTES, detailCapacity: places * sizes.windowRecords },
      claims,
    }));
}

const asked =
  (id: number) =>
  (plan: { readonly asked: ReadonlySet<number>; readonly killed: ReadonlySet<number> }): boolean =>
    plan.asked.has(id) && !plan.killed.has(id);
/** One step of a thread that was told to register. */
const of = (id: number, step: StepInput): Steps => new Steps([step], asked(id));

const register = (id: number, weight?: number, priority?: number): Steps =>
  new Steps(
    [
      {
        op: 'register',
        thread: id,
        ...(weight === undefined ? {} : { weight }),
        ...(priority === undefined ? {} : { priority }),
      },
    ],
    (plan) => !plan.asked.has(id),
    (plan) => plan.asked.add(id),
  );
const leave = (id: number): Steps => of(id, { op: 'leave', thread: id });
const kill = (id: number): Steps => new Steps([{ op: 'kill', thread: id }], asked(id), (plan) => plan.killed.add(id));
/** With proof only: it was killed. */
const bury = (id: number): Steps => new Steps([{ op: 'declareDead', thread: id }], (plan) => plan.killed.has(id));

/** Several threads at once: what one thread is alone with shows nothing of turns. */
const crowd = (count: number, weighted: boolean): Steps => {
  const ids = Array.from({ length: count }, (_, i) => i + 1);
  return new Steps(
    ids.map((id) => (weighted ? { op: 'register', thread: id, weight: id } : { op: 'register', thread: id })),
    (plan) => !ids.some((id) => plan.asked.has(id)),
    (plan) => {
      for (const id of ids) plan.asked.add(id);
    },
  );
};
const everybody = (count: number): Steps =>
  new Steps(
    Array.from({ length: THREADS }, (_, i) => ({ op: 'emit', thread: i + 1, lane: 'index', count }) as const),
    (plan) => plan.asked.size > 1,
  );
/** A queue that is held for some iterations. */
const hold = (id: number, times: number): Steps =>
  new Steps(
    [
      { op: 'begin', thread: id, index: 1 },
      { op: 'turn', times },
      { op: 'commit', thread: id },
      { op: 'turn', times: 1 },
    ],
    asked(id),
  );

interface Weighted {
  readonly weight: number;
  readonly arbitrary: Arbitrary<Steps>;
}
const often = (weight: number, arbitrary: Arbitrary<Steps>): Weighted => ({ weight, arbitrary });

function producing(claims: ReadonlySet<string>): Weighted[] {
  const lanes = claims.has('detail')
    ? fc.constantFrom('index' as const, 'index' as const, 'detail' as const)
    : fc.constant('index' as const);
  const weights = fc.oneof(
    { weight: 6, arbitrary: fc.constant(undefined) },
    { weight: 3, arbitrary: fc.integer({ min: 2, max: 4 }) },
    { weight: 1, arbitrary: fc.constantFrom(0, 1025, 1.5, -1) },
  );
  const classes = claims.has('priorities')
    ? fc.oneof(
        { weight: 8, arbitrary: fc.option(fc.nat(PRIORITY_CLASSES - 1), { nil: undefined }) },
        { weight: 1, arbitrary: fc.constantFrom(-1, PRIORITY_CLASSES, 0.5) },
      )
    : fc.constant(undefined);
  const commands = [
    often(
      4,
      fc.tuple(thread, weights, classes).map(([id, weight, priority]) => register(id, weight, priority)),
    ),
    often(
      9,
      fc.tuple(thread, lanes, events).map(([id, lane, count]) => of(id, { op: 'emit', thread: id, lane, count })),
    ),
    often(
      1,
      fc
        .tuple(thread, lanes, fc.constantFrom(0, 24, 40))
        .map(([id, lane, bytes]) => of(id, { op: 'emitSize', thread: id, lane, bytes })),
    ),
    often(2, thread.map(leave)),
    often(
      3,
      fc.tuple(fc.integer({ min: 2, max: THREADS }), fc.boolean()).map(([count, weighted]) => crowd(count, weighted)),
    ),
    often(3, events.map(everybody)),
  ];
  if (claims.has('detail'))
    commands.push(
      often(
        6,
        fc.tuple(thread, events).map(([id, count]) => of(id, { op: 'emit', thread: id, lane: 'detail', count })),
      ),
      often(
        4,
        thread.map((id) => of(id, { op: 'mark', thread: id })),
      ),
      often(
        3,
        thread.map((id) => of(id, { op: 'seal', thread: id })),
      ),
    );
  if (claims.has('submit')) {
    const details = claims.has('detail') ? fc.nat(3) : fc.constant(0);
    const groups = fc.tuple(fc.constantFrom('submit' as const, 'begin' as const), thread, few, details);
    commands.push(
      often(
        4,
        groups.map(([op, id, index, detail]) => of(id, { op, thread: id, index, detail })),
      ),
      often(
        2,
        thread.map((id) => of(id, { op: 'commit', thread: id })),
      ),
      often(
        2,
        fc.tuple(thread, few).map(([id, times]) => hold(id, times)),
      ),
    );
  }
  if (claims.has('reconfigure')) {
    const values = fc.oneof({ weight: 6, arbitrary: few }, { weight: 1, arbitrary: fc.constantFrom(0, 1025, 0.5) });
    commands.push(
      often(
        2,
        fc.tuple(thread, values).map(([id, weight]) => of(id, { op: 'setWeight', thread: id, weight })),
      ),
    );
    if (claims.has('priorities'))
      commands.push(
        often(
          2,
          fc
            .tuple(
              thread,
              fc.oneof({ weight: 8, arbitrary: fc.nat(7) }, { weight: 1, arbitrary: fc.constantFrom(8, -1) }),
            )
            .map(([id, priority]) => of(id, { op: 'setPriority', thread: id, priority })),
        ),
      );
  }
  if (claims.has('death')) commands.push(often(2, thread.map(bury)));
  return commands;
}

function draining(claims: ReadonlySet<string>): Weighted[] {
  const drains = claims.has('arena') && claims.has('submit') ? fc.constantFrom(0, 0, 0, 1) : fc.constant(0);
  const there = (drain: number, ...steps: StepInput[]): Steps => new Steps(steps, (plan) => plan.drains.has(drain));
  const commands = [
    often(
      9,
      fc.tuple(drains, few).map(([drain, times]) => there(drain, { op: 'turn', times, drain })),
    ),
    often(
      1,
      drains.map((drain) => there(drain, { op: 'settle', limit: 64, drain })),
    ),
    often(3, sinks),
    often(
      1,
      fc.constantFrom(1, 100, 3_600_000_000_000).map((ns) => new Steps([{ op: 'advance', ns }])),
    ),
    often(
      1,
      fc.constantFrom(undefined, 0, 1000, 2_000_000_000).map((deadlineNs) => {
        const step: StepInput = deadlineNs === undefined ? { op: 'stop' } : { op: 'stop', deadlineNs };
        const look: StepInput[] = claims.has('metrics') ? [{ op: 'metrics' }] : [];
        return new Steps(
          [step, ...look],
          (plan) => plan.stops < 2,
          (plan) => (plan.stops += 1),
        );
      }),
    ),
  ];
  if (claims.has('reconfigure'))
    commands.push(
      often(
        2,
        fc
          .tuple(drains, changes(claims))
          .map(([drain, some]) => there(drain, { op: 'configure', changes: some, drain })),
      ),
    );
  if (claims.has('metrics')) commands.push(often(2, fc.constant(new Steps([{ op: 'metrics' }, { op: 'metrics' }]))));
  if (claims.has('submit'))
    commands.push(
      often(
        2,
        fc.tuple(drains, thread).map(([drain, id]) => byHand(id, { op: 'acquire', thread: id, drain })),
      ),
      often(
        2,
        fc
          .tuple(drains, thread, events)
          .map(([drain, id, maxEvents]) => byHand(id, { op: 'visit', thread: id, maxEvents, drain })),
      ),
      often(
        2,
        fc.tuple(drains, thread).map(([drain, id]) => byHand(id, { op: 'release', thread: id, drain })),
      ),
    );
  if (claims.has('arena') && claims.has('submit'))
    commands.push(
      often(
        1,
        fc.constant(
          new Steps(
            [{ op: 'openDrain', drain: 1 }],
            (plan) => !plan.drains.has(1),
            (plan) => plan.drains.add(1),
          ),
        ),
      ),
    );
  return commands;
}

const byHand = (id: number, step: StepInput & { readonly drain: number }): Steps =>
  new Steps([step], (plan) => plan.asked.has(id) && plan.drains.has(step.drain));

const sinks: Arbitrary<Steps> = fc
  .record({
    behaviour: fc.constantFrom(
      'accept' as const,
      'throw' as const,
      'refuse' as const,
      'partial' as const,
      'nonsense' as const,
    ),
    take: fc.integer({ min: 1, max: 3 }),
    times: fc.option(few, { nil: undefined }),
    thread: fc.option(thread, { nil: undefined }),
    costNs: fc.constantFrom(undefined, undefined, 1, 20, 4000),
  })
  .map(({ behaviour, take, times, thread: only, costNs }) => {
    const step: StepInput = {
      op: 'sink',
      behaviour,
      ...(behaviour === 'partial' ? { take } : {}),
      ...(times === undefined ? {} : { times }),
      ...(only === undefined ? {} : { thread: only }),
      ...(costNs === undefined ? {} : { costNs }),
    };
    return new Steps([step]);
  });

/** The commands of everything that the drain claims. */
export function commandArbitraries(claims: ReadonlySet<string>): Arbitrary<ModelCommand>[] {
  const producers = producing(claims);
  const drains = draining(claims).filter(({ arbitrary }) => arbitrary !== sinks);
  // Not during a write, which may never come: whoever is declared dead must be so.
  const deaths = claims.has('death') ? [often(1, thread.map(kill))] : [];
  const outside = fc.oneof(...producers, ...deaths, ...draining(claims));
  const late = often(
    2,
    fc.constantFrom(...LATE).map((id) => register(id)),
  );
  const within = fc.oneof(...producers, late, fc.oneof(...drains.map(({ arbitrary }) => arbitrary)));
  const during = fc
    .tuple(fc.nat(LAST_WRITE), fc.array(within, { minLength: 1, maxLength: 3 }))
    .map(([write, commands]) => new During(write, commands));
  // fc.commands draws from these with equal chances
  return [...Array.from({ length: 6 }, () => outside), during];
}
