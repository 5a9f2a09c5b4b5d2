import { describe, expect, test } from 'vitest';
import type { ThreadHandle } from '../spec/contract.js';
import { HEADER, QUEUE_STATE, SLOT, STOP_STATE, WINDOW_STATE } from '../spec/layout.js';
import type { DrainIterator } from './drain-iterator.js';
import { generationOf, loadState, stateWord } from './slot-state.js';
import { detailRecord, group, indexRecord, interleave, sequences, setUp, slotWord } from './testing-sink.js';
import { Windows } from './window.js';

const queueOf = (drain: DrainIterator, slot: number): number => slotWord(drain, slot, SLOT.queue);

/** What stop() does first: refuse, and send everybody away. */
function beginStop(drain: DrainIterator, { slot, generation }: ThreadHandle): void {
  Atomics.store(drain.view.words, drain.view.header(HEADER.stopState), STOP_STATE.stopping);
  Atomics.store(drain.view.words, drain.view.slot(slot, SLOT.state), stateWord(generation, 'leaving'));
}

/** What the final drain does next: close a lane at the tail it sees. */
function close(drain: DrainIterator, slot: number, field: number, tail: number): void {
  Atomics.store(drain.view.longs, drain.view.slot(slot, field) / 2, (1n << 32n) | BigInt(tail));
}

