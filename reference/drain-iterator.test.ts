import { describe, expect, test } from 'vitest';
import type { Batch, Sink, ThreadHandle } from '../spec/contract.js';
import { SLOT } from '../spec/layout.js';
import { DrainIterator } from './drain-iterator.js';
import { stateWord } from './slot-state.js';
import { group, indexRecord, interleave, sequences, setUp, slotWord, type TestDrain } from './testing-sink.js';

/** Registers threads 1 to n, each with a full index lane. */
function backlogged({ drain }: TestDrain, count: number, weight?: (thread: number) => number): ThreadHandle[] {
  return Array.from({ length: count }, (_, i) => {
    const handle = drain.registry.register({ threadId: i + 1, ...(weight && { weight: weight(i + 1) }) });
    handle.submit(group(drain.config.indexCapacity));
    return handle;
  });
}

describe('iterations', () => {
  test('without threads there is nothing to do', () => {
    const { drain } = setUp();
    expect(drain.drainIteration()).toEqual({
      visits: 0,
      skips: 0,
      delivered: 0,
      batches: 0,
      sinkFailures: 0,
      reclaimed: 0,
      truncated: 'no',
    });
  });

  test('round robin gives each backlogged thread one quantum, whatever its weight', () => {
    const set = setUp();
    backlogged(set, 3, (thread) => thread);
    expect(set.drain.drainIteration()).toMatchObject({ visits: 3, delivered: 12, batches: 3 });
    expect(set.sink.batches.map(({ threadId, count }) => [threadId, count])).toEqual([
      [1, 4],
      [2, 4],
      [3, 4],
    ]);
  });

  test('weighted fair gives each backlogged thread its weight in quanta', () => {
    const set = setUp({ policy: 'weighted-fair', indexCapacity: 64 });
    backlogged(set, 3, (thread) => thread);
    set.drain.drainIteration();
    expect(set.sink.batches.map(({ count }) => count)).toEqual([4, 8, 12]);
    expect(set.drain.metrics()).toMatchObject({ jain: 1 });
  });

  test('both lanes move in a visit, however full the other one is', () => {
    const { drain, sink } = setUp({ preRoll: 4 });
    const handle = drain.registry.register({ threadId: 1 });
    handle.submit(group(8, 8));
    handle.mark();
    drain.drainIteration();
    expect(sink.batches.map(({ lane, count }) => [lane, count])).toEqual([
      ['index', 2],
      ['detail', 2],
    ]);
  });

  test('a thread that ran empty keeps no credit', () => {
    const { drain } = setUp();
    const handle = drain.registry.register({ threadId: 1 });
    handle.emitIndex(indexRecord(0));
    drain.drainIteration();
    expect(drain.metrics().threads).toMatchObject([{ credit: 0, visits: 1 }]);
  });

  test('credit that a partial sink leaves over is kept up to the cap', () => {
    const set = setUp({ maxSkips: 1 }, { sink: { write: () => 1 } });
    backlogged(set, 1);
    const credits = Array.from({ length: 4 }, () => {
      set.drain.drainIteration();
      return set.drain.metrics().threads[0]!.credit;
    });
    expect(credits).toEqual([3, 6, 7, 7]);
  });

  test.each([
    { limit: { maxIterationVisits: 2 }, truncated: 'visits', visits: 2 },
    { limit: { maxIterationEvents: 5 }, truncated: 'events', visits: 2 },
  ])('$truncated limits end an iteration early, and the next one goes on', ({ limit, truncated, visits }) => {
    const set = setUp(limit);
    backlogged(set, 3);
    expect(set.drain.drainIteration()).toMatchObject({ visits, truncated });
    set.drain.drainIteration();
    expect(set.sink.batches.map(({ threadId }) => threadId)).toEqual([1, 2, 3, 1]);
  });

  test('a time limit ends an iteration early, never before its first visit', () => {
    let now = 0n;
    const set = setUp({ maxIterationNs: 10 }, { environment: { now: () => (now += 6n), pause: () => undefined } });
    backlogged(set, 3);
    expect(set.drain.drainIteration()).toMatchObject({ visits: 2, truncated: 'time' });
    expect(set.drain.drainIteration()).toMatchObject({ visits: 2, truncated: 'time' });
    expect(set.drain.metrics().longestIterationNs).toBeGreaterThan(0);
  });

  test('limits that are not reached do not truncate', () => {
    const set = setUp({ maxIterationVisits: 9, maxIterationEvents: 99, maxIterationNs: 10 });
    backlogged(set, 2);
    expect(set.drain.drainIteration()).toMatchObject({ visits: 2, truncated: 'no' });
  });

  test('thread events are reported in order, each once', () => {
    const { drain, events } = setUp();
    const handle = drain.registry.register({ threadId: 7 });
    drain.drainIteration();
    drain.drainIteration();
    handle.leave();
    drain.drainIteration();
    expect(events).toEqual(
      ['registered', 'leaving', 'reclaimed'].map((event) => ({ event, threadId: 7, slot: 0, generation: 1 })),
    );
  });

  test('an observer of thread events that throws costs nobody an event', () => {
    const onThreadEvent = (): never => {
      throw new Error('observer');
    };
    const { drain } = setUp({}, { onThreadEvent });
    const handle = drain.registry.register({ threadId: 1 });
    handle.submit(group(2));
    handle.leave();
    expect(drain.drainIteration()).toMatchObject({ delivered: 2, reclaimed: 1 });
    expect(drain.registry.register({ threadId: 2 }).slot).toBe(0);
  });

  test('a drain without options works in real time and tells nobody', () => {
    const batches: Batch[] = [];
    const drain = new DrainIterator({ config: { slots: 1 }, sink: { write: (b) => (batches.push(b), b.count) } });
    drain.registry.register({ threadId: 1 }).emitIndex(indexRecord(0));
    expect(drain.drainIteration().delivered).toBe(1);
    expect(drain.metrics().iterationNs).toBeGreaterThanOrEqual(0);
    expect(drain.stop()).toMatchObject({ complete: true });
    expect(batches).toHaveLength(1);
  });
});

