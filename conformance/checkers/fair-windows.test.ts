import { describe, expect, test } from 'vitest';
import type { HistoryInput, RecordOf } from '../../spec/index.js';
import { findWindowFairnessFaults } from './fair-windows.js';
import { batch, emit, group, iteration, ledger, metrics, metricsOf, register, said, stepped } from './testing.js';

type Fairness = NonNullable<RecordOf<'metrics'>['fairness']>;
const told = (shares: Record<number, number>, more: Partial<Fairness> = {}): HistoryInput =>
  metrics(
    ledger(0, 0),
    ledger(0, 0),
    Object.entries(shares).map(([thread, share]) => ({ ...metricsOf(Number(thread), ledger(0, 0)), share })),
    {
      fairness: {
        ...{ windows: 1, delivered: 0, jain: 1, minShare: 1, serviceLag: 0, longestWait: 0, quantum: 4, batch: 0 },
        ...more,
      },
    },
  );
const nothing: HistoryInput = told({ 1: 1, 2: 1 }, { windows: 0 });
const faults = (config: Record<string, number | string>, ...records: HistoryInput[]): string[] =>
  said(findWindowFairnessFaults(stepped({ quantum: 4, fairnessWindowVisits: 2, ...config }, ...records))).map((text) =>
    text.replace('fairness: the metrics say that ', ''),
  );
const two = [register(1), register(2), emit(1, 0, 90), emit(2, 0, 90)];
const turned = (visits: number): HistoryInput => iteration({ visits });

