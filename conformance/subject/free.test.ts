import { afterAll, describe, expect, it } from 'vitest';
import type { FreeScenario, HistoryRecord, ThreadProgram } from '../../spec/index.js';
import { Modules, NATIVE, REFERENCE, ofType, run } from './testing.js';

const modules = new Modules();
afterAll(() => {
  modules.remove();
});

const free = (
  path: string,
  programs: Partial<ThreadProgram>[],
  more: Partial<Omit<FreeScenario, 'mode' | 'programs'>> = {},
): Promise<HistoryRecord[]> =>
  run(path, { mode: 'free', programs: programs.map((one) => ({ threadId: 1, events: 0, ...one })), ...more });

const sum = (numbers: number[]): number => numbers.reduce((total, one) => total + one, 0);
const accepted = (records: HistoryRecord[], lane: 'index' | 'detail'): number =>
  sum(ofType(records, 'emit').flatMap((one) => (one.lane === lane && one.outcome === 'accepted' ? [one.count] : [])));
const delivered = (records: HistoryRecord[], lane: 'index' | 'detail'): number =>
  sum(ofType(records, 'batch').flatMap((one) => (one.lane === lane ? [one.acknowledged] : [])));
const outcomes = (records: HistoryRecord[]): Set<string> =>
  new Set(ofType(records, 'emit').map(({ outcome }) => outcome));
const ended = (records: HistoryRecord[]): string[] => ofType(records, 'life').map((life) => life.ended);

const MANY: Partial<ThreadProgram>[] = Array.from({ length: 8 }, (_, i) => ({
  threadId: i * 100,
  events: 2000,
  lives: 2,
  detailEvery: 5,
  markEvery: 2,
}));

