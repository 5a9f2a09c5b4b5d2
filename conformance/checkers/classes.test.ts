import { describe, expect, test } from 'vitest';
import type { HistoryInput } from '../../spec/index.js';
import { classTurns, findMonopolies, findOvertakings } from './classes.js';
import { batch, emit, group, iteration, leave, register, said, stepped } from './testing.js';

const at = (thread: number, priority: number): HistoryInput[] => [register(thread, { priority }), emit(thread, 0, 90)];
/** A visit of one event; sequences do not matter here. */
const v = (thread: number, more: Parameters<typeof batch>[2] = {}): HistoryInput => batch(thread, [[0, 1]], more);
const turned = iteration({ visits: 1 });
const cut = iteration({ visits: 1, truncated: 'visits' });
const CONFIG = { policy: 'priority', ageAfter: 3, maxSkips: 2 };
const history = (...records: HistoryInput[]) => stepped(CONFIG, ...at(1, 0), ...at(2, 5), ...at(3, 2), ...records);
const found = (...records: HistoryInput[]): string[] => said(findOvertakings(history(...records)));

const acquire = (thread: number, acquired = true): HistoryInput => ({ type: 'acquire', thread, acquired });

describe('the higher class first', () => {
  test('a thread before one of a higher class that waits', () => {
    expect(found(v(2), v(3), v(1), turned)).toEqual([]);
    expect(found(v(2), v(1), v(3), turned)).toEqual([
      'class: thread 1, of class 0 at most, was visited while thread 3 of class 2 waited for its turn',
    ]);
    expect(found(v(3), v(2), v(1), turned)).toHaveLength(1);
    // who had its turn waits no more in this iteration, and again in the next
    expect(found(v(2), v(3), turned, v(3), turned)).toHaveLength(1);
    expect(said(findOvertakings(stepped({}, ...at(1, 0), ...at(2, 5), v(1), turned)))).toEqual([]);
  });

  test('who would have been right, and the visit that shows it', () => {
    expect(findOvertakings(history(v(2), v(1), turned))).toEqual([
      {
        rule: 'class',
        message: 'thread 1, of class 0 at most, was visited while thread 3 of class 2 waited for its turn',
        expected: 'thread 3 first',
        seen: 'thread 1',
        evidence: [8],
      },
    ]);
  });

  test('who has nothing left waits no more', () => {
    const one = [register(4, { priority: 7 }), emit(4, 0, 1), v(4), turned];
    expect(found(...one, v(2), turned)).toEqual([]);
    expect(found(...one, emit(4, 1, 1), v(2), turned)).toHaveLength(1);
    expect(found(acquire(4), turned, v(2), turned)).toEqual([]);
  });

  test('nobody overtakes itself, even of a class that there is none of', () => {
    expect(found(...at(4, 9), v(4), turned)).toEqual([]);
  });

  test('one that came from inside the sink has the next iteration', () => {
    const late = [...at(4, 7), v(2, { nested: 2 }), v(3), v(1), turned];
    expect(found(...late)).toEqual([]);
    expect(found(...late, v(2), turned)).toHaveLength(1);
  });

  test('waiting raises by a class after every ageAfter iterations', () => {
    // thread 3, of class 2, waits from iteration 1: in iteration 10 it may have risen to 5
    const waits = (n: number): HistoryInput[] => Array.from({ length: n }, () => [v(2), cut]).flat();
    expect(found(...waits(9), v(3), cut)).toEqual([]);
    expect(found(...waits(8), v(3), cut)).toEqual([
      'class: thread 3, of class 4 at most, was visited while thread 2 of class 5 waited for its turn',
    ]);
    // served, it begins anew
    expect(found(...waits(9), v(3), cut, ...waits(7), v(3), cut)).toHaveLength(1);
    expect(found(...waits(9), v(3), cut, ...waits(8), v(3), cut)).toEqual([]);
    // nobody rises above the top
    const top = stepped(CONFIG, ...at(1, 0), ...at(2, 7), ...waits(40), v(1), cut);
    expect(findOvertakings(top)).toEqual([]);
    // nor is anybody of the top raised
    expect(classTurns(history(...at(4, 7), ...waits(9), v(4), cut)).raisedVisits).toBe(0);
    expect(classTurns(history(...at(4, 6), ...waits(9), v(4), cut)).raisedVisits).toBe(1);
  });

  test('who was raised before says so', () => {
    const waits = (n: number): HistoryInput[] => Array.from({ length: n }, () => [v(2), cut]).flat();
    const turns = classTurns(history(...waits(9), v(3), cut, v(3), cut));
    expect(turns.raisedVisits).toBe(1);
    expect(turns.overtakings).toMatchObject([{ visited: 3, waiting: 2, reached: 2, own: 5, wasRaised: true }]);
    expect(classTurns(history(v(3), cut)).overtakings).toMatchObject([{ wasRaised: false }]);
    expect(classTurns(history(v(2), v(3), cut)).raisedVisits).toBe(0);
  });

  test('skips raise; who was skipped often enough, is held or fails need not be waited for', () => {
    const held = (thread: number, n: number): HistoryInput[] => [
      group(thread, 'begin', [90, 1]),
      ...Array.from({ length: n }, () => turned),
      group(thread, 'commit', [90, 1]),
    ];
    // held in one iteration: a class more; in as many as maxSkips: before all
    expect(found(...held(3, 1), v(3), turned)).toHaveLength(1);
    expect(found(...held(3, 2), v(3), turned)).toEqual([]);
    expect(found(...held(2, 1), v(3), turned)).toEqual([]);
    expect(found(group(2, 'begin', [90, 1]), v(3), turned)).toEqual([]);
    expect(found(group(2, 'begin', [90, 1], [0, 0], 'LANE_FULL'), v(3), turned)).toHaveLength(1);
    expect(found(acquire(2), v(3), turned)).toEqual([]);
    expect(found(acquire(2, false), v(3), turned)).toHaveLength(1);
    // released in between: its turn may be due to the skips
    expect(found(...held(2, 1), turned, v(3), turned)).toEqual([]);
    // each skip is a class more
    expect(found(...at(4, 4), ...held(4, 1), v(4), turned)).toEqual([]);
    expect(found(...at(4, 3), ...held(4, 1), v(4), turned)).toEqual([
      'class: thread 4, of class 4 at most, was visited while thread 2 of class 5 waited for its turn',
    ]);
    // without skips that count, nobody was skipped often enough
    const none = stepped({ ...CONFIG, maxSkips: 0 }, ...at(1, 0), ...at(2, 5), v(1), turned);
    expect(findOvertakings(none)).toHaveLength(1);
    expect(found(v(2, { acknowledged: 0 }), turned, v(3), turned)).toEqual([]);
    expect(found(v(2, { acknowledged: 0 }), turned, v(2), turned, v(3), turned)).toHaveLength(1);
  });

  test('a queue is held until it is released or the group is committed', () => {
    const after = (hold: HistoryInput, ...records: HistoryInput[]): string[] =>
      found(hold, turned, ...records, turned, v(2), turned, v(3), turned);
    const release = (outcome: string): HistoryInput => ({ type: 'release', thread: 2, outcome });
    const begin = group(2, 'begin', [90, 1]);
    const commit = (outcome?: string): HistoryInput => group(2, 'commit', [90, 1], [0, 0], outcome);
    expect(after(acquire(2), release('accepted'))).toHaveLength(1);
    expect(after(acquire(2), release('NOT_HOLDING'))).toEqual([]);
    expect(after(begin, commit())).toHaveLength(1);
    expect(after(begin, commit('LANE_FULL'))).toHaveLength(1);
    expect(after(begin, commit('NOT_HOLDING'))).toEqual([]);
    // nothing else ends it
    expect(after(begin, group(2, 'begin', [90, 1], [0, 0], 'ALREADY_HOLDING'))).toEqual([]);
    expect(after(begin, group(2, 'submit', [90, 1]))).toEqual([]);
    expect(after(begin, emit(2, 90, 1))).toEqual([]);
    expect(after(begin, acquire(2, false))).toEqual([]);
    // and a whole group, or a commit of who does not hold, holds nothing
    expect(found(group(2, 'submit', [90, 1]), v(3), turned)).toHaveLength(1);
    expect(found(commit('NOT_HOLDING'), v(3), turned)).toHaveLength(1);
  });

  test('a class that changes counts from the next turn on', () => {
    const priority = (thread: number, value: number): HistoryInput => ({
      type: 'priority',
      thread,
      priority: value,
      outcome: 'accepted',
    });
    expect(found(priority(3, 7), v(3), turned)).toEqual([]);
    expect(found(priority(3, 7), v(2), v(3), v(1), turned, v(2), v(3), turned)).toHaveLength(1);
    expect(found(priority(2, 1), v(3), v(2), turned)).toEqual([]);
    expect(found(priority(2, 1), v(2), v(3), v(1), turned, v(2), v(3), turned)).toHaveLength(1);
    expect(found(priority(9, 1), v(2), turned)).toEqual([]);
    // a weight is no class
    expect(found({ type: 'weight', thread: 1, weight: 9, outcome: 'accepted' }, v(2), turned)).toEqual([]);
  });

  test('another policy lets everybody join anew', () => {
    const configure = (policy: string): HistoryInput => ({
      type: 'configure',
      changes: { policy },
      outcome: 'accepted',
    });
    const waits = (n: number): HistoryInput[] => Array.from({ length: n }, () => [v(2), cut]).flat();
    expect(found(configure('round-robin'), v(1), turned)).toEqual([]);
    expect(found(configure('round-robin'), configure('priority'), v(1), turned)).toHaveLength(2);
    expect(found(...waits(9), configure('round-robin'), configure('priority'), v(3), cut)).toHaveLength(1);
    expect(found(...waits(9), configure('priority'), v(3), cut)).toEqual([]);
    // joined anew after iteration 1, it may have risen in iteration 4
    const low = stepped(
      CONFIG,
      ...at(1, 0),
      ...at(2, 1),
      v(2),
      cut,
      configure('round-robin'),
      configure('priority'),
      ...waits(2),
      v(1),
      cut,
    );
    expect(findOvertakings(low)).toEqual([]);
  });
});

