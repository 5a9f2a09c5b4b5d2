import { Worker } from 'node:worker_threads';
import { describe, expect, test, vi } from 'vitest';
import { HEADER, SLOT } from '../spec/layout.js';
import { DrainThread, DrainThreadError } from './drain-thread.js';
import {
  SMALL,
  detailRecord,
  group,
  indexRecord,
  interleave,
  setUp,
  type CountingData,
  type ProducerData,
} from './testing-sink.js';

const HERE = new URL('./testing-sink.js', import.meta.url);
const PRODUCER = `
const { parentPort, workerData } = require('node:worker_threads');
import(workerData.module).then(({ runProducer }) => {
  parentPort.postMessage('ready');
  parentPort.postMessage(runProducer(workerData.data));
});`;

interface Producer {
  readonly ready: Promise<void>;
  readonly accepted: Promise<number>;
}

/** Runs runProducer() in a thread of its own. */
function produce(data: ProducerData): Producer {
  const worker = new Worker(PRODUCER, { eval: true, workerData: { module: HERE.href, data } });
  const accepted = new Promise<number>((resolve, reject) => {
    worker.on('error', reject);
    worker.on('message', (message: unknown) => {
      if (typeof message === 'number') resolve(message);
    });
  });
  const ready = new Promise<void>((resolve) =>
    worker.once('message', () => {
      resolve();
    }),
  );
  return { ready, accepted };
}

function counting(): { counts: Int32Array; sinkData: CountingData } {
  const counts = new Int32Array(new SharedArrayBuffer(16));
  return { counts, sinkData: { counts: counts.buffer } };
}

/** Waits until a shared word is at least `value`, for at most 20 s. */
async function reaches(words: Int32Array, at: number, value: number): Promise<boolean> {
  for (let look = 0; look < 4000 && Atomics.load(words, at) < value; look += 1)
    await new Promise((resolve) => setTimeout(resolve, 5));
  return Atomics.load(words, at) >= value;
}

describe('a drain on its own thread', () => {
  test('delivers everything that producers in other threads emit', async () => {
    const { counts, sinkData } = counting();
    const thread = new DrainThread({ config: { ...SMALL, indexCapacity: 64 }, sinkModule: HERE, sinkData, sleepMs: 1 });
    const producers = [1, 2, 3].map((threadId) =>
      produce({ arena: thread.arena, threadId, events: 2000, whenAsleep: false }),
    );
    const accepted = await Promise.all(producers.map((producer) => producer.accepted));
    expect(accepted).toEqual([2000, 2000, 2000]);
    expect(await thread.stop()).toMatchObject({ leftIndex: 0, leftDetail: 0, complete: true });
    expect(counts[0]).toBe(6000);
  });

  test('takes what this thread emits, and makes room for an emit that waits', async () => {
    const { counts, sinkData } = counting();
    const thread = new DrainThread({ config: { ...SMALL, preRoll: 4 }, sinkModule: HERE, sinkData });
    const handle = thread.registry.register({ threadId: 1 });
    expect(handle.emitIndex(indexRecord(0))).toBe('accepted');
    expect(await reaches(counts, 0, 1)).toBe(true);
    const outcomes = Array.from({ length: 100 }, (_, i) => handle.emitIndex(indexRecord(i + 1), 20_000));
    expect(new Set(outcomes)).toEqual(new Set(['accepted']));
    handle.emitDetail(detailRecord(0));
    handle.mark();
    handle.leave();
    expect(await thread.stop({ deadlineNs: 20e9 })).toMatchObject({ complete: true });
    expect([...counts]).toEqual([101, 1, 0, 0]);
    await expect(thread.ended).resolves.toMatchObject({ complete: true });
  });

  test('answers a stop whose deadline a failing sink exceeds with what is left', async () => {
    const { counts, sinkData } = counting();
    counts[2] = 1;
    const thread = new DrainThread({ config: SMALL, sinkModule: HERE, sinkData });
    thread.registry.register({ threadId: 1 }).submit(group(5));
    expect(await thread.stop({ deadlineNs: 1e6 })).toEqual({
      delivered: 0,
      leftIndex: 5,
      leftDetail: 0,
      complete: false,
    });
    counts[2] = 0;
    const { drain, sink } = setUp({}, { arena: thread.arena });
    expect(drain.stop()).toMatchObject({ delivered: 5, complete: true });
    expect(sink.records(1, 'index')).toHaveLength(5);
  });

  test('tries again while its sink fails', async () => {
    const { counts, sinkData } = counting();
    counts[2] = 1;
    const thread = new DrainThread({ config: SMALL, sinkModule: HERE, sinkData, sleepMs: 50 });
    thread.registry.register({ threadId: 1 }).submit(group(5));
    expect(await reaches(counts, 3, 3)).toBe(true);
    Atomics.store(counts, 2, 0);
    expect(await reaches(counts, 0, 5)).toBe(true);
    expect(await thread.stop()).toMatchObject({ complete: true });
  });

  test.each([-1, NaN])('refuses a deadline of %d ns, and can still be stopped', async (deadlineNs) => {
    const thread = new DrainThread({ config: SMALL, sinkModule: HERE, sinkData: counting().sinkData });
    await expect(thread.stop({ deadlineNs })).rejects.toThrow('INVALID_ARGUMENT');
    expect(await thread.stop({ deadlineNs: Infinity })).toMatchObject({ complete: true });
  });

  test('has the default configuration when none is given', async () => {
    const thread = new DrainThread({ sinkModule: HERE, sinkData: counting().sinkData });
    expect(await thread.stop()).toMatchObject({ delivered: 0, complete: true });
  });

  test('a sink module that throws at its import is a DrainThreadError with the cause', async () => {
    const thread = new DrainThread({ config: SMALL, sinkModule: 'data:text/javascript,throw new Error("no disk")' });
    await expect(thread.ended).rejects.toThrow(DrainThreadError);
    await expect(thread.stop()).rejects.toThrow('no disk');
  });

  test('a thread that ends before it is stopped is a DrainThreadError, and its lanes can still be drained', async () => {
    const thread = new DrainThread({ config: SMALL, sinkModule: 'data:text/javascript,process.exit(3)' });
    thread.registry.register({ threadId: 1 }).submit(group(2));
    await expect(thread.ended).rejects.toThrow('ended with code 3');
    await expect(thread.stop()).rejects.toThrow(DrainThreadError);
    expect(setUp({}, { arena: thread.arena }).drain.stop()).toMatchObject({ delivered: 2, complete: true });
  });

  test('a thread that does not answer a stop is given up after the deadline and its grace', async () => {
    const hang = 'data:text/javascript,Atomics.wait(new Int32Array(new SharedArrayBuffer(4)),0,0)';
    const thread = new DrainThread({ config: SMALL, sinkModule: hang });
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const stopped = expect(thread.stop({ deadlineNs: 1e9 })).rejects.toThrow('did not stop within 11000 ms');
      await vi.advanceTimersByTimeAsync(11_000);
      await stopped;
    } finally {
      vi.useRealTimers();
    }
  });
});

