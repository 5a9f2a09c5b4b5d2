import { describe, expect, test } from 'vitest';
import type { DrainConfig } from '../spec/config.js';
import type { ThreadHandle } from '../spec/contract.js';
import { SLOT, WINDOW_STATE } from '../spec/layout.js';
import { detailRecord, sequences, setUp, slotWord, type TestDrain } from './testing-sink.js';
import { Windows } from './window.js';

const NAMES = Object.fromEntries(Object.entries(WINDOW_STATE).map(([name, value]) => [value, name]));

interface OneThread extends TestDrain {
  readonly handle: ThreadHandle;
  readonly emit: (from: number, count?: number) => string[];
  readonly windows: () => string[];
}

function oneThread(config: Partial<DrainConfig> = {}): OneThread {
  const set = setUp(config);
  const handle = set.drain.registry.register({ threadId: 1 });
  const windows = new Windows(set.drain.view, handle.slot);
  return {
    ...set,
    handle,
    emit: (from, count = 1) => Array.from({ length: count }, (_, i) => handle.emitDetail(detailRecord(from + i))),
    windows: () => Array.from({ length: windows.count }, (_, window) => NAMES[windows.state(window)]!),
  };
}

describe('windows', () => {
  test('a window is open until its last record, then sealed', () => {
    const { emit, windows } = oneThread();
    emit(0);
    expect(windows()).toEqual(['open', 'free', 'free', 'free']);
    emit(1);
    expect(windows()).toEqual(['sealed', 'free', 'free', 'free']);
  });

  test('unmarked windows are not delivered', () => {
    const { drain, emit } = oneThread();
    emit(0, 4);
    expect(drain.drainIteration()).toMatchObject({ visits: 0, delivered: 0 });
    expect(drain.metrics().detail).toMatchObject({ accepted: 4, pending: 4, delivered: 0 });
  });

  test('an open window that is marked is delivered once it is sealed', () => {
    const { drain, sink, handle, emit, windows } = oneThread();
    emit(0);
    expect(handle.mark()).toBe('accepted');
    expect(windows()[0]).toBe('openMarked');
    expect(drain.drainIteration().delivered).toBe(0);
    expect(handle.seal()).toBe('accepted');
    expect(windows()[0]).toBe('sealedMarked');
    expect(drain.drainIteration().delivered).toBe(1);
    expect(windows()[0]).toBe('free');
    expect(sequences(sink, 1, 'detail')).toEqual([0]);
  });

  test('sealing without an open window changes nothing', () => {
    const { handle, windows } = oneThread();
    expect(handle.seal()).toBe('accepted');
    expect(windows()).toEqual(['free', 'free', 'free', 'free']);
  });

  test('a mark reaches preRoll windows back and postRoll windows ahead of the open one', () => {
    const { handle, emit, windows } = oneThread({ preRoll: 1, postRoll: 1, detailCapacity: 16 });
    emit(0, 5); // windows 0, 1 sealed, window 2 open
    handle.mark();
    expect(windows().slice(0, 4)).toEqual(['sealed', 'sealedMarked', 'openMarked', 'free']);
    emit(5, 4); // seals 2 and 3, opens 4
    expect(windows().slice(0, 5)).toEqual(['sealed', 'sealedMarked', 'sealedMarked', 'sealedMarked', 'open']);
  });

  test('a mark without an open window counts the next one as the open one', () => {
    const { handle, emit, windows } = oneThread({ preRoll: 1, postRoll: 1, detailCapacity: 16 });
    emit(0, 4);
    handle.mark();
    expect(windows().slice(0, 2)).toEqual(['sealed', 'sealedMarked']);
    emit(4, 5); // windows 2 and 3 are marked, 4 is not
    expect(windows().slice(2, 5)).toEqual(['sealedMarked', 'sealedMarked', 'open']);
  });

  test('a second mark never shortens the post-roll of the first', () => {
    const { drain, handle, emit } = oneThread({ postRoll: 2 });
    handle.mark();
    expect(slotWord(drain, 0, SLOT.postRollLeft)).toBe(3);
    emit(0);
    handle.mark();
    expect(slotWord(drain, 0, SLOT.postRollLeft)).toBe(2);
  });

  test('a pre-roll longer than the lane marks every sealed window', () => {
    const { handle, emit, windows } = oneThread({ preRoll: 65536 });
    emit(0, 8);
    handle.mark();
    expect(windows()).toEqual(['sealedMarked', 'sealedMarked', 'sealedMarked', 'sealedMarked']);
  });

  test('with no free window the oldest unmarked one is evicted', () => {
    const { drain, handle, emit, sink } = oneThread({ preRoll: 4 });
    expect(emit(0, 9)).toEqual(Array<string>(9).fill('accepted'));
    expect(slotWord(drain, 0, SLOT.detailEvicted)).toBe(2);
    handle.mark();
    handle.seal();
    while (drain.drainIteration().delivered > 0);
    expect(sequences(sink, 1, 'detail')).toEqual([2, 3, 4, 5, 6, 7, 8]);
    expect(drain.metrics().detail).toMatchObject({ accepted: 9, evicted: 2, delivered: 7, pending: 0 });
  });

  test('marked windows are pinned: the lane is full until the drain has taken one', () => {
    const { drain, handle, emit, windows } = oneThread({ preRoll: 4 });
    emit(0, 8);
    handle.mark();
    expect(emit(8, 2)).toEqual(['DETAIL_FULL', 'DETAIL_FULL']);
    expect(slotWord(drain, 0, SLOT.detailRejected)).toBe(2);
    drain.drainIteration();
    expect(windows()).toContain('free');
    expect(emit(8)).toEqual(['accepted']);
  });

  test('sequences and tails that pass 2^32 keep the order of the windows', () => {
    const { drain, sink, handle, emit } = oneThread({ initialCursor: 2 ** 32 - 3, preRoll: 4 });
    emit(0, 8);
    handle.mark();
    while (drain.drainIteration().delivered > 0);
    emit(8, 4);
    handle.mark();
    while (drain.drainIteration().delivered > 0);
    expect(sequences(sink, 1, 'detail')).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  });

  test('a partly delivered window goes on where the sink stopped', () => {
    const taken: number[] = [];
    const { drain } = setUp({}, { sink: { write: (batch) => (taken.push(batch.count), 1) } });
    const handle = drain.registry.register({ threadId: 1 });
    handle.emitDetail(detailRecord(0));
    handle.mark();
    handle.emitDetail(detailRecord(1));
    expect(drain.drainIteration()).toMatchObject({ delivered: 1, sinkFailures: 0 });
    expect(drain.drainIteration()).toMatchObject({ delivered: 1, sinkFailures: 0 });
    expect(taken).toEqual([2, 1]);
    expect(drain.drainIteration().visits).toBe(0);
  });

  test('a detail record of another size is an error', () => {
    const { handle } = oneThread();
    expect(() => handle.emitDetail(new Uint8Array(40))).toThrow('RECORD_SIZE');
  });
});