describe('submitting a group', () => {
  test('a group is invisible until it is committed, then visible all at once', () => {
    const { drain, sink } = setUp({ preRoll: 4 });
    const handle = drain.registry.register({ threadId: 1 });
    expect(handle.beginSubmit(group(3, 3))).toBe('accepted');
    expect(slotWord(drain, 0, SLOT.indexTail)).toBe(0);
    expect(slotWord(drain, 0, SLOT.detailTail)).toBe(0);
    expect(drain.drainIteration()).toMatchObject({ delivered: 0 });
    expect(handle.commitSubmit()).toBe('accepted');
    handle.mark();
    handle.seal();
    while (drain.drainIteration().delivered > 0);
    expect(sequences(sink, 1, 'index')).toEqual([0, 1, 2]);
    expect(sequences(sink, 1, 'detail')).toEqual([0, 1, 2]);
  });

  test('submit() is begin and commit in one', () => {
    const { drain } = setUp();
    const handle = drain.registry.register({ threadId: 1 });
    expect(handle.submit(group(2))).toBe('accepted');
    expect(queueOf(drain, 0)).toBe(QUEUE_STATE.free);
    expect(drain.drainIteration().delivered).toBe(2);
  });

  test('an empty group is accepted and changes nothing', () => {
    const { drain } = setUp();
    const handle = drain.registry.register({ threadId: 1 });
    expect(handle.submit(group(0))).toBe('accepted');
    expect(drain.drainIteration().visits).toBe(0);
  });

  test('committing without a begun submit is NOT_HOLDING', () => {
    const handle = setUp().drain.registry.register({ threadId: 1 });
    expect(handle.commitSubmit()).toBe('NOT_HOLDING');
  });

  test('inside a submit every other use of the handle is ALREADY_HOLDING', () => {
    const handle = setUp().drain.registry.register({ threadId: 1 });
    handle.beginSubmit(group(1));
    expect(handle.emitIndex(indexRecord(9))).toBe('ALREADY_HOLDING');
    expect(handle.emitDetail(detailRecord(9))).toBe('ALREADY_HOLDING');
    expect(handle.mark()).toBe('ALREADY_HOLDING');
    expect(handle.seal()).toBe('ALREADY_HOLDING');
    expect(handle.beginSubmit(group(1))).toBe('ALREADY_HOLDING');
    expect(handle.submit(group(1))).toBe('ALREADY_HOLDING');
    expect(() => {
      handle.leave();
    }).toThrow('ALREADY_HOLDING');
    expect(handle.commitSubmit()).toBe('accepted');
    expect(handle.emitIndex(indexRecord(9))).toBe('accepted');
  });

  test('a queue that the drain holds is QUEUE_BUSY, and nothing counts as rejected', () => {
    const { drain } = setUp();
    const handle = drain.registry.register({ threadId: 1 });
    expect(drain.tryAcquireDrain(0)).toBe(true);
    expect(handle.beginSubmit(group(1))).toBe('QUEUE_BUSY');
    expect(handle.submit(group(1))).toBe('QUEUE_BUSY');
    expect(handle.submit(group(1), 1)).toBe('TIMED_OUT');
    expect(drain.metrics().index.rejected).toBe(0);
    drain.releaseDrain(0);
    expect(handle.submit(group(1))).toBe('accepted');
  });

  test('a group that the index lane cannot hold is LANE_FULL as a whole, and frees the queue', () => {
    const { drain } = setUp();
    const handle = drain.registry.register({ threadId: 1 });
    expect(handle.submit(group(9, 2))).toBe('LANE_FULL');
    expect(queueOf(drain, 0)).toBe(QUEUE_STATE.free);
    expect(drain.metrics()).toMatchObject({
      index: { rejected: 9, accepted: 0 },
      detail: { rejected: 2, accepted: 0 },
    });
    expect(handle.submit(group(8))).toBe('accepted');
  });

  test('a group that the detail lane cannot hold is DETAIL_FULL as a whole', () => {
    const { drain } = setUp({ preRoll: 4 });
    const handle = drain.registry.register({ threadId: 1 });
    expect(handle.submit(group(1, 9))).toBe('DETAIL_FULL');
    expect(handle.submit(group(0, 3))).toBe('accepted');
    handle.mark(); // one window sealed and marked, one open and marked with a place left, two free
    expect(handle.submit(group(0, 6, 3))).toBe('DETAIL_FULL');
    expect(handle.submit(group(0, 5, 3))).toBe('accepted');
    expect(drain.metrics()).toMatchObject({
      index: { rejected: 1 },
      detail: { rejected: 15, accepted: 8, evicted: 0 },
    });
  });

  test('a group evicts unmarked windows for its room', () => {
    const { drain } = setUp();
    const handle = drain.registry.register({ threadId: 1 });
    for (let i = 0; i < 8; i += 1) handle.emitDetail(detailRecord(i));
    expect(handle.submit(group(0, 3, 8))).toBe('accepted');
    expect(drain.metrics().detail).toMatchObject({ accepted: 11, evicted: 4, pending: 7 });
  });

  test('detail in a group without a detail lane is NO_DETAIL_LANE, and only index records count as rejected', () => {
    const { drain } = setUp({ detailCapacity: 0 });
    const handle = drain.registry.register({ threadId: 1 });
    expect(handle.submit(group(1, 1))).toBe('NO_DETAIL_LANE');
    expect(drain.metrics()).toMatchObject({ index: { rejected: 1 }, detail: { rejected: 0 } });
    expect(handle.submit(group(1))).toBe('accepted');
    expect(handle.commitSubmit()).toBe('NOT_HOLDING');
  });

  test('a record of another size in a group is an error that leaves the queue alone', () => {
    const { drain } = setUp();
    const handle = drain.registry.register({ threadId: 1 });
    expect(() => handle.beginSubmit({ index: [new Uint8Array(8)], detail: [] })).toThrow('RECORD_SIZE');
    expect(() => handle.beginSubmit({ index: [], detail: [new Uint8Array(8)] })).toThrow('RECORD_SIZE');
    expect(queueOf(drain, 0)).toBe(QUEUE_STATE.free);
  });

  test('a stop between taking the queue and writing gives the queue back', () => {
    const { drain } = setUp();
    const handle = drain.registry.register({ threadId: 1 });
    const outcome = interleave(
      {
        method: 'compareExchange',
        at: 'after',
        word: drain.view.slot(0, SLOT.queue),
        action: () => {
          beginStop(drain, handle);
        },
      },
      () => handle.beginSubmit(group(1)),
    );
    expect(outcome).toBe('STOPPED');
    expect(queueOf(drain, 0)).toBe(QUEUE_STATE.free);
  });

  test('a group whose queue a stop deadline revoked is STOPPED, takes its tails back, and lets a second stop finish', () => {
    const { drain, sink } = setUp();
    const handle = drain.registry.register({ threadId: 1 });
    handle.emitIndex(indexRecord(0));
    handle.beginSubmit(group(2, 2, 1));
    expect(drain.stop({ deadlineNs: 1 })).toMatchObject({ delivered: 0, leftIndex: 1, complete: false });
    expect(queueOf(drain, 0)).toBe(QUEUE_STATE.revoked);
    expect(handle.commitSubmit()).toBe('STOPPED');
    expect([SLOT.indexTail, SLOT.detailTail].map((field) => slotWord(drain, 0, field))).toEqual([1, 0]);
    expect(queueOf(drain, 0)).toBe(QUEUE_STATE.free);
    expect(drain.stop()).toEqual({ delivered: 1, leftIndex: 0, leftDetail: 0, complete: true });
    expect(sequences(sink, 1, 'index')).toEqual([0]);
  });

  test('the same without a detail lane', () => {
    const { drain } = setUp({ detailCapacity: 0 });
    const handle = drain.registry.register({ threadId: 1 });
    handle.beginSubmit(group(2));
    drain.stop({ deadlineNs: 1 });
    expect(handle.commitSubmit()).toBe('STOPPED');
    expect(slotWord(drain, 0, SLOT.indexTail)).toBe(0);
    expect(drain.stop().complete).toBe(true);
  });

  test('a thread declared dead inside a submit: its commit is STALE_HANDLE and nothing of the group shows', () => {
    const { drain, sink } = setUp();
    const handle = drain.registry.register({ threadId: 1 });
    handle.beginSubmit(group(2, 2));
    drain.declareDead(handle.slot, handle.generation);
    expect(queueOf(drain, 0)).toBe(QUEUE_STATE.free);
    expect(handle.commitSubmit()).toBe('STALE_HANDLE');
    expect(drain.drainIteration()).toMatchObject({ delivered: 0, reclaimed: 1 });
    expect(sink.batches).toEqual([]);
  });

  test('a late commit of a dead thread leaves the lanes of its successor alone', () => {
    const { drain, sink } = setUp();
    const dead = drain.registry.register({ threadId: 1 });
    dead.beginSubmit(group(2, 2, 50));
    drain.declareDead(dead.slot, dead.generation);
    drain.drainIteration();
    const successor = drain.registry.register({ threadId: 2 });
    expect(successor).toMatchObject({ slot: dead.slot, generation: dead.generation + 1 });
    successor.beginSubmit({ index: [indexRecord(7, 2)], detail: [] });
    expect(dead.commitSubmit()).toBe('STALE_HANDLE');
    expect(queueOf(drain, 0)).toBe(QUEUE_STATE.producer);
    expect(slotWord(drain, 0, SLOT.indexTail)).toBe(0);
    expect(successor.commitSubmit()).toBe('accepted');
    drain.drainIteration();
    expect(sequences(sink, 2, 'index')).toEqual([7]);
    expect(dead.emitIndex(indexRecord(0))).toBe('STALE_HANDLE');
    expect(dead.submit(group(1))).toBe('STALE_HANDLE');
    expect(drain.metrics().index).toMatchObject({ attempted: 1, accepted: 1 });
  });
});