describe('busy submit queues', () => {
  test('a busy queue is a skip that keeps credit, up to the cap', () => {
    const set = setUp({ maxSkips: 2 });
    const [handle] = backlogged(set, 1);
    set.drain.drainIteration();
    handle!.beginSubmit(group(1));
    const credits = Array.from({ length: 4 }, () => {
      expect(set.drain.drainIteration()).toMatchObject({ skips: 1, visits: 0, delivered: 0 });
      return set.drain.metrics().threads[0]!.credit;
    });
    expect(credits).toEqual([4, 8, 12, 12]);
    expect(set.drain.metrics().threads[0]).toMatchObject({ skips: 4, visits: 1 });
  });

  test('after maxSkips skips in a row a thread is first in the next iteration', () => {
    const set = setUp({ maxSkips: 2, indexCapacity: 64 });
    const handles = backlogged(set, 3);
    set.drain.drainIteration();
    set.drain.tryAcquireDrain(handles[1]!.slot);
    set.drain.drainIteration();
    set.drain.drainIteration();
    set.drain.releaseDrain(handles[1]!.slot);
    set.sink.batches.length = 0;
    set.drain.drainIteration();
    expect(set.sink.batches.map(({ threadId, count }) => [threadId, count])).toEqual([
      [2, 12],
      [1, 4],
      [3, 4],
    ]);
  });

  test('a skipped thread without work leaves the list and loses its credit', () => {
    const { drain } = setUp();
    drain.registry.register({ threadId: 1 }).emitIndex(indexRecord(0));
    drain.tryAcquireDrain(0);
    expect(drain.drainIteration().skips).toBe(1);
    expect(drain.drainThreadLanes(0, 8)).toBe(1);
    expect(drain.drainIteration().skips).toBe(1);
    expect(drain.metrics().threads[0]).toMatchObject({ credit: 0 });
    expect(drain.drainIteration()).toMatchObject({ skips: 0, visits: 0 });
  });
});

