import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ThreadHandle } from '../spec/contract.js';
import { HEADER, SLOT } from '../spec/layout.js';
import { createArena } from './arena.js';
import { clearReady, isReady, noteChange, readySlots, registryVersion, setReady } from './ready-bits.js';
import { swapState } from './slot-state.js';
import { detailRecord, group, indexRecord, interleave, setUp } from './testing-sink.js';

test('the bits are a set of slots, in order', () => {
  const arena = createArena({ slots: 200, indexCapacity: 2, detailCapacity: 0 });
  const set = new Set<number>();
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(199), fc.boolean()), { maxLength: 50 }), (changes) => {
      for (const [slot, on] of changes) {
        if (on) set.add(slot);
        else set.delete(slot);
        (on ? setReady : clearReady)(arena, slot);
        expect(isReady(arena, slot)).toBe(on);
      }
      expect([...readySlots(arena)]).toEqual([...set].sort((a, b) => a - b));
    }),
  );
});

test('a noted change counts, and makes a leaving slot ready', () => {
  const { drain } = setUp();
  const { slot, generation } = drain.registry.register({ threadId: 1 });
  const before = registryVersion(drain.view);
  noteChange(drain.view, slot);
  expect([registryVersion(drain.view) - before, isReady(drain.view, slot)]).toEqual([1, false]);
  swapState(drain.view, slot, generation, 'active', 'leaving');
  noteChange(drain.view, slot);
  expect([registryVersion(drain.view) - before, isReady(drain.view, slot)]).toEqual([2, true]);
});

describe('a drain', () => {
  test.each([
    ['emitIndex', (handle: ThreadHandle) => handle.emitIndex(indexRecord(0))],
    ['submit', (handle: ThreadHandle) => handle.submit(group(1))],
    ['leave', (handle: ThreadHandle) => handle.leave()],
    ['seal', (handle: ThreadHandle) => (handle.mark(), handle.emitDetail(detailRecord(0)), handle.seal())],
    [
      'mark of sealed windows',
      (handle: ThreadHandle) => (handle.emitDetail(detailRecord(0)), handle.seal(), handle.mark()),
    ],
  ])('that looks at ready slots only finds work made by %s', (_name, act) => {
    const { drain, sink } = setUp({ preRoll: 2 });
    const handle = drain.registry.register({ threadId: 1 });
    drain.drainIteration();
    expect([isReady(drain.view, 0), drain.waitForWork(0)]).toEqual([false, false]);
    act(handle);
    expect([isReady(drain.view, 0), drain.waitForWork(0)]).toEqual([true, true]);
    expect(drain.drainIteration()).toMatchObject({ visits: 1 });
    expect(sink.batches.length + drain.metrics().reclaimed).toBe(1);
  });

  test('clears the bit of a thread that ran empty, and of one whose open window is no work', () => {
    const { drain } = setUp();
    const handle = drain.registry.register({ threadId: 1 });
    handle.emitIndex(indexRecord(0));
    drain.drainIteration();
    expect(isReady(drain.view, 0)).toBe(false);
    handle.emitDetail(detailRecord(0));
    expect(isReady(drain.view, 0)).toBe(true);
    expect(drain.drainIteration()).toMatchObject({ visits: 0 });
    expect(isReady(drain.view, 0)).toBe(false);
  });

  test('finds what came between its look and the clearing of the bit, after a turn', () => {
    const { drain, sink } = setUp();
    const handle = drain.registry.register({ threadId: 1 });
    handle.emitIndex(indexRecord(0));
    const word = drain.view.ready(0);
    // the producer sees the bit still set, and leaves it alone
    const emit = {
      method: 'and',
      at: 'before',
      word,
      action: (): void => void handle.emitIndex(indexRecord(1)),
    } as const;
    interleave(emit, () => drain.drainIteration());
    expect(isReady(drain.view, 0)).toBe(true);
    drain.drainIteration();
    expect(sink.records(1, 'index')).toHaveLength(2);
  });

  test('finds what came between its look and the clearing of the bit, at the discovery', () => {
    const { drain, sink } = setUp();
    const handle = drain.registry.register({ threadId: 1 });
    drain.drainIteration();
    setReady(drain.view, 0);
    const word = drain.view.ready(0);
    const emit = {
      method: 'and',
      at: 'before',
      word,
      action: (): void => void handle.emitIndex(indexRecord(0)),
    } as const;
    expect(interleave(emit, () => drain.drainIteration())).toMatchObject({ visits: 1, delivered: 1 });
    expect(sink.records(1, 'index')).toHaveLength(1);
  });

  test('looks at everybody again when a slot changed its state during its look', () => {
    const { drain } = setUp();
    const word = drain.view.slot(0, SLOT.state);
    const register = {
      method: 'load',
      at: 'after',
      word,
      action: (): void => void drain.registry.register({ threadId: 1 }),
    } as const;
    interleave(register, () => drain.drainIteration());
    expect(drain.metrics().registered).toBe(0);
    drain.drainIteration();
    expect(drain.metrics().registered).toBe(1);
  });

  test('reclaims one that died between leaving and noting it, when it is declared dead or everybody is stopped', () => {
    for (const end of ['declareDead', 'stop'] as const) {
      const { drain } = setUp();
      const { slot, generation } = drain.registry.register({ threadId: 1 });
      drain.drainIteration();
      swapState(drain.view, slot, generation, 'active', 'leaving');
      expect(drain.drainIteration().reclaimed).toBe(0);
      if (end === 'stop') expect(drain.stop()).toMatchObject({ complete: true });
      else {
        drain.declareDead(slot, generation);
        expect(drain.drainIteration().reclaimed).toBe(1);
      }
    }
  });

  test('counts every change of a state: registered, left, reclaimed', () => {
    const { drain } = setUp();
    const version = (): number => Atomics.load(drain.view.words, drain.view.header(HEADER.registryVersion));
    const seen = [version()];
    const handle = drain.registry.register({ threadId: 1 });
    seen.push(version());
    handle.leave();
    seen.push(version());
    drain.drainIteration();
    seen.push(version());
    expect(seen).toEqual([0, 1, 2, 3]);
  });
});