describe('a thread that was declared dead while it emits', () => {
  test.each(['index', 'detail'] as const)('the %s lane of its successor stays open', (lane) => {
    const { drain } = setUp();
    const dead = drain.registry.register({ threadId: 1 });
    const tail = drain.view.slot(0, lane === 'index' ? SLOT.indexTail : SLOT.detailTail);
    const successor: ThreadHandle[] = [];
    const succeed = (): void => {
      drain.declareDead(dead.slot, dead.generation);
      drain.drainIteration();
      successor.push(drain.registry.register({ threadId: 2 }));
    };
    const emit = (handle: ThreadHandle): string =>
      lane === 'index' ? handle.emitIndex(indexRecord(0)) : handle.emitDetail(detailRecord(0));
    expect(interleave({ method: 'store', at: 'after', word: tail, action: succeed }, () => emit(dead))).toBe(
      'STALE_HANDLE',
    );
    expect(slotWord(drain, 0, lane === 'index' ? SLOT.indexClose : SLOT.detailClose)).toBe(0);
    expect(emit(successor[0]!)).toBe('accepted');
  });
});

describe('emitting with a timeout', () => {
  test('room that is there is used at once', () => {
    const handle = setUp().drain.registry.register({ threadId: 1 });
    expect(handle.emitIndex(indexRecord(0), 5)).toBe('accepted');
    expect(handle.emitDetail(detailRecord(0), 5)).toBe('accepted');
  });

  test('without room the call is TIMED_OUT, and one rejected attempt', () => {
    const { drain } = setUp({ preRoll: 4 });
    const handle = drain.registry.register({ threadId: 1 });
    handle.submit(group(8, 8));
    handle.mark();
    expect(handle.emitIndex(indexRecord(8), 2)).toBe('TIMED_OUT');
    expect(handle.emitDetail(detailRecord(8), 2)).toBe('TIMED_OUT');
    expect(drain.metrics()).toMatchObject({ index: { rejected: 1 }, detail: { rejected: 1 } });
  });

  test('a group that waited in vain is TIMED_OUT, and counts as rejected once', () => {
    const { drain } = setUp();
    const handle = drain.registry.register({ threadId: 1 });
    handle.submit(group(8));
    expect(handle.submit(group(2, 1), 3)).toBe('TIMED_OUT');
    expect(drain.metrics()).toMatchObject({ index: { rejected: 2 }, detail: { rejected: 1 } });
  });

  test('a timeout that is no number above 0 does not wait', () => {
    const { drain } = setUp();
    const handle = drain.registry.register({ threadId: 1 });
    handle.submit(group(8));
    expect([NaN, -1, 0].map((timeoutMs) => handle.submit(group(1), timeoutMs))).toEqual(
      Array<string>(3).fill('LANE_FULL'),
    );
    expect(handle.emitIndex(indexRecord(0), NaN)).toBe('LANE_FULL');
  });

  test('room that comes while the call waits is used', () => {
    const { drain } = setUp();
    const handle = drain.registry.register({ threadId: 1 });
    handle.submit(group(8));
    const head = drain.view.slot(0, SLOT.indexHead);
    const outcome = interleave(
      { method: 'load', at: 'after', word: head, action: () => void Atomics.store(drain.view.words, head, 1) },
      () => handle.emitIndex(indexRecord(8), 10_000),
    );
    expect(outcome).toBe('accepted');
  });

  test('a refusal for good ends the wait', () => {
    const { drain } = setUp();
    const handle = drain.registry.register({ threadId: 1 });
    handle.submit(group(8));
    const outcome = interleave(
      {
        method: 'load',
        at: 'after',
        word: drain.view.slot(0, SLOT.indexHead),
        action: () => {
          beginStop(drain, handle);
        },
      },
      () => handle.emitIndex(indexRecord(8), 10_000),
    );
    expect(outcome).toBe('STOPPED');
    expect(drain.metrics().index.rejected).toBe(0);
  });
});

