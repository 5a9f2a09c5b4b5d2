import { describe, expect, test } from 'vitest';
import type { HistoryInput } from '../../spec/index.js';
import { innerIterations, isSettled } from './settled.js';
import {
  batch,
  emit,
  free,
  group,
  iteration,
  leave,
  ledger,
  metrics,
  register,
  said,
  stepped,
  stop,
} from './testing.js';
import { findIterationFaults, findStopFaults } from './turns.js';

const faults = (...records: HistoryInput[]): string[] => said(findIterationFaults(stepped({}, ...records)));
const two = [batch(1, [[0, 3]]), batch(2, [[0, 2]], { acknowledged: 0 })];
const told = { visits: 2, delivered: 3, batches: 2, sinkFailures: 1 };
const reclaimed = { type: 'thread-event', event: 'reclaimed', thread: 1, slot: 1, generation: 1 } as const;
const visit = (delivered: number): HistoryInput => ({ type: 'visit', thread: 1, delivered, outcome: 'accepted' });

describe('an iteration tells what happened', () => {
  test('exactly', () => {
    expect(
      faults(...two, iteration(told), iteration(), batch(1, [[3, 1]]), iteration({ delivered: 1, batches: 1 })),
    ).toEqual([]);
    for (const field of ['delivered', 'batches', 'sinkFailures'] as const) {
      for (const by of [1, -1]) {
        const wrong = told[field] + by;
        expect(faults(...two, iteration({ ...told, [field]: wrong }))).toEqual([
          `iteration-result: an iteration says ${field} ${wrong}, and it was ${told[field]}`,
        ]);
      }
    }
  });

  test('reclaims, where they are reported', () => {
    expect(faults(reclaimed, iteration({ reclaimed: 1 }))).toEqual([]);
    expect(faults(reclaimed, iteration({ visits: 1 }))).toHaveLength(1);
    expect(faults(iteration({ reclaimed: 1 }))).toEqual([]);
    expect(faults({ ...reclaimed, event: 'registered' }, iteration({ reclaimed: 1 }))).toHaveLength(1);
  });

  test('each drain counts its own', () => {
    expect(
      faults(batch(1, [[0, 1]], { drain: 1 }), iteration(), iteration({ drain: 1, delivered: 1, batches: 1 })),
    ).toEqual([]);
  });

  test('calls from inside the sink end nothing', () => {
    expect(faults(two[0]!, iteration(), iteration(), two[1]!, iteration(told))).toEqual([]);
    expect(faults(iteration(), ...two, iteration(told))).toEqual([]);
    expect(faults(two[0]!, visit(0), two[1]!, iteration(told))).toEqual([]);
    expect(faults(two[0]!, stop({ complete: false }), two[1]!, iteration(told))).toEqual([]);
    expect(faults(reclaimed, iteration(), ...two, iteration({ ...told, reclaimed: 1 }))).toEqual([]);
  });

  test('an iteration that hides its batches is found, now or by the next one', () => {
    expect(faults(...two, iteration())).toHaveLength(3);
    expect(faults(two[0]!, iteration(), two[1]!, iteration({ visits: 1, batches: 1, sinkFailures: 1 }))).toHaveLength(
      2,
    );
  });

  test('batches of stop, visits by hand and calls that threw are not its own', () => {
    const after = [batch(1, [[3, 1]]), iteration({ delivered: 1, batches: 1 })];
    expect(faults(...two, stop(), ...after)).toEqual([]);
    expect(faults(...two, visit(3), ...after)).toEqual([]);
    expect(faults(...two, { type: 'threw', during: 'drainIteration', message: 'x' }, ...after)).toEqual([]);
    expect(faults(two[1]!, visit(0), ...after)).toEqual([]);
    expect(
      faults(...two, visit(3), batch(1, [[3, 1]]), iteration({ delivered: 4, batches: 3, sinkFailures: 1 })),
    ).toHaveLength(3);
  });

  test('free histories have no order of lines', () => {
    expect(findIterationFaults(free({}, ...two, iteration()))).toEqual([]);
  });
});