describe('a failing sink', () => {
  const nonsense: [string, () => unknown][] = [
    [
      'throws',
      () => {
        throw new Error('disk full');
      },
    ],
    ['takes a negative number', () => -1],
    ['takes more than it was offered', () => 99],
    ['takes a fraction', () => 0.5],
    ['answers nothing', () => undefined],
    ['answers a string', () => '1'],
  ];
  test.each(nonsense)('a sink that %s took nothing, and everything is offered again', (_, answer) => {
    let failing = true;
    const kept: number[] = [];
    const sink = { write: (batch: Batch) => (failing ? answer() : (kept.push(batch.count), batch.count)) } as Sink;
    const { drain } = setUp({}, { sink });
    drain.registry.register({ threadId: 1 }).submit(group(3));
    expect(drain.drainIteration()).toMatchObject({ delivered: 0, sinkFailures: 1, batches: 1 });
    failing = false;
    drain.drainIteration(); // sits out
    expect(drain.drainIteration()).toMatchObject({ delivered: 3, sinkFailures: 0 });
    expect(kept).toEqual([3]);
  });

  test('a partial answer is no failure and releases just that much', () => {
    const set = setUp({}, { sink: { write: () => 2 } });
    backlogged(set, 1);
    expect(set.drain.drainIteration()).toMatchObject({ delivered: 2, sinkFailures: 0 });
    expect(slotWord(set.drain, 0, SLOT.indexHead)).toBe(2);
  });

  test('an index failure keeps the visit from the detail lane', () => {
    const lanes: string[] = [];
    const { drain } = setUp({ preRoll: 4 }, { sink: { write: ({ lane }) => (lanes.push(lane), 0) } });
    const handle = drain.registry.register({ threadId: 1 });
    handle.submit(group(2, 4));
    handle.mark();
    drain.drainIteration();
    expect(lanes).toEqual(['index']);
  });

  test('back-off doubles with each failure in a row up to its limit, and a success ends it', () => {
    let failing = true;
    let offers = 0;
    const write = ({ count }: Batch): number => {
      offers += 1;
      return failing ? 0 : count;
    };
    const set = setUp({ maxBackoffIterations: 4, indexCapacity: 64 }, { sink: { write } });
    backlogged(set, 1);
    const rhythm = Array.from({ length: 18 }, () => {
      const before = offers;
      expect(set.drain.drainIteration().visits).toBe(1);
      return offers - before;
    }).join('');
    expect(rhythm).toBe('101001000010000100');
    failing = false;
    while (set.drain.drainIteration().delivered === 0);
    expect(set.drain.drainIteration().delivered).toBeGreaterThan(0);
  });

  test('other threads go on while one backs off', () => {
    const sink = { write: ({ threadId, count }: Batch) => (threadId === 1 ? 0 : count) };
    const set = setUp({ indexCapacity: 64 }, { sink });
    backlogged(set, 2);
    for (let i = 0; i < 5; i += 1) expect(set.drain.drainIteration().delivered).toBe(4);
  });

  test('calls from inside the sink find nothing to do', () => {
    const inside: unknown[] = [];
    const { drain } = setUp(
      {},
      {
        sink: {
          write: ({ count }) => {
            inside.push(drain.drainIteration().visits, drain.drainThreadLanes(0, 1), drain.stop());
            return count;
          },
        },
      },
    );
    drain.registry.register({ threadId: 1 }).submit(group(2));
    expect(drain.drainIteration().delivered).toBe(2);
    expect(inside).toEqual([0, 0, { delivered: 0, leftIndex: 0, leftDetail: 0, complete: false }]);
    expect(drain.registry.register({ threadId: 2 }).emitIndex(indexRecord(0))).toBe('accepted');
  });
});