describe('a window of fairness', () => {
  test('before the first one nothing is to complain of', () => {
    expect(faults({}, ...two, nothing)).toEqual([]);
    expect(faults({}, ...two, batch(1, [[0, 9]]), turned(1), nothing)).toEqual([]);
    expect(faults({}, ...two, metrics(ledger(0, 0)))).toEqual(['fairness: the metrics tell no fairness of windows']);
    expect(faults({}, ...two, told({ 1: 1 }, { windows: 1 }))).toEqual(["the window's windows is 1, and it was 0"]);
  });

  test('ends with the iteration in which the visits reach its number', () => {
    const served = [batch(1, [[0, 6]]), batch(2, [[0, 2]]), turned(2)];
    const figures = { delivered: 8, jain: 0.8, minShare: 0.5, serviceLag: 4, longestWait: 1 };
    const right = told({ 1: 1.5, 2: 0.5 }, figures);
    expect(faults({}, ...two, ...served, right)).toEqual([]);
    expect(faults({}, ...two, ...served, told({ 1: 1, 2: 1, 3: 2 }))).toEqual([
      "the window's longestWait is 0, and it was 1",
      "the window's delivered is 0, and it was 8",
      "the window's serviceLag is 0, and it was 4",
      "the window's minShare is 1, and it was 0.5",
      "the window's jain is 1, and it was 0.8",
      'the share of thread 1 in the window is 1, and it was 1.5',
      'the share of thread 2 in the window is 1, and it was 0.5',
      'the share of thread 3 in the window is 2, and it was 1',
    ]);
    // visits that gave the sink nothing may lie in the wait
    const more = (longestWait: number): string[] =>
      faults({}, ...two, ...served.slice(0, 2), turned(4), told({ 1: 1.5, 2: 0.5 }, { ...figures, longestWait }));
    expect([more(0), more(3), more(4)].map((all) => all.length)).toEqual([1, 0, 1]);
    // what came before the window is forgotten
    const even = [batch(1, [[6, 3]]), batch(2, [[2, 3]]), turned(2)];
    const next = told({ 1: 1, 2: 1 }, { windows: 2, delivered: 6, serviceLag: 0, longestWait: 1 });
    expect(faults({}, ...two, ...served, right, ...even, next)).toEqual([]);
  });

  test('counts who got nothing, and leaves out who wanted nothing', () => {
    const served = [batch(1, [[0, 8]]), turned(1), batch(1, [[8, 8]]), turned(1)];
    const starved = { delivered: 16, jain: 0.5, minShare: 0, serviceLag: 16 };
    expect(faults({}, ...two, register(3), ...served, told({ 1: 2, 2: 0, 3: 1 }, starved))).toEqual([]);
    const alone = [register(1), register(2), emit(1, 0, 90), ...served];
    expect(faults({}, ...alone, told({ 1: 1, 2: 1 }, { delivered: 16 }))).toEqual([]);
  });

  test('demand is what is pending at its end, groups too; nobody is due more than that', () => {
    const small = [register(1), register(2), emit(1, 0, 90), group(2, 'submit', [0, 3])];
    const served = [batch(1, [[0, 6]]), batch(2, [[0, 2]]), turned(2)];
    // 3 are due to thread 2, 5 to thread 1
    const right = { delivered: 8, jain: 0.924528, minShare: 0.666667, serviceLag: 4, longestWait: 1 };
    expect(faults({}, ...small, ...served, told({ 1: 1.2, 2: 0.666667 }, right))).toEqual([]);
    const begun = [...small, group(1, 'begin', [90, 50]), emit(2, 3, 9, 'LANE_FULL')];
    expect(faults({}, ...begun, ...served, told({ 1: 1.2, 2: 0.666667 }, right))).toEqual([]);
  });

  test('weights count at its end, under weighted fair', () => {
    const weighted = [register(1, { weight: 3 }), register(2), emit(1, 0, 90), emit(2, 0, 90)];
    const served = [batch(1, [[0, 6]]), batch(2, [[0, 2]]), turned(2)];
    const right = told({ 1: 1, 2: 1 }, { delivered: 8, serviceLag: 0, longestWait: 1 });
    expect(faults({ policy: 'weighted-fair' }, ...weighted, ...served, right)).toEqual([]);
    const later = { type: 'weight', thread: 1, weight: 3, outcome: 'accepted' } as const;
    const inside = [{ ...served[0]!, nested: 1 } as HistoryInput, ...served.slice(1)];
    expect(faults({ policy: 'weighted-fair' }, ...two, later, ...inside, right)).toEqual([]);
  });

  test('the lag is of threads that were backlogged in all of it', () => {
    const ranEmpty = [register(1), register(2), register(3), emit(1, 0, 90), emit(2, 0, 90), emit(3, 0, 2)];
    const first = [batch(1, [[0, 4]]), batch(2, [[0, 4]]), batch(3, [[0, 2]]), turned(3)];
    const again = [emit(3, 2, 9), batch(1, [[4, 4]]), batch(2, [[4, 4]]), batch(3, [[2, 4]]), turned(3)];
    const shares = { 1: 1.090909, 2: 1.090909, 3: 0.818182 };
    const right = { delivered: 22, jain: 0.98374, minShare: 0.818182, serviceLag: 0, longestWait: 2 };
    expect(faults({ fairnessWindowVisits: 6 }, ...ranEmpty, ...first, ...again, told(shares, right))).toEqual([]);
    // one that came after the window had begun is not in it; in the next it is
    const late = [...two, batch(1, [[0, 4]]), batch(2, [[0, 4]]), turned(2), register(3), emit(3, 0, 90)];
    const third = [batch(3, [[0, 4]]), batch(1, [[4, 4]]), batch(2, [[4, 4]]), turned(3)];
    const come = told({ 1: 1.2, 2: 1.2, 3: 0.6 }, { delivered: 20, jain: 0.925926, minShare: 0.6, longestWait: 2 });
    expect(faults({ fairnessWindowVisits: 5 }, ...late, ...third, come)).toEqual([]);
    const next = [batch(3, [[4, 8]]), batch(1, [[8, 4]]), batch(2, [[8, 4]]), turned(3)];
    const in2 = told(
      { 1: 0.75, 2: 0.75, 3: 1.5 },
      { windows: 2, delivered: 16, jain: 0.888889, minShare: 0.75, serviceLag: 4, longestWait: 2 },
    );
    expect(faults({ fairnessWindowVisits: 3 }, ...two, register(3), emit(3, 0, 90), ...first3(), ...next, in2)).toEqual(
      [],
    );
  });

  test('who is given all that it has is not backlogged, though more came during its own turn', () => {
    const fed = [register(1), register(2), emit(1, 0, 90), emit(2, 0, 2)];
    const served = [batch(1, [[0, 6]]), emit(2, 2, 5), batch(2, [[0, 2]], { nested: 1 }), turned(2)];
    const right = { delivered: 8, jain: 0.8, minShare: 0.5, serviceLag: 0, longestWait: 1 };
    expect(faults({}, ...fed, ...served, told({ 1: 1.5, 2: 0.5 }, right))).toEqual([]);
    // what came during the turn of another was there when its own began
    const other = [emit(2, 2, 5), batch(1, [[0, 6]], { nested: 1 }), batch(2, [[0, 2]]), turned(2)];
    expect(faults({}, ...fed, ...other, told({ 1: 1.5, 2: 0.5 }, { ...right, serviceLag: 4 }))).toEqual([]);
  });

  test('the longest wait is of all time, looked at when it ends; who comes begins to wait in the next iteration', () => {
    const long = [batch(1, [[0, 1]]), turned(1), batch(1, [[1, 1]]), turned(1), batch(1, [[2, 1]]), turned(1)];
    const none = { windows: 0 };
    expect(faults({ fairnessWindowVisits: 99 }, ...two, ...long, told({}, none))).toEqual([]);
    const ends = [...long, batch(2, [[0, 1]]), turned(1)];
    expect(faults({ fairnessWindowVisits: 99 }, ...two, ...ends, told({}, { ...none, longestWait: 3 }))).toEqual([]);
    const inside = [register(3), emit(3, 0, 5), batch(1, [[0, 1]], { nested: 2 }), batch(2, [[0, 1]]), turned(2)];
    const after = [batch(1, [[1, 1]]), batch(3, [[0, 1]]), turned(2), told({}, { ...none, longestWait: 1 })];
    expect(faults({ fairnessWindowVisits: 99 }, ...two, ...inside, ...after)).toEqual([]);
  });

  test('who has gone is no part of it', () => {
    const gone = { type: 'thread-event', event: 'reclaimed', thread: 2, slot: 2, generation: 1 } as const;
    const left = [register(1), register(2), emit(1, 0, 90), emit(2, 0, 2)];
    const served = [batch(1, [[0, 6]]), batch(2, [[0, 2]]), gone, turned(2)];
    expect(faults({}, ...left, ...served, told({ 1: 1 }, { delivered: 6, longestWait: 1 }))).toEqual([]);
    const refused = register(5, { outcome: 'REGISTRY_FULL' });
    expect(faults({}, refused, ...left, ...served, told({ 1: 1, 5: 1 }, { delivered: 6, longestWait: 1 }))).toEqual([]);
  });

  test('metrics of another drain are not judged', () => {
    expect(faults({}, ...two, { ...metrics(ledger(0, 0)), drain: 1 } as HistoryInput)).toEqual([]);
  });
});

/** A first window of three threads. */
const first3 = (): HistoryInput[] => [batch(3, [[0, 4]]), batch(1, [[0, 4]]), batch(2, [[0, 4]]), turned(3)];
