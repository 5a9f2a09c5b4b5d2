import { describe, expect, test } from 'vitest';
import { monotonicNs } from '../../conformance/subject/produce.js';
import type { Batch, StressSink } from '../../spec/index.js';
import { patternRecord } from '../../spec/records.js';
import { Board, COUNT } from './board.js';
import { fillStamped } from './stamp.js';
import { SinkAway, Tally, type TallyOptions } from './tally.js';

const IDS = 5;
const BYTES = 32;
const HOUR_MS = 3_600_000;

/** Consecutive stamped records of one thread in one span. */
function span(thread: number, sequences: readonly number[], { ns = 1000, late = 0 } = {}): Uint8Array {
  const bytes = new Uint8Array(sequences.length * BYTES);
  sequences.forEach((sequence, i) => {
    fillStamped(new Uint32Array(bytes.buffer, i * BYTES, 8), thread, sequence, ns, late);
  });
  return bytes;
}

const batch = (threadId: number, spans: readonly Uint8Array[], count?: number): Batch => ({
  lane: 'index',
  slot: 0,
  generation: 1,
  threadId,
  spans,
  count: count ?? spans.reduce((sum, { byteLength }) => sum + byteLength / BYTES, 0),
  recordBytes: BYTES,
});

function tallyOf(options: Partial<TallyOptions> = {}): { tally: Tally; board: Board } {
  const board = Board.make(IDS);
  return { board, tally: new Tally({ board, sink: { kind: 'memory' }, format: 'stamped', timed: false, ...options }) };
}

/** What a new tally counts of these batches. */
function counted(batches: readonly Batch[], options: Partial<TallyOptions> = {}) {
  const { tally, board } = tallyOf(options);
  for (const one of batches) expect(tally.write(one)).toBe(one.count);
  const { delivered, duplicated, wrong } = tally;
  return { delivered, duplicated, wrong, good: [1, 2, 3, 4].map((id) => board.get(id, COUNT.delivered)) };
}

describe('of sound batches', () => {
  test('every record counts, thread by thread, in as many spans as there are', () => {
    expect(counted([batch(1, [span(1, [0, 1]), span(1, [2])]), batch(4, [span(4, [0])]), batch(1, [])])).toEqual({
      delivered: 4,
      duplicated: 0,
      wrong: 0,
      good: [3, 0, 0, 1],
    });
  });
  test('sequences go on from batch to batch', () => {
    expect(counted([batch(1, [span(1, [0, 1])]), batch(1, [span(1, [2, 3])])])).toMatchObject({ good: [4, 0, 0, 0] });
  });
  test('a span that begins between words, or within a larger buffer, is read all the same', () => {
    const buffer = new Uint8Array(4 * BYTES);
    for (const offset of [0, 1, 2, 3, 4, 36]) {
      buffer.set(span(2, [0, 1]), offset);
      const sound = counted([batch(2, [buffer.subarray(offset, offset + 2 * BYTES)])]);
      expect(sound, `offset ${offset}`).toMatchObject({ delivered: 2, wrong: 0, good: [0, 2, 0, 0] });
    }
  });
  test('spans of one buffer and then of another are each read from their own', () => {
    const arena = new Uint8Array(new SharedArrayBuffer(2 * BYTES));
    arena.set(span(1, [0, 2]));
    const spans = [arena.subarray(0, BYTES), span(1, [1]), arena.subarray(BYTES)];
    expect(counted([batch(1, spans)])).toMatchObject({ wrong: 0, duplicated: 0, good: [3, 0, 0, 0] });
  });
});