describe('an emit that races a stop', () => {
  const LANES = [
    { lane: 'index', tail: SLOT.indexTail, close: SLOT.indexClose },
    { lane: 'detail', tail: SLOT.detailTail, close: SLOT.detailClose },
  ] as const;

  test.each(LANES)(
    'the $lane lane was closed before the record: STOPPED, and the tail is taken back',
    ({ lane, ...at }) => {
      const { drain } = setUp();
      const handle = drain.registry.register({ threadId: 1 });
      const emit = (i: number) =>
        lane === 'index' ? handle.emitIndex(indexRecord(i)) : handle.emitDetail(detailRecord(i));
      emit(0);
      const outcome = interleave(
        {
          method: 'store',
          at: 'before',
          word: drain.view.slot(0, at.tail),
          action: () => {
            beginStop(drain, handle);
            close(drain, 0, at.close, 1);
          },
        },
        () => emit(1),
      );
      expect(outcome).toBe('STOPPED');
      expect(slotWord(drain, 0, at.tail)).toBe(1);
      expect(drain.metrics()[lane]).toMatchObject({ accepted: 1, rejected: 0 });
      expect(drain.stop()).toMatchObject({ delivered: lane === 'index' ? 1 : 0, complete: true });
    },
  );

  test('a refused detail record is taken back from its window', () => {
    const { drain } = setUp();
    const handle = drain.registry.register({ threadId: 1 });
    const windows = new Windows(drain.view, 0);
    handle.emitDetail(detailRecord(0));
    const action = (): void => {
      beginStop(drain, handle);
      close(drain, 0, SLOT.detailClose, 1);
    };
    const race = { method: 'store', at: 'before', word: drain.view.slot(0, SLOT.detailTail), action } as const;
    expect(interleave(race, () => handle.emitDetail(detailRecord(1)))).toBe('STOPPED');
    expect(windows.written(0)).toBe(1);
  });

  test.each(LANES)('the $lane lane was closed after the record: accepted', ({ lane, ...at }) => {
    const { drain, sink } = setUp();
    const handle = drain.registry.register({ threadId: 1 });
    if (lane === 'detail') {
      handle.emitDetail(detailRecord(9));
      handle.mark();
    }
    const outcome = interleave(
      {
        method: 'store',
        at: 'after',
        word: drain.view.slot(0, at.tail),
        action: () => {
          beginStop(drain, handle);
          close(drain, 0, at.close, slotWord(drain, 0, at.tail));
        },
      },
      () => (lane === 'index' ? handle.emitIndex(indexRecord(0)) : handle.emitDetail(detailRecord(0))),
    );
    expect(outcome).toBe('accepted');
    expect(drain.stop().complete).toBe(true);
    expect(sequences(sink, 1, lane)).toContain(0);
  });

  test.each(LANES)('nobody closed the $lane lane yet: the producer does, behind its record', ({ lane, ...at }) => {
    const { drain } = setUp();
    const handle = drain.registry.register({ threadId: 1 });
    const outcome = interleave(
      {
        method: 'store',
        at: 'after',
        word: drain.view.slot(0, at.tail),
        action: () => {
          beginStop(drain, handle);
        },
      },
      () => (lane === 'index' ? handle.emitIndex(indexRecord(0)) : handle.emitDetail(detailRecord(0))),
    );
    expect(outcome).toBe('accepted');
    expect(Atomics.load(drain.view.longs, drain.view.slot(0, at.close) / 2)).toBe((1n << 32n) | 1n);
    expect(drain.stop()).toMatchObject({ delivered: lane === 'index' ? 1 : 0, complete: true });
    expect(drain.metrics()[lane].accepted).toBe(1);
  });

  test('closing works across the wrap of the cursors', () => {
    const { drain } = setUp({ initialCursor: 0xffff_ffff });
    const handle = drain.registry.register({ threadId: 1 });
    const race = { method: 'store', at: 'after', word: drain.view.slot(0, SLOT.indexTail) } as const;
    const action = (): void => {
      beginStop(drain, handle);
      close(drain, 0, SLOT.indexClose, 0);
    };
    expect(interleave({ ...race, action }, () => handle.emitIndex(indexRecord(0)))).toBe('accepted');
    expect(drain.stop()).toMatchObject({ delivered: 1, complete: true });
  });

  test('a stop before the emit refuses everything', () => {
    const { drain } = setUp();
    const handle = drain.registry.register({ threadId: 1 });
    drain.stop();
    expect(handle.emitIndex(indexRecord(0))).toBe('STOPPED');
    expect(handle.emitDetail(detailRecord(0))).toBe('STOPPED');
    expect(handle.submit(group(1))).toBe('STOPPED');
    expect(handle.mark()).toBe('STOPPED');
    expect(handle.seal()).toBe('STOPPED');
    expect(drain.metrics().index.attempted).toBe(0);
  });
});

