import { expect, test } from 'vitest';
import { Collector, collect, collectedHeapBytes, heapBytes, isLong } from './memory.js';

const LONG = { windowMs: 10_000 };

/** Makes garbage, looks, and tells whether it is gone. */
function collects(look: () => void): Promise<boolean> {
  const gone = new WeakRef({ garbage: new Uint8Array(8) });
  return new Promise((resolve) => {
    // a weak reference holds its object until the end of the turn that made it
    setTimeout(() => {
      look();
      resolve(gone.deref() === undefined);
    });
  });
}

test('a collection frees the garbage of this thread', async () => {
  expect(await collects(collect)).toBe(true);
  expect(await collects(() => undefined)).toBe(false);
  const garbage = Array.from({ length: 1000 }, () => new Uint8Array(1000));
  const before = heapBytes();
  expect(garbage.splice(0)).toHaveLength(1000);
  expect(collectedHeapBytes()).toBeLessThan(before);
});

test('a producing thread collects once a window, at its own moment of it', async () => {
  const collector = new Collector(LONG, 1e9, 0.25);
  const at = (ms: number) => collects(() => collector.look(1e9 + ms * 1e6));
  expect(await at(2400)).toBe(false);
  expect(await at(2500)).toBe(true);
  expect(await at(12_400)).toBe(false);
  expect(await at(13_000)).toBe(true);
  expect(await at(22_900)).toBe(false);
});

test('where windows are short no thread stops to collect', async () => {
  expect([isLong(LONG), isLong({ windowMs: 5000 }), isLong({ windowMs: 1000 })]).toEqual([true, true, false]);
  const collector = new Collector({ windowMs: 1000 }, 0, 0);
  expect(await collects(() => collector.look(1e15))).toBe(false);
});
