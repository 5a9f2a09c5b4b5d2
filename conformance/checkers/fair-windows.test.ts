import { describe, expect, test } from 'vitest';
import type { HistoryInput, RecordOf } from '../../spec/index.js';
import { findWindowFairnessFaults } from './fair-windows.js';
import type { Finding } from './finding.js';
import {
  batch,
  detail,
  detailBatch,
  emit,
  group,
  iteration,
  ledger,
  mark,
  metrics,
  metricsOf,
  register,
  said,
  seal,
  stepped,
} from './testing.js';

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
const found = (config: Record<string, number | string>, ...records: HistoryInput[]): Finding[] =>
  findWindowFairnessFaults(stepped({ quantum: 4, fairnessWindowVisits: 2, ...config }, ...records));
const faults = (...all: Parameters<typeof found>): string[] =>
  said(found(...all)).map((text) => text.replace('fairness: the metrics say that ', ''));
const two = [register(1), register(2), emit(1, 0, 90), emit(2, 0, 90)];
const turned = (visits: number): HistoryInput => iteration({ visits });
/** Thread 1 got 6 events and thread 2 got 2, where each could have had 4. */
const uneven = [batch(1, [[0, 6]]), batch(2, [[0, 2]]), turned(2)];
const unevenly = (more: Partial<Fairness> = {}): HistoryInput =>
  told({ 1: 1.5, 2: 0.5 }, { delivered: 8, jain: 0.8, minShare: 0.5, serviceLag: 4, longestWait: 1, ...more });

