import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { DEFAULT_CONFIG, DrainError, ERROR_TABLE, MODULE_SHAPE } from '../spec/index.js';
import type { Batch, DrainConfig, DrainOptions, ThreadEvent } from '../spec/index.js';
import * as layout from '../spec/layout.js';
import { LifeResult } from '../spec/load.js';
import { identityAt, isDetailPattern, isIndexPattern, patternRecord } from '../spec/records.js';
import { addon, loadAddon } from './addon.js';
import * as native from './index.js';

const codeOf = (call: () => unknown): string => {
  try {
    call();
  } catch (error) {
    return error instanceof DrainError ? error.code : String(error);
  }
  return 'nothing thrown';
};
const index = (thread: number, sequence: number) => patternRecord('index', 32, thread, sequence);
const detail = (thread: number, sequence: number) => patternRecord('detail', 64, thread, sequence);

/** A drain with a sink that remembers sequences. */
function world(config: Partial<DrainConfig> = {}, more: Partial<DrainOptions> = {}) {
  const seen: { lane: string; thread: number; sequences: number[] }[] = [];
  const sink = {
    answer: (batch: Batch): number => batch.count,
    write(batch: Batch): number {
      const sequences: number[] = [];
      for (const span of batch.spans) {
        const words = new Uint32Array(span.buffer, span.byteOffset, span.byteLength / 4);
        for (let at = 0; at < words.length; at += batch.recordBytes / 4) {
          const sound =
            batch.lane === 'index'
              ? isIndexPattern(words, at)
              : isDetailPattern(words.subarray(at), 0, batch.recordBytes / 4);
          expect(sound).toBe(true);
          sequences.push(identityAt(words, at, batch.lane).sequence);
        }
      }
      expect(sequences.length).toBe(batch.count);
      seen.push({ lane: batch.lane, thread: batch.threadId, sequences });
      return this.answer(batch);
    },
  };
  const drain = native.createDrain({
    config: { slots: 2, indexCapacity: 8, detailCapacity: 16, windowRecords: 4, detailRecordBytes: 64, ...config },
    sink,
    ...more,
  });
  return { drain, sink, seen };
}

test('the module has the shape of the contract', () => {
  for (const [key, type] of Object.entries(MODULE_SHAPE)) {
    const value: unknown = native.implementation[key as keyof typeof MODULE_SHAPE];
    expect(Array.isArray(value) ? 'array' : typeof value).toBe(type);
    expect((native as Record<string, unknown>)[key]).toBe(value);
  }
  expect(native.default).toBe(native.implementation);
});

test('the C++ tables are those of the spec', () => {
  const { errors, layout: tables } = addon();
  expect(errors).toEqual(ERROR_TABLE);
  for (const [key, table] of Object.entries(tables)) expect(table, key).toEqual(layout[key as keyof typeof layout]);
  expect(Object.keys(tables).length).toBe(12);
});

test('a missing addon is named, with what to do', () => {
  expect(() => loadAddon('/nowhere/drainproof.node')).toThrow(/IMPL_UNREADABLE.*does not exist.*npm run build:native/);
});

