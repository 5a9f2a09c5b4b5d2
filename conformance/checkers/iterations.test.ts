import { expect, test } from 'vitest';
import { iterationsOf } from './iterations.js';
import { batch, detail, detailBatch, emit, group, iteration, stepped } from './testing.js';

/** Who each iteration visited, and whom it left without a turn. */
const told = (...records: Parameters<typeof stepped>[1][]): unknown[] =>
  iterationsOf(stepped({}, ...records)).map(({ at, visits, unvisited }) => [
    at,
    visits.map(({ thread }) => thread),
    unvisited,
  ]);

test('each has its own visits, and those who were backlogged and had none', () => {
  const history = [
    ...[emit(1, 0, 4), emit(2, 0, 4), batch(1, [[0, 2]]), iteration({ visits: 1 })],
    ...[emit(3, 0, 1, 'LANE_FULL'), detail(4, 0, 2), batch(2, [[0, 4]]), iteration({ visits: 1 })],
    ...[batch(1, [[2, 2]]), iteration({ visits: 1 }), iteration({ skips: 1 })],
  ];
  expect(told(...history)).toEqual([
    [4, [1], [2]],
    [8, [2], [1]],
    [10, [1], []],
    [11, [], []],
  ]);
});

test('what comes after an iteration has begun belongs to the next one', () => {
  const history = [emit(1, 0, 1), batch(1, [[0, 1]]), emit(2, 0, 1), iteration({ visits: 1 }), iteration({ skips: 1 })];
  expect(told(...history)).toEqual([
    [4, [1], []],
    [5, [], [2]],
  ]);
});

test('a held queue and a failing batch hinder a visit', () => {
  const history = [
    ...[
      emit(1, 0, 2),
      emit(2, 0, 2),
      group(1, 'begin', [2, 1]),
      batch(2, [[0, 2]], { acknowledged: 0 }),
      iteration({ skips: 1 }),
    ],
    ...[
      iteration({ skips: 1 }),
      group(1, 'commit', [2, 1]),
      iteration({ skips: 1 }),
      batch(2, [[0, 1]]),
      iteration({ skips: 1 }),
    ],
  ];
  expect(told(...history)).toEqual([
    [5, [2], []],
    [6, [], []],
    [8, [], [1]],
    [10, [2], [1]],
  ]);
});

test('groups that were refused hold nothing and bring nothing, and detail settles no index event', () => {
  const refused = (phase: 'begin' | 'submit') => group(1, phase, [0, 2], [0, 0], 'LANE_FULL');
  expect(told(refused('submit'), iteration())).toEqual([[2, [], []]]);
  expect(told(emit(1, 0, 1), refused('begin'), iteration())).toEqual([[3, [], [1]]]);
  const taken = [emit(1, 0, 2), detail(1, 0, 2), detailBatch(1, [[0, 2]]), iteration({ visits: 1 }), iteration()];
  expect(told(...taken)).toEqual([
    [4, [1], []],
    [5, [], [1]],
  ]);
});

test('what another drain did is done, in no iteration of the first one', () => {
  const history = [
    emit(1, 0, 1),
    batch(1, [[0, 1]], { drain: 1 }),
    iteration({ drain: 1, visits: 1 }),
    iteration({ skips: 1 }),
  ];
  expect(told(...history)).toEqual([[4, [], []]]);
});
