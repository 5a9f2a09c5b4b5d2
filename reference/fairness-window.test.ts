import { describe, expect, test } from 'vitest';
import type { ThreadHandle } from '../spec/contract.js';
import { windowFairness, type Service } from './fairness-window.js';
import { group, indexRecord, setUp } from './testing-sink.js';

const service = (delivered: number, demand: number, more: Partial<Service> = {}): Service => ({
  ...{ delivered, demand, share: 1, steady: true },
  ...more,
});

describe('the figures of a window', () => {
  test('of nobody are those of a drain with nothing to complain of', () => {
    expect(windowFairness([])).toEqual({ delivered: 0, jain: 1, minShare: 1, serviceLag: 0, shares: [] });
  });

  test('compare what each got with its fair share, the starved included', () => {
    expect(windowFairness([service(30, 100), service(10, 100), service(0, 100)])).toEqual({
      delivered: 40,
      jain: 0.533333,
      minShare: 0,
      serviceLag: 30,
      shares: [2.25, 0.75, 0],
    });
  });

  test('leave out those without demand, and those that deserve nothing', () => {
    const figures = windowFairness([service(8, 8), service(0, 0, { steady: false })]);
    expect(figures).toMatchObject({ jain: 1, minShare: 1, serviceLag: 0, shares: [1, 1] });
    expect(windowFairness([service(0, 5), service(0, 5)])).toMatchObject({ jain: 1, minShare: 1, shares: [1, 1] });
  });

  test('a small demand that is met in full is fair', () => {
    expect(windowFairness([service(1, 1, { steady: false }), service(20, 90), service(20, 90)])).toMatchObject({
      jain: 1,
      minShare: 1,
      serviceLag: 0,
    });
  });

  test('count service by the weight, of those only that were backlogged throughout', () => {
    const figures = windowFairness([service(30, 90, { share: 3 }), service(11, 90), service(0, 1, { steady: false })]);
    expect(figures.serviceLag).toBe(1);
  });
});

describe('the windows of a drain', () => {
  const fairness = ({ drain }: ReturnType<typeof setUp>): unknown => drain.metrics().fairness;

  test('before one has ended nothing is wrong', () => {
    const set = setUp();
    expect(fairness(set)).toEqual({
      ...{ windows: 0, delivered: 0, jain: 1, minShare: 1, serviceLag: 0, longestWait: 0, quantum: 4, batch: 0 },
    });
    set.drain.registry.register({ threadId: 1 });
    expect(set.drain.metrics().threads[0]).toMatchObject({ share: 1 });
  });

  test('one ends with the iteration in which its visits are reached, and the next begins with nothing', () => {
    const set = setUp({ fairnessWindowVisits: 3, indexCapacity: 64 });
    const { drain } = set;
    const handles = [1, 2].map((threadId) => drain.registry.register({ threadId }));
    for (const handle of handles) handle.submit(group(32));
    drain.drainIteration();
    expect(fairness(set)).toMatchObject({ windows: 0 });
    drain.drainIteration();
    expect(fairness(set)).toMatchObject({ windows: 1, delivered: 16, jain: 1, serviceLag: 0, longestWait: 1 });
    handles[0]!.beginSubmit(group(1));
    for (let i = 0; i < 3; i += 1) drain.drainIteration();
    expect(fairness(set)).toMatchObject({ windows: 2, delivered: 12, jain: 0.5, minShare: 0, serviceLag: 12 });
    expect(drain.metrics().threads.map(({ share }) => share)).toEqual([0, 2]);
  });

  test('a thread that joined later has no lag; one that has nothing any more has a share of 1', () => {
    const set = setUp({ fairnessWindowVisits: 3, indexCapacity: 64 });
    const { drain } = set;
    const [one, two] = [1, 2].map((threadId) => drain.registry.register({ threadId }));
    one!.submit(group(32));
    drain.drainIteration();
    two!.submit(group(32));
    drain.drainIteration();
    expect(fairness(set)).toMatchObject({ windows: 1, delivered: 12, serviceLag: 0, minShare: 0.666667 });
    expect(drain.metrics().threads.map(({ share }) => share)).toEqual([1.333333, 0.666667]);
    drain.configure({ quantum: 64 });
    drain.drainIteration();
    for (let i = 0; i < 3; i += 1) {
      two!.emitIndex(indexRecord(i, 2));
      drain.drainIteration();
    }
    for (let i = 0; i < 3; i += 1) {
      two!.emitIndex(indexRecord(i, 2));
      drain.drainIteration();
    }
    expect(drain.metrics().threads.map(({ share }) => share)).toEqual([1, 1]);
  });

  test('a thread that is given all that it has is not backlogged, though it has more after each visit', () => {
    const handles: ThreadHandle[] = [];
    const set = setUp(
      { fairnessWindowVisits: 10, indexCapacity: 64, detailCapacity: 0 },
      {
        sink: {
          // as many events as were taken for the first thread, one for the second
          write: ({ slot, count }) => {
            for (let i = 0; i < (slot === 0 ? count : 1); i += 1) handles[slot]!.emitIndex(indexRecord(i));
            return count;
          },
        },
      },
    );
    for (const threadId of [1, 2]) handles.push(set.drain.registry.register({ threadId }));
    for (let i = 0; i < 32; i += 1) handles[0]!.emitIndex(indexRecord(i));
    handles[1]!.emitIndex(indexRecord(0));
    for (let i = 0; i < 20; i += 1) set.drain.drainIteration();
    expect(fairness(set)).toMatchObject({ windows: 4, delivered: 25, serviceLag: 0 });
  });

  test('batches by hand are delivered, and are no visits', () => {
    const set = setUp({ fairnessWindowVisits: 1 });
    const { drain } = set;
    const [one, two] = [1, 2].map((threadId) => drain.registry.register({ threadId }));
    one!.submit(group(4));
    drain.tryAcquireDrain(0);
    expect(drain.drainThreadLanes(0, 4)).toBe(4);
    drain.drainIteration();
    expect(fairness(set)).toMatchObject({ windows: 0 });
    two!.submit(group(8));
    drain.drainIteration();
    expect(fairness(set)).toMatchObject({ windows: 1, delivered: 8, jain: 1 });
  });

  test('a thread that was reclaimed, here or by another drain, is in no window', () => {
    const set = setUp({ fairnessWindowVisits: 1 });
    const { drain } = set;
    const other = setUp({}, { arena: drain.arena });
    const [gone, stays] = [1, 2].map((threadId) => drain.registry.register({ threadId }));
    for (const handle of [gone!, stays!]) handle.submit(group(8));
    drain.drainIteration();
    gone!.leave();
    for (let i = 0; i < 3; i += 1) other.drain.drainIteration();
    stays!.submit(group(4));
    drain.drainIteration();
    expect(drain.metrics().threads.map(({ threadId }) => threadId)).toEqual([2]);
    expect(fairness(set)).toMatchObject({ delivered: 4, jain: 1 });
  });
});
