import { describe, expect, test } from 'vitest';
import type { HistoryInput } from '../../spec/index.js';
import { batch, detailBatch, emit, iteration, register, said, stepped } from './testing.js';
import { findAgeingFaults, findEventWaitFaults, findLateJoins, longestWait, waitsOf } from './waits.js';

const turned = iteration({ visits: 1 });
const start = [register(1), register(2), register(3), emit(1, 0, 90), emit(2, 0, 90), emit(3, 0, 90)];

describe('waits in visits', () => {
  test('of each thread, the longest; who has nothing does not wait', () => {
    const history = stepped(
      {},
      ...start,
      ...[batch(1, [[0, 1]]), batch(2, [[0, 90]]), batch(1, [[1, 1]]), batch(3, [[0, 1]]), turned, batch(1, [[2, 1]])],
    );
    expect(waitsOf(history)).toEqual([
      { wait: 1, thread: 2, record: 7 },
      { wait: 1, thread: 1, record: 8 },
      { wait: 3, thread: 3, record: 9 },
    ]);
    expect(longestWait(stepped({}))).toEqual({ wait: 0, thread: 0, record: 0 });
  });

  test('who failed waits again from its next visit on', () => {
    const failed = batch(1, [[0, 1]], { acknowledged: 0 });
    const others = [turned, batch(2, [[0, 1]]), turned, batch(2, [[1, 1]]), turned];
    const waitOf1 = (...records: HistoryInput[]): number =>
      waitsOf(stepped({}, ...start, ...records)).find(({ thread }) => thread === 1)?.wait ?? 0;
    expect(waitOf1(failed, ...others)).toBe(0);
    expect(waitOf1(failed, turned, batch(1, [[0, 1]]), turned, batch(2, [[0, 1]]))).toBe(1);
    expect(waitOf1(batch(1, [[0, 1]]), ...others)).toBe(2);
    expect(waitOf1(failed, turned, batch(1, [[0, 90]]), turned, batch(2, [[0, 1]]))).toBe(0);
  });
});

describe('ageing', () => {
  const classes = [register(1, { priority: 6 }), register(2, { priority: 7 }), emit(1, 0, 9), emit(2, 0, 90)];
  const visits = (n: number): HistoryInput[] =>
    Array.from({ length: n }, (_, i) => [batch(2, [[i, 1]]), iteration({ visits: 1, truncated: 'visits' })]).flat();
  const config = { policy: 'priority', ageAfter: 3, maxSkips: 0 };
  const found = (n: number, ...more: HistoryInput[]): string[] =>
    said(findAgeingFaults(stepped(config, ...classes, ...visits(n), ...more)));

  test('the bound follows from class, ageAfter, threads and visits of an iteration', () => {
    // 3 x 1 class x 1 visit + 2 x 2 threads + 1
    expect(found(8)).toEqual([]);
    expect(found(9)).toEqual(['wait: thread 1 was backlogged and waited for 9 visits of other threads']);
    // the longest iteration counts: 3 x 2 + 4 + 2
    expect(found(12, iteration({ visits: 2 }))).toEqual([]);
    expect(found(13, iteration({ visits: 2 }), iteration({ visits: 1 }))).toHaveLength(1);
  });
});

