import { describe, expect, it } from 'vitest';
import { patternRecord } from '../../spec/index.js';
import { RunBuilder, readHead } from './decode.js';

const index = (thread: number, sequence: number, join?: number): Uint8Array =>
  patternRecord('index', 64, thread, sequence, join);
const concat = (...parts: Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));
const batch = (lane: 'index' | 'detail', spans: Uint8Array[], more: object = {}): object => {
  const recordBytes = lane === 'index' ? 32 : 64;
  const total = spans.reduce((sum, span) => sum + span.byteLength, 0);
  return { threadId: 3, slot: 0, generation: 1, lane, recordBytes, count: total / recordBytes, spans, ...more };
};
const decode = (given: unknown): { runs: unknown[]; malformed: string | undefined; count: number; lane: string } => {
  const head = readHead(given, 64);
  const builder = new RunBuilder(head.thread);
  builder.addBatch(head);
  return { runs: builder.runs, malformed: head.malformed, count: head.count, lane: head.lane };
};

describe('decode', () => {
  it('joins consecutive sequences, over the wrap too', () => {
    const spans = [concat(index(3, 7), index(3, 8)), concat(index(3, 9))];
    expect(decode(batch('index', spans))).toEqual({
      runs: [{ from: 7, count: 3 }],
      malformed: undefined,
      count: 3,
      lane: 'index',
    });
  });

  it('keeps joined and plain records apart', () => {
    const records = [index(3, 0), index(3, 1, 5), index(3, 2, 6), index(3, 3, 8), index(3, 4), index(3, 5)];
    expect(decode(batch('index', [concat(...records)])).runs).toEqual([
      { from: 0, count: 1 },
      { from: 1, count: 2, join: 5 },
      { from: 3, count: 1, join: 8 },
      { from: 4, count: 2 },
    ]);
  });

  it('names a foreign thread and a torn record', () => {
    const torn = index(3, 1);
    torn[9] = torn[9]! ^ 1;
    const runs = decode(batch('index', [concat(index(4, 0), torn, index(3, 2))])).runs;
    expect(runs).toEqual([
      { from: 0, count: 1, thread: 4 },
      { torn: true, at: 1, hex: Buffer.from(torn).toString('hex') },
      { from: 2, count: 1 },
    ]);
  });

  it('reads Buffers at odd addresses: their slice() is no copy', () => {
    const room = Buffer.alloc(3 * 32 + 1);
    room.set(concat(index(3, 4), index(3, 5), index(3, 6)), 1);
    const { runs, malformed } = decode(batch('index', [room.subarray(1, 65), room.subarray(65)]));
    expect([runs, malformed]).toEqual([[{ from: 4, count: 3 }], undefined]);
  });

  it('reads detail records, unaligned spans too', () => {
    const detail = [0, 1, 3].map((sequence) => patternRecord('detail', 64, 3, sequence));
    const torn = patternRecord('detail', 64, 3, 4);
    torn[63] = torn[63]! ^ 1;
    const shifted = new Uint8Array(4 * 64 + 1);
    shifted.set(concat(...detail, torn), 1);
    const { runs, malformed } = decode(batch('detail', [shifted.subarray(1)]));
    expect(malformed).toBeUndefined();
    expect(runs).toMatchObject([
      { from: 0, count: 2 },
      { from: 3, count: 1 },
      { torn: true, at: 3 },
    ]);
  });

  it('says what is wrong with a batch itself', () => {
    expect(decode(undefined).malformed).toContain('threadId is undefined');
    expect(decode(batch('index', [index(3, 0)], { lane: 'middle' }))).toMatchObject({ lane: 'index' });
    expect(decode(batch('index', [index(3, 0)], { lane: 'middle' })).malformed).toBe('lane is middle');
    expect(decode(batch('index', [index(3, 0)], { count: 2 })).malformed).toBe(
      '2 records of 32 bytes in spans of 32 bytes',
    );
    expect(decode(batch('index', [index(3, 0)], { count: -1 }))).toMatchObject({ count: 1, malformed: 'count is -1' });
    expect(decode(batch('index', [], { count: 0 })).malformed).toContain('count is 0');
    expect(decode(batch('index', [index(3, 0)], { recordBytes: 64 })).malformed).toBe(
      'recordBytes is 64 instead of 32',
    );
    expect(decode(batch('index', [], { spans: 'none' })).malformed).toContain('spans are no array');
    expect(decode(batch('index', [index(3, 0)], { spans: [7] })).malformed).toContain('1 (0 of them Uint8Array)');
  });

  it('puts records together that are split between spans', () => {
    const bytes = concat(index(3, 0), index(3, 1));
    const { runs, malformed } = decode(batch('index', [bytes.slice(0, 40), bytes.slice(40)]));
    expect(runs).toEqual([{ from: 0, count: 2 }]);
    expect(malformed).toBe('a span of 40 bytes is no multiple of 32; a span of 24 bytes is no multiple of 32');
  });
});
