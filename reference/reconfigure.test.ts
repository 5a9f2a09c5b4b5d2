import { describe, expect, test } from 'vitest';
import type { Batch, Sink } from '../spec/contract.js';
import { LoadMeter } from './load-meter.js';
import { group, indexRecord, setUp } from './testing-sink.js';

const codeOf = (run: () => unknown): string => {
  try {
    return String(run());
  } catch (error) {
    return (error as { code: string }).code;
  }
};

describe('weights and priorities', () => {
  test('may be changed while the thread lives, and count from its next turn on', () => {
    const { drain, sink } = setUp({ policy: 'weighted-fair', indexCapacity: 64 });
    const handle = drain.registry.register({ threadId: 1, weight: 3 });
    handle.submit(group(40));
    drain.drainIteration();
    expect(handle.setWeight(1)).toBe('accepted');
    drain.drainIteration();
    expect(sink.batches.map(({ count }) => count)).toEqual([12, 4]);
    expect(drain.metrics().threads[0]).toMatchObject({ weight: 1, priority: 0 });
  });

  test('priority orders the turns of an iteration', () => {
    const { drain, sink } = setUp({ policy: 'priority' });
    const handles = [0, 7, 3].map((priority, i) => drain.registry.register({ threadId: i + 1, priority }));
    for (const handle of handles) handle.submit(group(8));
    drain.drainIteration();
    expect(handles[0]!.setPriority(5)).toBe('accepted');
    drain.drainIteration();
    expect(sink.batches.map(({ threadId }) => threadId)).toEqual([2, 3, 1, 2, 3, 1]);
    expect(drain.metrics().threads.map(({ priority }) => priority)).toEqual([5, 7, 3]);
  });

  test('a thread that leaves while it waits goes to the final drains', () => {
    const { drain, sink } = setUp({ policy: 'priority', maxIterationVisits: 1 });
    const [low, top] = [0, 7].map((priority, i) => drain.registry.register({ threadId: i + 1, priority }));
    for (const handle of [low!, top!]) handle.submit(group(8));
    drain.drainIteration();
    low!.leave();
    for (let i = 0; i < 3; i += 1) drain.drainIteration();
    expect(sink.batches.map(({ threadId }) => threadId)).toEqual([2, 1, 2, 1]);
  });

  test('values out of range are refused before anything else, at registration in order', () => {
    const { drain } = setUp();
    const { registry } = drain;
    expect(codeOf(() => registry.register({ threadId: -1, weight: 0, priority: 8 }))).toBe('INVALID_WEIGHT');
    expect(codeOf(() => registry.register({ threadId: -1, priority: 8 }))).toBe('INVALID_PRIORITY');
    expect(codeOf(() => registry.register({ threadId: -1 }))).toBe('INVALID_ARGUMENT');
    const handle = registry.register({ threadId: 1 });
    handle.leave();
    expect(codeOf(() => handle.setWeight(1025))).toBe('INVALID_WEIGHT');
    expect(codeOf(() => handle.setPriority(-1))).toBe('INVALID_PRIORITY');
    expect([handle.setWeight(1), handle.setPriority(1)]).toEqual(['THREAD_LEFT', 'THREAD_LEFT']);
    drain.stop();
    expect(codeOf(() => registry.register({ threadId: 1, weight: 0 }))).toBe('STOPPED');
  });

  test('a submit that is held does not keep anybody from changing them; death and stop do', () => {
    const { drain } = setUp();
    const [one, two] = [1, 2].map((threadId) => drain.registry.register({ threadId }));
    one!.beginSubmit(group(1));
    expect([one!.setWeight(2), one!.setPriority(2)]).toEqual(['accepted', 'accepted']);
    drain.declareDead(one!.slot, one!.generation);
    expect(one!.setWeight(3)).toBe('STALE_HANDLE');
    drain.stop();
    expect([two!.setWeight(3), two!.setPriority(3)]).toEqual(['STOPPED', 'STOPPED']);
  });
});