describe('what is wrong shows', () => {
  test('a record that comes twice', () => {
    expect(counted([batch(1, [span(1, [0, 1, 1, 0, 2])])])).toEqual({
      delivered: 5,
      duplicated: 2,
      wrong: 0,
      good: [3, 0, 0, 0],
    });
    expect(counted([batch(1, [span(1, [0])]), batch(1, [span(1, [0])])])).toMatchObject({ duplicated: 1 });
  });
  test('a gap is what was not counted, and a record that comes after its successor is taken for a second one', () => {
    expect(counted([batch(1, [span(1, [0, 3, 1, 4])])])).toEqual({
      delivered: 4,
      duplicated: 1,
      wrong: 0,
      good: [3, 0, 0, 0],
    });
  });
  test('a torn record', () => {
    const torn = span(1, [0, 1, 2]);
    torn[BYTES + 4]! ^= 1;
    expect(counted([batch(1, [torn])])).toEqual({ delivered: 3, duplicated: 0, wrong: 1, good: [2, 0, 0, 0] });
  });
  test('a record of another thread than the batch says', () => {
    const mixed = new Uint8Array(2 * BYTES);
    mixed.set(span(2, [0]));
    mixed.set(span(1, [0]), BYTES);
    expect(counted([batch(1, [mixed])])).toEqual({ delivered: 2, duplicated: 0, wrong: 1, good: [1, 0, 0, 0] });
  });
  test.each([0, -1, IDS, 1.5e9, NaN])('a thread that nobody is: %d', (threadId) => {
    expect(counted([batch(threadId, [span(threadId, [0, 1])])])).toEqual({
      delivered: 2,
      duplicated: 0,
      wrong: 2,
      good: [0, 0, 0, 0],
    });
  });
  test.each([
    [3, 2, 1],
    [1, 2, 1],
    [9, 2, 7],
  ])('a batch that says %i where there are %i', (said, records, wrong) => {
    const one = batch(1, [span(1, [0]), span(1, [1])], said);
    expect(counted([one])).toEqual({ delivered: records, duplicated: 0, wrong, good: [2, 0, 0, 0] });
  });
  test('half a record at the end of a span is none', () => {
    const half = span(1, [0, 1]).subarray(0, BYTES + BYTES / 2);
    expect(counted([batch(1, [half], 2)])).toEqual({ delivered: 1, duplicated: 0, wrong: 1, good: [1, 0, 0, 0] });
  });
});

test('sequences go on beyond 2^32', () => {
  // each step is less than 2^31, as far as a gap may be
  const sequences = [2 ** 31 - 2, 2 ** 32 - 3, 2 ** 32 - 2, 2 ** 32 - 1, 0, 1];
  expect(counted([batch(1, [span(1, sequences)])])).toMatchObject({ duplicated: 0, wrong: 0, good: [6, 0, 0, 0] });
});

describe('records in the test pattern', () => {
  const patterns = (...sequences: number[]): Uint8Array[] =>
    sequences.map((sequence) => patternRecord('index', BYTES, 3, sequence));
  test('count as stamped ones do', () => {
    const torn = patternRecord('index', BYTES, 3, 4);
    torn[8]! ^= 0x80;
    expect(counted([batch(3, [...patterns(0, 1, 2, 1, 3), torn])], { format: 'pattern' })).toEqual({
      delivered: 6,
      duplicated: 1,
      wrong: 1,
      good: [0, 0, 4, 0],
    });
  });
  test('are wrong where stamped ones are due, and the other way round', () => {
    expect(counted([batch(3, patterns(0, 1))])).toMatchObject({ wrong: 2, good: [0, 0, 0, 0] });
    expect(counted([batch(1, [span(1, [0])])], { format: 'pattern' })).toMatchObject({ wrong: 1 });
  });
});

describe('times', () => {
  test('of a load that has none are not kept', () => {
    const { tally } = tallyOf();
    tally.write(batch(1, [span(1, [0, 1])]));
    expect([tally.latency, tally.scheduled, tally.lateness].map((one) => one.distribution())).toEqual(
      new Array(3).fill(undefined),
    );
  });
  test('are from the stamp to now, and what the machine was late comes on top', () => {
    const { tally } = tallyOf({ timed: true });
    const before = monotonicNs();
    tally.write(batch(1, [span(1, [0, 1], { ns: before - 5e9, late: 5e8 }), span(1, [2], { ns: before - 2e9 })]));
    const most = (monotonicNs() - before) / 1e6; // what a busy machine makes of it
    const latency = tally.latency.distribution()!;
    expect([latency.count, tally.scheduled.distribution()!.count]).toEqual([3, 3]);
    expect(latency.maxMs).toBeGreaterThanOrEqual(5000);
    expect(latency.maxMs).toBeLessThanOrEqual(5000 + most);
    expect(latency.minMs).toBeGreaterThanOrEqual(2000);
    expect(latency.minMs).toBeLessThanOrEqual(2000 + most);
    expect(tally.scheduled.distribution()!.maxMs).toBeCloseTo(latency.maxMs + 500, 3);
    expect(tally.lateness.distribution()).toMatchObject({ count: 3, minMs: 0, maxMs: 500 });
    expect(tally.lateness.distribution()!.meanMs).toBeCloseTo(1000 / 3, 6);
  });
  test('of what is wrong or came twice are not kept, and events alike count each', () => {
    const { tally } = tallyOf({ timed: true });
    const torn = span(1, [0, 1, 1, 2, 3]);
    torn[3 * BYTES]! ^= 1;
    fillStamped(new Uint32Array(torn.buffer, 4 * BYTES, 8), 1, 3, 2000, 70_000);
    tally.write(batch(1, [torn]));
    expect([tally.delivered, tally.duplicated, tally.wrong]).toEqual([5, 1, 1]);
    expect(tally.latency.distribution()!.count).toBe(3);
    expect(tally.lateness.distribution()).toMatchObject({ count: 3, minMs: 0, maxMs: 0.07 });
  });
});