describe('after stop', () => {
  const later = (...records: HistoryInput[]): string[] => said(findStopFaults(stepped({}, ...records)));

  test('nothing is delivered and nothing accepted', () => {
    expect(later(emit(1, 0, 1), batch(1, [[0, 1]]), stop(), emit(1, 1, 1, 'STOPPED'), iteration())).toEqual([]);
    expect(later(stop(), batch(1, [[0, 1]]))).toEqual([
      'after-stop: a batch of thread 1 was delivered after a complete stop',
    ]);
    expect(later(stop(), emit(1, 0, 1))).toEqual(['after-stop: emit of thread 1 was accepted after stop']);
    expect(later(stop(), group(1, 'submit', [0, 1]), register(2))).toHaveLength(2);
    expect(findStopFaults(stepped({}, stop(), stop(), emit(1, 0, 1)))[0]).toMatchObject({ evidence: [1, 3] });
  });

  test('after an incomplete one delivery goes on, acceptance does not', () => {
    const gaveUp = stop({ complete: false, leftIndex: 1 });
    expect(later(gaveUp, batch(1, [[0, 1]]))).toEqual([]);
    expect(later(gaveUp, emit(1, 0, 1))).toHaveLength(1);
    expect(later(gaveUp, batch(1, [[0, 1]]), stop(), batch(1, [[0, 1]]))).toHaveLength(1);
    expect(later(stop({ complete: false }), emit(1, 0, 1))).toEqual([]);
  });

  test('free histories have no order of lines', () => {
    expect(findStopFaults(free({}, stop(), emit(1, 0, 1), batch(1, [[0, 1]])))).toEqual([]);
  });
});

test('settled: a complete stop, or an iteration with nothing to do, and nothing after it', () => {
  expect(isSettled(stepped({}, iteration(), { type: 'advance', ns: 1 }))).toBe(true);
  const changes: HistoryInput[] = [
    { type: 'weight', thread: 1, weight: 2, outcome: 'accepted' },
    { type: 'priority', thread: 1, priority: 2, outcome: 'accepted' },
    { type: 'configure', changes: { quantum: 8 }, outcome: 'accepted' },
  ];
  for (const change of changes) expect(isSettled(stepped({}, iteration(), change)), change.type).toBe(true);
  expect(isSettled(stepped({}, iteration({ visits: 1 })))).toBe(false);
  expect(isSettled(stepped({}, iteration(), emit(1, 0, 1)))).toBe(false);
  expect(isSettled(stepped({}, stop()))).toBe(true);
  expect(isSettled(stepped({}, stop({ complete: false })))).toBe(false);
  expect(isSettled(stepped({}))).toBe(false);
  expect(isSettled(free({}, stop(), emit(1, 0, 1)))).toBe(true);
  expect(isSettled(free({}, iteration()))).toBe(false);
});

test('inner iterations are the empty ones between two batches of one turn', () => {
  const inner = (...records: HistoryInput[]): number[] => [...innerIterations(stepped({}, ...records))];
  expect(inner(two[0]!, iteration(), two[1]!)).toEqual([2]);
  expect(inner(two[0]!, iteration({ visits: 1 }), two[1]!)).toEqual([]);
  expect(inner(two[0]!, iteration(), iteration({ skips: 1 }), two[1]!)).toEqual([]);
  expect(inner(two[0]!, iteration({ drain: 1 }), two[1]!)).toEqual([]);
  for (const end of [stop(), visit(1), { type: 'threw', during: 'x', message: '' } as const])
    expect(inner(two[0]!, end, iteration(), two[1]!)).toEqual([]);
  for (const goesOn of [stop({ complete: false }), visit(0)])
    expect(inner(two[0]!, goesOn, iteration(), two[1]!)).toEqual([3]);
});

