import { describe, expect, test } from 'vitest';
import type { HistoryInput } from '../../spec/index.js';
import { batch, emit, group, iteration, ledger, metrics, said, stepped } from './testing.js';
import { findUnservedThreads } from './unserved.js';

const turned = (visits = 1): HistoryInput => iteration({ visits });

describe('a turn for everybody', () => {
  const start = [emit(1, 0, 9), emit(2, 0, 9)];
  const all = [batch(1, [[0, 1]]), batch(2, [[0, 1]]), turned(2)];
  const served = (...records: HistoryInput[]): string[] =>
    said(findUnservedThreads(stepped({}, ...start, ...all, ...records)));

  test('a backlogged thread without a visit', () => {
    expect(served(batch(1, [[1, 1]]), batch(2, [[1, 1]]), turned(2))).toEqual([]);
    expect(served(batch(1, [[1, 1]]), turned())).toEqual([
      'unserved: thread 2 was backlogged, and a whole iteration made 1 visit and none to it',
    ]);
    expect(served(turned(0))[0]).toBe(
      'unserved: thread 1 was backlogged, and a whole iteration made 0 visits and none to it',
    );
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
    expect(
      served(
        group(2, 'begin', [9, 1]),
        group(2, 'commit', [9, 1], [0, 0], 'NOT_HOLDING'),
        ...alone,
        batch(1, [[2, 1]]),
        turned(),
      ),
    ).toEqual([]);
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

describe('an iteration passes by whom it may', () => {
  const start = [emit(1, 0, 9), emit(2, 0, 9)];
  const all = [batch(1, [[0, 1]]), batch(2, [[0, 1]]), turned(2)];
  const served = (...records: HistoryInput[]): string[] =>
    said(findUnservedThreads(stepped({}, ...start, ...all, ...records)));
  const alone = (from: number): HistoryInput[] => [batch(1, [[from, 1]]), turned()];

  test('who has died, or whose death was refused', () => {
    const dead = { type: 'dead', thread: 2, outcome: 'accepted' } as const;
    const begun = group(2, 'begin', [9, 1]);
    expect(served(begun, dead, ...alone(1), ...alone(2))).toHaveLength(1);
    expect(served(begun, { ...dead, outcome: 'STALE_HANDLE' }, ...alone(1), ...alone(2))).toEqual([]);
  });

  test('who was held when another drain turned, still when the first one does', () => {
    const begun = [group(2, 'begin', [9, 1]), group(2, 'commit', [9, 1])];
    expect(served(...begun, iteration({ drain: 1 }), ...alone(1))).toEqual([]);
  });

  test('who is held stays so, whatever its producer tries; who was held is excused until the iteration is told', () => {
    const acquired = { type: 'acquire', thread: 2, acquired: true } as const;
    const busy = group(2, 'submit', [9, 1], [0, 0], 'QUEUE_BUSY');
    expect(served(acquired, busy, ...alone(1), ...alone(2))).toEqual([]);
    const begun = [group(2, 'begin', [9, 1]), group(2, 'commit', [9, 1])];
    expect(served(...begun, metrics(ledger(0, 0)), ...alone(1))).toEqual([]);
  });

  test('a submit in one piece holds nobody', () => {
    expect(served(group(2, 'submit', [9, 1]), ...alone(1))).toHaveLength(1);
  });

  test('whose queue is held is not another’s excuse', () => {
    expect(served(group(1, 'begin', [9, 1]), ...alone(1))).toHaveLength(1);
  });

  test('an iteration that was cut short asks for nobody, the next one does', () => {
    const cut = [batch(1, [[1, 1]]), iteration({ visits: 1, truncated: 'time' })];
    expect(served(...cut)).toEqual([]);
    expect(served(...cut, ...alone(2))).toHaveLength(1);
  });

  test('details alone, and groups that were not accepted, make no backlog of the first iteration', () => {
    const first = (...records: HistoryInput[]): string[] => said(findUnservedThreads(stepped({}, ...records)));
    expect(first(emit(1, 0, 1), batch(1, [[0, 1]]), emit(2, 0, 1), turned())).toEqual([]);
    expect(first(emit(1, 0, 1), iteration({ drain: 1 }), batch(1, [[0, 1]]), turned())).toEqual([]);
    expect(first(emit(2, 0, 1), iteration({ drain: 1 }), turned(0))).toHaveLength(1);
  });
});

describe('the first iteration', () => {
  const first = (...records: HistoryInput[]): string[] => said(findUnservedThreads(stepped({}, ...records)));
  const two = [emit(1, 0, 9), emit(2, 0, 9)];

  test('is the first of the first drain', () => {
    expect(first(emit(2, 0, 1), iteration({ drain: 1, truncated: 'time' }), turned(0))).toHaveLength(1);
  });

  test('need not serve whom only later ones saw, nor is a later visit one of its own', () => {
    expect(first(turned(0), emit(2, 0, 1), emit(1, 0, 1), batch(1, [[0, 1]]))).toEqual([]);
    expect(first(...two, batch(1, [[0, 1]]), turned(), batch(2, [[0, 1]]), batch(1, [[1, 1]]), turned(2))).toHaveLength(
      1,
    );
  });
});

describe('a queue that is held', () => {
  const dead: HistoryInput = { type: 'dead', thread: 1, outcome: 'accepted' };
  const so = (...records: HistoryInput[]): number =>
    findUnservedThreads(stepped({}, emit(1, 0, 4), ...records, turned(0), turned(0), turned(0))).length;

  test('by hand stays so when its thread is declared dead; release() ends it', () => {
    const acquire: HistoryInput = { type: 'acquire', thread: 1, acquired: true };
    const release: HistoryInput = { type: 'release', thread: 1, outcome: 'accepted' };
    expect(so(acquire, turned(0), dead)).toBe(0);
    expect(so(acquire, turned(0), dead, release)).toBeGreaterThan(0);
    expect(so(acquire, turned(0), release)).toBeGreaterThan(0);
  });

  test('by a thread that died inside a call is free when its death is proved', () => {
    const kill = (during: 'submit' | 'running'): HistoryInput => ({ type: 'kill', thread: 1, during });
    const unknown = group(1, 'submit', [4, 1], [0, 0], 'unknown');
    expect(so(unknown, kill('submit'))).toBe(0);
    expect(so(unknown, kill('submit'), turned(0), dead)).toBeGreaterThan(0);
    expect(so(kill('running'))).toBeGreaterThan(0);
  });
});
