import { describe, expect, it } from 'vitest';
import { patternRecord, type Batch, type HistoryRecord, type RecordOf } from '../../spec/index.js';
import { MergingRecorder } from './merging-recorder.js';
import { Recorder, SinkFailure, VirtualClock } from './recorder.js';
import { SinkBehaviour } from './sink-behaviour.js';

function batchOf(from: number, count: number, more: Partial<Batch> = {}): Batch {
  const thread = more.threadId ?? 1;
  const bytes = Buffer.concat(Array.from({ length: count }, (_, i) => patternRecord('index', 64, thread, from + i)));
  const base = { threadId: thread, slot: 0, generation: 1, lane: 'index', recordBytes: 32, count } as const;
  return { ...base, spans: [new Uint8Array(bytes)], ...more };
}

describe('Recorder', () => {
  function recorder(): { sink: Recorder; behaviour: SinkBehaviour; clock: VirtualClock; records: HistoryRecord[] } {
    const records: HistoryRecord[] = [];
    const behaviour = new SinkBehaviour();
    const clock = new VirtualClock();
    const append = (record: HistoryRecord): void => {
      records.push(record);
    };
    const sink = new Recorder({
      drain: 0,
      detailRecordBytes: 64,
      behaviour,
      clock,
      append,
      duringWrite: () => 0,
    });
    return { sink, behaviour, clock, records };
  }
  const acknowledged = (records: HistoryRecord[]): number[] =>
    records.flatMap((record) => (record.type === 'batch' ? [record.acknowledged] : []));

  it('accepts, refuses, takes part and throws', () => {
    const { sink, behaviour, records } = recorder();
    expect(sink.write(batchOf(0, 4))).toBe(4);
    behaviour.set({ op: 'sink', behaviour: 'refuse' });
    expect(sink.write(batchOf(4, 4))).toBe(0);
    behaviour.set({ op: 'sink', behaviour: 'partial' });
    expect(sink.write(batchOf(4, 4))).toBe(1);
    behaviour.set({ op: 'sink', behaviour: 'partial', take: 9 });
    expect(sink.write(batchOf(5, 3))).toBe(3);
    behaviour.set({ op: 'sink', behaviour: 'throw' });
    expect(() => sink.write(batchOf(8, 1))).toThrow(SinkFailure);
    expect(acknowledged(records)).toEqual([4, 0, 1, 3, 0]);
  });

  it('talks nonsense in a fixed order', () => {
    const { sink, behaviour, records } = recorder();
    behaviour.set({ op: 'sink', behaviour: 'nonsense' });
    const answers = Array.from({ length: 10 }, () => sink.write(batchOf(0, 2)));
    expect(answers).toEqual([-1, 3, NaN, 0.5, undefined, '2', true, null, Infinity, -1]);
    expect(acknowledged(records)).toEqual(Array(10).fill(0));
  });

  it('goes back to accepting after so many writes, and says so', () => {
    const { sink, behaviour, records, clock } = recorder();
    behaviour.set({ op: 'sink', behaviour: 'refuse', times: 1, thread: 1, costNs: 7 });
    expect(sink.write(batchOf(0, 2, { threadId: 2 }))).toBe(2);
    expect(clock.now()).toBe(0n);
    expect(sink.write(batchOf(0, 2))).toBe(0);
    expect(clock.now()).toBe(7n);
    expect(sink.write(batchOf(0, 2))).toBe(2);
    expect(clock.now()).toBe(7n);
    expect(records.map((record) => record.type)).toEqual(['batch', 'batch', 'sink', 'batch']);
    expect(behaviour.set({ op: 'sink', behaviour: 'throw', times: 0 })).toEqual({ type: 'sink', behaviour: 'accept' });
  });
});

describe('VirtualClock', () => {
  it('never runs backwards', () => {
    const clock = new VirtualClock();
    clock.pause(5n);
    clock.pause(-3n);
    expect(clock.now()).toBe(5n);
  });
});

describe('MergingRecorder', () => {
  const OPTIONS = { detailRecordBytes: 64, throwEvery: 0, partialEvery: 0 };
  const brief = (records: RecordOf<'batch'>[]): number[][] =>
    records.map(({ thread, count, acknowledged, batches }) => [thread, count, acknowledged, batches]);

  it('merges batches that continue each other', () => {
    const sink = new MergingRecorder(OPTIONS);
    for (let i = 0; i < 10; i += 1) sink.write(batchOf(i * 5, 5));
    sink.write(batchOf(0, 3, { threadId: 2 }));
    const records = sink.finish();
    expect(brief(records)).toEqual([
      [1, 50, 50, 10],
      [2, 3, 3, 1],
    ]);
    expect(records[0]!.runs).toEqual([{ from: 0, count: 50 }]);
    expect(sink.delivered).toBe(53);
  });

  it('merges nothing behind what was not taken', () => {
    const sink = new MergingRecorder({ ...OPTIONS, throwEvery: 3, partialEvery: 2 });
    expect(sink.write(batchOf(0, 5))).toBe(5);
    expect(sink.write(batchOf(5, 5))).toBe(3);
    expect(() => sink.write(batchOf(8, 5))).toThrow(SinkFailure);
    sink.write(batchOf(8, 2));
    expect(brief(sink.finish())).toEqual([
      [1, 10, 8, 2],
      [1, 5, 0, 1],
      [1, 2, 1, 1],
    ]);
  });

  it('keeps slots, malformed batches and long lines apart', () => {
    const sink = new MergingRecorder(OPTIONS);
    sink.write(batchOf(0, 1));
    sink.write(batchOf(1, 1, { slot: 3 }));
    sink.write(batchOf(2, 1, { slot: 3, recordBytes: 31 }));
    sink.write(batchOf(3, 1, { slot: 3 }));
    const records = sink.finish();
    expect(brief(records)).toHaveLength(4);
    expect(records[2]!.malformed).toBe('recordBytes is 31 instead of 32');
    const long = new MergingRecorder(OPTIONS);
    for (let i = 0; i < 5000; i += 1) long.write(batchOf(i * 2, 1));
    expect(long.finish().map(({ runs }) => runs.length)).toEqual([4096, 904]);
  });
});
