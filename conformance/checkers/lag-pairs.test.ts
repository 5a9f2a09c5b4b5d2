import { describe, expect, test } from 'vitest';
import type { HistoryInput } from '../../spec/index.js';
import { findLagFaults, serviceLag } from './fairness.js';
import { LagPairs } from './lag-pairs.js';
import { batch, emit, iteration, stepped } from './testing.js';
import type { VisitHistory } from './visits.js';

const turned = (visits: number): HistoryInput => iteration({ visits });

describe('service lag of hundreds of threads', () => {
  const all = (threads: number): number[] => Array.from({ length: threads }, (_, thread) => thread);
  const emits = (threads: number): HistoryInput[] => all(threads).map((thread) => emit(thread, 0, 99));
  /** One iteration: a turn of five events for each of these. Which events they are does not matter here. */
  const turns = (...threads: number[]): HistoryInput[] => [
    ...threads.map((thread) => batch(thread, [[0, 5]])),
    turned(threads.length),
  ];

  describe.each([64, 300])('%i of them', (threads) => {
    const everybody = turns(...all(threads));
    const without = (one: number): number[] => all(threads).filter((thread) => thread !== one);
    const last = threads - 1;
    const found = (...records: HistoryInput[]) => findLagFaults(stepped({}, ...emits(threads), ...records), 5);

    test('is that of one turn when all are served alike', () => {
      expect(found(...everybody, ...everybody)).toEqual([]);
    });

    test('tells of a turn too many', () => {
      expect(found(...everybody, ...turns(last, ...all(threads)))).toEqual([
        {
          rule: 'lag',
          message: `between threads 0 and ${last}, both backlogged, service per weight differs by 10 events`,
          expected: 'a service lag of at most 5',
          seen: '10',
          evidence: [threads + 1, 2 * threads + 2],
        },
      ]);
      expect(found(...turns(...all(threads).slice(0, 60), 10))).toMatchObject([{ seen: '10' }]);
    });

    test('tells of who is passed over', () => {
      for (const one of [0, last])
        expect(found(...everybody, ...turns(...without(one)), ...turns(0, 1))).toMatchObject([{ seen: '10' }]);
    });
  });

  /** The lag when `more` has a turn too many and `less` one too few: most between the two. */
  const between = (threads: number, more: number, less: number): number => {
    const others = all(threads).filter((thread) => thread !== less);
    const records = [...turns(...all(threads)), ...turns(more, ...others), ...turns(...all(threads))];
    return serviceLag(stepped({}, ...emits(threads), ...records)).lag;
  };

  test('is that of every pair, wherever they stand', () => {
    expect(between(300, 64, 65)).toBe(15);
    expect(between(300, 298, 3)).toBe(15);
    expect(between(300, 3, 299)).toBe(15);
  });
});

describe('threads that are followed', () => {
  const standing = { policy: 'round-robin', quantum: 5, maxSkips: 0, share: () => 1 };
  const visit = (thread: number, at: number): VisitHistory => ({
    ...{ thread, index: 5, detail: 0, iteration: 0 },
    ...{ records: [at], byHand: false },
  });
  const follow = (most: number): LagPairs => new LagPairs(standing, () => 5, most);

  test('are so many at once; who comes beside them is not, until another has nothing left', () => {
    const pairs = follow(2);
    for (const thread of [1, 2, 3]) pairs.begins(thread, 1);
    for (const at of [2, 3, 4]) pairs.visited(visit(3, at), true);
    expect(pairs.worst.lag).toBe(0);
    pairs.ends(3);
    pairs.ends(1);
    pairs.begins(3, 5);
    pairs.visited(visit(3, 6), true);
    pairs.visited(visit(3, 7), true);
    expect(pairs.worst).toEqual({ lag: 10, bound: 5, threads: [2, 3], records: [7, 5] });
  });

  test('begin once, however often that is told', () => {
    const pairs = follow(3);
    for (const thread of [1, 2]) pairs.begins(thread, 1);
    pairs.visited(visit(2, 2), true);
    for (const thread of [1, 2]) pairs.begins(thread, 3);
    pairs.visited(visit(2, 4), true);
    expect(pairs.worst).toEqual({ lag: 10, bound: 5, threads: [1, 2], records: [4, 1] });
  });

  test('who takes the place of another has nothing of its pairs', () => {
    const pairs = follow(2);
    for (const thread of [1, 2]) pairs.begins(thread, 1);
    pairs.visited(visit(1, 2), true);
    pairs.ends(2);
    pairs.begins(7, 3);
    pairs.visited(visit(1, 4), true);
    expect(pairs.worst.lag).toBe(5);
    pairs.restartAll(5);
    pairs.visited(visit(1, 6), true);
    expect(pairs.worst.lag).toBe(5);
  });
});