describe('waits in events', () => {
  const found = (config: Record<string, number | string>, ...records: HistoryInput[]): string[] =>
    findEventWaitFaults(stepped({ maxSkips: 0, quantum: 5, ...config }, ...start, ...records)).map(
      ({ message, expected }) => `${message}; ${expected}`,
    );

  test('of each other thread, since its own turn', () => {
    expect(found({}, batch(1, [[0, 5]]), batch(2, [[0, 5]]), turned)).toEqual([]);
    expect(found({}, batch(1, [[0, 6]]))).toEqual([
      'thread 2 was backlogged and waited for 6 events of thread 1; at most 5 events of it',
      'thread 3 was backlogged and waited for 6 events of thread 1; at most 5 events of it',
    ]);
    const again = [batch(1, [[0, 3]]), turned, batch(1, [[3, 3]]), turned];
    expect(found({}, ...again)).toHaveLength(2);
    expect(found({}, batch(1, [[0, 3]]), turned, batch(2, [[0, 1]]), batch(3, [[0, 1]]), ...again.slice(2))).toEqual(
      [],
    );
    expect(found({ maxSkips: 1 }, batch(1, [[0, 15]]))).toEqual([]);
    expect(found({ maxSkips: 1 }, batch(1, [[0, 16]]))).toHaveLength(2);
    expect(found({}, batch(1, [[0, 3]]), detailBatch(1, [[0, 3]]))).toHaveLength(2);
  });

  test('by weight, by the largest quantum since, and not where classes differ', () => {
    const weights = { type: 'weight', thread: 1, weight: 3, outcome: 'accepted' } as const;
    const quantum = (value: number, policy?: string) =>
      ({
        type: 'configure',
        changes: { quantum: value, ...(policy === undefined ? {} : { policy }) },
        outcome: 'accepted',
      }) as const;
    expect(found({ policy: 'weighted-fair' }, weights, batch(1, [[0, 15]]))).toEqual([]);
    expect(found({ policy: 'weighted-fair' }, batch(1, [[0, 15]]))).toHaveLength(2);
    expect(found({}, batch(1, [[0, 5]]), turned, quantum(1), batch(1, [[5, 1]]))).toHaveLength(2);
    expect(found({}, quantum(9), batch(1, [[0, 9]]))).toEqual([]);
    expect(found({ policy: 'priority' }, batch(1, [[0, 80]]))).toEqual([]);
    expect(found({}, batch(1, [[0, 5]]), turned, quantum(5, 'weighted-fair'), batch(1, [[5, 5]]))).toEqual([]);
  });

  test('who has nothing, or failed, does not wait', () => {
    expect(found({}, batch(2, [[0, 90]], { drain: 1 }), batch(1, [[0, 6]]))).toHaveLength(1);
    const failed = batch(2, [[0, 1]], { acknowledged: 0 });
    expect(found({}, failed, turned, batch(1, [[0, 6]]))).toHaveLength(1);
    expect(found({}, failed, turned, batch(2, [[0, 1]]), turned, batch(1, [[0, 6]]))).toHaveLength(2);
  });

  test('the first twenty say what there is to say', () => {
    const long = Array.from({ length: 15 }, (_, i) => [batch(1, [[6 * i, 6]]), turned]).flat();
    expect(found({}, ...long)).toHaveLength(20);
  });
});

describe('a newcomer', () => {
  const found = (...records: HistoryInput[]): string[] => said(findLateJoins(stepped({}, ...start, ...records)));
  const all = [batch(1, [[0, 1]]), batch(2, [[0, 1]]), batch(3, [[0, 1]]), turned];

  test('is served before anybody has a second turn', () => {
    expect(found(...all, emit(4, 0, 1), batch(1, [[1, 1]]), batch(2, [[1, 1]]), batch(4, [[0, 1]]), turned)).toEqual(
      [],
    );
    expect(found(...all, emit(4, 0, 1), batch(1, [[1, 1]]), turned, batch(1, [[2, 1]]), turned)).toEqual([
      'join: thread 4 became backlogged, and thread 1 was visited 2 times before its first turn',
    ]);
    expect(
      found(...all, emit(4, 0, 2), batch(4, [[0, 1]]), turned, batch(1, [[1, 1]]), turned, batch(1, [[2, 1]]), turned),
    ).toEqual([]);
  });

  test('from inside the sink has the next iteration; one that is emptied elsewhere waits for nothing', () => {
    const inside = [emit(4, 0, 1), batch(1, [[1, 1]], { nested: 1 }), turned, batch(1, [[2, 1]]), turned];
    expect(found(...all, ...inside)).toEqual([]);
    const emptied = [emit(4, 0, 1), batch(4, [[0, 1]], { drain: 1 }), batch(1, [[1, 1]]), turned, batch(1, [[2, 1]])];
    expect(found(...all, ...emptied)).toEqual([]);
  });

  test('the first twenty say what there is to say', () => {
    const many = Array.from({ length: 30 }, (_, i) => emit(10 + i, 0, 1));
    expect(found(...all, ...many, batch(1, [[1, 1]]), turned, batch(1, [[2, 1]]), turned)).toHaveLength(20);
  });
});