describe('a free scenario', () => {
  for (const [path, producers] of [
    [REFERENCE, 'own'],
    [NATIVE, 'own'],
    [NATIVE, 'workers'],
    [REFERENCE, 'native'],
  ] as const) {
    it(`delivers everything that was accepted (${path.includes('native') ? 'native' : 'reference'}, ${producers})`, async () => {
      const records = await free(path, MANY, { producers, config: { indexCapacity: 64 }, pace: 'turn' });
      expect(ofType(records, 'threw')).toEqual([]);
      expect(accepted(records, 'index')).toBe(8 * 2 * 2000);
      expect(delivered(records, 'index')).toBe(8 * 2 * 2000);
      expect(accepted(records, 'detail')).toBe(8 * 2 * 400);
      expect(ended(records)).toEqual(Array.from({ length: 16 }, () => 'leave'));
      expect(ofType(records, 'life').map(({ thread }) => thread)).toEqual(
        MANY.flatMap((one) => [one.threadId!, one.threadId! + 1]),
      );
      expect(sum(ofType(records, 'joins').map(({ pairs }) => pairs.length))).toBe(8 * 2 * 400);
      expect(
        ofType(records, 'mark')
          .filter(({ thread }) => thread === 0)
          .map(({ at }) => at),
      ).toEqual(Array.from({ length: 200 }, (_, i) => (i + 1) * 2));
      expect(ofType(records, 'stop')).toMatchObject([{ complete: true, leftIndex: 0 }]);
      expect(records.at(-1)).toEqual({ type: 'end', reason: 'complete' });
    });
  }

  it('counts retries as attempts', async () => {
    const records = await free(REFERENCE, [{ events: 3000, detailEvery: 4, markEvery: 1 }], {
      config: { indexCapacity: 4 },
    });
    const retries = sum(ofType(records, 'emit').flatMap(({ lane, retries: n }) => (lane === 'index' ? [n] : [])));
    expect(ofType(records, 'metrics')[0]!.index).toMatchObject({
      attempted: 3000 + retries,
      accepted: 3000,
      rejected: retries,
    });
  });

  it('drops when told to, and says what', async () => {
    const records = await free(REFERENCE, [{ events: 2000, whenFull: 'drop' }], { config: { indexCapacity: 2 } });
    expect(outcomes(records)).toContain('LANE_FULL');
    expect(sum(ofType(records, 'emit').map(({ count }) => count))).toBe(2000);
    expect(delivered(records, 'index')).toBe(accepted(records, 'index'));
  });

  it('goes on without a detail lane', async () => {
    const records = await free(REFERENCE, [{ events: 4, detailEvery: 2 }], { config: { detailCapacity: 0 } });
    expect(outcomes(records)).toEqual(new Set(['accepted', 'NO_DETAIL_LANE']));
  });

  it('declares dead who vanished, and lets stay who stays', async () => {
    for (const path of [REFERENCE, NATIVE]) {
      const records = await free(
        path,
        [
          { threadId: 1, events: 50, lives: 3, ending: 'vanish' },
          { threadId: 9, events: 50, ending: 'stay', pauseUs: 10 },
        ],
        { config: { slots: 4 } },
      );
      expect(ended(records)).toEqual(['vanish', 'vanish', 'vanish', 'stay']);
      expect(ofType(records, 'kill').map(({ during }) => during)).toEqual(['idle', 'idle', 'idle']);
      expect(ofType(records, 'dead').map(({ outcome }) => outcome)).toEqual(['accepted', 'accepted', 'accepted']);
      expect(delivered(records, 'index')).toBe(200);
    }
  });

  it('terminates threads at any moment and tells what they did', async () => {
    const program = { threadId: 1, lives: 4, ending: 'terminate', detailEvery: 3, markEvery: 2 } as const;
    const records = await free(REFERENCE, [
      { ...program, events: 3000 },
      { ...program, threadId: 50, events: 0, lives: 1 },
    ]);
    expect(ended(records)).toEqual(['terminate', 'terminate', 'terminate', 'terminate', 'terminate']);
    expect(ofType(records, 'kill').every(({ during }) => during === 'running')).toBe(true);
    const unknown = ofType(records, 'emit').filter(({ outcome, lane }) => outcome === 'unknown' && lane === 'index');
    const known = accepted(records, 'index');
    expect(delivered(records, 'index')).toBeGreaterThanOrEqual(known);
    expect(delivered(records, 'index')).toBeLessThanOrEqual(known + unknown.length);
    expect(ofType(records, 'stop')).toMatchObject([{ complete: true }]);
  });

  it('stops while producers still run', async () => {
    for (const path of [REFERENCE, NATIVE]) {
      const programs = [1, 2, 3].map((threadId) => ({ threadId: threadId * 10, events: 100_000_000, lives: 2 }));
      const records = await free(path, programs, { stopAfter: 5000 });
      expect(new Set(ended(records))).toEqual(new Set(['stopped']));
      expect(ofType(records, 'stop')).toMatchObject([{ complete: true }]);
      expect(delivered(records, 'index')).toBe(accepted(records, 'index'));
      expect(ofType(records, 'metrics')).toHaveLength(1);
    }
  });

  it('loses nothing to a sink that throws and takes half', async () => {
    const records = await free(REFERENCE, MANY, { throwEvery: 7, partialEvery: 5 });
    expect(delivered(records, 'index')).toBe(8 * 2 * 2000);
    expect(ofType(records, 'batch').some(({ acknowledged, count }) => acknowledged < count)).toBe(true);
  });

  it('turns threads away that find no slot', async () => {
    const records = await free(
      REFERENCE,
      [
        { events: 1, ending: 'stay' },
        { threadId: 2, events: 1, weight: 2000 },
      ],
      {
        config: { slots: 1 },
      },
    );
    expect(ofType(records, 'register').find(({ thread }) => thread === 2)).toMatchObject({ outcome: 'INVALID_WEIGHT' });
    expect(ofType(records, 'life')).toHaveLength(2);
    expect(ofType(records, 'leave')).toEqual([]);
  });
});

describe('a free scenario that cannot run', () => {
  it('is refused', async () => {
    const bare = modules.likeReference('export const capabilities = [];');
    await expect(free(bare, [{}])).rejects.toThrow("needs the capability 'threads' or 'producer-threads'");
    const programs = [{ threadId: 1, events: 1 }];
    await expect(run(REFERENCE, { mode: 'free', producers: 'native', programs }, {})).rejects.toThrow(
      'without --native',
    );
    const homeless = modules.likeReference(
      `export const createDrain = (o) => { const d = reference.createDrain(o); return { close: () => { throw new Error('shut'); } }; };`,
    );
    await expect(free(homeless, [{}], { producers: 'workers' })).rejects.toThrow("need the capability 'arena'");
  });

  it('says why there is no drain', async () => {
    expect(await free(REFERENCE, [{}], { config: { slots: 0 } })).toMatchObject([
      { type: 'history' },
      { type: 'create', outcome: 'INVALID_SLOTS' },
      { type: 'end' },
    ]);
    const thrower = modules.likeReference(`export function createDrain() { throw new Error('never'); }`);
    expect((await free(thrower, [{}])).map(({ type }) => type)).toEqual(['history', 'threw', 'end']);
  });
});

