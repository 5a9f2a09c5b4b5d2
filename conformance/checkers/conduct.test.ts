import { describe, expect, test } from 'vitest';
import type { HistoryInput } from '../../spec/index.js';
import { ConductWatch } from './conduct.js';
import {
  batch,
  detail,
  emit,
  free,
  group,
  iteration,
  ledger,
  leave,
  mark,
  metrics,
  register,
  seal,
  stepped,
  stop,
} from './testing.js';

const watched = (...records: HistoryInput[]): ConductWatch => {
  const watch = new ConductWatch();
  stepped({}, ...records).forEach((record, at) => watch.observe(record, at));
  return watch;
};
const seen = (...records: HistoryInput[]): number[] => {
  const { afterLeave, leftTwice, afterStop, imbalance } = watched(...records);
  return [afterLeave, leftTwice, afterStop, imbalance].map(({ length }) => length);
};

test('a thread that leaves when it is done, and a stop, are no fault', () => {
  const done = [register(1), emit(1, 0, 1), mark(1, 0), leave(1), batch(1, [[0, 1]]), stop()];
  expect(seen(...done)).toEqual([0, 0, 0, 0]);
});

describe('after leave()', () => {
  test('nothing of the thread is accepted', () => {
    expect(watched(register(1), leave(1), emit(1, 0, 1)).afterLeave).toEqual([
      {
        rule: 'after-leave',
        message: "an emit of thread 1 came after leave() and was told 'accepted'",
        expected: 'THREAD_LEFT',
        seen: 'accepted',
        evidence: [2, 3],
      },
    ]);
    expect(watched(leave(1), mark(1, 0)).afterLeave[0]!.message).toContain('a mark of thread 1');
    for (const record of [detail(1, 0, 1), group(1, 'submit', [0, 1]), group(1, 'begin', [0, 1]), seal(1, 0)])
      expect(seen(leave(1), record)).toEqual([1, 0, 0, 0]);
  });

  test('refusals, other threads and what the drain does are sound', () => {
    expect(seen(leave(1), emit(1, 0, 1, 'THREAD_LEFT'), emit(2, 0, 1), batch(1, [[0, 1]]))).toEqual([0, 0, 0, 0]);
  });

  test('a refusal says that the thread left', () => {
    for (const outcome of ['LANE_FULL', 'DETAIL_FULL', 'QUEUE_BUSY', 'TIMED_OUT', 'NO_SLOT'])
      expect(watched(leave(1), emit(1, 0, 1, outcome)).afterLeave[0]?.seen).toBe(outcome);
    expect(seen(emit(1, 0, 1, 'LANE_FULL'), leave(1))).toEqual([0, 0, 0, 0]);
    // to seal takes no room: what it is told then is the drain's own affair
    expect(seen(leave(1), { ...seal(1, 0), outcome: 'LANE_FULL' } as HistoryInput)).toEqual([0, 0, 0, 0]);
    for (const outcome of [
      'THREAD_LEFT',
      'STALE_HANDLE',
      'RECORD_SIZE',
      'NOT_HOLDING',
      'INVALID_ARGUMENT',
      'NO_DETAIL_LANE',
      'unknown',
    ])
      expect(seen(leave(1), emit(1, 0, 1, outcome))).toEqual([0, 0, 0, 0]);
  });

  test('a refusal says STOPPED only where there is a stop', () => {
    const late = emit(1, 0, 1, 'STOPPED');
    expect(watched(leave(1), late).afterLeave.map(({ evidence }) => evidence)).toEqual([[1, 2]]);
    expect(seen(leave(1), stop(), late)).toEqual([0, 0, 0, 0]);
    // from inside its last writes: a stop is told when it has ended
    expect(seen(leave(1), late, batch(1, [[0, 1]], { nested: 1 }), stop())).toEqual([0, 0, 0, 0]);
    expect(watched(leave(1), late, emit(1, 1, 1, 'LANE_FULL'), stop()).afterLeave).toHaveLength(1);
    const cut = new ConductWatch();
    [...stepped({}, leave(1), late, batch(1, [[0, 1]]))].slice(0, -1).forEach((one, at) => cut.observe(one, at));
    expect(cut.afterLeave).toEqual([]);
  });

  test('a leave that was refused ends nothing; a new registration begins anew', () => {
    expect(seen({ ...leave(1), outcome: 'STALE_HANDLE' } as HistoryInput, emit(1, 0, 1))).toEqual([0, 0, 0, 0]);
    expect(seen(leave(1), register(1), emit(1, 0, 1), leave(1))).toEqual([0, 0, 0, 0]);
    expect(seen(leave(1), register(1, { outcome: 'REGISTRY_FULL' }), emit(1, 0, 1))).toEqual([1, 0, 0, 0]);
  });

  test('a second leave() is told THREAD_LEFT', () => {
    expect(seen(leave(1), { ...leave(1), outcome: 'THREAD_LEFT' } as HistoryInput, leave(2))).toEqual([0, 0, 0, 0]);
    expect(watched(leave(2), leave(1), leave(1)).leftTwice).toEqual([
      {
        rule: 'leave',
        message: "a second leave() of thread 1 was told 'accepted'",
        expected: 'THREAD_LEFT',
        seen: 'accepted',
        evidence: [2, 3],
      },
    ]);
    expect(seen(leave(1), { ...leave(1), outcome: 'STOPPED' } as HistoryInput)).toEqual([0, 1, 0, 0]);
  });
});

