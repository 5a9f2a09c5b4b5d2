/** What the tests of this folder share: a small drain, records, interleavings, and what runs in other threads. */
import type { DrainConfig } from '../spec/config.js';
import type { Batch, DrainOptions, Lane, Sink, SubmitGroup, ThreadEvent } from '../spec/contract.js';
import { HEADER } from '../spec/layout.js';
import { patternRecord } from '../spec/records.js';
import { attachArena } from './arena.js';
import { DrainIterator } from './drain-iterator.js';
import { MemorySink } from './memory-sink.js';
import { ReferenceRegistry } from './registry.js';

/** Small enough that every bound is near: 4 slots, 8 index records, 4 windows of 2 detail records, 4 events a turn. */
export const SMALL: Partial<DrainConfig> = {
  slots: 4,
  indexCapacity: 8,
  detailCapacity: 8,
  detailRecordBytes: 32,
  windowRecords: 2,
  preRoll: 0,
  postRoll: 0,
  quantum: 4,
};

export interface TestDrain {
  readonly drain: DrainIterator;
  /** Unused when the options name another sink. */
  readonly sink: MemorySink;
  readonly clock: { ns: bigint; readonly pauses: bigint[] };
  readonly events: ThreadEvent[];
}

/** A drain over a small arena, with a clock that only a pause moves. */
export function setUp(config: Partial<DrainConfig> = {}, options: Partial<DrainOptions> = {}): TestDrain {
  const sink = new MemorySink();
  const clock: { ns: bigint; readonly pauses: bigint[] } = { ns: 0n, pauses: [] };
  const events: ThreadEvent[] = [];
  const drain = new DrainIterator({
    config: { ...SMALL, ...config },
    sink,
    environment: {
      now: () => clock.ns,
      pause: (ns) => {
        clock.pauses.push(ns);
        clock.ns += ns;
      },
    },
    onThreadEvent: (event) => void events.push(event),
    ...options,
  });
  return { drain, sink, clock, events };
}

export const indexRecord = (sequence: number, thread = 1): Uint8Array => patternRecord('index', 32, thread, sequence);
export const detailRecord = (sequence: number, thread = 1): Uint8Array => patternRecord('detail', 32, thread, sequence);

/** A group of so many records, numbered from `from`. */
export function group(index: number, detail = 0, from = 0): SubmitGroup {
  return {
    index: Array.from({ length: index }, (_, i) => indexRecord(from + i)),
    detail: Array.from({ length: detail }, (_, i) => detailRecord(from + i)),
  };
}

/** Sequences of what a thread's lane delivered, in order. */
export function sequences(sink: MemorySink, threadId: number, lane: Lane): number[] {
  return sink
    .records(threadId, lane)
    .map((record) => new DataView(record.buffer, record.byteOffset).getUint32(0, true));
}

/** A u32 word of a slot. */
export function slotWord(drain: DrainIterator, slot: number, field: number): number {
  return Atomics.load(drain.view.words, drain.view.slot(slot, field)) >>> 0;
}

type Method = 'store' | 'load' | 'compareExchange' | 'and' | 'add';

/**
 * Runs `body`; at its first `method` on this word, `before` or `after` it, `action` happens: what another thread
 * might do at that moment.
 */
export function interleave<T>(
  { method, at, word, action }: { method: Method; at: 'before' | 'after'; word: number; action: () => void },
  body: () => T,
): T {
  const original = Atomics[method] as (...args: unknown[]) => unknown;
  const put = (value: unknown): void => void Object.defineProperty(Atomics, method, { value, configurable: true });
  const restore = (): void => put(original);
  put((...args: unknown[]): unknown => {
    if (args[1] !== word || !(args[0] instanceof Int32Array)) return original(...args);
    restore();
    if (at === 'before') action();
    const result = original(...args);
    if (at === 'after') action();
    return result;
  });
  try {
    return body();
  } finally {
    restore();
  }
}

/** What DrainThread's tests send to createSink(): words for [index delivered, detail delivered, take nothing, refused batches]. */
export interface CountingData {
  readonly counts: SharedArrayBuffer;
}

/** A sink in the drain's thread that counts where the test can see it. */
export function createSink(data: unknown): Sink {
  const counts = new Int32Array((data as CountingData).counts);
  return {
    write: ({ lane, count }: Batch): number => {
      if (Atomics.load(counts, 2) === 1) {
        Atomics.add(counts, 3, 1);
        return 0;
      }
      Atomics.add(counts, lane === 'index' ? 0 : 1, count);
      return count;
    },
  };
}

/** What a producer thread of the tests does. */
export interface ProducerData {
  readonly arena: SharedArrayBuffer;
  readonly threadId: number;
  readonly events: number;
  /** Wait until the drain sleeps before each event. */
  readonly whenAsleep: boolean;
}

/** Runs in a worker: registers, emits, leaves. @returns accepted events */
export function runProducer({ arena, threadId, events, whenAsleep }: ProducerData): number {
  const view = attachArena(arena);
  const handle = new ReferenceRegistry(view).register({ threadId });
  const cell = new Int32Array(new SharedArrayBuffer(4));
  let accepted = 0;
  for (let i = 0; i < events; i += 1) {
    for (
      let look = 0;
      whenAsleep && look < 20_000 && Atomics.load(view.words, view.header(HEADER.sleeping)) === 0;
      look += 1
    )
      Atomics.wait(cell, 0, 0, 1);
    if (handle.emitIndex(indexRecord(i, threadId), 20_000) === 'accepted') accepted += 1;
  }
  handle.leave();
  return accepted;
}