describe('draining by hand', () => {
  test('only the holder of the queue drains, at most as much as asked', () => {
    const set = setUp();
    backlogged(set, 1);
    const { drain, sink } = set;
    expect(drain.tryAcquireDrain(0)).toBe(true);
    expect(drain.tryAcquireDrain(0)).toBe(false);
    expect(drain.drainThreadLanes(0, 3)).toBe(3);
    expect(drain.drainThreadLanes(0, 2 ** 31)).toBe(5);
    expect(drain.drainThreadLanes(0, 1)).toBe(0);
    drain.releaseDrain(0);
    expect(sequences(sink, 1, 'index')).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(drain.metrics()).toMatchObject({ batches: 2, visits: 0 });
  });

  test('a free slot, and one that a producer holds, cannot be acquired', () => {
    const { drain } = setUp();
    expect(drain.tryAcquireDrain(1)).toBe(false);
    drain.registry.register({ threadId: 1 }).beginSubmit(group(1));
    expect(drain.tryAcquireDrain(0)).toBe(false);
  });

  test('without holding the queue draining and releasing throw NOT_HOLDING', () => {
    const { drain } = setUp();
    drain.registry.register({ threadId: 1 });
    expect(() => drain.drainThreadLanes(0, 1)).toThrow('NOT_HOLDING');
    expect(() => {
      drain.releaseDrain(0);
    }).toThrow('NOT_HOLDING');
  });

  test.each([-1, 4, 0.5, NaN])('slot %d is INVALID_ARGUMENT everywhere', (slot) => {
    const { drain } = setUp();
    expect(() => drain.tryAcquireDrain(slot)).toThrow('INVALID_ARGUMENT');
    expect(() => {
      drain.releaseDrain(slot);
    }).toThrow('INVALID_ARGUMENT');
    expect(() => drain.drainThreadLanes(slot, 1)).toThrow('INVALID_ARGUMENT');
    expect(() => {
      drain.declareDead(slot, 1);
    }).toThrow('INVALID_ARGUMENT');
  });

  test.each([0, -1, 1.5, 2 ** 31 + 1, NaN])('draining at most %d events is INVALID_ARGUMENT', (maxEvents) => {
    const { drain } = setUp();
    drain.registry.register({ threadId: 1 });
    drain.tryAcquireDrain(0);
    expect(() => drain.drainThreadLanes(0, maxEvents)).toThrow('INVALID_ARGUMENT');
  });
});

describe('dead threads', () => {
  test('what a dead thread published is delivered, and its slot is free again', () => {
    const { drain, sink } = setUp();
    const handle = drain.registry.register({ threadId: 1 });
    handle.submit(group(3));
    drain.declareDead(handle.slot, handle.generation);
    expect(handle.emitIndex(indexRecord(9))).toBe('STALE_HANDLE');
    expect(drain.drainIteration()).toMatchObject({ delivered: 3, reclaimed: 1 });
    expect(sequences(sink, 1, 'index')).toEqual([0, 1, 2]);
  });

  test('a thread that left, and one that died, may be declared dead again until its slot is reclaimed', () => {
    const { drain } = setUp();
    const handle = drain.registry.register({ threadId: 1 });
    handle.leave();
    drain.declareDead(0, 1);
    drain.drainIteration();
    expect(() => {
      drain.declareDead(0, 1);
    }).toThrow('STALE_HANDLE');
  });

  test('a thread that died while it registered frees its slot', () => {
    const { drain } = setUp();
    Atomics.store(drain.view.words, drain.view.slot(0, SLOT.state), stateWord(1, 'claimed'));
    drain.declareDead(0, 1);
    expect(drain.registry.register({ threadId: 1 })).toMatchObject({ slot: 0, generation: 2 });
  });

  test('staged records in marked windows of a dead thread are not delivered', () => {
    const { drain, sink } = setUp({ postRoll: 8 });
    const handle = drain.registry.register({ threadId: 1 });
    handle.mark();
    handle.submit(group(0, 2));
    handle.beginSubmit(group(0, 3, 2));
    drain.declareDead(0, 1);
    expect(drain.drainIteration()).toMatchObject({ delivered: 2, reclaimed: 1 });
    expect(sequences(sink, 1, 'detail')).toEqual([0, 1]);
    expect(drain.metrics().detail).toMatchObject({ accepted: 2, delivered: 2, evicted: 0 });
  });

  test.each([0, -1, 1.5, 2 ** 24 + 1, NaN])(
    '%d is no generation: STALE_HANDLE, and the thread goes on',
    (generation) => {
      const { drain } = setUp();
      const handle = drain.registry.register({ threadId: 1 });
      expect(() => {
        drain.declareDead(0, generation);
      }).toThrow('STALE_HANDLE');
      expect(handle.emitIndex(indexRecord(0))).toBe('accepted');
    },
  );

  test('another generation, or an empty slot, is STALE_HANDLE', () => {
    const { drain } = setUp();
    drain.registry.register({ threadId: 1 });
    for (const [slot, generation] of [
      [0, 2],
      [1, 1],
    ] as const)
      expect(() => {
        drain.declareDead(slot, generation);
      }).toThrow('STALE_HANDLE');
  });
});

