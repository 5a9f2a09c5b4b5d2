import { describe, expect, test } from 'vitest';
import { GENERATION_MASK, HEADER, SLOT, STOP_STATE } from '../spec/layout.js';
import { nextGeneration, stateWord } from './slot-state.js';
import { detailRecord, group, indexRecord, interleave, setUp, slotWord } from './testing-sink.js';

describe('registering', () => {
  test('threads take the lowest free slots, and a full registry says so', () => {
    const { drain } = setUp();
    const handles = [10, 11, 12, 13].map((threadId) => drain.registry.register({ threadId }));
    expect(handles.map(({ slot, generation, threadId }) => [slot, generation, threadId])).toEqual([
      [0, 1, 10],
      [1, 1, 11],
      [2, 1, 12],
      [3, 1, 13],
    ]);
    expect(() => drain.registry.register({ threadId: 14 })).toThrow('REGISTRY_FULL');
    handles[2]!.leave();
    drain.drainIteration();
    expect(drain.registry.register({ threadId: 14 })).toMatchObject({ slot: 2, generation: 2 });
  });

  test.each([0, -1, 1.5, 1025, NaN])('weight %d is INVALID_WEIGHT and takes no slot', (weight) => {
    const { drain } = setUp();
    expect(() => drain.registry.register({ threadId: 1, weight })).toThrow('INVALID_WEIGHT');
    expect(slotWord(drain, 0, SLOT.state)).toBe(0);
  });

  test.each([-1, 0.5, 2 ** 32, NaN])('thread id %d is INVALID_ARGUMENT and takes no slot', (threadId) => {
    const { drain } = setUp();
    expect(() => drain.registry.register({ threadId })).toThrow('INVALID_ARGUMENT');
    expect(slotWord(drain, 0, SLOT.state)).toBe(0);
  });

  test('the largest thread id reaches the sink unchanged', () => {
    const { drain, sink } = setUp();
    drain.registry.register({ threadId: 0xffff_ffff }).emitIndex(indexRecord(0));
    drain.drainIteration();
    expect(sink.batches[0]).toMatchObject({ threadId: 0xffff_ffff, count: 1, lane: 'index', recordBytes: 32 });
  });

  test('a stopped drain takes no thread', () => {
    const { drain } = setUp();
    drain.stop();
    expect(() => drain.registry.register({ threadId: 1 })).toThrow('STOPPED');
  });

  test('a stop between the claim and the activation lets the drain free the slot', () => {
    const { drain } = setUp();
    const { view } = drain;
    const stopping = (): void => void Atomics.store(view.words, view.header(HEADER.stopState), STOP_STATE.stopping);
    expect(() =>
      interleave({ method: 'store', at: 'after', word: view.slot(0, SLOT.threadId), action: stopping }, () =>
        drain.registry.register({ threadId: 1 }),
      ),
    ).toThrow('STOPPED');
    expect(slotWord(drain, 0, SLOT.state)).toBe(stateWord(1, 'leaving'));
    expect(drain.stop()).toMatchObject({ complete: true });
    expect(slotWord(drain, 0, SLOT.state)).toBe(stateWord(1, 'free'));
  });

  test('of two threads that want the same slot one gets the next', () => {
    const { drain } = setUp();
    const { view } = drain;
    const state = view.slot(0, SLOT.state);
    const rival = (): void => void Atomics.store(view.words, state, stateWord(1, 'claimed'));
    const handle = interleave({ method: 'compareExchange', at: 'before', word: state, action: rival }, () =>
      drain.registry.register({ threadId: 1 }),
    );
    expect(handle.slot).toBe(1);
  });

  test('a reused slot starts with empty lanes and zero counts', () => {
    const { drain } = setUp();
    const first = drain.registry.register({ threadId: 1 });
    for (let i = 0; i < 9; i += 1) first.emitIndex(indexRecord(i));
    for (let i = 0; i < 9; i += 1) first.emitDetail(detailRecord(i));
    first.leave();
    while (drain.drainIteration().reclaimed === 0);
    const second = drain.registry.register({ threadId: 2, weight: 3 });
    expect(drain.metrics().threads).toMatchObject([
      { threadId: 2, weight: 3, index: { attempted: 0, pending: 0 }, detail: { attempted: 0, pending: 0, evicted: 0 } },
    ]);
    expect(second.submit(group(8, 8))).toBe('accepted');
  });

  test('generations skip 0 when they wrap', () => {
    expect(nextGeneration(GENERATION_MASK)).toBe(1);
    const { drain } = setUp();
    Atomics.store(drain.view.words, drain.view.slot(0, SLOT.state), stateWord(GENERATION_MASK - 1, 'free'));
    const last = drain.registry.register({ threadId: 1 });
    expect(last.generation).toBe(GENERATION_MASK);
    expect(last.emitIndex(indexRecord(0))).toBe('accepted');
    last.leave();
    expect(drain.drainIteration()).toMatchObject({ delivered: 1, reclaimed: 1 });
    expect(drain.registry.register({ threadId: 2 }).generation).toBe(1);
  });

  test('a thread with the last generation can be declared dead', () => {
    const { drain } = setUp();
    Atomics.store(drain.view.words, drain.view.slot(0, SLOT.state), stateWord(GENERATION_MASK - 1, 'free'));
    const { slot, generation } = drain.registry.register({ threadId: 1 });
    drain.declareDead(slot, generation);
    drain.declareDead(slot, generation);
    expect(drain.drainIteration().reclaimed).toBe(1);
  });
});