describe('configure', () => {
  test('changes quantum and policy between iterations', () => {
    const { drain, sink } = setUp({ indexCapacity: 64 });
    for (const [threadId, weight] of [
      [1, 1],
      [2, 2],
    ] as const)
      drain.registry.register({ threadId, weight }).submit(group(40));
    drain.drainIteration();
    drain.configure({ quantum: 6 });
    drain.drainIteration();
    drain.configure({ policy: 'weighted-fair' });
    drain.drainIteration();
    expect(sink.batches.map(({ count }) => count)).toEqual([4, 4, 6, 6, 6, 12]);
    expect(drain.config).toMatchObject({ quantum: 6, policy: 'weighted-fair', indexCapacity: 64 });
  });

  test('changes all or nothing', () => {
    const { drain } = setUp();
    const before = drain.config;
    expect(codeOf(() => drain.configure({ quantum: 8, maxSkips: -1 }))).toBe('INVALID_ARGUMENT');
    expect(codeOf(() => drain.configure({ quantum: 8, slots: 5 } as object))).toBe('INVALID_ARGUMENT');
    expect(drain.config).toEqual(before);
  });

  test('from inside sink.write holds from the end of that iteration on, one change upon the other', () => {
    const seen: number[] = [];
    const set = setUp({ indexCapacity: 64 }, { sink: { write } });
    function write({ count }: Batch): number {
      seen.push(count, set.drain.config.quantum);
      if (seen.length === 2) {
        set.drain.configure({ quantum: 8 });
        set.drain.configure({ maxSkips: 9 });
        expect(codeOf(() => set.drain.configure({ quantum: 0 }))).toBe('INVALID_QUANTUM');
      }
      return count;
    }
    for (const threadId of [1, 2]) set.drain.registry.register({ threadId }).submit(group(32));
    set.drain.drainIteration();
    expect(set.drain.config).toMatchObject({ quantum: 8, maxSkips: 9 });
    set.drain.drainIteration();
    expect(seen).toEqual([4, 4, 4, 4, 8, 8, 8, 8]);
  });

  test('from inside a batch that is drained by hand holds after it', () => {
    const sink: Sink = { write: ({ count }) => (drain.configure({ quantum: 7 }), count) };
    const { drain } = setUp({}, { sink });
    drain.registry.register({ threadId: 1 }).emitIndex(indexRecord(0));
    drain.tryAcquireDrain(0);
    drain.drainThreadLanes(0, 1);
    expect(drain.config.quantum).toBe(7);
  });

  test('other limits of the back-off count at the next failure', () => {
    const set = setUp({ maxBackoffIterations: 1 }, { sink: { write: () => 0 } });
    set.drain.registry.register({ threadId: 1 }).submit(group(8));
    set.drain.drainIteration();
    set.drain.configure({ maxBackoffIterations: 64 });
    const failures = Array.from({ length: 12 }, () => set.drain.drainIteration().sinkFailures);
    expect(failures).toEqual([0, 1, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0]);
  });
});