describe('after stop()', () => {
  test('nothing is accepted: the first stop that took effect counts', () => {
    expect(watched(stop(), stop(), emit(1, 0, 1)).afterStop).toEqual([
      {
        rule: 'after-stop',
        message: 'emit of thread 1 was accepted after stop',
        expected: 'STOPPED',
        seen: 'accepted',
        evidence: [1, 3],
      },
    ]);
    for (const record of [register(1), group(1, 'submit', [0, 1]), detail(1, 0, 1)])
      expect(seen(stop(), record)).toEqual([0, 0, 1, 0]);
    expect(seen(stop({ complete: false, delivered: 1 }), emit(1, 0, 1))).toEqual([0, 0, 1, 0]);
    expect(seen(stop({ complete: false, leftDetail: 1 }), emit(1, 0, 1))).toEqual([0, 0, 1, 0]);
    expect(seen(stop({ complete: false }), emit(1, 0, 1))).toEqual([0, 0, 0, 0]);
  });

  test('marks and seals may still come, and leaves', () => {
    expect(seen(stop(), mark(1, 0), seal(1, 0), leave(1), emit(1, 0, 1, 'STOPPED'))).toEqual([0, 0, 0, 0]);
  });

  test('a complete one is followed by no batch', () => {
    expect(watched(emit(1, 0, 2), stop(), stop(), batch(1, [[0, 2]])).afterStop).toEqual([
      {
        rule: 'after-stop',
        message: 'a batch of thread 1 was delivered after a complete stop',
        expected: 'nothing after a complete stop',
        seen: 'a batch',
        evidence: [2, 4],
      },
    ]);
    expect(seen(stop({ complete: false, leftIndex: 1 }), batch(1, [[0, 1]]))).toEqual([0, 0, 0, 0]);
    expect(seen(batch(1, [[0, 1]]), stop())).toEqual([0, 0, 0, 0]);
  });
});

test('books that do not balance, at their record', () => {
  const wrong = { ...ledger(3, 1), pending: 0 };
  const found = watched(emit(1, 0, 3), metrics(ledger(3, 1)), metrics(wrong)).imbalance;
  expect(found).toMatchObject([{ rule: 'ledger', evidence: [3] }]);
});

test('at most 20 findings of a kind', () => {
  const many = Array.from({ length: 25 }, (_, i) => emit(1, i, 1));
  expect(seen(leave(1), stop(), ...many)).toEqual([20, 0, 20, 0]);
});

test('the books of threads that run are judged at rest: the last, when nothing moved after them', () => {
  const wrong = metrics(ledger(2, 0, { pending: 0 }));
  const of = (...records: HistoryInput[]): number[] => {
    const watch = new ConductWatch();
    free({}, ...records).forEach((record, at) => watch.observe(record, at));
    return watch.imbalance.flatMap(({ evidence }) => evidence);
  };
  expect(of(wrong, emit(1, 0, 2))).toEqual([]);
  expect(of(wrong, batch(1, [[0, 2]]), metrics(ledger(2, 2)))).toEqual([]);
  expect(new Set(of(wrong, emit(1, 0, 2), wrong))).toEqual(new Set([3]));
  expect(new Set(of(wrong, wrong))).toEqual(new Set([2]));
  // lines that have an order: all of them
  expect(new Set(watched(wrong, emit(1, 0, 2), wrong).imbalance.flatMap(({ evidence }) => evidence))).toEqual(
    new Set([1, 3]),
  );
});

test('STOPPED after leave() is a fault once a turn or the end shows that no stop() was under way', () => {
  const cut = (...records: HistoryInput[]): number => {
    const watch = new ConductWatch();
    const history = stepped({}, register(1), leave(1), emit(1, 0, 1, 'STOPPED'), ...records);
    history.slice(0, -1).forEach((record, at) => watch.observe(record, at));
    return watch.afterLeave.length;
  };
  expect([cut(), cut(stop()), cut(batch(1, [[0, 1]])), cut(iteration())]).toEqual([0, 0, 0, 1]);
  expect(watched(register(1), leave(1), emit(1, 0, 1, 'STOPPED')).afterLeave).toHaveLength(1);
});
