import { afterAll, describe, expect, it } from 'vitest';
import type { HistoryRecord, ScenarioInput, StepInput } from '../../spec/index.js';
import { BatonHands } from './baton.js';
import { Modules, NATIVE, REFERENCE, ofType, run, stepped } from './testing.js';

const modules = new Modules();
afterAll(() => {
  modules.remove();
});

const CONFIG = { slots: 4, indexCapacity: 8, detailCapacity: 8, windowRecords: 2, detailRecordBytes: 64 };
const register = (thread: number): StepInput => ({ op: 'register', thread });
const emit = (thread: number, count = 1, lane: 'index' | 'detail' = 'index'): StepInput => ({
  op: 'emit',
  thread,
  lane,
  count,
});

/** Every op, and steps while batches are handed over. */
const EVERYTHING: ScenarioInput = stepped(
  [
    register(1),
    { op: 'register', thread: 2, weight: 3 },
    { op: 'register', thread: 9, weight: 0.5 },
    emit(1, 10),
    emit(2, 3),
    emit(1, 3, 'detail'),
    { op: 'mark', thread: 1 },
    { op: 'turn' },
    { op: 'settle' },
    { op: 'emitSize', thread: 1, lane: 'index', bytes: 40 },
    { op: 'emitSize', thread: 1, lane: 'detail', bytes: 8 },
    { op: 'submit', thread: 1, index: 3, detail: 2 },
    { op: 'submit', thread: 1, index: 30, detail: 2 },
    { op: 'begin', thread: 2, index: 2, detail: 1 },
    { op: 'begin', thread: 2, index: 2 },
    { op: 'turn', times: 2 },
    { op: 'commit', thread: 2 },
    { op: 'commit', thread: 2 },
    { op: 'seal', thread: 2 },
    { op: 'openDrain', drain: 1 },
    { op: 'openDrain', drain: 1 },
    { op: 'acquire', thread: 1, drain: 1 },
    { op: 'visit', thread: 1, maxEvents: 2, drain: 1 },
    { op: 'turn' },
    { op: 'release', thread: 1, drain: 1 },
    { op: 'release', thread: 1, drain: 1 },
    { op: 'visit', thread: 1, maxEvents: 2, drain: 1 },
    { op: 'sink', behaviour: 'throw', times: 1, costNs: 5 },
    emit(1, 2),
    { op: 'advance', ns: 1000 },
    { op: 'settle', limit: 5 },
    { op: 'begin', thread: 2, index: 1 },
    { op: 'kill', thread: 2 },
    emit(2, 1),
    { op: 'register', thread: 2 },
    { op: 'declareDead', thread: 2 },
    { op: 'declareDead', thread: 2 },
    { op: 'leave', thread: 1 },
    { op: 'leave', thread: 1 },
    { op: 'settle' },
    { op: 'declareDead', thread: 1 },
    register(3),
    { op: 'kill', thread: 3 },
    { op: 'metrics' },
    { op: 'stop', deadlineNs: 1_000_000 },
    { op: 'stop' },
    register(4),
  ],
  {
    config: CONFIG,
    duringBatch: [
      { write: 0, steps: [emit(2, 1), { op: 'turn' }] },
      { write: 0, steps: [{ op: 'mark', thread: 2 }] },
    ],
  },
);

const noMessages = (records: HistoryRecord[]): string =>
  records.map((record) => JSON.stringify('message' in record ? { ...record, message: '' } : record)).join('\n');

