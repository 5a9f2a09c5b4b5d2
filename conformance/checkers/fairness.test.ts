import { describe, expect, test } from 'vitest';
import type { HistoryInput } from '../../spec/index.js';
import { findLagFaults, findShareFaults, findWaitFaults, longestWait, serviceLag, shares } from './fairness.js';
import { batch, detailBatch, emit, group, iteration, register, said, stepped, stop } from './testing.js';
import { findUnservedThreads } from './unserved.js';
import { visitsOf } from './visits.js';

const turned = (visits = 1): HistoryInput => iteration({ visits });
const byHand = (delivered: number): HistoryInput => ({ type: 'visit', thread: 1, delivered, outcome: 'accepted' });

describe('visits', () => {
  const visits = (...records: HistoryInput[]): unknown[] =>
    visitsOf(stepped({}, ...records)).map(({ thread, index, detail, iteration: n, byHand: hand }) =>
      [thread, index, detail, n, ...(hand ? ['hand'] : [])].join(' '),
    );

  test('batches of one thread that follow each other in one iteration', () => {
    expect(
      visits(batch(1, [[0, 3]]), detailBatch(1, [[0, 2]]), batch(2, [[0, 1]]), turned(), batch(2, [[1, 1]]), turned()),
    ).toEqual(['1 3 2 0', '2 1 0 0', '2 1 0 1']);
  });

  test('other drains, inner iterations and stops', () => {
    expect(visits(batch(1, [[0, 1]], { drain: 1 }), iteration({ drain: 1, visits: 1 }), batch(1, [[1, 1]]))).toEqual([
      '1 1 0 0',
    ]);
    expect(visitsOf(stepped({}, batch(1, [[0, 1]], { drain: 1 })), { drain: 1 })).toHaveLength(1);
    expect(visits(batch(1, [[0, 1]]), iteration(), batch(1, [[1, 1]]), turned())).toEqual(['1 2 0 0']);
    expect(visits(batch(1, [[0, 1]]), stop(), batch(1, [[1, 1]]))).toEqual(['1 1 0 0', '1 1 0 1']);
    expect(visits(batch(1, [[0, 1]]), stop({ complete: false }), batch(1, [[1, 1]]))).toEqual(['1 2 0 0']);
  });

  test('visits by hand stand apart', () => {
    expect(visits(batch(1, [[0, 1]]), turned(), batch(1, [[1, 1]]), byHand(1), batch(1, [[2, 1]]), turned())).toEqual([
      '1 1 0 0',
      '1 1 0 1 hand',
      '1 1 0 1',
    ]);
    expect(visits(batch(1, [[0, 1]]), byHand(0), batch(1, [[1, 1]]), turned())).toEqual(['1 2 0 0']);
  });
});