describe('leaving', () => {
  test('after leave() every use is THREAD_LEFT, and a second leave() throws', () => {
    const handle = setUp().drain.registry.register({ threadId: 1 });
    handle.leave();
    expect(handle.emitIndex(indexRecord(0))).toBe('THREAD_LEFT');
    expect(handle.emitDetail(detailRecord(0))).toBe('THREAD_LEFT');
    expect(handle.beginSubmit(group(1))).toBe('THREAD_LEFT');
    expect(handle.mark()).toBe('THREAD_LEFT');
    expect(() => {
      handle.leave();
    }).toThrow('THREAD_LEFT');
  });

  test('what was accepted before leave() is delivered, then the slot is free for the next generation', () => {
    const { drain, sink } = setUp();
    const handle = drain.registry.register({ threadId: 1 });
    handle.submit(group(3));
    handle.leave();
    expect(drain.drainIteration()).toMatchObject({ delivered: 3, reclaimed: 1 });
    expect(sequences(sink, 1, 'index')).toEqual([0, 1, 2]);
    expect(drain.registry.register({ threadId: 2 })).toMatchObject({ slot: 0, generation: 2 });
  });

  test('leaving after being declared dead touches nothing of the successor', () => {
    const { drain } = setUp();
    const dead = drain.registry.register({ threadId: 1 });
    dead.emitDetail(detailRecord(0));
    drain.declareDead(dead.slot, dead.generation);
    drain.drainIteration();
    const successor = drain.registry.register({ threadId: 2 });
    successor.emitDetail(detailRecord(0, 2));
    dead.leave();
    expect(loadState(drain.view, 0)).toBe(stateWord(successor.generation, 'active'));
    expect(new Windows(drain.view, 0).state(0)).toBe(WINDOW_STATE.open);
    expect(dead.emitIndex(indexRecord(0))).toBe('THREAD_LEFT');
  });

  test('leaving a stopped drain does nothing', () => {
    const { drain } = setUp();
    const handle = drain.registry.register({ threadId: 1 });
    drain.stop();
    handle.leave();
    expect(generationOf(loadState(drain.view, 0))).toBe(handle.generation);
  });
});