describe('a stepped scenario', () => {
  it('gives the same history each time', async () => {
    const first = await run(REFERENCE, EVERYTHING);
    expect(JSON.stringify(await run(REFERENCE, EVERYTHING))).toBe(JSON.stringify(first));
    expect(ofType(first, 'threw')).toEqual([]);
    expect(first[0]).toMatchObject({ type: 'history', config: { indexCapacity: 8, quantum: 256 } });
    expect(first.at(-1)).toEqual({ type: 'end', reason: 'complete' });
  });

  it('gives the same history with real threads', async () => {
    const movable = await run(REFERENCE, EVERYTHING);
    for (let i = 0; i < 2; i += 1) {
      const real = await run(REFERENCE, { ...EVERYTHING, threads: 'real' } as ScenarioInput);
      expect(JSON.stringify(real)).toBe(JSON.stringify(movable));
    }
  });

  it('gives the same actions on the native drain, with movable and real threads', async () => {
    const kinds = (records: HistoryRecord[]): string => noMessages(records.filter(({ type }) => type !== 'metrics'));
    const reference = kinds(await run(REFERENCE, EVERYTHING));
    expect(kinds(await run(NATIVE, EVERYTHING))).toBe(reference);
    expect(kinds(await run(NATIVE, { ...EVERYTHING, threads: 'real' } as ScenarioInput))).toBe(reference);
  });

  it('numbers attempts and tells their outcomes', async () => {
    const records = await run(REFERENCE, EVERYTHING);
    const emits = ofType(records, 'emit').filter(({ thread, lane }) => thread === 1 && lane === 'index');
    expect(emits.map(({ from, count, outcome }) => [from, count, outcome])).toEqual([
      [0, 8, 'accepted'],
      [8, 2, 'LANE_FULL'],
      [10, 1, 'RECORD_SIZE'],
      [44, 2, 'accepted'],
    ]);
    expect(
      ofType(records, 'submit').map(({ phase, index, detail, outcome }) => [phase, ...index, ...detail, outcome]),
    ).toEqual([
      ['submit', 11, 3, 4, 2, 'accepted'],
      ['submit', 14, 30, 6, 2, 'LANE_FULL'],
      ['begin', 4, 2, 0, 1, 'accepted'],
      ['begin', 6, 2, 1, 0, 'ALREADY_HOLDING'],
      ['commit', 4, 2, 0, 1, 'accepted'],
      ['commit', 8, 0, 1, 0, 'NOT_HOLDING'],
      ['begin', 8, 1, 1, 0, 'accepted'],
    ]);
    expect(ofType(records, 'mark')[0]).toMatchObject({ thread: 1, at: 3 });
    expect(ofType(records, 'kill').map(({ thread, during }) => [thread, during])).toEqual([
      [2, 'submit'],
      [3, 'idle'],
    ]);
    expect(ofType(records, 'dead').map(({ outcome }) => outcome)).toEqual(['accepted', 'accepted', 'STALE_HANDLE']);
    expect(ofType(records, 'leave').map(({ outcome }) => outcome)).toEqual(['accepted', 'THREAD_LEFT']);
    expect(ofType(records, 'register').map(({ thread, outcome }) => [thread, outcome])).toEqual([
      [1, 'accepted'],
      [2, 'accepted'],
      [9, 'INVALID_WEIGHT'],
      [3, 'accepted'],
      [4, 'STOPPED'],
    ]);
  });

  it('reads the bytes of a batch only after the steps that happen during it', async () => {
    const records = await run(REFERENCE, EVERYTHING);
    const batch = records.findIndex(({ type }) => type === 'batch');
    expect(records.slice(batch - 3, batch).map(({ type }) => type)).toEqual(['emit', 'iteration', 'mark']);
  });

  it('attaches to changed arenas', async () => {
    const changes = [
      'none',
      'magic',
      'version',
      'checksum',
      'truncate',
      'empty',
      'geometry',
      'more-slots',
      'other-capacity',
    ] as const;
    const steps = changes.map((change): StepInput => ({ op: 'attach', change }));
    const expected = [
      'accepted',
      'ARENA_FOREIGN',
      'ARENA_VERSION',
      'ARENA_CORRUPT',
      'ARENA_TRUNCATED',
      'ARENA_TRUNCATED',
      'ARENA_CORRUPT',
      'ARENA_TOO_SMALL',
      'ARENA_MISMATCH',
    ];
    for (const path of [REFERENCE, NATIVE]) {
      const records = await run(path, stepped(steps));
      const attempts = ofType(records, 'attach');
      expect(attempts.filter(({ change }) => !change.includes(':')).map(({ outcome }) => outcome)).toEqual(expected);
      const told = new Map(changes.map((change, i) => [change as string, expected[i]]));
      for (const { change, outcome } of attempts) expect(outcome, change).toBe(told.get(change.split(':')[0]!));
    }
  });

  it('goes without what is not there', async () => {
    const steps: StepInput[] = [
      ...[emit(1), emit(1, 1, 'detail')],
      { op: 'emitSize', thread: 1, lane: 'index', bytes: 1 },
      { op: 'submit', thread: 1, index: 1 },
      ...(['commit', 'mark', 'leave', 'kill', 'declareDead', 'acquire', 'release'] as const).map((op): StepInput => ({
        op,
        thread: 1,
      })),
      { op: 'visit', thread: 1, maxEvents: 1 },
      ...(['turn', 'settle', 'stop', 'metrics'] as const).map((op): StepInput => ({ op, drain: 5 })),
    ];
    expect((await run(REFERENCE, stepped(steps))).map(({ type }) => type)).toEqual(['history', 'create', 'end']);
  });

  it('says why there is no drain', async () => {
    const records = await run(REFERENCE, stepped([register(1)], { config: { slots: 0, detailRecordBytes: 3 } }));
    expect(records).toMatchObject([
      { type: 'history', config: { slots: 0 } },
      { type: 'create', outcome: 'INVALID_SLOTS' },
      { type: 'end' },
    ]);
    const registry = await run(REFERENCE, stepped([register(1), register(2)], { config: { slots: 1 } }));
    expect(ofType(registry, 'register').map(({ outcome }) => outcome)).toEqual(['accepted', 'REGISTRY_FULL']);
  });
});