describe('final drains', () => {
  const finals = (...records: HistoryInput[]): string[] =>
    said(
      findMonopolies(
        stepped(CONFIG, ...[1, 2, 3, 4].flatMap((thread) => at(thread, 0)), leave(1), leave(2), ...records),
      ),
    );

  test('take turns with the others while both wait', () => {
    expect(finals(v(1), v(3), v(2), v(4), turned)).toEqual([]);
    expect(finals(v(3), v(1), v(4), v(2), turned)).toEqual([]);
    expect(finals(v(1), v(2), v(3), v(4), turned)).toEqual([
      'final-class: two final drains in a row had a turn while thread 3 waited for its own',
    ]);
    expect(finals(v(3), v(4), v(1), v(2), turned)).toEqual([
      'final-class: two visits in a row were no final drain, while leaving thread 1 waited for its turn',
    ]);
    // nobody of the other kind waits
    expect(finals(v(1), v(3), v(4, { acknowledged: 0 }), turned)).toHaveLength(1);
    expect(finals(v(1), v(3), v(2), turned, v(3), v(2), v(4), v(1), turned)).toEqual([]);
  });

  test('every other visit, and the second in a row shows it', () => {
    const both = stepped(CONFIG, ...at(1, 0), ...at(2, 0), ...at(3, 0), leave(1), leave(2), v(1), v(2), turned);
    expect(findMonopolies(both)).toEqual([
      {
        rule: 'final-class',
        message: 'two final drains in a row had a turn while thread 3 waited for its own',
        expected: 'every other visit',
        seen: 'two in a row',
        evidence: [10],
      },
    ]);
  });

  test('the other kind must have waited at both', () => {
    const of = (...records: HistoryInput[]) =>
      findMonopolies(stepped(CONFIG, ...at(1, 0), ...at(3, 0), ...at(4, 0), ...records));
    expect(of(leave(1), v(3), v(4), turned)).toHaveLength(1);
    expect(of(v(3), turned, leave(1), v(4), turned)).toEqual([]);
    expect(of(leave(1), v(3), acquire(1), v(4), turned)).toEqual([]);
  });

  test('across iterations, too', () => {
    expect(finals(v(1), cut, v(2), cut)).toHaveLength(1);
    expect(finals(v(1), cut, v(3), cut, v(2), cut)).toEqual([]);
    expect(classTurns(stepped(CONFIG, ...at(1, 0), leave(1), v(1), cut, v(1), cut)).finalVisits).toBe(2);
  });

  test('a visit that gave the sink nothing may stand between two of a kind', () => {
    const counted = (visits: number): HistoryInput => iteration({ visits });
    expect(finals(v(1), v(2), v(3), v(4), counted(4))).toHaveLength(1);
    expect(finals(v(1), v(2), v(3), v(4), counted(5))).toEqual([]);
    // between the last of one iteration and the first of the next
    expect(finals(v(1), counted(2), v(2), counted(1))).toEqual([]);
    expect(finals(v(1), counted(2), v(3), counted(1), v(1), counted(1), v(2), counted(1))).toHaveLength(1);
  });

  test('one that leaves while an iteration is under way counts from the next on', () => {
    const inside = [...at(5, 0), leave(3), v(4, { nested: 3 }), v(3), v(1), v(2), turned];
    expect(finals(...inside)).toEqual([]);
    const dead = { type: 'dead', thread: 3, outcome: 'accepted' } as const;
    expect(finals(dead, v(1), v(4), v(2), v(3), turned)).toEqual([]);
    expect(finals(dead, v(4), v(3), v(1), v(2), turned)).toEqual([]);
    expect(finals({ ...dead, outcome: 'STALE_HANDLE' }, v(1), v(4), v(3), v(2), turned)).toHaveLength(1);
  });

  test('a final drain overtakes nobody, and is overtaken by nobody', () => {
    const leavers = stepped(
      CONFIG,
      ...at(1, 0),
      ...at(2, 7),
      ...at(3, 7),
      leave(1),
      leave(3),
      v(1),
      v(2),
      v(3),
      turned,
    );
    expect(findOvertakings(leavers)).toEqual([]);
    expect(findOvertakings(stepped(CONFIG, ...at(1, 0), ...at(2, 7), leave(2), v(1), turned))).toEqual([]);
  });
});
