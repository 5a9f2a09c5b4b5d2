import { describe, expect, test } from 'vitest';
import { SLOT } from '../spec/layout.js';
import { indexRecord, sequences, setUp, slotWord } from './testing-sink.js';

const NEAR_WRAP = 2 ** 32 - 3;

describe('index lane', () => {
  test('a lane takes exactly its capacity and rejects the next record as LANE_FULL', () => {
    const { drain } = setUp();
    const handle = drain.registry.register({ threadId: 1 });
    const outcomes = Array.from({ length: 10 }, (_, i) => handle.emitIndex(indexRecord(i)));
    expect(outcomes).toEqual([...Array<string>(8).fill('accepted'), 'LANE_FULL', 'LANE_FULL']);
    expect(slotWord(drain, handle.slot, SLOT.indexRejected)).toBe(2);
  });

  test('what the drain releases may be written again', () => {
    const { drain, sink } = setUp({ quantum: 3 });
    const handle = drain.registry.register({ threadId: 1 });
    for (let i = 0; i < 8; i += 1) handle.emitIndex(indexRecord(i));
    expect(drain.drainIteration().delivered).toBe(3);
    expect([8, 9, 10, 11].map((i) => handle.emitIndex(indexRecord(i)))).toEqual([
      'accepted',
      'accepted',
      'accepted',
      'LANE_FULL',
    ]);
    while (drain.drainIteration().delivered > 0);
    expect(sequences(sink, 1, 'index')).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  test('a batch that wraps the ring comes as two spans without a gap', () => {
    const spans: number[] = [];
    const { drain } = setUp(
      { quantum: 8 },
      { sink: { write: (batch) => (spans.push(batch.spans.length), batch.count) } },
    );
    const handle = drain.registry.register({ threadId: 1 });
    for (let i = 0; i < 5; i += 1) handle.emitIndex(indexRecord(i));
    drain.drainIteration();
    for (let i = 5; i < 12; i += 1) handle.emitIndex(indexRecord(i));
    drain.drainIteration();
    expect(spans).toEqual([1, 2]);
  });

  test('cursors that pass 2^32 lose nothing, and full is still told from empty', () => {
    const { drain, sink } = setUp({ initialCursor: NEAR_WRAP, quantum: 8 });
    const handle = drain.registry.register({ threadId: 1 });
    for (let round = 0; round < 3; round += 1) {
      for (let i = 0; i < 8; i += 1) expect(handle.emitIndex(indexRecord(round * 8 + i))).toBe('accepted');
      expect(handle.emitIndex(indexRecord(99))).toBe('LANE_FULL');
      expect(drain.drainIteration().delivered).toBe(8);
      expect(drain.drainIteration()).toMatchObject({ visits: 0, delivered: 0 });
    }
    expect(slotWord(drain, handle.slot, SLOT.indexTail)).toBe(21);
    expect(sequences(sink, 1, 'index')).toEqual(Array.from({ length: 24 }, (_, i) => i));
    expect(drain.metrics().index).toMatchObject({ accepted: 24, rejected: 3, delivered: 24, pending: 0 });
  });

  test('a record of another size is an error and no attempt', () => {
    const { drain } = setUp();
    const handle = drain.registry.register({ threadId: 1 });
    expect(() => handle.emitIndex(new Uint8Array(31))).toThrow('RECORD_SIZE');
    expect(drain.metrics().index).toMatchObject({ attempted: 0 });
  });
});