describe('a drain with lanes of its own size', () => {
  const headerOf = async (members: string, config: Record<string, number> = { indexCapacity: 8 }): Promise<unknown> => {
    const path = modules.likeReference(
      `export function createDrain(o) { const drain = reference.createDrain(o);
         return { registry: drain.registry, close: () => drain.close(), ${members} }; }`,
    );
    const [header, created] = await run(path, stepped([], { config }));
    expect(created).toMatchObject({ type: 'create' });
    return header!.type === 'history' && header.config['indexCapacity'];
  };

  it('is held to what it declares, down to half of what it was asked for', async () => {
    const declared = await Promise.all(
      [7, 4, 3, 9, 7.5, '7'].map((n) => headerOf(`config: { indexCapacity: ${JSON.stringify(n)} }`)),
    );
    expect(declared).toEqual([7, 4, 8, 8, 8, 8]);
    expect(await headerOf('')).toBe(8);
    expect(await headerOf('get config() { throw new Error("mine"); }')).toBe(8);
  });

  it('stands in the header of a free history too', async () => {
    const path = modules.likeReference(
      `export function createDrain(o) { const drain = reference.createDrain(o);
         return Object.defineProperty(drain, 'config', { value: { ...drain.config, indexCapacity: 700 } }); }`,
    );
    const [header] = await run(path, { mode: 'free', programs: [{ threadId: 1, events: 1 }] });
    expect(header).toMatchObject({ type: 'history', config: { indexCapacity: 700 } });
  });

  it('may write before it is made: the header comes first all the same', async () => {
    const path = modules.likeReference(
      `export function createDrain(o) {
         o.onThreadEvent({ event: 'registered', threadId: 9, slot: 0, generation: 1 });
         return reference.createDrain(o); }`,
    );
    expect((await run(path, stepped([]))).map(({ type }) => type)).toEqual([
      'history',
      'thread-event',
      'create',
      'end',
    ]);
  });
});

describe('settle', () => {
  it('goes on after an iteration that was cut short, even if it delivered nothing', async () => {
    const path = modules.likeReference(
      `let turns = 0;
       export function createDrain(o) { const drain = reference.createDrain(o); const turn = drain.drainIteration.bind(drain);
         const cut = { visits: 1, skips: 0, delivered: 0, batches: 0, sinkFailures: 0, reclaimed: 0, truncated: 'visits' };
         drain.drainIteration = () => (turns++ === 0 ? cut : turn());
         return drain; }`,
    );
    const records = await run(path, stepped([register(1), emit(1, 3), { op: 'settle' }]));
    expect(ofType(records, 'batch')).toHaveLength(1);
  });
});