test('lanes, marks and groups arrive in order', () => {
  const { drain, seen } = world();
  const handle = drain.registry.register({ threadId: 7 });
  expect([handle.slot, handle.generation, handle.threadId]).toEqual([0, 1, 7]);
  for (let i = 0; i < 8; i += 1) expect(handle.emitIndex(index(7, i))).toBe('accepted');
  expect(handle.emitIndex(index(7, 8))).toBe('LANE_FULL');
  expect(handle.emitIndex(index(7, 8), 2)).toBe('TIMED_OUT');
  expect(drain.drainIteration()).toEqual({
    ...{ visits: 1, skips: 0, delivered: 8, batches: 1, sinkFailures: 0, reclaimed: 0, truncated: 'no' },
  });
  const group = { index: [index(7, 8), index(7, 9)], detail: [detail(7, 0), detail(7, 1)] };
  expect(handle.commitSubmit()).toBe('NOT_HOLDING');
  expect(handle.beginSubmit(group)).toBe('accepted');
  expect(handle.emitDetail(detail(7, 2))).toBe('ALREADY_HOLDING');
  expect(codeOf(() => handle.leave())).toBe('ALREADY_HOLDING');
  expect(drain.drainIteration().skips).toBe(0);
  expect(handle.commitSubmit()).toBe('accepted');
  expect(handle.submit({ index: [], detail: [detail(7, 2)] }, 1)).toBe('accepted');
  expect([handle.mark(), handle.seal()]).toEqual(['accepted', 'accepted']);
  expect(drain.waitForWork(0)).toBe(true);
  drain.drainIteration();
  handle.leave();
  expect(codeOf(() => handle.leave())).toBe('THREAD_LEFT');
  expect(handle.emitIndex(index(7, 1))).toBe('THREAD_LEFT');
  expect(drain.stop()).toEqual({ delivered: 0, leftIndex: 0, leftDetail: 0, complete: true });
  expect(seen.flatMap((b) => (b.lane === 'index' ? b.sequences : []))).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(seen.flatMap((b) => (b.lane === 'detail' ? b.sequences : []))).toEqual([0, 1, 2]);
  const metrics = drain.metrics();
  expect(metrics.index).toEqual({
    ...{ attempted: 12, accepted: 10, rejected: 2, delivered: 10, pending: 0, evicted: 0, left: 0 },
  });
  expect([metrics.registered, metrics.reclaimed, metrics.threads.length]).toEqual([1, 1, 0]);
  drain.close();
  drain.close();
  expect(codeOf(() => drain.drainIteration())).toBe('INVALID_ARGUMENT');
});

test('misuse throws typed errors', () => {
  const { drain } = world();
  const { registry } = drain;
  const handle = registry.register({ threadId: 1 });
  expect(codeOf(() => handle.emitIndex(new Uint8Array(31)))).toBe('RECORD_SIZE');
  expect(codeOf(() => handle.emitDetail(new Uint8Array(0)))).toBe('RECORD_SIZE');
  expect(codeOf(() => handle.submit({ index: [new Uint8Array(33)], detail: [] }))).toBe('RECORD_SIZE');
  for (const weight of [0, 1.5, 1025, NaN])
    expect(codeOf(() => registry.register({ threadId: 2, weight }))).toBe('INVALID_WEIGHT');
  for (const priority of [-1, 0.5, 8, NaN])
    expect(codeOf(() => registry.register({ threadId: 2, priority }))).toBe('INVALID_PRIORITY');
  expect(codeOf(() => registry.register({ threadId: -1 }))).toBe('INVALID_ARGUMENT');
  expect(codeOf(() => registry.register({ threadId: -1, weight: 0 }))).toBe('INVALID_WEIGHT');
  expect(codeOf(() => registry.register({ threadId: 0.5, priority: 9 }))).toBe('INVALID_PRIORITY');
  for (const weight of [0, 2.5, 1025]) expect(codeOf(() => handle.setWeight!(weight))).toBe('INVALID_WEIGHT');
  for (const priority of [-1, 2.5, 8]) expect(codeOf(() => handle.setPriority!(priority))).toBe('INVALID_PRIORITY');
  registry.register({ threadId: 2 });
  expect(codeOf(() => registry.register({ threadId: 3 }))).toBe('REGISTRY_FULL');
  expect(codeOf(() => drain.releaseDrain(0))).toBe('NOT_HOLDING');
  expect(codeOf(() => drain.declareDead(0, 9))).toBe('STALE_HANDLE');
  expect([drain.tryAcquireDrain(0), drain.tryAcquireDrain(0), drain.tryAcquireDrain(9)]).toEqual([true, false, false]);
  expect(codeOf(() => drain.drainThreadLanes(0, 1.5))).toBe('INVALID_ARGUMENT');
  expect(drain.drainThreadLanes(0, 5)).toBe(0);
  drain.releaseDrain(0);
  drain.declareDead(0, 1);
  expect(handle.emitIndex(index(1, 0))).toBe('STALE_HANDLE');
  expect(codeOf(() => drain.stop({ deadlineNs: NaN }))).toBe('INVALID_ARGUMENT');
  expect(drain.stop().complete).toBe(true);
  expect(codeOf(() => registry.register({ threadId: 4, weight: 0 }))).toBe('STOPPED');
  expect(codeOf(() => registry.register({ threadId: -1 }))).toBe('STOPPED');
  expect(codeOf(() => native.openRegistry({}))).toBe('INVALID_ARGUMENT');
  expect(codeOf(() => native.createDrain({ config: { quantum: 0 }, sink: { write: () => 0 } }))).toBe(
    'INVALID_QUANTUM',
  );
  const huge = { slots: 65536, indexCapacity: 1 << 20 };
  expect(codeOf(() => native.createDrain({ config: huge, sink: { write: () => 0 } }))).toBe('INVALID_ARGUMENT');
});