test('a milestone is told once it is reached, with the time', () => {
  for (const timed of [true, false]) {
    const { tally } = tallyOf({ timed });
    const told: number[] = [];
    tally.write(batch(1, [span(1, [0])])); // there is none: nothing happens
    tally.milestone = 3;
    tally.reached = (nowNs) => {
      told.push(nowNs);
      tally.milestone = Infinity;
    };
    const before = monotonicNs();
    tally.write(batch(1, [span(1, [1])]));
    expect(told).toEqual([]);
    tally.write(batch(1, [span(1, [2, 3])]));
    expect(told).toHaveLength(1);
    expect(told[0]).toBeGreaterThanOrEqual(before);
    expect(told[0]).toBeLessThanOrEqual(monotonicNs());
  }
});

describe('a slow sink', () => {
  const took = (tally: Tally, sequences: readonly number[]): number => {
    const from = performance.now();
    tally.write(batch(1, [span(1, sequences)]));
    return performance.now() - from;
  };
  test('takes at least so long for the events of a batch, over several of them', () => {
    const { tally } = tallyOf({ sink: { kind: 'slow', nsPerEvent: 2_000_000 } });
    let sum = 0;
    for (let i = 0; i < 5; i += 1) sum += took(tally, [2 * i, 2 * i + 1]);
    expect(sum).toBeGreaterThanOrEqual(19.7);
    expect(tally.delivered).toBe(10);
  });
  test('saves up what is too short for a pause', () => {
    const { tally } = tallyOf({ sink: { kind: 'slow', nsPerEvent: 100_000 } });
    let sum = 0;
    for (let i = 0; i < 40; i += 1) sum += took(tally, [i]);
    expect(sum).toBeGreaterThanOrEqual(3.7);
  });
});

describe('a sink that comes and goes', () => {
  /** Since the load began, ms. */
  const at = (sinceMs: number, sink: StressSink): (() => number) => {
    const { tally, board } = tallyOf({ sink });
    board.begin[0] = monotonicNs() - sinceMs * 1e6;
    return () => tally.write(batch(1, [span(1, [0])]));
  };
  const sink: StressSink = { kind: 'intermittent', upMs: HOUR_MS, downMs: 2 * HOUR_MS };
  test.each([-0.5, 0, 0.5, 3.5, 30.5])('is there %d hours after the begin', (hours) => {
    expect(at(hours * HOUR_MS, sink)()).toBe(1);
  });
  test.each([1.01, 2, 2.9, 5.5])('is away %d hours after it, and counts nothing', (hours) => {
    expect(at(hours * HOUR_MS, sink)).toThrow(SinkAway);
  });
  test('what it did not take may come again', () => {
    const { tally, board } = tallyOf({ sink });
    board.begin[0] = monotonicNs() - 1.5e6 * HOUR_MS;
    const one = batch(1, [span(1, [0])]);
    expect(() => tally.write(one)).toThrow('the sink of the load is away');
    expect([tally.delivered, board.get(1, COUNT.delivered)]).toEqual([0, 0]);
    board.begin[0] = monotonicNs();
    expect(tally.write(one)).toBe(1);
    expect([tally.delivered, tally.duplicated, board.get(1, COUNT.delivered)]).toEqual([1, 0, 1]);
  });
});