describe('service lag', () => {
  const start = [emit(1, 0, 100), emit(2, 0, 100)];
  const lag = (...records: HistoryInput[]): number => serviceLag(stepped({}, ...start, ...records)).lag;

  test('over any interval, not only from the begin', () => {
    expect(lag(batch(1, [[0, 5]]), batch(2, [[0, 5]]), turned())).toBe(5);
    expect(lag(batch(1, [[0, 5]]), batch(2, [[0, 15]]), turned())).toBe(15);
    expect(lag(batch(2, [[0, 5]]), batch(1, [[0, 15]]), turned())).toBe(15);
    expect(lag(batch(1, [[0, 2]]), turned(), batch(1, [[2, 2]]), turned(), batch(2, [[0, 9]]))).toBe(9);
  });

  test('detail counts; visits by hand do not', () => {
    expect(lag(batch(1, [[0, 2]]), detailBatch(1, [[0, 3]]))).toBe(5);
    expect(lag(batch(1, [[0, 2]]), byHand(2))).toBe(0);
  });

  test('only while both are backlogged: an empty lane starts anew', () => {
    const third = [emit(3, 0, 5), batch(1, [[0, 5]]), batch(3, [[0, 5]])];
    expect(serviceLag(stepped({}, emit(1, 0, 100), ...third)).lag).toBe(5);
    const again = [...third, emit(3, 5, 5), batch(1, [[5, 5]])];
    expect(serviceLag(stepped({}, emit(1, 0, 100), ...again))).toMatchObject({ lag: 5, threads: [1, 3] });
    const low = [
      emit(4, 0, 100),
      emit(0, 0, 5),
      batch(4, [[0, 5]]),
      batch(0, [[0, 5]]),
      emit(0, 5, 5),
      batch(4, [[5, 5]]),
    ];
    expect(serviceLag(stepped({}, ...low)).lag).toBe(5);
  });

  test('per weight, under weighted fair only', () => {
    const weighted = [register(1, { weight: 4 }), ...start, batch(1, [[0, 8]])];
    expect(serviceLag(stepped({ policy: 'weighted-fair' }, ...weighted)).lag).toBe(2);
    expect(serviceLag(stepped({}, ...weighted)).lag).toBe(8);
  });

  test('a group is backlog from its commit', () => {
    const groups = (phase: 'begin' | 'commit' | 'submit') => [
      emit(1, 0, 9),
      group(2, phase, [0, 9]),
      batch(1, [[0, 3]]),
    ];
    expect(serviceLag(stepped({}, ...groups('submit'))).lag).toBe(3);
    expect(serviceLag(stepped({}, ...groups('commit'))).lag).toBe(3);
    expect(serviceLag(stepped({}, ...groups('begin'))).lag).toBe(0);
  });

  test('a fault beyond the bound, with its evidence', () => {
    const history = stepped({}, ...start, batch(1, [[0, 4]]), batch(1, [[4, 4]]));
    expect(findLagFaults(history, 8)).toEqual([]);
    expect(findLagFaults(history, 7)).toMatchObject([
      { message: 'between threads 1 and 2, both backlogged, service per weight differs by 8 events', evidence: [2, 4] },
    ]);
    expect(findLagFaults(stepped({}), 0)).toEqual([]);
  });
});

test('the longest wait, in visits of others', () => {
  const start = [emit(1, 0, 9), emit(2, 0, 9), emit(3, 0, 9)];
  const history = stepped(
    {},
    ...start,
    batch(1, [[0, 1]]),
    batch(2, [[0, 1]]),
    batch(3, [[0, 9]]),
    batch(1, [[1, 1]]),
    batch(2, [[1, 1]]),
  );
  expect(longestWait(history)).toEqual({ wait: 2, thread: 3, record: 5 });
  expect(findWaitFaults(history, 2)).toEqual([]);
  expect(said(findWaitFaults(history, 1))).toEqual([
    'wait: thread 3 was backlogged and waited for 2 visits of other threads',
  ]);
});

