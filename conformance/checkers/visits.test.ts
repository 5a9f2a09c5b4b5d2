import { describe, expect, test } from 'vitest';
import type { HistoryInput } from '../../spec/index.js';
import { batch, detail, detailBatch, emit, group, iteration, stepped, stop } from './testing.js';
import { isWhole, visitsOf, walk } from './visits.js';

const byHand = (thread: number, delivered: number, drain = 0): HistoryInput => ({
  type: 'visit',
  drain,
  thread,
  delivered,
  outcome: 'accepted',
});

describe('visits', () => {
  test('are told whole: by thread and lane, with iteration and records', () => {
    const history = stepped(
      {},
      batch(1, [[0, 3]]),
      detailBatch(1, [[0, 2]]),
      batch(1, [[3, 2]], { acknowledged: 1 }),
      iteration({ visits: 1 }),
      batch(1, [[4, 1]]),
    );
    expect(visitsOf(history)).toEqual([
      { thread: 1, index: 4, detail: 2, iteration: 0, records: [1, 2, 3], byHand: false },
      { thread: 1, index: 1, detail: 0, iteration: 1, records: [5], byHand: false },
    ]);
  });

  test('of one thread that another comes between are two', () => {
    expect(visitsOf(stepped({}, batch(1, [[0, 1]]), batch(2, [[0, 1]]), batch(1, [[1, 1]])))).toHaveLength(3);
  });

  test('by hand are all those since the last turn or call that ended; others stay turns', () => {
    const history = stepped({}, batch(1, [[0, 1]]), iteration({ visits: 1 }), batch(1, [[1, 1]]), byHand(1, 1));
    expect(visitsOf(history).map((one) => one.byHand)).toEqual([false, true]);
    const other = stepped({}, batch(1, [[0, 1]]), byHand(1, 1, 1), iteration({ visits: 1 }));
    expect(visitsOf(other).map((one) => one.byHand)).toEqual([false]);
  });

  test('go on through the iterations that a sink called for', () => {
    const history = stepped({}, batch(1, [[0, 1]]), iteration(), batch(1, [[1, 1]]), iteration({ visits: 1 }));
    expect(visitsOf(history)).toMatchObject([{ index: 2, iteration: 0 }]);
  });
});

test('a visit is whole when the sink took all of every batch', () => {
  const whole = (...records: HistoryInput[]): boolean[] => {
    const history = stepped({}, ...records);
    return visitsOf(history).map((visit) => isWhole(history, visit));
  };
  const [all, part] = [batch(1, [[0, 2]]), batch(1, [[2, 2]], { acknowledged: 1 })];
  expect(whole(all, all)).toEqual([true]);
  expect(whole(all, part)).toEqual([false]);
  expect(whole(part, all)).toEqual([false]);
});

describe('a walk tells who is backlogged', () => {
  const weight: HistoryInput = { type: 'weight', thread: 1, weight: 2, outcome: 'accepted' };
  const told = (...records: HistoryInput[]): string[] => {
    const log: string[] = [];
    walk(stepped({}, ...records), {
      begins: (thread, at) => void log.push(`begins ${thread} at ${at}`),
      ends: (thread) => void log.push(`ends ${thread}`),
      visited: ({ thread, records: of }) => void log.push(`visited ${thread} to ${of.at(-1)}`),
      iterated: (_record, at) => void log.push(`iterated at ${at}`),
      changed: ({ type }, at) => void log.push(`${type} at ${at}`),
    });
    return log;
  };

  test('from the first event that is accepted until the last is taken', () => {
    expect(told(emit(1, 0, 2), emit(1, 2, 1), batch(1, [[0, 2]]), batch(1, [[2, 1]]), emit(1, 3, 1))).toEqual([
      'begins 1 at 1',
      'ends 1',
      'visited 1 to 4',
      'begins 1 at 5',
    ]);
    expect(told(emit(1, 0, 2), batch(1, [[0, 2]], { acknowledged: 1 }))).toEqual(['begins 1 at 1', 'visited 1 to 2']);
  });

  test('by index events that were accepted, alone or in groups', () => {
    expect(told(detail(1, 0, 1), emit(1, 0, 1, 'LANE_FULL'), group(1, 'begin', [0, 1]))).toEqual([]);
    expect(told(emit(1, 0, 1, 'LANE_FULL'), emit(1, 0, 1))).toEqual(['begins 1 at 2']);
    expect(told(group(1, 'submit', [0, 1], [0, 0], 'STOPPED'), group(1, 'submit', [0, 0], [0, 1]))).toEqual([]);
    expect(told(group(1, 'commit', [0, 2], [0, 1]), detailBatch(1, [[0, 1]]), batch(1, [[0, 2]]))).toEqual([
      'begins 1 at 1',
      'ends 1',
      'visited 1 to 3',
    ]);
  });

  test('not by what was taken of its details', () => {
    expect(told(emit(1, 0, 1), detailBatch(1, [[0, 1]]))).toEqual(['begins 1 at 1', 'visited 1 to 2']);
  });

  test('also of batches that came before their emit was told', () => {
    expect(told(batch(1, [[0, 2]]), emit(1, 0, 2), emit(1, 2, 1))).toEqual(['visited 1 to 1', 'begins 1 at 3']);
  });

  test('iterations of the first drain, without those that a sink called for', () => {
    expect(told(iteration(), iteration({ drain: 1 }), iteration({ visits: 1 }))).toEqual([
      'iterated at 1',
      'iterated at 3',
    ]);
    expect(told(batch(1, [[0, 1]]), iteration(), batch(1, [[1, 1]]))).toEqual(['visited 1 to 3']);
  });

  test('visits of the first drain, without those by hand', () => {
    expect(told(batch(1, [[0, 1]], { drain: 1 }))).toEqual([]);
    expect(told(batch(1, [[0, 1]]), byHand(1, 1))).toEqual([]);
    expect(told(batch(1, [[0, 1]]), stop())).toEqual(['visited 1 to 1']);
  });

  test('what changes, after the visit that it was made in', () => {
    expect(told(weight, batch(1, [[0, 1]], { nested: 1 }), weight)).toEqual([
      'visited 1 to 2',
      'weight at 2',
      'weight at 3',
    ]);
  });

  test('a watcher need not look at everything', () => {
    expect(() => walk(stepped({}, emit(1, 0, 1), weight, batch(1, [[0, 1]]), iteration()), {})).not.toThrow();
  });
});
