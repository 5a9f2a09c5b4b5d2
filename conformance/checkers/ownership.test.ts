import { describe, expect, test } from 'vitest';
import type { HistoryInput } from '../../spec/index.js';
import { ownership } from './ownership.js';
import { batch, emit, group, leave, said, stepped, stop } from './testing.js';

const acquire = (thread: number, acquired: boolean, drain = 0): HistoryInput => ({
  type: 'acquire',
  thread,
  acquired,
  drain,
});
const release = (thread: number, outcome = 'accepted'): HistoryInput => ({ type: 'release', thread, outcome });
const begin = group(1, 'begin', [0, 1]);
const commit = group(1, 'commit', [0, 1]);
const of = (...records: HistoryInput[]) => ownership(stepped({}, ...records));
const faults = (...records: HistoryInput[]): string[] => said(of(...records).faults);
const busy = group(1, 'submit', [1, 1], [0, 0], 'QUEUE_BUSY');

describe('a queue that nobody holds', () => {
  test('is taken by whoever asks, and is free again after the release or the commit', () => {
    expect(of(acquire(1, true), release(1), acquire(1, true, 1))).toEqual({ faults: [], heldTries: 0, freeTries: 2 });
    expect(of(begin, commit, acquire(1, true))).toEqual({ faults: [], heldTries: 0, freeTries: 1 });
    expect(of(emit(1, 0, 1), batch(1, [[0, 1]]))).toEqual({ faults: [], heldTries: 0, freeTries: 0 });
  });

  test('is not refused', () => {
    expect(of(acquire(1, false, 2)).faults).toEqual([
      {
        rule: 'ownership',
        message: 'tryAcquireDrain of drain 2 did not take the free queue of thread 1',
        expected: 'true',
        seen: 'false',
        evidence: [1],
      },
    ]);
    expect(faults(begin, commit, acquire(1, false))).toHaveLength(1);
    expect(faults(acquire(1, true), release(1), acquire(1, false))).toHaveLength(1);
  });

  test('is not busy', () => {
    expect(of(busy).faults).toEqual([
      {
        rule: 'ownership',
        message: 'a submit of thread 1 was told QUEUE_BUSY though nobody held its queue',
        expected: 'a free queue',
        seen: 'QUEUE_BUSY',
        evidence: [1],
      },
    ]);
    expect(faults(group(1, 'begin', [0, 1], [0, 0], 'QUEUE_BUSY'))).toHaveLength(1);
    expect(faults(acquire(1, true), busy)).toEqual([]);
    expect(faults(acquire(2, true), busy)).toHaveLength(1);
    expect(faults(acquire(1, true), release(1), busy)).toHaveLength(1);
    expect(faults(group(1, 'submit', [0, 1], [0, 0], 'LANE_FULL'))).toEqual([]);
  });
});

describe('a queue that a producer holds', () => {
  test('is not taken', () => {
    expect(of(begin, acquire(1, false), commit)).toEqual({ faults: [], heldTries: 1, freeTries: 0 });
    expect(of(emit(1, 0, 1), begin, acquire(1, true)).faults).toEqual([
      {
        rule: 'ownership',
        message: 'tryAcquireDrain of drain 0 took the queue of thread 1 while its producer held it',
        expected: 'false',
        seen: 'true',
        evidence: [2, 3],
      },
    ]);
    expect(faults(begin, acquire(2, true))).toEqual([]);
  });

  test('is not visited', () => {
    expect(of(emit(1, 0, 1), begin, batch(1, [[0, 1]])).faults).toEqual([
      {
        rule: 'ownership',
        message: 'thread 1 was visited while its submit queue was held',
        expected: 'a skip',
        seen: 'a visit',
        evidence: [2, 3],
      },
    ]);
    expect(faults(emit(1, 0, 1), begin, commit, batch(1, [[0, 1]]))).toEqual([]);
    expect(faults(emit(2, 0, 1), begin, batch(2, [[0, 1]]))).toEqual([]);
  });

  test('a begin that was refused holds nothing; a submit holds nothing when it has returned', () => {
    expect(faults(group(1, 'begin', [0, 1], [0, 0], 'LANE_FULL'), batch(1, [[0, 1]]))).toEqual([]);
    expect(faults(group(1, 'submit', [0, 1]), batch(1, [[0, 1]]))).toEqual([]);
  });

  test('a refused commit gives it back too', () => {
    expect(faults(begin, group(1, 'commit', [0, 1], [0, 0], 'STOPPED'), acquire(1, true))).toEqual([]);
  });
});

describe('a queue that a drain holds', () => {
  test('is taken by no other, and not twice', () => {
    expect(of(acquire(1, true), acquire(1, false, 1))).toEqual({ faults: [], heldTries: 0, freeTries: 1 });
    expect(of(emit(1, 0, 1), acquire(1, true), acquire(1, true, 1)).faults).toEqual([
      {
        rule: 'ownership',
        message: 'tryAcquireDrain of drain 1 took the queue of thread 1 while drain 0 held it',
        expected: 'false',
        seen: 'true',
        evidence: [2, 3],
      },
    ]);
  });

  test('is visited by that drain only', () => {
    expect(faults(acquire(1, true, 1), batch(1, [[0, 1]], { drain: 1 }))).toEqual([]);
    expect(of(emit(1, 0, 1), acquire(1, true, 1), batch(1, [[0, 1]])).faults).toEqual([
      {
        rule: 'ownership',
        message: 'drain 0 visited thread 1 while drain 1 held it',
        expected: 'a skip',
        seen: 'a visit',
        evidence: [2, 3],
      },
    ]);
    expect(faults(acquire(1, true, 1), release(1), batch(1, [[0, 1]]))).toEqual([]);
  });

  test('stays held when the release is refused, or is of another thread', () => {
    expect(faults(acquire(1, true, 1), release(1, 'NOT_HOLDING'), batch(1, [[0, 1]]))).toHaveLength(1);
    expect(faults(acquire(1, true, 1), release(2), batch(1, [[0, 1]]))).toHaveLength(1);
  });

  test('a try that failed takes nothing from its holder', () => {
    expect(faults(acquire(1, true), acquire(1, false, 1), batch(1, [[0, 1]]))).toEqual([]);
    expect(of(acquire(1, true), acquire(1, false, 1), batch(1, [[0, 1]], { drain: 1 })).faults[0]!.evidence).toEqual([
      1, 3,
    ]);
  });

  test('has no one owner any more once its producer begins a group in it', () => {
    expect(faults(acquire(1, true), begin, batch(1, [[0, 1]]), acquire(1, true, 1))).toEqual([]);
  });
});

test('of a thread that left, died or was killed nothing is said any more', () => {
  for (const end of [
    leave(1),
    { type: 'kill', thread: 1, during: 'submit' },
    { type: 'dead', thread: 1, outcome: 'accepted' },
  ] as const) {
    const after = of(begin, end, acquire(1, true), batch(1, [[0, 1]]), busy);
    expect(after).toEqual({ faults: [], heldTries: 0, freeTries: 0 });
    expect(faults(begin, { ...end, thread: 2 } as HistoryInput, acquire(1, true))).toHaveLength(1);
    expect(faults(end, busy)).toEqual([]);
  }
});

test('nothing is said after a stop, which takes every queue', () => {
  expect(faults(begin, stop(), batch(1, [[0, 1]]))).toEqual([]);
});

test('at most 20 faults', () => {
  expect(faults(...Array.from({ length: 25 }, (_, thread) => acquire(thread, false)))).toHaveLength(20);
});