describe('every finding names both numbers and the record', () => {
  test('of an iteration that tells something else', () => {
    expect(findIterationFaults(stepped({}, ...two, iteration({ ...told, delivered: 5 })))).toEqual([
      {
        rule: 'iteration-result',
        message: 'an iteration says delivered 5, and it was 3',
        expected: 'delivered 3',
        seen: 'delivered 5',
        evidence: [3],
      },
    ]);
    expect(findIterationFaults(stepped({}, reclaimed, iteration({ visits: 1 })))).toMatchObject([
      { message: 'an iteration says reclaimed 0, and it was 1', evidence: [2] },
    ]);
  });

  test('of a batch after a complete stop', () => {
    expect(findStopFaults(stepped({}, stop(), batch(1, [[0, 1]])))).toMatchObject([
      { rule: 'after-stop', evidence: [1, 2] },
    ]);
  });

  test('at most 20', () => {
    const wrong = Array.from({ length: 25 }, () => iteration({ visits: 1, delivered: 1 }));
    expect(faults(...wrong)).toHaveLength(20);
  });
});

describe('where a turn may have begun', () => {
  const one = batch(1, [[3, 1]]);
  const single = iteration({ visits: 1, delivered: 1, batches: 1 });

  test('batches of the iteration before are not counted again', () => {
    expect(faults(...two, iteration(told), one, single)).toEqual([]);
    expect(faults(...two, iteration(told), one, iteration({ ...told, delivered: 4, batches: 3 }))).toEqual([
      'iteration-result: an iteration says delivered 4, and it was 1',
      'iteration-result: an iteration says batches 3, and it was 1',
      'iteration-result: an iteration says sinkFailures 1, and it was 0',
    ]);
  });

  test('a call that threw may have ended one, of any drain; or not', () => {
    const threw = { type: 'threw', during: 'x', message: '' } as const;
    expect(faults(...two, threw, one, iteration({ ...told, delivered: 4, batches: 3 }))).toEqual([]);
    expect(faults(...two, threw, one, single)).toEqual([]);
    expect(faults(...two, threw, one, iteration({ visits: 1, delivered: 2, batches: 1 }))).not.toEqual([]);
    const other = [batch(1, [[0, 1]], { drain: 1 }), threw, iteration({ drain: 1, visits: 1 })];
    expect(faults(...other)).toEqual([]);
  });

  test('a stop that took effect did end it: what it delivered is its own', () => {
    expect(faults(...two, stop(), one, iteration({ ...told, delivered: 4 }))).toEqual([
      'iteration-result: an iteration says delivered 4, and it was 1',
      'iteration-result: an iteration says batches 2, and it was 1',
      'iteration-result: an iteration says sinkFailures 1, and it was 0',
    ]);
    expect(faults(...two, stop({ complete: false, leftIndex: 1 }), one, single)).toEqual([]);
  });

  test('of another drain nothing ends or counts here', () => {
    expect(faults(two[0]!, stop({ drain: 1 }), two[1]!, iteration(told))).toEqual([]);
    expect(faults(two[0]!, { ...visit(1), drain: 1 } as HistoryInput, two[1]!, iteration(told))).toEqual([]);
    expect(faults(two[0]!, iteration({ drain: 1 }), two[1]!, iteration(told))).toEqual([]);
    expect(faults({ ...reclaimed, drain: 1 }, iteration(), iteration({ drain: 1, reclaimed: 1 }))).toEqual([]);
  });

  test('a batch that stands for several counts as so many', () => {
    const merged = batch(1, [[0, 4]], { batches: 3 });
    expect(faults(merged, iteration({ visits: 1, delivered: 4, batches: 3 }))).toEqual([]);
    expect(faults(merged, iteration({ visits: 1, delivered: 4, batches: 1 }))).toHaveLength(1);
  });
});

