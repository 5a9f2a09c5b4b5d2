/** Weights, classes and limits that change: what is in force when, and the lag over it. */
import { describe, expect, test } from 'vitest';
import type { HistoryInput } from '../../spec/index.js';
import { Carrying } from './carrying.js';
import { findLagFaults, serviceLag, shares } from './fairness.js';
import { Regime, changesOf, nestedRecords } from './regime.js';
import { batch, emit, group, iteration, register, stepped, stop } from './testing.js';

const weight = (thread: number, value: number, outcome = 'accepted'): HistoryInput => ({
  type: 'weight',
  thread,
  weight: value,
  outcome,
});
const priority = (thread: number, value: number): HistoryInput => ({
  type: 'priority',
  thread,
  priority: value,
  outcome: 'accepted',
});
const configure = (changes: Record<string, number | string>, outcome = 'accepted', drain = 0): HistoryInput => ({
  type: 'configure',
  drain,
  changes,
  outcome,
});
const turned = iteration({ visits: 1 });
const byHand: HistoryInput = { type: 'visit', thread: 1, delivered: 1, outcome: 'accepted' };

describe('changes', () => {
  const places = (...records: HistoryInput[]): [number, number][] =>
    [...changesOf(stepped({}, ...records))].map(([at, all]) => [at, all.length]);

  test('count from where they stand, when they were accepted', () => {
    expect(places(weight(1, 2), priority(1, 3), configure({ quantum: 2 }))).toEqual([
      [1, 1],
      [2, 1],
      [3, 1],
    ]);
    expect(places(weight(1, 0, 'INVALID_WEIGHT'), configure({ slots: 3 }, 'INVALID_ARGUMENT'))).toEqual([]);
    expect(places(configure({ quantum: 2 }, 'accepted', 1), turned)).toEqual([]);
  });

  test('from inside the sink: a weight after the visit, limits after the iteration, visit or stop', () => {
    const inside = (one: HistoryInput, ...after: HistoryInput[]) =>
      places(one, batch(1, [[0, 1]], { nested: 1 }), ...after);
    expect(inside(weight(1, 2), turned)).toEqual([[2, 1]]);
    expect(inside(priority(1, 2), turned)).toEqual([[2, 1]]);
    // the visit goes on: its last batch
    expect(inside(weight(1, 2), batch(1, [[1, 1]]), batch(2, [[0, 1]]), turned)).toEqual([[3, 1]]);
    expect(inside(weight(1, 2), batch(1, [[1, 1]]), batch(1, [[2, 1]]), turned)).toEqual([[4, 1]]);
    expect(inside(configure({ quantum: 2 }), batch(2, [[0, 1]]), turned)).toEqual([[4, 1]]);
    expect(inside(configure({ quantum: 2 }), byHand, turned)).toEqual([[3, 1]]);
    expect(inside(configure({ quantum: 2 }), stop(), turned)).toEqual([[3, 1]]);
    expect(inside(configure({ quantum: 2 }), stop({ complete: false }), turned)).toEqual([[4, 1]]);
    expect(inside(configure({ quantum: 2 }), iteration({ drain: 1 }), turned)).toEqual([[4, 1]]);
    expect(inside(configure({ quantum: 2 }), { ...byHand, drain: 1 }, stop({ drain: 1 }), turned)).toEqual([[5, 1]]);
    expect(inside(configure({ quantum: 2 }))).toEqual([]);
    // not after one that had ended before
    expect(places(turned, configure({ quantum: 2 }), batch(1, [[0, 1]], { nested: 1 }), turned)).toEqual([[4, 1]]);
  });

  test('an iteration that ended inside the same turn ends nothing', () => {
    expect(
      places(configure({ quantum: 2 }), batch(1, [[0, 1]], { nested: 1 }), iteration(), batch(1, [[1, 1]]), turned),
    ).toEqual([[5, 1]]);
  });

  test('two at one place stand in their order', () => {
    const history = stepped(
      {},
      configure({ quantum: 2 }),
      configure({ quantum: 3 }),
      batch(1, [[0, 1]], { nested: 2 }),
      turned,
    );
    expect(changesOf(history).get(4)).toMatchObject([{ changes: { quantum: 2 } }, { changes: { quantum: 3 } }]);
    expect(changesOf(history)).toBe(changesOf(history));
  });

  test('nested records: those just before a batch of the first drain', () => {
    const lines = [
      emit(1, 0, 1),
      emit(2, 0, 1),
      batch(1, [[0, 1]], { nested: 1 }),
      batch(2, [[0, 1]], { nested: 9, drain: 1 }),
    ];
    expect([...nestedRecords(stepped({}, ...lines))]).toEqual([[2, 3]]);
    expect([...nestedRecords(stepped({}, batch(1, [[0, 1]], { nested: 5 })))]).toEqual([[0, 1]]);
  });
});