/** The reference with some calls of its drains replaced. */
const altered = (members: string, more = ''): string =>
  modules.likeReference(`
    export function createDrain(options) {
      const drain = reference.createDrain(options);
      const same = Object.fromEntries(
        ['drainIteration', 'waitForWork', 'declareDead', 'stop', 'metrics', 'close', 'shareRegistry'].map((n) => [n, drain[n].bind(drain)]));
      return { arena: drain.arena, registry: drain.registry, ...same, ${members} };
    }
    ${more}`);
const IDLE = `{ visits: 0, skips: 0, delivered: 0, batches: 0, sinkFailures: 0, reclaimed: 0, truncated: 'no' }`;
const threwDuring = (records: HistoryRecord[]): string[] => ofType(records, 'threw').map(({ during }) => during);

describe('a drain that misbehaves in a free scenario', () => {
  it('is given up when nothing moves', async () => {
    const lazy = altered(`drainIteration: () => (${IDLE}), waitForWork: () => true`);
    const records = await free(lazy, [{ events: 100 }], { config: { indexCapacity: 4 }, stallMs: 200 });
    expect(records.at(-1)).toEqual({ type: 'end', reason: 'stalled' });
    expect(outcomes(records)).toContain('accepted');
    expect(ended(records)).toEqual(['stay']);
    const parked = await free(lazy, [{ events: 100, ending: 'terminate' }], {
      config: { indexCapacity: 4 },
      stallMs: 200,
    });
    expect(ended(parked)).toEqual(['stay']);
  });

  it('is given up when its iteration throws or says nothing', async () => {
    for (const path of [
      altered(`drainIteration() { throw new Error('tired'); }`),
      altered('drainIteration: () => null'),
    ]) {
      const records = await free(path, [{ events: 100_000_000 }]);
      expect(records.at(-1)).toEqual({ type: 'end', reason: 'stalled' });
    }
    const sleepless = altered(`waitForWork() { throw new Error('awake'); }`);
    const records = await free(sleepless, [{ events: 100_000_000, pauseUs: 1000 }]);
    expect(threwDuring(records)).toEqual(['waitForWork']);
  });

  it('is given up when its iteration or its sleep gives what the contract does not know', async () => {
    for (const [members, call] of [
      [`drainIteration: () => ({ ...(${IDLE}), delivered: NaN })`, 'drainIteration'],
      [`drainIteration: () => ({ ...(${IDLE}), skips: -1 })`, 'drainIteration'],
      [`drainIteration: async () => (${IDLE})`, 'drainIteration'],
      [`drainIteration: () => (${IDLE}), waitForWork: async () => true`, 'waitForWork'],
    ] as const) {
      const records = await free(altered(members), [{ events: 100_000_000 }]);
      expect(threwDuring(records)).toEqual([call]);
      expect(records.at(-1)).toEqual({ type: 'end', reason: 'stalled' });
    }
  });

  it('has the nonsense of its other calls written down', async () => {
    const path = altered(
      `stop: () => 'stopped', metrics() { throw new Error('no numbers'); }, declareDead() { throw new Error('undead'); }`,
    );
    expect(threwDuring(await free(path, [{ events: 1, ending: 'vanish' }]))).toEqual([
      'declareDead',
      'metrics',
      'stop',
    ]);
  });

  it('is left in peace about what it does not claim', async () => {
    const path = modules.likeReference(`export const capabilities = ['threads', 'detail', 'submit'];`);
    const records = await free(path, [
      { events: 10, ending: 'vanish' },
      { threadId: 2, events: 10 },
    ]);
    expect(ofType(records, 'metrics')).toEqual([]);
    expect(ofType(records, 'dead')).toEqual([]);
    expect(delivered(records, 'index')).toBe(20);
  });

  it('has what its handles do in other threads written down', async () => {
    const odd = (members: string): string =>
      modules.likeReference(
        `export const openRegistry = () => ({ register: (o) => ({ slot: 0, generation: 1, threadId: o.threadId, leave() {}, ${members} }) });`,
      );
    const message = async (members: string, program: Partial<ThreadProgram> = {}): Promise<string[]> =>
      ofType(await free(odd(members), [{ events: 2, ...program }]), 'threw').map((one) => one.message);
    expect(await message(`emitIndex() { throw new Error('no'); }`)).toEqual(['Error: emitIndex() threw Error: no']);
    expect(await message(`emitIndex: () => 5`)).toEqual(['Error: emitIndex() returned 5']);
    expect(await message(`submit: () => 5`, { detailEvery: 1 })).toEqual(['Error: submit() returned 5']);
    const left = `emitIndex: () => 'accepted', leave() { throw Object.assign(new Error(), { code: 'THREAD_LEFT' }); }`;
    expect(await message(left)).toEqual(['Error: leave() threw THREAD_LEFT']);
    const submits = `submit: () => 'accepted'`;
    const marking = { detailEvery: 1, markEvery: 1 };
    for (const [code, how] of [
      ['STOPPED', 'stopped'],
      ['STALE_HANDLE', 'stale'],
      ['NO_DETAIL_LANE', 'leave'],
    ] as const) {
      const records = await free(odd(`${submits}, mark: () => '${code}'`), [{ events: 2, ...marking }]);
      expect(ended(records)).toEqual([how]);
      expect(ofType(records, 'mark')).toEqual([]);
    }
    expect(ended(await free(odd(`emitIndex: () => 'STALE_HANDLE'`), [{ events: 2, lives: 2 }]))).toEqual(['stale']);
    const busy = `n: 0, submit() { this.n += 1; return this.n % 2 ? 'QUEUE_BUSY' : 'accepted'; }`;
    const records = await free(odd(busy), [{ events: 2, detailEvery: 1 }]);
    expect(ofType(records, 'emit')).toMatchObject([
      { count: 2, retries: 0 },
      { count: 2, retries: 0 },
    ]);
  });

  it('has registries that fail written down', async () => {
    const throws = modules.likeReference(
      `export const openRegistry = () => ({ register() { throw new Error('full of it'); } });`,
    );
    const records = await free(throws, [{ events: 1 }]);
    expect(ofType(records, 'register')).toMatchObject([{ outcome: 'unknown' }]);
    expect(threwDuring(records)).toEqual(['life of thread 1']);
    const closed = modules.likeReference(`export const openRegistry = () => { throw new Error('closed'); };`);
    expect(threwDuring(await free(closed, [{ events: 1 }]))).toEqual(['producers']);
    const mainOnly = modules.likeReference(
      `import { workerData } from 'node:worker_threads'; if (workerData?.modulePath) throw new Error('main only');`,
    );
    expect(threwDuring(await free(mainOnly, [{ events: 1 }]))).toEqual(['producers']);
  });

  it('has threads that end by themselves, or never, written down', async () => {
    const exits = modules.likeReference(`export const openRegistry = () => ({ register() { process.exit(3); } });`);
    expect(ofType(await free(exits, [{ events: 1 }]), 'threw')[0]!.message).toContain('ended by itself');
    const hangs = modules.likeReference(
      `const cell = new Int32Array(new SharedArrayBuffer(4));
       export const openRegistry = () => ({ register() { for (;;) Atomics.wait(cell, 0, 0, 100); } });`,
    );
    const records = await free(hangs, [{ events: 1 }], { stallMs: 100 });
    expect(ofType(records, 'threw')[0]!.message).toContain('did not end when told to');
    expect(records.at(-1)).toEqual({ type: 'end', reason: 'stalled' });
  });
});