describe('a drain that breaks the contract', () => {
  const STEPS: StepInput[] = [
    register(1),
    emit(1, 2),
    { op: 'mark', thread: 1 },
    { op: 'submit', thread: 1, index: 1 },
    { op: 'begin', thread: 1, index: 1 },
    { op: 'commit', thread: 1 },
    { op: 'leave', thread: 1 },
    ...(['turn', 'settle', 'metrics', 'stop'] as const).map((op): StepInput => ({ op })),
    ...(['acquire', 'release', 'declareDead'] as const).map((op): StepInput => ({ op, thread: 1 })),
    { op: 'visit', thread: 1, maxEvents: 1 },
    { op: 'openDrain', drain: 1 },
    { op: 'attach', change: 'magic' },
  ];
  const during = (records: HistoryRecord[]): string[] => ofType(records, 'threw').map((record) => record.during);

  it('is written down, call by call, when everything throws', async () => {
    const path = modules.write(`
      const fail = (text) => () => { throw new Error(text); };
      export const contractVersion = 1, name = 'thrower', version = '1', capabilities = ['movable-handles'];
      const handle = { slot: 0, generation: 1, ...Object.fromEntries(
        ['emitIndex', 'emitDetail', 'beginSubmit', 'commitSubmit', 'submit', 'mark', 'seal', 'leave'].map((n) => [n, fail('no ' + n)])) };
      export function createDrain() {
        return { registry: { register: () => handle }, ...Object.fromEntries(
          ['drainIteration', 'tryAcquireDrain', 'releaseDrain', 'drainThreadLanes', 'declareDead', 'stop', 'metrics', 'close'].map((n) => [n, fail('no ' + n)])) };
      }
      export function openRegistry() {}
    `);
    const records = await run(path, stepped(STEPS));
    expect(during(records)).toEqual([
      ...['emit', 'mark', 'submit', 'begin', 'commit', 'leave'],
      ...['drainIteration', 'drainIteration', 'metrics', 'stop', 'tryAcquireDrain', 'releaseDrain', 'declareDead'],
      ...['drainThreadLanes', 'openDrain', 'attach', 'close'],
    ]);
    expect(ofType(records, 'emit')).toMatchObject([{ from: 0, count: 1, outcome: 'unknown' }]);
    expect(records.at(-1)).toEqual({ type: 'end', reason: 'complete' });
  });

  it('is written down, call by call, when everything returns nonsense', async () => {
    const path = modules.write(`
      export const contractVersion = 1, name = 'babbler', version = '1', capabilities = [];
      const say = (value) => () => value;
      const handle = { slot: 'x', generation: -1, emitIndex: say('fine'), beginSubmit: say(7), commitSubmit: say(), submit: say(null), mark: say({}), leave: say(3) };
      export function createDrain({ onThreadEvent, environment }) {
        onThreadEvent(undefined);
        onThreadEvent({ event: 'born', threadId: 1, slot: 0, generation: 1 });
        environment.pause(3n);
        return { registry: { register: () => handle }, drainIteration: say('done'), tryAcquireDrain: say('yes'), releaseDrain: say(),
          drainThreadLanes: say(-1), declareDead: say(), stop: say(null), metrics: say({ threads: [{}] }), close: say() };
      }
      export function openRegistry() {}
    `);
    const records = await run(path, stepped(STEPS));
    expect(during(records)).toEqual([
      ...['onThreadEvent', 'onThreadEvent', 'register', 'emit', 'mark', 'submit', 'begin', 'commit'],
      ...['drainIteration', 'drainIteration', 'metrics', 'stop', 'tryAcquireDrain'],
      ...['drainThreadLanes', 'openDrain', 'attach'],
    ]);
  });

  it('is written down when it returns nothing where a result is due', async () => {
    const path = modules.likeReference(
      `export function createDrain(o) { const drain = reference.createDrain(o);
         for (const name of ['drainIteration', 'stop', 'metrics', 'tryAcquireDrain']) drain[name] = () => undefined;
         return drain; }`,
    );
    const steps: StepInput[] = [
      register(1),
      { op: 'turn' },
      { op: 'acquire', thread: 1 },
      { op: 'metrics' },
      { op: 'stop' },
    ];
    const told = ofType(await run(path, stepped(steps)), 'threw');
    expect(told.map((record) => record.during)).toEqual(['drainIteration', 'tryAcquireDrain', 'metrics', 'stop']);
    expect(told[0]!.message).toBe('it returned undefined');
  });

  it('is no drain at all', async () => {
    const shape = (body: string): string =>
      modules.write(
        `export const contractVersion = 1, name = 'n', version = '1', capabilities = []; export function createDrain() { ${body} } export function openRegistry() {}`,
      );
    expect(during(await run(shape('return null;'), stepped(STEPS)))).toEqual(['createDrain']);
    expect(during(await run(shape('throw "words";'), stepped(STEPS)))).toEqual(['createDrain']);
    expect(during(await run(shape('throw Object.assign(new Error(), { code: 7 });'), stepped(STEPS)))).toEqual([
      'createDrain',
    ]);
    const coded = await run(shape('throw { code: "ARENA_CORRUPT" };'), stepped(STEPS));
    expect(ofType(coded, 'create')).toMatchObject([{ outcome: 'ARENA_CORRUPT', message: 'ARENA_CORRUPT' }]);
  });

  it('throws the unspeakable when it attaches', async () => {
    const path = modules.likeReference(
      `export function createDrain(o) { if (o.arena) throw new TypeError('odd'); return reference.createDrain(o); }`,
    );
    expect(
      during(
        await run(
          path,
          stepped([
            { op: 'attach', change: 'none' },
            { op: 'openDrain', drain: 1 },
          ]),
        ),
      ),
    ).toEqual(['attach none', 'createDrain']);
  });

  it('takes a record size that no record fits', async () => {
    const path = modules.likeReference(
      `export const createDrain = (o) => reference.createDrain({ ...o, config: { ...o.config, detailRecordBytes: 64 } });`,
    );
    const records = await run(
      path,
      stepped([register(1), emit(1, 1, 'detail')], { config: { detailRecordBytes: -8 } }),
    );
    expect(ofType(records, 'emit')).toMatchObject([{ outcome: 'RECORD_SIZE' }]);
  });
});

