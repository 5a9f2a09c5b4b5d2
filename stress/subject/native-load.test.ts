import { describe, expect, test } from 'vitest';
import { setTimeout as sleep } from 'node:timers/promises';
import { OWN_DRAINS } from '../../conformance/runner/drains.js';
import { monotonicNs } from '../../conformance/subject/produce.js';
import type { DrainModule } from '../../spec/index.js';
import { StressLoad, type StressLoadInput } from '../../spec/stress.js';
import { Board, COUNT, membersOf } from './board.js';
import { bookLives, isNativeLoad, nativePrograms } from './native-load.js';
import { Tally } from './tally.js';

type Group = StressLoadInput['groups'][number];
const load = (...groups: Group[]): StressLoad =>
  StressLoad.parse({ version: 1, warmupMs: 20, durationMs: 80, groups, producers: 'native' });
const CLOSED: Group = { threads: 2, weight: 3, arrivals: { kind: 'closed', events: 50 } };
const OPEN: Group = { threads: 4, arrivals: { kind: 'open', rate: 500, tickMs: 10 } };
const BURST: Group = { threads: 2, arrivals: { kind: 'burst', events: 30, everyMs: 50 } };

describe('a load for native threads', () => {
  test('is of closed loops that end, or of open ones and bursts', () => {
    expect([[CLOSED], [OPEN], [BURST], [OPEN, BURST]].map((groups) => isNativeLoad(load(...groups)))).toEqual(
      new Array(4).fill(true),
    );
  });
  test.each<[string, Group[]]>([
    ['a closed loop without end', [{ ...CLOSED, arrivals: { kind: 'closed' } }]],
    ['closed and open ones together', [CLOSED, OPEN]],
    ['dropping', [{ ...OPEN, whenFull: 'drop' }]],
    ['lives', [{ ...CLOSED, life: { least: 1, most: 2 } }]],
    ['joining late', [CLOSED, { ...CLOSED, joinMs: 1 }]],
    ['joining one by one', [{ ...OPEN, stepMs: 1 }]],
    ['leaving early', [{ ...OPEN, leaveMs: 50 }]],
  ])('is none with %s', (_, groups) => {
    expect(isNativeLoad(load(...groups))).toBe(false);
  });
});

describe('programs', () => {
  const programs = (...groups: Group[]) => nativePrograms(load(...groups), membersOf(load(...groups)), 1e9);
  test('of a closed loop are so many events of each thread', () => {
    const [first, second] = programs(CLOSED);
    expect([first, second]).toMatchObject([
      { threadId: 1, weight: 3, events: 50, lives: 1, ending: 'leave', whenFull: 'retry' },
      { threadId: 2, weight: 3, events: 50 },
    ]);
    expect(first).not.toHaveProperty('open');
  });
  test('of an open loop tick one after another, from the begin to the end of the load', () => {
    const all = programs(OPEN);
    expect(all.map(({ threadId, events }) => [threadId, events])).toEqual([1, 2, 3, 4].map((id) => [id, 0]));
    expect(all.map(({ open }) => open!.beginNs - 1e9)).toEqual([0, 2.5e6, 5e6, 7.5e6]);
    for (const { open } of all) expect(open).toMatchObject({ ratePerSecond: 500, tickNs: 1e7, endNs: 1.1e9 });
  });
  test('of bursts begin together', () => {
    const [, , first, second] = programs(CLOSED, BURST);
    expect(first).toMatchObject({ threadId: 3, open: { ratePerSecond: 600, tickNs: 5e7, beginNs: 1e9 } });
    expect(second!.open).toEqual(first!.open);
  });
});

describe('what threads were told', () => {
  const run = (from: number, count: number, outcome: string, retries = 0) => ({ from, count, outcome, retries });
  const life = (more: object = {}) => ({
    threadId: 1,
    slot: 0,
    generation: 1,
    registered: 'accepted',
    index: [run(0, 10, 'accepted', 2), run(10, 3, 'LANE_FULL', 5), run(10, 4, 'accepted')],
    detail: [],
    joins: [],
    marks: [],
    ended: 'leave',
    startedNs: 0,
    endedNs: 1,
    ...more,
  });
  const booked = (board: Board, id: number) =>
    [COUNT.accepted, COUNT.rejected, COUNT.retries, COUNT.lives].map((field) => board.get(id, field));
  test('is counted, thread by thread', () => {
    const board = Board.make(3);
    expect(bookLives(board, [life(), life({ threadId: 2, index: [] })])).toEqual([]);
    expect([booked(board, 1), booked(board, 2)]).toEqual([
      [14, 3, 7, 1],
      [0, 0, 0, 1],
    ]);
  });
  test.each<[unknown, string | RegExp]>([
    [{ threadId: 1 }, /^startProducers\(\) told no life: /],
    [null, /^startProducers\(\) told no life: /],
    [life({ registered: 'REGISTRY_FULL' }), 'thread 1 could not register: REGISTRY_FULL'],
    [life({ threadId: 3 }), 'startProducers() told of thread 3, which was not asked for'],
    [life({ threadId: 0 }), 'startProducers() told of thread 0, which was not asked for'],
  ])('is a problem, and counts nothing: %o', (told, problem) => {
    const board = Board.make(3);
    const problems = bookLives(board, [told]);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(problem);
    expect([1, 2].flatMap((id) => booked(board, id))).toEqual(new Array(8).fill(0));
  });
  test('counts, and is a problem, where the thread did not end by itself', () => {
    const board = Board.make(3);
    expect(bookLives(board, [life({ ended: 'stopped' })])).toEqual(["thread 1 ended with 'stopped'"]);
    expect(booked(board, 1)).toEqual([14, 3, 7, 1]);
  });
});

test.each<[string, 'stamped' | 'pattern', Group, number | undefined]>([
  ['closed', 'pattern', CLOSED, 100],
  ['open', 'stamped', OPEN, undefined],
  ['burst', 'stamped', BURST, 120],
])('native threads play it and the tally reads what they emit: %s', async (_, format, group, events) => {
  const native = (await import(OWN_DRAINS['native']!)) as DrainModule;
  const one = load(group);
  const board = Board.make(8);
  const tally = new Tally({ board, sink: { kind: 'memory' }, format, timed: format === 'stamped' });
  const drain = native.createDrain({ config: { detailCapacity: 0 }, sink: tally });
  const threads = native.startProducers!(drain.shareRegistry(), nativePrograms(one, membersOf(one), monotonicNs()));
  let lives = threads.poll();
  for (; lives === null; lives = threads.poll()) {
    drain.drainIteration();
    await sleep(1);
  }
  while (drain.drainIteration().delivered > 0);
  threads.close();
  expect(bookLives(board, lives)).toEqual([]);
  drain.close();
  expect([tally.wrong, tally.duplicated]).toEqual([0, 0]);
  expect(board.sum(COUNT.accepted)).toBeGreaterThan(0);
  expect(board.sum(COUNT.delivered)).toBe(board.sum(COUNT.accepted));
  if (events !== undefined) expect(tally.delivered).toBe(events);
});