describe('producing threads of the module itself', () => {
  const own = (start: string): string =>
    modules.likeReference(
      `export const capabilities = [...reference.capabilities, 'producer-threads']; export function startProducers(shared, programs) { ${start} }`,
    );

  it('are believed only as far as their results make sense', async () => {
    const message = async (start: string): Promise<string[]> =>
      ofType(await free(own(start), [{}], { stallMs: 100 }), 'threw').map((one) => one.message);
    expect(await message(`throw new Error('no threads');`)).toEqual([expect.stringContaining('no threads')]);
    expect(await message(`return { poll: () => [{}], close() {} };`)).toEqual([
      expect.stringContaining('poll() gave [{}]'),
    ]);
    expect(await message(`return { poll() { throw new Error('deaf'); }, close() {} };`)).toEqual([
      expect.stringContaining('deaf'),
    ]);
    expect(await message(`return { poll: () => undefined, close() {} };`)).toEqual([
      expect.stringContaining('undefined'),
    ]);
    expect(await message(`return { poll: () => null, close() { throw new Error('open'); } };`)).toEqual([
      'the producing threads did not end',
    ]);
  });

  it('may tell of threads that no program has', async () => {
    const life = `{ threadId: 77, slot: -1, generation: 0, registered: 'REGISTRY_FULL', index: [], detail: [], joins: [], marks: [], ended: 'leave', startedNs: 0, endedNs: 0 }`;
    const records = await free(own(`return { poll: () => [${life}, ${life}], close() {} };`), [{}]);
    expect(ofType(records, 'register')[0]).toEqual({
      type: 'register',
      thread: 77,
      outcome: 'REGISTRY_FULL',
      weight: 1,
    });
  });
});