test('a sink may fail in any way and nothing is lost', () => {
  const { drain, sink, seen } = world({ maxBackoffIterations: 1 });
  const handle = drain.registry.register({ threadId: 1 });
  for (let i = 0; i < 4; i += 1) handle.emitIndex(index(1, i));
  const answers: (() => unknown)[] = [
    () => {
      throw new Error('no');
    },
    ...[NaN, 1.5, -1, 5, '4', undefined, null, 4n].map((value) => () => value),
  ];
  for (const answer of answers) {
    sink.answer = answer as () => number;
    expect(drain.drainIteration().sinkFailures).toBe(1);
    expect(drain.drainIteration().batches).toBe(0);
  }
  sink.answer = () => 3;
  expect(drain.drainIteration().delivered).toBe(3);
  sink.answer = () => 1;
  expect(drain.drainIteration().delivered).toBe(1);
  expect(seen.at(-1)!.sequences).toEqual([3]);
});

test('the sink may call the drain again', () => {
  const events: ThreadEvent[] = [];
  const { drain, sink } = world({}, { onThreadEvent: (event) => void events.push(event) });
  const handle = drain.registry.register({ threadId: 1 });
  handle.emitIndex(index(1, 0));
  sink.answer = (batch) => {
    expect(drain.drainIteration().visits).toBe(0);
    expect(drain.stop().complete).toBe(false);
    expect(drain.metrics().index.pending).toBe(1);
    handle.leave();
    drain.close();
    return batch.count;
  };
  expect(drain.drainIteration().delivered).toBe(1);
  expect(codeOf(() => drain.drainIteration())).toBe('INVALID_ARGUMENT');
  expect(events).toEqual([{ event: 'registered', threadId: 1, slot: 0, generation: 1 }]);
});

test('time is the environment’s', () => {
  let now = 5n;
  const pauses: bigint[] = [];
  const environment = { now: () => now, pause: (ns: bigint) => void (pauses.push(ns), (now += ns)) };
  const { drain, sink } = world({}, { environment });
  const handle = drain.registry.register({ threadId: 1 });
  handle.emitIndex(index(1, 0));
  sink.answer = () => 0;
  expect(drain.stop({ deadlineNs: 4_000_000 })).toEqual({ delivered: 0, leftIndex: 1, leftDetail: 0, complete: false });
  expect(pauses).toEqual([1_000_000n, 2_000_000n, 4_000_000n]);
  const failing = {
    now: (): bigint => {
      throw new Error('no clock');
    },
    pause: () => undefined,
  };
  const other = world({}, { environment: failing });
  other.drain.registry.register({ threadId: 1 });
  expect(other.drain.stop().complete).toBe(true);
});

