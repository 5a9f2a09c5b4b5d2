import { describe, expect, test } from 'vitest';
import { HEADER, SLOT, STOP_STATE } from '../spec/layout.js';
import { DrainIterator } from './drain-iterator.js';
import { stateWord } from './slot-state.js';
import { SMALL, detailRecord, group, sequences, setUp } from './testing-sink.js';

describe('stop', () => {
  test('everything accepted is delivered, without limits, and every slot is freed', () => {
    const { drain, sink } = setUp({ maxIterationVisits: 1, preRoll: 4 });
    const handles = [1, 2].map((threadId) => drain.registry.register({ threadId }));
    for (const handle of handles) {
      handle.submit(group(8, 4));
      handle.mark();
    }
    expect(drain.stop()).toEqual({ delivered: 24, leftIndex: 0, leftDetail: 0, complete: true });
    expect(sequences(sink, 2, 'index')).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(sequences(sink, 2, 'detail')).toEqual([0, 1, 2, 3]);
    expect(Atomics.load(drain.view.words, drain.view.header(HEADER.stopState))).toBe(STOP_STATE.stopped);
  });

  test('a second stop has nothing to do', () => {
    const { drain } = setUp();
    drain.registry.register({ threadId: 1 }).submit(group(2));
    drain.stop();
    expect(drain.stop()).toEqual({ delivered: 0, leftIndex: 0, leftDetail: 0, complete: true });
  });

  test('at the deadline what a failing sink left is counted, and a second stop delivers it', () => {
    let failing = true;
    const { drain, clock } = setUp({ preRoll: 4 }, { sink: { write: ({ count }) => (failing ? 0 : count) } });
    const handle = drain.registry.register({ threadId: 1 });
    handle.submit(group(3, 3));
    handle.mark();
    expect(drain.stop({ deadlineNs: 200_000_000 })).toEqual({
      delivered: 0,
      leftIndex: 3,
      leftDetail: 3,
      complete: false,
    });
    expect(clock.pauses.map((ns) => Number(ns) / 1e6)).toEqual(
      [1, 2, 4, 8, 16, 32, 50, 50, 50].slice(0, clock.pauses.length),
    );
    expect(clock.pauses.length).toBeGreaterThan(6);
    expect(drain.metrics()).toMatchObject({ index: { left: 3, pending: 0 }, detail: { left: 3, pending: 0 } });
    failing = false;
    expect(drain.stop()).toEqual({ delivered: 6, leftIndex: 0, leftDetail: 0, complete: true });
    expect(drain.metrics()).toMatchObject({
      index: { left: 0, accepted: 3, delivered: 3 },
      detail: { left: 0, accepted: 3, delivered: 3 },
    });
  });

  test('unmarked detail is given up, not left', () => {
    const { drain } = setUp();
    const handle = drain.registry.register({ threadId: 1 });
    handle.emitDetail(detailRecord(0));
    expect(drain.stop()).toMatchObject({ leftDetail: 0, complete: true });
    expect(drain.metrics().detail).toMatchObject({ accepted: 1, evicted: 1, left: 0 });
  });

  test('pauses start anew after progress', () => {
    let offers = 0;
    const { drain, clock } = setUp(
      {},
      { sink: { write: ({ count }) => ((offers += 1) === 3 ? 1 : offers < 5 ? 0 : count) } },
    );
    drain.registry.register({ threadId: 1 }).submit(group(4));
    expect(drain.stop().complete).toBe(true);
    expect(clock.pauses).toEqual([1_000_000n, 2_000_000n, 1_000_000n]);
  });

  test('a thread that is still registering keeps the stop from being complete', () => {
    const { drain } = setUp();
    Atomics.store(drain.view.words, drain.view.slot(1, SLOT.state), stateWord(1, 'claimed'));
    expect(drain.stop({ deadlineNs: 5_000_000 })).toEqual({
      delivered: 0,
      leftIndex: 0,
      leftDetail: 0,
      complete: false,
    });
    drain.declareDead(1, 1);
    expect(drain.stop().complete).toBe(true);
  });

  test.each([-1, NaN])('a deadline of %d ns is INVALID_ARGUMENT, and nothing is stopped', (deadlineNs) => {
    const { drain } = setUp();
    const handle = drain.registry.register({ threadId: 1 });
    expect(() => drain.stop({ deadlineNs })).toThrow('INVALID_ARGUMENT');
    expect(handle.submit(group(1))).toBe('accepted');
  });

  test('an endless deadline, and one of part of a nanosecond, are deadlines', () => {
    const { drain } = setUp();
    drain.registry.register({ threadId: 1 }).submit(group(1));
    expect(drain.stop({ deadlineNs: Infinity })).toMatchObject({ delivered: 1, complete: true });
    expect(drain.stop({ deadlineNs: 0.5 }).complete).toBe(true);
  });

  test('a thread that no iteration has met is delivered too', () => {
    const { drain, events } = setUp();
    drain.registry.register({ threadId: 1 }).submit(group(1));
    expect(drain.stop()).toMatchObject({ delivered: 1 });
    expect(events.map(({ event }) => event)).toEqual(['registered', 'leaving', 'reclaimed']);
  });

  test('without an environment the pauses are real, and the deadline still ends the stop', () => {
    const drain = new DrainIterator({ config: SMALL, sink: { write: () => 0 } });
    drain.registry.register({ threadId: 1 }).submit(group(2));
    expect(drain.stop({ deadlineNs: 20e6 })).toEqual({ delivered: 0, leftIndex: 2, leftDetail: 0, complete: false });
  });
});