describe('real threads', () => {
  it('are used when handles are not movable, and end with the scenario', async () => {
    const path = modules.likeReference(
      `import { workerData } from 'node:worker_threads';
       export const capabilities = reference.capabilities.filter((name) => name !== 'movable-handles');
       export function openRegistry(shared) {
         const registry = reference.openRegistry(shared);
         return { register: (options) => registry.register({ ...options, weight: workerData?.modulePath ? 7 : 1 }) };
       }`,
    );
    const steps: StepInput[] = [register(1), register(2), emit(1, 2), { op: 'settle' }, { op: 'metrics' }];
    const records = await run(path, stepped(steps));
    expect(ofType(records, 'metrics')[0]!.threads.map(({ weight }) => weight)).toEqual([7, 7]);
    expect(ofType(records, 'batch')).toMatchObject([{ count: 2 }]);
  });

  it('that cannot open the registry, be cloned or be loaded are written down once', async () => {
    const during = async (source: string): Promise<string[]> => {
      const path = modules.likeReference(source);
      const records = await run(path, stepped([register(1), emit(1), register(1)], { threads: 'real' }));
      return ofType(records, 'threw').map(({ message }) => message);
    };
    const refused = await during(`export function openRegistry() { throw new Error('not here'); }`);
    expect(refused).toEqual([expect.stringContaining('not here')]);
    const uncloned = await during(
      `export const createDrain = (o) => ({ ...bound(reference.createDrain(o)), shareRegistry: () => () => 1 });
       const bound = (drain) => ({ arena: drain.arena, registry: drain.registry, close: () => drain.close() });`,
    );
    expect(uncloned).toEqual([expect.stringContaining('could not be cloned')]);
    const unloaded = await during(
      `import { workerData } from 'node:worker_threads'; if (workerData?.modulePath) throw new Error('main only');`,
    );
    expect(unloaded).toEqual([expect.stringContaining('main only')]);
  });

  it('that give no answer are given up', async () => {
    const path = modules.likeReference(
      `export const openRegistry = () => ({ register: () => { for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50); } });`,
    );
    const hands = new BatonHands(path, () => undefined, 64, 1000);
    const first = hands.perform({ op: 'register', thread: 1, weight: undefined });
    expect(first.threw).toContain('no answer within 1 s');
    expect(hands.perform({ op: 'leave', thread: 1 })).toEqual({ outcomes: [] });
    hands.close();
    const silent = new BatonHands(modules.likeReference(''), () => 7, 64, 0);
    expect(silent.perform({ op: 'register', thread: 1, weight: undefined }).threw).toContain('no answer');
  });
});