describe('settled', () => {
  test.each(['visits', 'skips', 'delivered', 'batches', 'sinkFailures', 'reclaimed'] as const)(
    'not after an iteration that had %s',
    (field) => {
      expect(isSettled(stepped({}, iteration({ [field]: 1 })))).toBe(false);
    },
  );

  test('whatever changes nothing that is due may follow', () => {
    const idle: HistoryInput[] = [
      metrics(ledger(0, 0)),
      { type: 'life', thread: 1, startedNs: 0, endedNs: 1, ended: 'leave' },
      { type: 'sink', behaviour: 'accept' },
      { type: 'advance', ns: 1 },
      { type: 'attach', change: 'none', outcome: 'accepted' },
    ];
    for (const record of idle) {
      expect(isSettled(stepped({}, iteration(), record))).toBe(true);
      expect(isSettled(stepped({}, stop(), record))).toBe(true);
    }
    expect(isSettled(stepped({}, stop(), leave(1)))).toBe(false);
    expect(isSettled([])).toBe(false);
  });

  test('free: by a complete stop anywhere, and by nothing else', () => {
    expect(isSettled(free({}, stop({ complete: false })))).toBe(false);
    expect(isSettled(free({}, stop({ complete: false }), stop()))).toBe(true);
  });
});

describe('inner iterations', () => {
  const inner = (...records: HistoryInput[]): number[] => [...innerIterations(stepped({}, ...records))];

  test('several may be told between the same two batches, and between later ones', () => {
    expect(inner(two[0]!, iteration(), iteration(), two[1]!, iteration(), batch(1, [[3, 1]]))).toEqual([2, 3, 5]);
  });

  test('after the last batch of a turn they are its end', () => {
    expect(inner(two[0]!, iteration())).toEqual([]);
    expect(inner(iteration(), two[0]!, iteration({ visits: 1 }), iteration(), two[1]!)).toEqual([]);
  });

  test('an event of a thread is told inside a turn as well', () => {
    expect(inner(reclaimed, iteration(), two[0]!)).toEqual([2]);
    expect(inner(two[0]!, iteration(), reclaimed, two[1]!)).toEqual([2]);
    expect(inner({ ...reclaimed, drain: 1 }, iteration(), two[0]!)).toEqual([]);
  });

  test('an iteration that only found a new thread is no call from inside the sink, unless the batch says so', () => {
    const registered = { ...reclaimed, event: 'registered' } as HistoryInput;
    expect(inner(registered, iteration(), two[0]!)).toEqual([]);
    expect(inner(registered, iteration(), { ...two[0]!, nested: 1 } as HistoryInput)).toEqual([2]);
    expect(inner({ ...reclaimed, event: 'queue-stuck' } as HistoryInput, iteration(), two[0]!)).toEqual([2]);
    expect(inner(registered, two[0]!, iteration(), two[1]!)).toEqual([3]);
  });

  test('each drain has its own', () => {
    const [a, b] = [batch(1, [[0, 1]], { drain: 1 }), batch(1, [[1, 1]], { drain: 1 })];
    expect(inner(two[0]!, a, iteration({ drain: 1 }), two[1]!, b)).toEqual([3]);
    expect(inner(two[0]!, stop({ drain: 1 }), iteration(), two[1]!)).toEqual([3]);
    expect(inner(two[0]!, { ...visit(1), drain: 1 } as HistoryInput, iteration(), two[1]!)).toEqual([3]);
  });

  test('a call that threw ends the turns of all', () => {
    const a = batch(1, [[0, 1]], { drain: 1 });
    expect(inner(a, { type: 'threw', during: 'x', message: '' }, iteration({ drain: 1 }), a)).toEqual([]);
  });

  test('are found once for a history', () => {
    const history = stepped({}, two[0]!, iteration(), two[1]!);
    expect(innerIterations(history)).toBe(innerIterations(history));
  });
});
