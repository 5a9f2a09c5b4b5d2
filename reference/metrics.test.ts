import { describe, expect, test } from 'vitest';
import type { LaneLedger } from '../spec/contract.js';
import { SLOT } from '../spec/layout.js';
import { indexRecord, detailRecord, group, interleave, setUp } from './testing-sink.js';

const balance = ({ attempted, accepted, rejected, delivered, pending, evicted, left }: LaneLedger): number[] => [
  attempted - accepted - rejected,
  accepted - delivered - pending - evicted - left,
];

describe('metrics', () => {
  test('a new drain has counted nothing, and is fair', () => {
    expect(setUp().drain.metrics()).toMatchObject({ iterations: 0, visits: 0, registered: 0, jain: 1, threads: [] });
  });

  test('the ledger balances at every moment of a thread, and after it', () => {
    const { drain } = setUp({ preRoll: 1 });
    const handle = drain.registry.register({ threadId: 1 });
    const check = (): void => {
      const { index, detail } = drain.metrics();
      expect([balance(index), balance(detail)]).toEqual([
        [0, 0],
        [0, 0],
      ]);
    };
    for (let i = 0; i < 40; i += 1) {
      handle.emitIndex(indexRecord(i));
      handle.emitDetail(detailRecord(i));
      if (i % 7 === 3) handle.mark();
      if (i % 5 === 0) drain.drainIteration();
      check();
    }
    handle.leave();
    while (drain.drainIteration().reclaimed === 0) check();
    check();
    expect(drain.metrics()).toMatchObject({
      registered: 1,
      reclaimed: 1,
      threads: [],
      index: { attempted: 40, pending: 0 },
    });
  });

  test('looking changes nothing', () => {
    const { drain } = setUp();
    drain.registry.register({ threadId: 1 }).submit(group(3));
    expect(drain.metrics()).toEqual(drain.metrics());
    expect(drain.metrics()).toMatchObject({ registered: 0, threads: [{ threadId: 1, index: { pending: 3 } }] });
    drain.drainIteration();
    expect(drain.metrics()).toEqual(drain.metrics());
  });

  test('the longest wait counts visits of other threads', () => {
    const { drain } = setUp();
    for (const threadId of [1, 2, 3]) drain.registry.register({ threadId }).submit(group(8));
    drain.drainIteration();
    drain.drainIteration();
    expect(drain.metrics().threads.map(({ longestWait }) => longestWait)).toEqual([2, 2, 2]);
  });

  test('an unequal service shows in the fairness index', () => {
    const { drain } = setUp({}, { sink: { write: ({ threadId, count }) => (threadId === 1 ? count : 0) } });
    for (const threadId of [1, 2]) drain.registry.register({ threadId }).submit(group(8));
    drain.drainIteration();
    expect(drain.metrics()).toMatchObject({ jain: 0.5, sinkFailures: 1, batches: 2, iterations: 1 });
  });

  test('a look between the publication and the withdrawal of a refused record leaves the ledger right', () => {
    const { drain } = setUp();
    const handle = drain.registry.register({ threadId: 1 });
    const { view } = drain;
    handle.beginSubmit(group(3, 3));
    drain.stop({ deadlineNs: 0 }); // revokes the queue
    const queue = view.slot(0, SLOT.queue);
    const look = (): void => void drain.metrics();
    const commit = (): string => handle.commitSubmit();
    expect(interleave({ method: 'compareExchange', at: 'before', word: queue, action: look }, commit)).toBe('STOPPED');
    expect(drain.metrics()).toMatchObject({ index: { accepted: 0, left: 0 }, detail: { accepted: 0, left: 0 } });
  });
});