describe('a window of fairness', () => {
  test('before the first one nothing is to complain of', () => {
    expect(faults({}, ...two, nothing)).toEqual([]);
    expect(faults({}, ...two, batch(1, [[0, 9]]), turned(1), nothing)).toEqual([]);
    expect(faults({}, ...two, metrics(ledger(0, 0)))).toEqual(['fairness: the metrics tell no fairness of windows']);
    expect(faults({}, ...two, told({ 1: 1 }, { windows: 1 }))).toEqual(["the window's windows is 1, and it was 0"]);
  });

  test('a finding says what was due, what was told, and by which metrics', () => {
    expect(found({}, ...two, told({ 1: 1 }, { windows: 1 }))).toEqual([
      {
        rule: 'fairness',
        message: "the metrics say that the window's windows is 1, and it was 0",
        expected: '0',
        seen: '1',
        evidence: [5],
      },
    ]);
    expect(found({}, ...two, metrics(ledger(0, 0)))).toEqual([
      {
        rule: 'fairness',
        message: 'the metrics tell no fairness of windows',
        expected: 'fairness',
        seen: 'nothing',
        evidence: [5],
      },
    ]);
  });

  test('figures may differ by what rounding makes of them; a share must be told', () => {
    const off = (by: number): string[] => faults({}, ...two, told({ 1: 1 - by, 2: 1 + by }, { windows: 0 }));
    expect(off(2e-6)).toEqual([]);
    expect(off(3e-6)).toHaveLength(2);
    const without = metrics(ledger(0, 0), ledger(0, 0), [metricsOf(1, ledger(0, 0))], {
      fairness: { windows: 0, delivered: 0, jain: 1, minShare: 1, serviceLag: 0, longestWait: 0, quantum: 4, batch: 0 },
    });
    expect(faults({}, ...two, without)).toEqual(['the share of thread 1 in the window is undefined, and it was 1']);
  });

  test('in which nobody is, or nobody got anything, is even', () => {
    expect(faults({}, turned(2), told({}))).toEqual([]);
    expect(faults({}, ...two, turned(2), told({ 1: 1, 2: 1 }))).toEqual([]);
    // all that there was is delivered: nobody was backlogged in all of it
    const small = [register(1), register(2), emit(1, 0, 6), emit(2, 0, 2)];
    expect(faults({}, ...small, ...uneven, told({ 1: 1, 2: 1 }, { delivered: 8, longestWait: 1 }))).toEqual([]);
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
    const begun = [...small, group(2, 'begin', [3, 50]), emit(2, 3, 9, 'LANE_FULL'), detail(2, 0, 50)];
    const refused = group(2, 'submit', [3, 50], [50, 50], 'LANE_FULL');
    expect(faults({}, ...begun, refused, ...served, told({ 1: 1.2, 2: 0.666667 }, right))).toEqual([]);
    // details count as delivered, and what is pending in the index lane stays
    const details = [...small, detail(2, 0, 2), ...served.slice(0, 2), detailBatch(2, [[0, 2]]), turned(2)];
    const both = { delivered: 10, jain: 0.961538, minShare: 0.8, serviceLag: 2, longestWait: 1 };
    expect(faults({}, ...details, told({ 1: 1.2, 2: 0.8 }, both))).toEqual([]);
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
    const again3 = [batch(3, [[4, 8]]), batch(1, [[8, 4]]), batch(2, [[8, 4]]), turned(3)];
    const last = [batch(3, [[12, 8]]), batch(1, [[12, 4]]), batch(2, [[12, 4]]), turned(3)];
    const in2 = told(
      { 1: 0.75, 2: 0.75, 3: 1.5 },
      { windows: 2, delivered: 32, jain: 0.888889, minShare: 0.75, serviceLag: 8, longestWait: 2 },
    );
    expect(faults({ fairnessWindowVisits: 5 }, ...late, ...third, come, ...again3, ...last, in2)).toEqual([]);
  });

  test('who ran empty in the window before is in it only if it has more as it begins', () => {
    const empty = [register(1), register(2), emit(1, 0, 90), emit(2, 0, 2), batch(1, [[0, 4]]), batch(2, [[0, 2]])];
    const next = [emit(2, 2, 9), batch(1, [[4, 4]], { nested: 1 }), batch(2, [[2, 2]]), turned(2)];
    const right = { windows: 2, delivered: 6, jain: 0.9, minShare: 0.666667, serviceLag: 0, longestWait: 1 };
    expect(faults({}, ...empty, turned(2), ...next, told({ 1: 1.333333, 2: 0.666667 }, right))).toEqual([]);
  });

  test('begins with the first record of an iteration of its drain, and with no other', () => {
    const one = [register(1), register(2), emit(1, 0, 90)];
    const after = (record: HistoryInput): string[] => faults({}, ...one, record, emit(2, 0, 90), ...uneven, unevenly());
    expect(after({ type: 'create', outcome: 'accepted' })).toEqual([]);
    expect(after(nothing)).toEqual([]);
    expect(after(batch(1, [], { drain: 1 }))).toEqual([]);
    expect(after(iteration({ drain: 1, visits: 1 }))).toEqual([]);
    // an iteration without visits begins it too
    expect(after(turned(0))).toEqual(["the window's serviceLag is 4, and it was 0"]);
  });

  test('who is given all that it has is not backlogged, though more came during its own turn', () => {
    const fed = [register(1), register(2), emit(1, 0, 90), emit(2, 0, 2)];
    const served = [batch(1, [[0, 6]]), emit(2, 2, 5), batch(2, [[0, 2]], { nested: 1 }), turned(2)];
    const right = { delivered: 8, jain: 0.8, minShare: 0.5, serviceLag: 0, longestWait: 1 };
    expect(faults({}, ...fed, ...served, told({ 1: 1.5, 2: 0.5 }, right))).toEqual([]);
    // what came during the turn of another was there when its own began
    const other = [emit(2, 2, 5), batch(1, [[0, 6]], { nested: 1 }), batch(2, [[0, 2]]), turned(2)];
    expect(faults({}, ...fed, ...other, told({ 1: 1.5, 2: 0.5 }, { ...right, serviceLag: 4 }))).toEqual([]);
    // what came during no turn is never late, though the history begins with a turn of its thread
    const early = [batch(1, []), turned(1), ...two, ...uneven, unevenly({ windows: 2 })];
    expect(faults({ fairnessWindowVisits: 1 }, ...early)).toEqual([]);
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
    const come = [register(3), emit(3, 0, 5), batch(1, [[6, 1]]), batch(2, [[2, 1]]), batch(3, [[0, 1]]), turned(3)];
    const waited = told({}, { ...none, longestWait: 2 });
    expect(faults({ fairnessWindowVisits: 99 }, ...two, ...uneven, ...come, waited)).toEqual([]);
  });

  test('who has more waits from its visit on, who has none from when it has some again', () => {
    const turns = [batch(2, [[2, 1]]), turned(1), batch(1, [[6, 1]]), turned(1)];
    const waited = (longestWait: number): HistoryInput => told({}, { windows: 0, longestWait });
    expect(faults({ fairnessWindowVisits: 99 }, ...two, ...uneven, ...turns, waited(2))).toEqual([]);
    const small = [register(1), register(2), emit(1, 0, 90), emit(2, 0, 2)];
    const alone = [batch(1, [[6, 1]]), turned(1), batch(1, [[7, 1]]), turned(1)];
    const again = [emit(2, 2, 1), batch(2, [[2, 1]]), turned(1)];
    expect(faults({ fairnessWindowVisits: 99 }, ...small, ...uneven, ...alone, ...again, waited(1))).toEqual([]);
  });

  test('who has gone is no part of it', () => {
    const gone = { type: 'thread-event', event: 'reclaimed', thread: 2, slot: 2, generation: 1 } as const;
    const left = [register(1), register(2), emit(1, 0, 90), emit(2, 0, 2)];
    const served = [batch(1, [[0, 6]]), batch(2, [[0, 2]]), gone, turned(2)];
    expect(faults({}, ...left, ...served, told({ 1: 1 }, { delivered: 6, longestWait: 1 }))).toEqual([]);
    const refused = register(5, { outcome: 'REGISTRY_FULL' });
    expect(faults({}, refused, ...left, ...served, told({ 1: 1, 5: 1 }, { delivered: 6, longestWait: 1 }))).toEqual([]);
    // nor does it come back if it is refused
    const again = [...served.slice(0, 3), register(2, { outcome: 'REGISTRY_FULL' }), turned(2)];
    expect(faults({}, ...left, ...again, told({ 1: 1 }, { delivered: 6, longestWait: 1 }))).toEqual([]);
    // though it left events behind
    expect(faults({}, ...two, ...served, told({ 1: 1 }, { delivered: 6, longestWait: 1 }))).toEqual([]);
    // who is only leaving is still there
    const leaving = { ...gone, event: 'leaving' } as const;
    expect(faults({}, ...two, ...uneven.slice(0, 2), leaving, turned(2), unevenly())).toEqual([]);
  });

  test('detail that is marked and sealed is waited for like events of the index lane, other detail is not', () => {
    const lanes = { detailCapacity: 64, windowRecords: 2, preRoll: 8, postRoll: 0 };
    const emitted = [register(1), register(2), emit(1, 0, 90), detail(2, 0, 11)];
    const served = [batch(1, [[0, 6]]), detailBatch(2, [[0, 2]]), turned(2)];
    expect(faults(lanes, ...emitted, mark(2, 11), ...served, unevenly())).toEqual([]);
    const nobodyWaits = told({ 1: 1, 2: 1 }, { delivered: 8 });
    expect(faults(lanes, ...emitted, ...served, nobodyWaits)).toEqual([]);
    expect(faults(lanes, ...emitted, mark(2, 11), ...served, nobodyWaits)).toHaveLength(6);
    // 2 are delivered, and 2 more could have been: of the last window only what is sealed counts
    const few = [...emitted.slice(0, 3), detail(2, 0, 3), mark(2, 3), ...served, batch(1, [[6, 2]])];
    const share = told({ 1: 8 / 7, 2: 2 / 3 }, {});
    const seen = (sealed: HistoryInput[]): string | undefined =>
      faults({ ...lanes, fairnessWindowVisits: 3 }, ...few, ...sealed, turned(1), share).find((one) =>
        one.startsWith('the share of thread 2'),
      );
    expect(seen([])).toBe('the share of thread 2 in the window is 0.6666666666666666, and it was 1');
    expect(seen([seal(2, 3)])).toBeUndefined();
  });

  test('who waits for detail waits from its mark on, and from its visit on while more is due', () => {
    const lanes = { detailCapacity: 64, windowRecords: 2, preRoll: 8, postRoll: 0, fairnessWindowVisits: 99 };
    const start = [register(1), register(2), emit(1, 0, 90), detail(2, 0, 10)];
    const one = (from: number): HistoryInput[] => [batch(1, [[from, 1]]), turned(1)];
    const waited = (longestWait: number): HistoryInput => told({}, { windows: 0, longestWait });
    const last = [detailBatch(2, [[0, 2]]), turned(1)];
    const late = [...start, ...one(0), ...one(1), ...one(2), mark(2, 10), ...one(3), ...last];
    expect(faults(lanes, ...late, waited(1))).toEqual([]);
    const more = [...start, mark(2, 10), detailBatch(2, [[0, 2]]), batch(1, [[0, 1]]), turned(2), ...one(1)];
    expect(faults(lanes, ...more, detailBatch(2, [[2, 2]]), turned(1), waited(2))).toEqual([]);
  });

  test('metrics of another drain are not judged', () => {
    expect(faults({}, ...two, { ...metrics(ledger(0, 0)), drain: 1 } as HistoryInput)).toEqual([]);
  });
});