describe('two drains over one arena', () => {
  const pair = (): { one: TestDrain; other: TestDrain } => {
    const one = setUp();
    return { one, other: setUp({}, { arena: one.drain.shareRegistry() }) };
  };

  test('each event goes to exactly one of them', () => {
    const { one, other } = pair();
    const handle = one.drain.registry.register({ threadId: 1 });
    handle.submit(group(8));
    expect(one.drain.drainIteration().delivered).toBe(4);
    expect(other.drain.drainIteration().delivered).toBe(4);
    expect([...sequences(one.sink, 1, 'index'), ...sequences(other.sink, 1, 'index')]).toEqual([
      0, 1, 2, 3, 4, 5, 6, 7,
    ]);
  });

  test('a queue that one holds is busy for the other', () => {
    const { one, other } = pair();
    one.drain.registry.register({ threadId: 1 }).submit(group(2));
    other.drain.tryAcquireDrain(0);
    expect(one.drain.drainIteration()).toMatchObject({ skips: 1, delivered: 0 });
  });

  test('a slot that the other reclaims between the look and the swap is not acquired', () => {
    const { one, other } = pair();
    one.drain.registry.register({ threadId: 1 }).leave();
    const queue = one.drain.view.slot(0, SLOT.queue);
    const reclaim = (): void => void other.drain.drainIteration();
    const acquire = (): boolean => one.drain.tryAcquireDrain(0);
    expect(interleave({ method: 'compareExchange', at: 'before', word: queue, action: reclaim }, acquire)).toBe(false);
    expect(slotWord(one.drain, 0, SLOT.queue)).toBe(0);
  });

  test('a slot that the other reclaimed and somebody else took is tracked anew', () => {
    const { one, other } = pair();
    const handle = one.drain.registry.register({ threadId: 1 });
    handle.submit(group(2));
    one.drain.drainIteration();
    handle.leave();
    other.drain.drainIteration();
    one.drain.registry.register({ threadId: 2 }).submit(group(1));
    expect(one.drain.drainIteration().delivered).toBe(1);
    expect(one.drain.metrics()).toMatchObject({ registered: 2, reclaimed: 0, index: { accepted: 3, delivered: 3 } });
  });

  test('a slot that the other reclaims during an iteration is given back unread', () => {
    const holder: { other?: DrainIterator } = {};
    const one = setUp({}, { sink: { write: ({ count }) => (holder.other?.drainIteration(), count) } });
    const handles = [1, 2].map((threadId) => one.drain.registry.register({ threadId }));
    for (const handle of handles) handle.submit(group(1));
    handles[1]!.leave();
    holder.other = setUp({}, { arena: one.drain.arena }).drain;
    expect(one.drain.drainIteration()).toMatchObject({ visits: 2, delivered: 1, reclaimed: 0 });
    expect(slotWord(one.drain, 1, SLOT.queue)).toBe(0);
    expect(one.drain.parts.discovery.tracked[1]).toBeUndefined();
    expect(holder.other.metrics().reclaimed).toBe(1);
  });

  test('a slot that is reclaimed and taken again while it is in the list is forgotten', () => {
    const holder: { other?: DrainIterator } = {};
    const one = setUp(
      {},
      {
        sink: {
          write: ({ threadId, count }) => {
            if (threadId === 1) {
              holder.other!.drainIteration();
              one.drain.registry.register({ threadId: 3 });
              one.drain.tryAcquireDrain(1); // tracks the new thread in the slot
              one.drain.releaseDrain(1);
            }
            return count;
          },
        },
      },
    );
    const handles = [1, 2].map((threadId) => one.drain.registry.register({ threadId }));
    for (const handle of handles) handle.submit(group(1));
    handles[1]!.leave();
    holder.other = setUp({}, { arena: one.drain.arena }).drain;
    expect(one.drain.drainIteration()).toMatchObject({ visits: 1, delivered: 1 });
    expect(one.drain.metrics().threads.map(({ threadId }) => threadId)).toEqual([1, 3]);
  });
});