describe('leaving', () => {
  test('leaving seals the open window, delivers it if marked, and gives up what is not', () => {
    const { drain, sink, handle, emit } = oneThread();
    emit(0, 3);
    handle.mark();
    handle.leave();
    expect(drain.drainIteration()).toMatchObject({ delivered: 1, reclaimed: 1 });
    expect(sequences(sink, 1, 'detail')).toEqual([2]);
    expect(drain.metrics().detail).toMatchObject({ accepted: 3, delivered: 1, evicted: 2, pending: 0 });
  });

  test('the open marked window of a dead thread is delivered by the final drain', () => {
    const { drain, sink, handle, emit } = oneThread();
    emit(0);
    handle.mark();
    drain.declareDead(handle.slot, handle.generation);
    expect(drain.drainIteration()).toMatchObject({ delivered: 1, reclaimed: 1 });
    expect(sequences(sink, 1, 'detail')).toEqual([0]);
  });
});

describe('without a detail lane', () => {
  test('emitting, marking and sealing answer NO_DETAIL_LANE', () => {
    const { handle } = oneThread({ detailCapacity: 0 });
    expect(handle.emitDetail(detailRecord(0))).toBe('NO_DETAIL_LANE');
    expect(handle.mark()).toBe('NO_DETAIL_LANE');
    expect(handle.seal()).toBe('NO_DETAIL_LANE');
  });

  test('a thread that has left is told so first', () => {
    const { handle } = oneThread({ detailCapacity: 0 });
    handle.leave();
    expect(handle.emitDetail(detailRecord(0))).toBe('THREAD_LEFT');
  });
});