describe('the regime', () => {
  test('begins as the header and the registrations say, and with defaults', () => {
    const regime = new Regime(
      stepped({ policy: 'weighted-fair', quantum: 7 }, register(1, { weight: 3, priority: 5 }), register(2)),
    );
    expect([regime.policy, regime.quantum, regime.maxSkips]).toEqual(['weighted-fair', 7, 4]);
    expect([regime.weight(1), regime.share(1), regime.priority(1)]).toEqual([3, 3, 5]);
    expect([regime.weight(2), regime.weight(9), regime.priority(2)]).toEqual([1, 1, 0]);
    expect(new Regime(stepped({})).policy).toBe('round-robin');
    const refused = register(1, { outcome: 'ALREADY_REGISTERED' });
    expect(new Regime(stepped({}, register(1, { priority: 5 }), refused)).priority(1)).toBe(5);
    expect(new Regime(stepped({ maxSkips: 'many' })).maxSkips).toBe(0);
  });

  test('follows what is applied; a weight counts under weighted fair, quantumMax under adaptive', () => {
    const regime = new Regime(stepped({ quantum: 7, quantumMax: 99 }, register(1, { weight: 3 })));
    expect(regime.share(1)).toBe(1);
    const apply = (one: HistoryInput): void => {
      const [change] = [...changesOf(stepped({}, one)).values()].flat();
      regime.apply(change!);
    };
    apply(configure({ policy: 'weighted-fair', maxSkips: 1 }));
    expect([regime.share(1), regime.maxSkips, regime.quantum]).toEqual([3, 1, 7]);
    apply(weight(1, 4));
    apply(priority(1, 6));
    expect([regime.share(1), regime.priority(1)]).toEqual([4, 6]);
    apply(configure({ policy: 'adaptive' }));
    expect([regime.share(1), regime.quantum]).toEqual([1, 99]);
  });
});

test('credit is carried by whoever was held, or not served whole, until its next visit', () => {
  const acquired = { type: 'acquire', thread: 3, acquired: true } as const;
  const released = { type: 'release', thread: 3, outcome: 'accepted' } as const;
  const history = stepped(
    {},
    batch(1, [[0, 4]], { acknowledged: 3 }),
    turned,
    group(2, 'begin', [0, 1]),
    group(4, 'begin', [0, 1], [0, 0], 'LANE_FULL'),
    { ...acquired, thread: 5, acquired: false },
    acquired,
    batch(3, [[0, 1]]),
    turned,
    batch(1, [[3, 1]]),
    turned,
    { ...released, outcome: 'NOT_HOLDING' },
    batch(3, [[1, 1]]),
    turned,
    released,
    group(2, 'commit', [0, 1]),
    batch(3, [[2, 1]]),
    turned,
    batch(2, [[0, 1]]),
    turned,
  );
  const carrying = new Carrying(history);
  const at = (record: number): number[] => [...carrying.at(record)].sort();
  expect(at(2)).toEqual([1]);
  expect(at(6)).toEqual([1, 2, 3]);
  expect(at(8)).toEqual([1, 2, 3]);
  expect(at(10)).toEqual([2, 3]);
  expect(at(13)).toEqual([2, 3]);
  expect(at(17)).toEqual([2]);
  expect(at(99)).toEqual([]);
});

describe('a queue that is held no more', () => {
  const dead = (outcome: string): HistoryInput => ({ type: 'dead', thread: 3, outcome });
  const release = (outcome: string): HistoryInput => ({ type: 'release', thread: 3, outcome });
  const commit = (outcome?: string): HistoryInput => group(3, 'commit', [0, 1], [0, 0], outcome);
  const carrying =
    (held: HistoryInput) =>
    (...records: HistoryInput[]): number[] => [
      ...new Carrying(stepped({}, held, ...records, batch(3, [[0, 1]]), turned)).at(99),
    ];

  test('was held by its producer: it is committed, or the thread is dead', () => {
    const after = carrying(group(3, 'begin', [0, 1]));
    expect(after()).toEqual([3]);
    for (const end of [commit(), commit('LANE_FULL'), dead('accepted')]) expect(after(end)).toEqual([]);
    // nothing else ends it
    const others = [
      ...[commit('NOT_HOLDING'), dead('STALE_HANDLE'), release('accepted'), emit(3, 0, 1)],
      ...[group(3, 'begin', [0, 1], [0, 0], 'ALREADY_HOLDING'), group(3, 'submit', [0, 1])],
    ];
    for (const other of others) expect(after(other)).toEqual([3]);
  });

  test('was held by hand: it is released', () => {
    const after = carrying({ type: 'acquire', thread: 3, acquired: true });
    expect(after()).toEqual([3]);
    expect(after(release('accepted'))).toEqual([]);
    for (const other of [release('NOT_HOLDING'), dead('accepted'), commit()]) expect(after(other)).toEqual([3]);
    expect(carrying({ type: 'acquire', thread: 3, acquired: false })()).toEqual([]);
  });
});

