import { describe, expect, test } from 'vitest';
import type { Batch } from '../../spec/index.js';
import { monotonicNs } from '../../conformance/subject/produce.js';
import { StressLoad, StressWindow, type StressLoadInput } from '../../spec/stress.js';
import { Board, COUNT, membersOf } from './board.js';
import { Recording } from './recording.js';
import { fillStamped } from './stamp.js';
import { Tally } from './tally.js';

const CLOSED: StressLoadInput['groups'] = [{ threads: 2, arrivals: { kind: 'closed' } }];

/** A recording whose load begins an hour from now, by times that the test tells: no clock of the machine is in it. */
function recordingOf(more: Partial<StressLoadInput> = {}) {
  const load = StressLoad.parse({ version: 1, durationMs: 1000, windowMs: 100, groups: CLOSED, ...more });
  const members = membersOf(load);
  const board = Board.make(8);
  const begin = monotonicNs() + 3.6e12;
  board.begin[0] = begin;
  const tally = new Tally({ board, sink: { kind: 'memory' }, format: 'stamped', timed: true });
  const recording = new Recording(load, members, board, tally, (all) =>
    all.map((member) => board.sumOf(member, COUNT.accepted)),
  );
  const windows: StressWindow[] = [];
  recording.onWindow = (window) => windows.push(window);
  const next = new Map<number, number>();
  /** So many events of a thread are accepted and delivered, stamped so long ago. */
  const deliver = (thread: number, count: number, agoMs = 5): void => {
    const bytes = new Uint8Array(32 * count);
    const from = next.get(thread) ?? 0;
    const stamp = monotonicNs() - agoMs * 1e6;
    for (let i = 0; i < count; i += 1)
      fillStamped(new Uint32Array(bytes.buffer, 32 * i, 8), thread, from + i, stamp, 0);
    next.set(thread, from + count);
    board.add(thread, COUNT.accepted, count);
    tally.write({ threadId: thread, count, spans: [bytes] } as unknown as Batch);
  };
  return { recording, board, tally, windows, deliver, at: (ms: number) => begin + ms * 1e6 };
}

describe('windows', () => {
  test('end when they are as long as the load says, and hold what was delivered in them', () => {
    const { recording, windows, deliver, at, board } = recordingOf({ warmupMs: 100 });
    board.set(1, COUNT.lives, 3);
    deliver(1, 10);
    recording.look(at(99));
    expect(windows).toEqual([]);
    recording.look(at(100)); // the warm-up ends
    deliver(1, 30);
    deliver(2, 10);
    recording.look(at(199));
    recording.look(at(300));
    recording.look(at(350));
    expect(windows.map(({ atMs, delivered }) => [Math.round(atMs), delivered])).toEqual([
      [100, 10],
      [300, 40],
    ]);
    expect(windows[1]).toMatchObject({ lives: 3 });
    expect(windows[1]!.eventsPerSecond).toBeCloseTo(200, 3);
    expect(windows[1]!.p50Ms).toBeGreaterThanOrEqual(5 * 0.992);
    for (const window of windows) expect(StressWindow.parse(window)).toEqual(window);
    expect(windows[0]!.rssBytes * windows[0]!.heapBytes).toBeGreaterThan(0);
  });
  test('without a delivery have no latency, and no evenness', () => {
    const { recording, windows, at } = recordingOf({ warmupMs: 100 });
    recording.look(at(150));
    expect(windows[0]).toMatchObject({ delivered: 0, eventsPerSecond: 0 });
    for (const field of ['p50Ms', 'p99Ms', 'jain', 'minShare']) expect(windows[0]).not.toHaveProperty(field);
  });
});