describe('adaptive', () => {
  const CONFIG = { policy: 'adaptive', indexCapacity: 256, quantum: 8, quantumMin: 4, quantumMax: 64 } as const;

  test('visits grow under load, batches hold at most the batch', () => {
    const { drain, sink } = setUp({ ...CONFIG, batchMin: 4, batchMax: 4 });
    drain.registry.register({ threadId: 1 }).submit(group(200));
    const delivered = [1, 2, 3, 4].map(() => drain.drainIteration().delivered);
    expect(delivered).toEqual([8, 8, 16, 16]);
    expect(sink.batches.map(({ count }) => count)).toEqual(Array(12).fill(4));
    expect(drain.metrics().fairness).toMatchObject({ quantum: 32, batch: 4 });
  });

  test('detail windows are cut to the batch too', () => {
    const { drain, sink } = setUp({ ...CONFIG, batchMin: 1, batchMax: 1, preRoll: 4 });
    const handle = drain.registry.register({ threadId: 1 });
    handle.submit(group(1, 4));
    handle.mark();
    drain.drainIteration();
    expect(sink.batches.map(({ lane, count }) => `${lane} ${count}`)).toEqual([
      'index 1',
      ...Array<string>(4).fill('detail 1'),
    ]);
  });

  test('batches shrink before a sink that is slow, until a write takes no longer than its target', () => {
    const set = setUp({ ...CONFIG, quantum: 16, batchMin: 2, batchMax: 16, targetWriteNs: 100 }, { sink: { write } });
    function write({ count }: Batch): number {
      set.clock.ns += 25n * BigInt(count);
      return count;
    }
    set.drain.registry.register({ threadId: 1 }).submit(group(256));
    for (let i = 0; i < 10; i += 1) set.drain.drainIteration();
    expect(set.drain.metrics().fairness).toMatchObject({ batch: 4 });
  });

  test('a write that fails takes time as well', () => {
    const clock = { ns: 0n };
    const meter = new LoadMeter({ now: () => clock.ns, pause: () => undefined });
    const batch = { threadId: 1, slot: 0, generation: 1, lane: 'index', recordBytes: 32, count: 3, spans: [] } as const;
    const sink = meter.timed({
      write: ({ count }) => {
        clock.ns += 5n;
        if (clock.ns > 5n) throw new Error('no room');
        return count;
      },
    });
    expect(sink.write(batch)).toBe(3);
    expect(() => sink.write(batch)).toThrow('no room');
    meter.countVisit(4);
    meter.countVisit(6);
    expect(meter.load(20, 3)).toEqual({ visits: 2, pending: 10, tookNs: 20, writeNs: 10, acknowledged: 3 });
  });

  test('a stop learns nothing', () => {
    const { drain } = setUp({ ...CONFIG, quantum: 4, indexCapacity: 64 });
    drain.registry.register({ threadId: 1 }).submit(group(60));
    expect(drain.stop()).toMatchObject({ delivered: 60, complete: true });
    expect(drain.metrics().fairness!.quantum).toBe(4);
  });
});

describe('a queue that stays held', () => {
  test('is reported once for each row of skips, with how long it was held', () => {
    const { drain, clock, events } = setUp({ stuckAfterNs: 100 });
    const handle = drain.registry.register({ threadId: 7 });
    const hold = (): void => {
      handle.emitIndex(indexRecord(0));
      handle.beginSubmit(group(1));
    };
    const skipAt = (...times: bigint[]): void => {
      for (const ns of times) {
        clock.ns = ns;
        expect(drain.drainIteration().skips).toBe(1);
      }
    };
    hold();
    skipAt(1000n, 1099n, 1130n, 9000n);
    handle.commitSubmit();
    drain.drainIteration();
    hold();
    skipAt(10_000n, 10_100n);
    expect(events.filter(({ event }) => event === 'queue-stuck')).toEqual([
      { event: 'queue-stuck', threadId: 7, slot: 0, generation: 1, heldNs: 130 },
      { event: 'queue-stuck', threadId: 7, slot: 0, generation: 1, heldNs: 100 },
    ]);
  });

  test('is never reported when stuckAfterNs is 0, and others go on', () => {
    const { drain, clock, events, sink } = setUp({ stuckAfterNs: 0 });
    const [held, other] = [1, 2].map((threadId) => drain.registry.register({ threadId }));
    held!.emitIndex(indexRecord(0));
    held!.beginSubmit(group(1));
    for (let i = 0; i < 20; i += 1) {
      clock.ns += 10n ** 12n;
      other!.emitIndex(indexRecord(i, 2));
      drain.drainIteration();
    }
    expect(events.map(({ event }) => event)).not.toContain('queue-stuck');
    expect(sink.records(2, 'index')).toHaveLength(20);
  });
});
