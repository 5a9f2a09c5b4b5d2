import { describe, expect, test } from 'vitest';
import { StressLoad, type StressLoadInput } from '../../spec/stress.js';
import { Board, COUNT, membersOf } from './board.js';
import { Shares } from './shares.js';

type Group = StressLoadInput['groups'][number];
const arrivals = { kind: 'closed' } as const;

/** The shares of a load, and how to play so many events of each thread, in order. */
function sharesOf(...groups: Group[]) {
  const load = StressLoad.parse({ version: 1, durationMs: 1, groups });
  const members = membersOf(load);
  const board = Board.make(members.at(-1)!.firstId + members.at(-1)!.ids);
  const play = (field: number, counts: readonly number[]): void =>
    counts.forEach((count, i) => board.add(members[i]!.firstId, field, count));
  return {
    shares: new Shares(load, members, board, (all) => all.map((member) => board.sumOf(member, COUNT.accepted))),
    accept: (...counts: number[]) => play(COUNT.accepted, counts),
    deliver: (...counts: number[]) => play(COUNT.delivered, counts),
  };
}

describe('evenness', () => {
  test('is 1 where everybody got what they asked for, however little', () => {
    const { shares, accept, deliver } = sharesOf({ threads: 3, arrivals });
    const mark = shares.mark();
    accept(1000, 10, 1);
    deliver(1000, 10, 1);
    expect(shares.since(mark)).toEqual({ jain: 1, minShare: 1 });
  });
  test('falls with what a thread got less than its share', () => {
    const { shares, accept, deliver } = sharesOf({ threads: 2, arrivals });
    const mark = shares.mark();
    accept(100, 100);
    deliver(60, 20);
    const { jain, minShare } = shares.since(mark);
    expect(minShare).toBeCloseTo(0.5, 12);
    expect(jain).toBeCloseTo((1.5 + 0.5) ** 2 / (2 * (1.5 ** 2 + 0.5 ** 2)), 12);
  });
  test('is by weight', () => {
    const { shares, accept, deliver } = sharesOf({ threads: 1, weight: 3, arrivals }, { threads: 1, arrivals });
    const mark = shares.mark();
    accept(1000, 1000);
    deliver(300, 100);
    expect(shares.since(mark)).toEqual({ jain: 1, minShare: 1 });
    deliver(0, 200);
    expect(shares.since(mark).minShare).toBeCloseTo(300 / 450, 12);
  });
  test('a thread that was served nothing of what it asked counts as 0', () => {
    const { shares, accept, deliver } = sharesOf({ threads: 2, arrivals });
    const mark = shares.mark();
    accept(50, 50);
    deliver(50, 0);
    expect(shares.since(mark)).toEqual({ jain: 0.5, minShare: 0 });
  });
});

describe('of a window', () => {
  test('only what was asked for and delivered since its mark counts', () => {
    const { shares, accept, deliver } = sharesOf({ threads: 2, arrivals });
    accept(500, 100);
    deliver(500, 100);
    const mark = shares.mark();
    accept(10, 2);
    deliver(10, 2);
    expect(shares.since(mark)).toEqual({ jain: 1, minShare: 1 });
  });
  test('what waited when it began is demand too', () => {
    const { shares, accept, deliver } = sharesOf({ threads: 2, arrivals });
    accept(100, 100);
    const mark = shares.mark();
    deliver(30, 10);
    expect(shares.since(mark).minShare).toBeCloseTo(0.5, 12);
  });
  test('a thread without demand is left out, and one alone has no evenness', () => {
    const { shares, accept, deliver } = sharesOf({ threads: 3, arrivals });
    const mark = shares.mark();
    expect(shares.since(mark)).toEqual({});
    accept(10, 0, 0);
    deliver(10, 0, 0);
    expect(shares.since(mark)).toEqual({});
    accept(0, 10, 0);
    deliver(0, 10, 0);
    expect(shares.since(mark)).toEqual({ jain: 1, minShare: 1 });
  });
  test('what was delivered was asked for, even where the count of that is old', () => {
    const { shares, deliver } = sharesOf({ threads: 2, arrivals });
    const mark = shares.mark();
    deliver(40, 40);
    expect(shares.since(mark)).toEqual({ jain: 1, minShare: 1 });
  });
});

test.each<[string, Partial<Group>]>([
  ['that live several lives', { life: { least: 1, most: 2 } }],
  ['that join late', { joinMs: 5 }],
  ['that join one after another', { stepMs: 5 }],
  ['that leave early', { leaveMs: 5 }],
])('threads %s have no share', (_, more) => {
  const { shares, accept, deliver } = sharesOf({ threads: 2, arrivals }, { threads: 2, arrivals, ...more });
  const mark = shares.mark();
  expect(mark.delivered).toHaveLength(2);
  accept(10, 10, 90, 90);
  deliver(10, 10, 0, 1);
  expect(shares.since(mark)).toEqual({ jain: 1, minShare: 1 });
});
