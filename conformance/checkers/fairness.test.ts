import { describe, expect, test } from 'vitest';
import type { HistoryInput } from '../../spec/index.js';
import { findLagFaults, findShareFaults, serviceLag, shares } from './fairness.js';
import { batch, detail, detailBatch, emit, group, iteration, parse, register, said, stepped, stop } from './testing.js';
import { findUnservedThreads } from './unserved.js';
import { visitsOf } from './visits.js';
import { findWaitFaults, longestWait } from './waits.js';

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

  test('of pairs that are equally far beyond the bound the first is told', () => {
    expect(said(findLagFaults(stepped({}, ...start, emit(3, 0, 9), batch(1, [[0, 9]])), 5))).toEqual([
      'lag: between threads 1 and 2, both backlogged, service per weight differs by 9 events',
    ]);
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

describe('every finding names the threads and shows its records', () => {
  const start = [emit(1, 0, 100), emit(2, 0, 100)];

  test('a lag', () => {
    const history = stepped({}, ...start, batch(2, [[0, 4]]), turned(), batch(2, [[4, 4]]), turned());
    expect(findLagFaults(history, 7)).toEqual([
      {
        rule: 'lag',
        message: 'between threads 1 and 2, both backlogged, service per weight differs by 8 events',
        expected: 'a service lag of at most 7',
        seen: '8',
        evidence: [2, 5],
      },
    ]);
  });

  test('a wait', () => {
    const history = stepped({}, ...start, batch(1, [[0, 1]]), turned(), batch(1, [[1, 1]]));
    expect(findWaitFaults(history, 1)).toEqual([
      {
        rule: 'wait',
        message: 'thread 2 was backlogged and waited for 2 visits of other threads',
        expected: 'a wait of at most 1 visits',
        seen: '2 visits',
        evidence: [5],
      },
    ]);
  });

  test('a thread that an iteration passed by, the first one and later ones', () => {
    const all = [batch(1, [[0, 1]]), batch(2, [[0, 1]]), turned(2)];
    expect(findUnservedThreads(stepped({}, ...start, ...all, batch(1, [[1, 1]]), turned()))).toEqual([
      {
        rule: 'unserved',
        message: 'thread 2 was backlogged, and a whole iteration made 1 visit and none to it',
        expected: 'a turn for every backlogged thread',
        seen: 'no visit to thread 2',
        evidence: [2, 7],
      },
    ]);
    expect(findUnservedThreads(stepped({}, ...start, emit(2, 100, 1), batch(1, [[0, 1]]), turned()))).toEqual([
      {
        rule: 'unserved',
        message: 'thread 2 was backlogged, and the first iteration made no visit to it',
        expected: 'a turn for every backlogged thread',
        seen: 'no visit to thread 2',
        evidence: [2, 5],
      },
    ]);
  });

  test('shares', () => {
    const history = stepped({}, ...start, batch(1, [[0, 30]]), batch(2, [[0, 10]]));
    expect(findShareFaults(history, { minShare: 0.6, minJain: 0.9 })).toEqual([
      {
        rule: 'share',
        message: 'thread 2 got 0.500 of its fair share (10 events)',
        expected: 'a share of at least 0.6',
        seen: '0.500',
        evidence: [5],
      },
      {
        rule: 'jain',
        message: "Jain's index over delivered / fair share is 0.8",
        expected: 'more than 0.9',
        seen: '0.8',
        evidence: [5],
      },
    ]);
  });

  test('at most 20 threads that were passed by', () => {
    const many = Array.from({ length: 25 }, (_, thread) => emit(thread, 0, 5));
    expect(findUnservedThreads(stepped({}, ...many, turned(0)))).toHaveLength(20);
  });
});

describe('service lag, in its extremes', () => {
  const start = [emit(1, 0, 100), emit(2, 0, 100), emit(3, 0, 100)];

  test('the worst pair and the visits between which its lag arose', () => {
    const run = [batch(1, [[0, 6]]), batch(2, [[0, 6]]), batch(3, [[0, 2]]), batch(2, [[6, 6]]), batch(3, [[2, 1]])];
    expect(serviceLag(stepped({}, ...start, ...run))).toEqual({ lag: 12, threads: [1, 2], records: [7, 4] });
    expect(serviceLag(stepped({}, ...start, batch(3, [[0, 2]]), batch(3, [[2, 2]])))).toEqual({
      lag: 4,
      threads: [1, 3],
      records: [5, 3],
    });
  });

  test('an extreme that is reached again is told where it was reached first', () => {
    const both = [emit(1, 0, 100), emit(2, 0, 100)];
    const ahead = [batch(1, [[0, 2]]), batch(2, [[0, 2]]), batch(1, [[2, 3]])];
    expect(serviceLag(stepped({}, ...both, ...ahead))).toEqual({ lag: 3, threads: [1, 2], records: [2, 5] });
    const behind = [batch(2, [[0, 2]]), batch(1, [[0, 2]]), batch(2, [[2, 3]])];
    expect(serviceLag(stepped({}, ...both, ...behind))).toEqual({ lag: 3, threads: [1, 2], records: [5, 2] });
  });

  test('a history without a head has no weights', () => {
    expect(serviceLag(parse(emit(1, 0, 9), emit(2, 0, 9), batch(1, [[0, 3]]))).lag).toBe(3);
  });

  test('a thread alone has none; nor one that is visited without a backlog', () => {
    expect(serviceLag(stepped({}, emit(1, 0, 9), batch(1, [[0, 3]])))).toEqual({
      lag: 0,
      threads: [0, 0],
      records: [],
    });
    expect(serviceLag(stepped({}, emit(1, 0, 9), batch(2, [[0, 3]]))).lag).toBe(0);
    expect(serviceLag(stepped({}, emit(1, 0, 9), emit(2, 0, 2), batch(2, [[0, 2]]))).lag).toBe(0);
  });

  test('of a thread that is not registered the weight is one', () => {
    const weighted = [register(1, { weight: 2 }), emit(1, 0, 9), emit(2, 0, 9), batch(1, [[0, 4]]), batch(2, [[0, 4]])];
    expect(serviceLag(stepped({ policy: 'weighted-fair' }, ...weighted)).lag).toBe(4);
    expect(serviceLag(stepped({ policy: 'weighted-fair' }, ...weighted)).threads).toEqual([1, 2]);
  });
});

describe('waits', () => {
  test('begin anew with each visit, and end with the backlog', () => {
    const wait = (...records: HistoryInput[]): number =>
      longestWait(stepped({}, emit(1, 0, 50), emit(2, 0, 2), ...records)).wait;
    const other = (from: number): HistoryInput[] => [batch(1, [[from, 1]]), turned()];
    expect(wait(...other(0), batch(2, [[0, 1]]), ...other(1), ...other(2))).toBe(2);
    expect(wait(...other(0), batch(2, [[0, 2]]), ...other(1), ...other(2))).toBe(1);
    expect(wait(...other(0), batch(2, [[0, 2]]), emit(2, 2, 1), ...other(1), ...other(2))).toBe(2);
    expect(wait()).toBe(0);
  });
});

describe('shares of threads with demand', () => {
  test('detail lanes and refused threads have none', () => {
    const history = stepped(
      {},
      emit(1, 0, 4),
      emit(1, 4, 4, 'LANE_FULL'),
      emit(2, 0, 1, 'STOPPED'),
      detail(3, 0, 2),
      batch(1, [[0, 4]]),
    );
    expect(shares([...history.slice(0, -1), ...stepped({}, detailBatch(3, [[0, 2]])).slice(1)])).toEqual([
      { thread: 1, delivered: 4, share: 1 },
    ]);
  });

  test('what a thread asked for in parts counts together, as does what it got', () => {
    const parts = [
      emit(1, 0, 5),
      emit(1, 5, 5),
      emit(2, 0, 10),
      batch(1, [[0, 4]]),
      batch(1, [[4, 4]]),
      batch(2, [[0, 2]]),
    ];
    expect(shares(stepped({}, ...parts)).map(({ share }) => share)).toEqual([1.6, 0.4]);
  });

  test('a small demand that was met whole is a whole share', () => {
    const small = [emit(1, 0, 2), emit(2, 0, 100), batch(1, [[0, 2]]), batch(2, [[0, 20]])];
    expect(shares(stepped({}, ...small)).map(({ share }) => share)).toEqual([1, 1]);
  });

  test('the smallest one is told, of equals the first', () => {
    const three = [1, 2, 3].map((thread) => emit(thread, 0, 90));
    const history = stepped({}, ...three, batch(1, [[0, 60]]), batch(2, [[0, 15]]), batch(3, [[0, 15]]));
    expect(said(findShareFaults(history, { minShare: 0.9, minJain: 0 }))).toEqual([
      'share: thread 2 got 0.500 of its fair share (15 events)',
    ]);
  });

  test('Jain’s index is rounded to six places before it is compared', () => {
    const history = stepped({}, emit(1, 0, 9), emit(2, 0, 9), emit(3, 0, 9), batch(1, [[0, 2]]), batch(2, [[0, 1]]));
    expect(said(findShareFaults(history, { minShare: 0, minJain: 0.6 }))).toEqual([
      "jain: Jain's index over delivered / fair share is 0.6",
    ]);
    const thirds = stepped(
      {},
      ...[1, 2, 3].map((t) => emit(t, 0, 9)),
      batch(1, [[0, 3]]),
      batch(2, [[0, 2]]),
      batch(3, [[0, 1]]),
    );
    expect(said(findShareFaults(thirds, { minShare: 0, minJain: 1 }))[0]).toContain('is 0.857143');
  });
});