test('an arena is attached to, or refused', () => {
  const { drain } = world();
  const arena = drain.arena!;
  const sink = { write: (batch: Batch) => batch.count };
  const attach = (change: (words: Int32Array, bytes: Uint8Array) => void, config = {}, length = arena.byteLength) => {
    const copy = new SharedArrayBuffer(length);
    new Uint8Array(copy).set(new Uint8Array(arena, 0, length));
    change(new Int32Array(copy), new Uint8Array(copy));
    return codeOf(() => native.createDrain({ config, sink, arena: copy }));
  };
  const none = () => undefined;
  expect(native.createDrain({ config: { quantum: 5 }, sink, arena }).config).toMatchObject({ slots: 2, quantum: 5 });
  expect(attach(none, {}, 0)).toBe('ARENA_TRUNCATED');
  expect(attach(none, {}, 1024)).toBe('ARENA_TRUNCATED');
  expect(attach((_, bytes) => void (bytes[0] = 1))).toBe('ARENA_FOREIGN');
  expect(attach((words) => void (words[2] = 9))).toBe('ARENA_VERSION');
  expect(attach((words) => void (words[31] = 9))).toBe('ARENA_CORRUPT');
  const geometry = (words: Int32Array, bytes: Uint8Array) => {
    words[15] = 64;
    words[31] = layout.fnv1a(bytes.subarray(0, 124));
  };
  expect(attach(geometry)).toBe('ARENA_CORRUPT');
  expect(attach(none, { slots: 3 })).toBe('ARENA_TOO_SMALL');
  expect(attach(none, { indexCapacity: 16 })).toBe('ARENA_MISMATCH');
});

test('a worker thread registers, emits and leaves', async () => {
  const { drain, seen } = world();
  const module = new URL('./index.js', import.meta.url).href;
  const code = `
    const { workerData } = require('node:worker_threads');
    import(workerData.module).then(({ openRegistry }) => {
      const handle = openRegistry(workerData.shared).register({ threadId: 9 });
      handle.emitIndex(workerData.record);
      handle.leave();
    });`;
  const workerData = { module, shared: drain.shareRegistry(), record: index(9, 0) };
  await new Promise((resolve, reject) => {
    new Worker(code, { eval: true, workerData }).on('exit', resolve).on('error', reject);
  });
  expect(drain.drainIteration().reclaimed).toBe(1);
  expect(seen).toEqual([{ lane: 'index', thread: 9, sequences: [0] }]);
});

test('rules, weights and classes change while the drain runs', () => {
  const { drain, sink, seen } = world({ slots: 3, quantum: 2, policy: 'priority' });
  const [low, high] = [1, 2].map((threadId) => drain.registry.register({ threadId, priority: threadId - 1 }));
  for (const [thread, handle] of [low!, high!].entries())
    for (let i = 0; i < 8; i += 1) handle.emitIndex(index(thread + 1, i));
  drain.drainIteration();
  expect(seen.map(({ thread }) => thread)).toEqual([2, 1]);
  expect([low!.setPriority!(7), low!.setWeight!(3)]).toEqual(['accepted', 'accepted']);
  const { config } = drain;
  sink.answer = (batch) => {
    drain.configure!({ quantum: 1 + drain.config.quantum });
    drain.configure!({ policy: 'weighted-fair', maxSkips: 9 });
    expect(drain.config).toBe(config);
    return batch.count;
  };
  drain.drainIteration();
  expect(drain.config).toEqual({ ...config, quantum: 3, policy: 'weighted-fair', maxSkips: 9 });
  sink.answer = (batch) => batch.count;
  drain.configure!({ quantum: 2 });
  drain.configure!({ maxSkips: 2 }); // before anybody asked what holds
  expect([drain.config.quantum, drain.config.maxSkips]).toEqual([2, 2]);
  expect(drain.drainIteration().delivered).toBe(4 + 2);
  const { threads, fairness } = drain.metrics();
  expect(threads.map(({ weight, priority, share }) => [weight, priority, share])).toEqual([
    [3, 7, 1],
    [1, 1, 1],
  ]);
  expect(fairness).toEqual({
    ...{ windows: 0, delivered: 0, jain: 1, minShare: 1, serviceLag: 0, longestWait: 2, quantum: 2, batch: 0 },
  });
  expect(codeOf(() => drain.configure!({ quantum: 0 }))).toBe('INVALID_QUANTUM');
  expect(codeOf(() => drain.configure!({ slots: 9 } as object))).toBe('INVALID_ARGUMENT');
  expect(codeOf(() => drain.configure!({ silly: 1 } as object))).toBe('INVALID_ARGUMENT');
  drain.configure!({
    fairnessWindowVisits: 2,
    policy: 'adaptive',
    quantumMin: 2,
    quantumMax: 2,
    batchMin: 1,
    batchMax: 1,
  });
  drain.drainIteration();
  expect(drain.metrics().fairness).toMatchObject({ windows: 1, delivered: 16, jain: 1, quantum: 2, batch: 1 });
  drain.close();
  expect(drain.config.policy).toBe('adaptive');
  expect(codeOf(() => drain.configure!({ quantum: 2 }))).toBe('INVALID_ARGUMENT');
});

