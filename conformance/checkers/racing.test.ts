import { describe, expect, test } from 'vitest';
import { HistoryRecord, type HistoryInput } from '../../spec/index.js';
import { findRaceFaults, findStandstill, notRacing } from './racing.js';
import { batch, emit, free, parse, register, stop } from './testing.js';

const life = (thread: number, startedNs: number, endedNs: number): HistoryInput => ({
  type: 'life',
  thread,
  startedNs,
  endedNs,
  ended: 'leave',
});
const stalled = (...records: HistoryInput[]): HistoryRecord[] => [
  ...free({}, ...records).slice(0, -1),
  HistoryRecord.parse({ type: 'end', reason: 'stalled' }),
];

describe('every race is judged by all that must hold in it', () => {
  const sound = [register(1), emit(1, 0, 3), batch(1, [[0, 3]]), stop()];
  const rules = (...records: HistoryInput[]): string[] => findRaceFaults(free({}, ...records)).map(({ rule }) => rule);

  test('a sound one has no fault', () => {
    expect(rules(...sound)).toEqual([]);
  });

  test.each<[string, HistoryInput[]]>([
    ['loss', [emit(1, 3, 1)]],
    ['phantom', [batch(1, [[3, 1]])]],
    ['duplicate', [batch(1, [[2, 1]], { acknowledged: 0 })]],
    ['order', [emit(1, 3, 2), batch(1, [[4, 1]]), batch(1, [[3, 1]])]],
    ['torn', [batch(1, [{ torn: true, at: 0, hex: 'ff' }])]],
    ['malformed', [batch(1, [])]],
    ['misattribution', [emit(1, 3, 1), batch(1, [[3, 1]], { slot: 9 })]],
    ['threw', [{ type: 'threw', during: 'emit', message: 'x' }]],
  ])('%s is found', (rule, more) => {
    expect(rules(...sound.slice(0, -1), ...more, stop())).toContain(rule);
  });

  test('a standstill comes first', () => {
    expect(findRaceFaults(stalled(emit(1, 0, 1))).map(({ rule }) => rule)).toEqual(['stalled', 'loss']);
  });
});

test('a run that the host had to end, and calls that threw, whole', () => {
  const threw = { type: 'threw', during: 'drainIteration', message: 'out of range' } as const;
  expect(findStandstill(stalled(emit(1, 0, 1), threw))).toEqual([
    {
      rule: 'threw',
      message: 'drainIteration broke the contract: out of range',
      expected: 'an outcome',
      seen: 'a throw',
      evidence: [2],
    },
    {
      rule: 'stalled',
      message: 'the drain delivered nothing more while threads still had events to emit',
      expected: 'every event delivered while it turns',
      seen: 'a standstill',
      evidence: [3],
    },
  ]);
  expect(findStandstill(free({}, emit(1, 0, 1)))).toEqual([]);
});

describe('a run in which nothing raced says nothing', () => {
  const two = [life(1, 0, 5), life(2, 4, 9)];
  const retried = { ...emit(1, 0, 1), retries: 3 } as HistoryInput;

  test('fewer threads at one time than asked for', () => {
    expect(notRacing(free({}, ...two, emit(1, 0, 1)), { threads: 2 })).toBeUndefined();
    expect(notRacing(free({}, ...two, emit(1, 0, 1)), { threads: 3 })).toBe('2 threads ran at one time instead of 3');
  });

  test('nothing accepted', () => {
    expect(notRacing(free({}, ...two, emit(1, 0, 1, 'LANE_FULL')), { threads: 2 })).toBe('no event was accepted');
  });

  test('fewer emits turned away than asked for', () => {
    expect(notRacing(free({}, ...two, retried), { threads: 2, retries: 3 })).toBeUndefined();
    expect(notRacing(free({}, ...two, retried), { threads: 2, retries: 4 })).toBe(
      '3 emits found a full lane, fewer than 4',
    );
    expect(notRacing(free({}, ...two, emit(1, 0, 1)), { threads: 2, retries: 1 })).toBe(
      '0 emits found a full lane, fewer than 1',
    );
  });

  test('a history without a header', () => {
    expect(notRacing(parse(...two, emit(1, 0, 1)), { threads: 2 })).toBe('the history has no header');
  });
});