describe('the measured part', () => {
  test('leaves out the warm-up, and ends once', () => {
    const { recording, windows, deliver, at } = recordingOf({ warmupMs: 100 });
    deliver(1, 500, 9000);
    recording.look(at(100));
    deliver(1, 30);
    deliver(2, 30);
    recording.look(at(1100));
    deliver(2, 999);
    recording.look(at(1300));
    recording.close(at(2000));
    const result = recording.result();
    expect(result.wallMs).toBeCloseTo(1000, 3);
    expect(result.eventsPerSecond).toBeCloseTo(60, 3);
    expect(result).toMatchObject({ jain: 1, minShare: 1, recoveriesMs: [] });
    expect([result.latency!.count, result.scheduled!.count]).toEqual([60, 60]);
    expect(result.latency!.maxMs).toBeLessThan(9000);
    expect(result.windows).toEqual(windows);
    expect(windows).toHaveLength(2);
    if (process.platform === 'linux') expect(result.cpu!.wallMs).toBe(result.wallMs);
  });
  test('begins after the collection: what waited for that is delivered and not counted', () => {
    const { recording, windows, deliver, at } = recordingOf({ warmupMs: 1000, windowMs: 5000 });
    recording.look(at(790));
    recording.look(at(810)); // collects
    const held = new Uint8Array(400e6); // a collection after this would find it
    deliver(1, 10, 700);
    recording.look(at(1000));
    expect(windows[0]!.heapBytes).toBeLessThan(process.memoryUsage().external);
    expect(held.byteLength).toBeGreaterThan(0);
    deliver(1, 5);
    recording.look(at(1500));
    recording.close(at(2000));
    expect(windows.map(({ delivered }) => delivered)).toEqual([10, 5]);
    expect(recording.result().latency!.count).toBe(5);
    expect(recording.result().latency!.maxMs).toBeLessThan(700);
  });
  test('is told as it stands, once it has begun', () => {
    const { recording, deliver, at } = recordingOf({ warmupMs: 100 });
    expect(recording.soFar(at(50))).toBeUndefined();
    recording.look(at(100));
    deliver(1, 30);
    deliver(2, 30);
    recording.look(at(400));
    expect(recording.soFar(at(600))).toMatchObject({ jain: 1, recoveriesMs: [], latency: { count: 60 } });
    expect(recording.soFar(at(600))!.wallMs).toBeCloseTo(500, 3);
    recording.close(at(1100));
    const { windows: _, ...whole } = recording.result();
    expect(recording.soFar(at(9000))).toEqual(whole);
  });
  test('that never began has nothing', () => {
    const { recording, at } = recordingOf({ warmupMs: 100 });
    recording.close(at(50));
    expect(recording.result()).toEqual({ wallMs: 0, eventsPerSecond: 0, recoveriesMs: [], windows: [] });
  });
});

describe('bursts', () => {
  const groups: StressLoadInput['groups'] = [{ threads: 2, arrivals: { kind: 'burst', events: 5, everyMs: 300 } }];
  test('of the measured part take until their last event, and one that is not over as long as it has taken', () => {
    const { recording, tally, deliver, at } = recordingOf({ warmupMs: 200, groups });
    recording.look(at(200));
    tally.reached(at(250)); // of the warm-up: it does not count
    expect(tally.milestone).toBe(20);
    tally.reached(at(340));
    expect(tally.milestone).toBe(30);
    deliver(1, 1);
    recording.close(at(800));
    const { recoveriesMs } = recording.result();
    expect(recoveriesMs.map((ms) => Math.round(ms))).toEqual([40, 200]);
  });
  test('that are still to come when it ends do not count', () => {
    const { recording, tally, at } = recordingOf({ warmupMs: 200, groups });
    recording.look(at(200));
    tally.reached(at(210));
    recording.close(at(290));
    expect(recording.result().recoveriesMs).toEqual([]);
  });
  test('are waited for only where all threads burst together', () => {
    expect(recordingOf({ groups: [...groups, ...CLOSED] }).tally.milestone).toBe(Infinity);
    expect(recordingOf().tally.milestone).toBe(Infinity);
    expect(recordingOf({ groups }).tally.milestone).toBe(10);
  });
});