test('what was asked for inside a write holds for a drain that was closed there', () => {
  const { drain, sink } = world();
  drain.registry.register({ threadId: 1 }).emitIndex(index(1, 0));
  sink.answer = (batch) => {
    drain.configure!({ quantum: 77 });
    drain.close();
    return batch.count;
  };
  drain.drainIteration();
  expect(drain.config.quantum).toBe(77);
});

test('a queue that stays held is reported', () => {
  let now = 0n;
  const events: ThreadEvent[] = [];
  const { drain } = world(
    { stuckAfterNs: 1000 },
    { onThreadEvent: (event) => void events.push(event), environment: { now: () => now, pause: () => undefined } },
  );
  const handle = drain.registry.register({ threadId: 5 });
  handle.emitIndex(index(5, 0));
  handle.beginSubmit({ index: [index(5, 1)], detail: [] });
  for (; now < 6000n; now += 600n) drain.drainIteration();
  expect(events).toEqual([
    { event: 'registered', threadId: 5, slot: 0, generation: 1 },
    { event: 'queue-stuck', threadId: 5, slot: 0, generation: 1, heldNs: 1200 },
  ]);
});

test('native producer threads run their programs', async () => {
  const { drain } = world({ slots: 4, initialCursor: 0xffff_ff00 });
  const program = { events: 500, detailEvery: 5, markEvery: 10, weight: 2 };
  const group = native.startProducers(drain.shareRegistry(), [
    { threadId: 1, ...program },
    { threadId: 10, lives: 3, ...program, whenFull: 'drop', ending: 'vanish' },
  ]);
  let lives = group.poll();
  for (let i = 0; lives === null && i < 5000; i += 1) {
    drain.drainIteration();
    await new Promise((resolve) => setTimeout(resolve, 1));
    lives = group.poll();
  }
  const results = LifeResult.array().parse(lives);
  expect(results.map(({ threadId, ended }) => [threadId, ended])).toEqual([
    [1, 'leave'],
    [10, 'vanish'],
    [11, 'vanish'],
    [12, 'vanish'],
  ]);
  expect(results[0]!.index).toMatchObject([{ from: 0, count: 500, outcome: 'accepted' }]);
  expect(results[0]!.joins.length).toBe(100);
  expect(results[0]!.marks.length).toBe(10);
  group.close();
  expect(codeOf(() => group.poll())).toBe('INVALID_ARGUMENT');
  expect(drain.stop().complete).toBe(true);
  const { index: ledger } = drain.metrics();
  expect(ledger.accepted).toBe(ledger.delivered);
  expect(codeOf(() => native.startProducers(drain.shareRegistry(), { threadId: -1 }))).toBe('INVALID_ARGUMENT');
  expect(codeOf(() => native.startProducers(new SharedArrayBuffer(8), { threadId: 1, events: 1 }))).toBe(
    'ARENA_TRUNCATED',
  );
});

test('the defaults are the spec’s', () => {
  const drain = native.createDrain({ config: {}, sink: { write: () => 0 } });
  expect(drain.config).toEqual(DEFAULT_CONFIG);
  expect(drain.arena!.byteLength).toBe(layout.arenaBytes(DEFAULT_CONFIG));
});
