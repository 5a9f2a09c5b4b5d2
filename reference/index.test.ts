import { expect, test } from 'vitest';
import { CAPABILITIES, CONTRACT_VERSION, MODULE_SHAPE } from '../spec/contract.js';
import * as reference from './index.js';
import { SMALL, detailRecord, group, sequences } from './testing-sink.js';

test('the module has the shape of the contract', () => {
  for (const [name, type] of Object.entries(MODULE_SHAPE)) {
    const value: unknown = reference.implementation[name as keyof typeof MODULE_SHAPE];
    expect(Array.isArray(value) ? 'array' : typeof value).toBe(type);
  }
  expect(reference.default).toBe(reference.implementation);
  expect(reference.contractVersion).toBe(CONTRACT_VERSION);
});

test('it claims every capability but native producers', () => {
  const claimed = new Set<string>(reference.capabilities);
  expect(Object.keys(CAPABILITIES).filter((capability) => !claimed.has(capability))).toEqual(['producer-threads']);
});

test('a registry that is opened over the shared arena feeds the drain', () => {
  const sink = new reference.MemorySink();
  const drain = reference.createDrain({ config: SMALL, sink });
  reference.openRegistry(drain.shareRegistry()).register({ threadId: 5 }).submit(group(2));
  expect(drain.drainIteration().delivered).toBe(2);
  expect(sequences(sink, 5, 'index')).toEqual([0, 1]);
  drain.close();
});

test('the memory sink keeps copies, by thread and lane, in order, across the wrap of a ring', () => {
  const sink = new reference.MemorySink();
  const drain = reference.createDrain({ config: { ...SMALL, preRoll: 4, quantum: 64 }, sink });
  const handles = [1, 2].map((threadId) => drain.registry.register({ threadId }));
  for (let round = 0; round < 4; round += 1) {
    for (const handle of handles) handle.submit(group(6, 0, round * 6));
    drain.drainIteration();
  }
  handles[0]!.emitDetail(detailRecord(77));
  handles[0]!.mark();
  handles[0]!.leave();
  drain.drainIteration();
  const all = Array.from({ length: 24 }, (_, i) => i);
  expect(sequences(sink, 1, 'index')).toEqual(all);
  expect(sequences(sink, 2, 'index')).toEqual(all);
  expect(sink.records(1, 'detail')).toEqual([detailRecord(77)]);
  expect(sink.records(3, 'index')).toEqual([]);
});