describe('waiting for work', () => {
  test('work that is there ends the wait at once', () => {
    const { drain } = setUp();
    drain.registry.register({ threadId: 1 }).emitIndex(indexRecord(0));
    expect(drain.waitForWork(60_000)).toBe(true);
    expect(drain.metrics().wakeups).toBe(0);
  });

  test('a marked window and a leaving thread are work, an idle thread and unmarked detail are none', () => {
    const { drain } = setUp();
    const handle = drain.registry.register({ threadId: 1 });
    handle.emitDetail(detailRecord(0));
    expect(drain.waitForWork(1)).toBe(false);
    handle.mark();
    handle.seal();
    expect(drain.waitForWork(60_000)).toBe(true);
    drain.drainIteration();
    expect(drain.waitForWork(1)).toBe(false);
    handle.leave();
    expect(drain.waitForWork(60_000)).toBe(true);
  });

  test('an emit in another thread wakes a sleeping drain, once for each sleep', async () => {
    const { drain } = setUp();
    const producer = produce({ arena: drain.arena, threadId: 1, events: 3, whenAsleep: true });
    await producer.ready;
    let delivered = 0;
    for (let i = 0; i < 10 && delivered < 3; i += 1) {
      expect(drain.waitForWork(30_000)).toBe(true);
      delivered += drain.drainIteration().delivered;
    }
    expect(delivered).toBe(3);
    expect(await producer.accepted).toBe(3);
    expect(drain.metrics().wakeups).toBeGreaterThan(0);
  });

  test.each([0, -1, NaN])('a wait of %d ms looks, and does not wait', (timeoutMs) => {
    const { drain } = setUp();
    drain.registry.register({ threadId: 1 });
    expect(drain.waitForWork(timeoutMs)).toBe(false);
    expect(drain.metrics().wakeups).toBe(0);
  });

  test('an event that comes after the look and before the sleep is not slept through', () => {
    const { drain } = setUp();
    const { view } = drain;
    const handle = drain.registry.register({ threadId: 1 });
    // The look reads the tail last of all: what comes right after it is what the look missed.
    const emit = (): void => void handle.emitIndex(indexRecord(0));
    const missed = { method: 'load', at: 'after', word: view.slot(0, SLOT.indexTail), action: emit } as const;
    expect(interleave(missed, () => drain.waitForWork(60_000))).toBe(true);
    expect(drain.drainIteration().delivered).toBe(1);
  });

  test('only one of two producers that see the sleeper wakes it', () => {
    const { drain } = setUp();
    const { view } = drain;
    Atomics.store(view.words, view.header(HEADER.sleeping), 1);
    const handles = [1, 2].map((threadId) => drain.registry.register({ threadId }));
    for (const handle of handles) handle.emitIndex(indexRecord(0));
    expect(Atomics.load(view.words, view.header(HEADER.wakeSequence))).toBe(1);
  });

  test('closing leaves no sleeper behind', () => {
    const { drain } = setUp();
    Atomics.store(drain.view.words, drain.view.header(HEADER.sleeping), 1);
    drain.close();
    expect(Atomics.load(drain.view.words, drain.view.header(HEADER.sleeping))).toBe(0);
  });
});