describe('lag over changes', () => {
  const start = [register(1, { weight: 2 }), register(2), emit(1, 0, 200), emit(2, 0, 200)];
  const of = (config: Record<string, number | string>, ...records: HistoryInput[]) =>
    serviceLag(stepped(config, ...start, ...records)).lag;
  const fair = { policy: 'weighted-fair' };
  const cut = iteration({ visits: 1, truncated: 'visits' });

  test('a weight that changes begins anew, under weighted fair', () => {
    expect(of(fair, batch(1, [[0, 8]]), turned, weight(2, 4), batch(1, [[8, 8]]))).toBe(4);
    expect(of(fair, batch(1, [[0, 8]]), turned, weight(1, 4), batch(1, [[8, 24]]))).toBe(6);
    expect(of({}, batch(1, [[0, 8]]), turned, weight(1, 4), batch(1, [[8, 8]]))).toBe(16);
    expect(of(fair, batch(1, [[0, 8]]), turned, priority(1, 4), batch(1, [[8, 8]]))).toBe(8);
  });

  test('what begins anew begins where the change stands, and only for who has events', () => {
    const history = stepped(fair, ...start, batch(1, [[0, 8]]), turned, weight(2, 4), batch(1, [[8, 10]]));
    expect(findLagFaults(history, 4)).toMatchObject([{ seen: '5', evidence: [7, 8] }]);
    expect(serviceLag(stepped(fair, emit(1, 0, 200), weight(3, 2), batch(1, [[0, 8]]))).lag).toBe(0);
  });

  test('a policy that changes begins anew; nothing is owed under priority', () => {
    expect(of({}, batch(1, [[0, 8]]), turned, configure({ policy: 'adaptive' }), batch(1, [[8, 5]]))).toBe(8);
    expect(of({}, batch(1, [[0, 8]]), turned, configure({ policy: 'round-robin' }), batch(1, [[8, 5]]))).toBe(13);
    expect(of({ policy: 'priority' }, batch(1, [[0, 8]]), batch(1, [[8, 5]]))).toBe(0);
  });

  test('a quantum that changes begins anew where turns of both are under way, or credit is cut', () => {
    const change = (to: object, ...before: HistoryInput[]) =>
      of({ quantum: 4, maxSkips: 1 }, ...before, configure({ ...to }), batch(1, [[50, 8]]));
    const visit = batch(1, [[0, 8]]);
    expect(change({ quantum: 3 }, visit, turned)).toBe(16);
    expect(change({ quantum: 3 }, visit, cut)).toBe(8);
    expect(change({ quantum: 3 }, visit, batch(3, [[0, 1]]))).toBe(16);
    expect(change({ quantum: 4 }, visit, cut)).toBe(16);
    expect(change({ quantum: 9 }, visit, group(2, 'begin', [90, 1]), turned)).toBe(16);
    expect(change({ quantum: 3 }, visit, group(2, 'begin', [90, 1]), turned)).toBe(8);
    expect(change({ maxSkips: 0 }, visit, group(2, 'begin', [90, 1]), turned)).toBe(8);
    expect(change({ maxSkips: 1 }, visit, group(2, 'begin', [90, 1]), turned)).toBe(16);
    expect(change({ slots: 3 }, visit, group(2, 'begin', [90, 1]), cut)).toBe(16);
  });

  test('what an adaptive quantum is after an iteration that was cut short nobody says', () => {
    const adaptive = { policy: 'adaptive' };
    expect(of(adaptive, batch(1, [[0, 8]]), cut, batch(1, [[8, 5]]))).toBe(8);
    expect(of(adaptive, batch(1, [[0, 8]]), turned, batch(1, [[8, 5]]))).toBe(13);
    expect(of({}, batch(1, [[0, 8]]), cut, batch(1, [[8, 5]]))).toBe(13);
  });

  test('a batch that is not taken whole ends the intervals of its thread, until the next that is', () => {
    const failed = batch(1, [[8, 8]], { acknowledged: 0 });
    expect(of({}, batch(1, [[0, 8]]), turned, failed, turned, batch(2, [[0, 9]]), batch(1, [[8, 8]]))).toBe(8);
    expect(of({}, failed, turned, batch(2, [[0, 9]]), turned, batch(2, [[9, 9]]), turned, batch(1, [[8, 8]]))).toBe(0);
    expect(of({}, failed, turned, batch(1, [[8, 8]]), batch(2, [[0, 9]]), turned, batch(1, [[16, 3]]))).toBe(9);
  });

  test('the bound is the largest in force over the interval', () => {
    const history = stepped(
      { quantum: 10 },
      ...start,
      batch(1, [[0, 10]]),
      turned,
      configure({ quantum: 4 }),
      batch(1, [[10, 4]]),
    );
    const bound = ({ quantum }: { quantum: number }): number => quantum;
    expect(findLagFaults(history, bound)).toMatchObject([{ expected: 'a service lag of at most 10', seen: '14' }]);
    expect(findLagFaults(history, ({ quantum }) => quantum + 4)).toEqual([]);
  });

  test('shares are by the weights that the history begins with', () => {
    const history = stepped(fair, ...start, batch(1, [[0, 20]]), batch(2, [[0, 10]]), turned);
    expect(shares(history).map(({ share }) => share)).toEqual([1, 1]);
  });
});