describe('a turn for everybody', () => {
  const start = [emit(1, 0, 9), emit(2, 0, 9)];
  const all = [batch(1, [[0, 1]]), batch(2, [[0, 1]]), turned(2)];
  const served = (...records: HistoryInput[]): string[] =>
    said(findUnservedThreads(stepped({}, ...start, ...all, ...records)));

  test('a backlogged thread without a visit', () => {
    expect(served(batch(1, [[1, 1]]), batch(2, [[1, 1]]), turned(2))).toEqual([]);
    expect(served(batch(1, [[1, 1]]), turned())).toEqual([
      'unserved: thread 2 was backlogged, and a whole iteration made 1 visits and none to it',
    ]);
    expect(served(turned(0))).toHaveLength(2);
    expect(served(batch(1, [[1, 1]]), iteration({ visits: 1, truncated: 'visits' }))).toEqual([]);
    expect(served(batch(1, [[1, 1]]), iteration({ drain: 1 }), batch(2, [[1, 1]]), turned(2))).toEqual([]);
  });

  test('a thread that came in the middle waits for the next iteration', () => {
    expect(served(emit(3, 0, 1), batch(1, [[1, 1]]), batch(2, [[1, 1]]), turned(2))).toEqual([]);
    const twice = [
      batch(1, [[1, 1]]),
      batch(2, [[1, 1]]),
      turned(2),
      batch(1, [[2, 1]]),
      batch(2, [[2, 1]]),
      turned(2),
    ];
    expect(served(emit(3, 0, 1), ...twice)).toHaveLength(1);
  });

  test('whoever was emptied elsewhere, held, or failing is not missed', () => {
    const alone = [batch(1, [[1, 1]]), turned()];
    expect(served(batch(2, [[1, 8]], { drain: 1 }), ...alone)).toEqual([]);
    expect(served(group(2, 'begin', [9, 1]), ...alone)).toEqual([]);
    expect(served(group(2, 'begin', [9, 1]), group(2, 'commit', [9, 1]), ...alone)).toEqual([]);
    expect(
      served(group(2, 'begin', [9, 1]), group(2, 'commit', [9, 1]), ...alone, batch(1, [[2, 1]]), turned()),
    ).toHaveLength(1);
    expect(served(group(2, 'begin', [9, 1], [0, 0], 'LANE_FULL'), ...alone)).toHaveLength(1);
    expect(served({ type: 'acquire', thread: 2, acquired: true }, ...alone, ...[batch(1, [[2, 1]]), turned()])).toEqual(
      [],
    );
    expect(served({ type: 'acquire', thread: 2, acquired: false }, ...alone)).toHaveLength(1);
    const release = { type: 'release', thread: 2, outcome: 'accepted' } as const;
    const acquired = { type: 'acquire', thread: 2, acquired: true } as const;
    expect(served(acquired, release, ...alone, batch(1, [[2, 1]]), turned())).toHaveLength(1);
    expect(served(acquired, { ...release, outcome: 'NOT_HOLDING' }, ...alone, batch(1, [[2, 1]]), turned())).toEqual(
      [],
    );
    const failed = [batch(1, [[1, 1]]), batch(2, [[1, 1]], { acknowledged: 0 }), turned(2)];
    expect(served(...failed, batch(1, [[2, 1]]), turned())).toEqual([]);
    expect(
      served(...failed, batch(1, [[2, 1]]), batch(2, [[1, 1]]), turned(), batch(1, [[3, 1]]), turned()),
    ).toHaveLength(1);
  });

  test('the first iteration', () => {
    const first = (...records: HistoryInput[]): string[] => said(findUnservedThreads(stepped({}, ...records)));
    expect(first(...start, emit(2, 9, 1), batch(1, [[0, 1]]), turned())).toEqual([
      'unserved: thread 2 was backlogged, and the first iteration made no visit to it',
    ]);
    expect(first(...start, ...all)).toEqual([]);
    expect(first(...start, batch(1, [[0, 1]]), iteration({ truncated: 'events' }))).toEqual([]);
    expect(first(emit(1, 0, 1, 'STOPPED'), emit(1, 0, 1, 'accepted', 'detail'), turned(0))).toEqual([]);
    expect(first(...start)).toEqual([]);
    expect(first(...start, group(2, 'begin', [9, 1]), batch(1, [[0, 1]]), turned())).toEqual([]);
  });
});

describe('shares', () => {
  const run = (one: number, two: number, config: Record<string, string> = {}) =>
    stepped(
      config,
      register(1, { weight: 3 }),
      emit(1, 0, 100),
      emit(2, 0, 100),
      emit(3, 0, 4, 'LANE_FULL'),
      batch(1, [[0, one]]),
      batch(2, [[0, two]]),
    );

  test('delivered over the fair share of what was delivered in all', () => {
    expect(shares(run(30, 10))).toEqual([
      { thread: 1, delivered: 30, share: 1.5 },
      { thread: 2, delivered: 10, share: 0.5 },
    ]);
    expect(shares(run(30, 10, { policy: 'weighted-fair' })).map(({ share }) => share)).toEqual([1, 1]);
    expect(shares(stepped({}, emit(1, 0, 1)))).toEqual([{ thread: 1, delivered: 0, share: 1 }]);
  });

  test('below their limits', () => {
    const limits = { minShare: 0.5, minJain: 0.79 };
    expect(findShareFaults(run(30, 10), limits)).toEqual([]);
    expect(said(findShareFaults(run(30, 10), { ...limits, minShare: 0.51 }))).toEqual([
      'share: thread 2 got 0.500 of its fair share (10 events)',
    ]);
    expect(said(findShareFaults(run(30, 10), { ...limits, minJain: 0.8 }))).toEqual([
      "jain: Jain's index over delivered / fair share is 0.8",
    ]);
    expect(findShareFaults(run(40, 0), limits)).toHaveLength(2);
    expect(findShareFaults(stepped({}), limits)).toEqual([]);
  });
});
