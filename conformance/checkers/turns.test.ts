import { describe, expect, test } from 'vitest';
import type { HistoryInput } from '../../spec/index.js';
import { innerIterations, isSettled } from './settled.js';
import { batch, emit, free, group, iteration, register, said, stepped, stop } from './testing.js';
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
