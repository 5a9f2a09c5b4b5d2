import { describe, expect, test } from 'vitest';
import type { HistoryInput } from '../../spec/index.js';
import { ConductWatch } from './conduct.js';
import { batch, detail, emit, group, leave, ledger, mark, metrics, register, seal, stepped, stop } from './testing.js';

function watch(...records: HistoryInput[]): ConductWatch {
  const conduct = new ConductWatch();
  stepped({}, ...records).forEach((record, at) => conduct.observe(record, at));
  return conduct;
}

describe('after leave()', () => {
  test.each([
    ['an emit', emit(1, 1, 1)],
    ['a group', group(1, 'submit', [1, 1])],
    ['a mark', mark(1, 0)],
    ['a seal', seal(1, 0)],
  ])('%s that is accepted is told, with the leave() and itself', (_, record) => {
    const { afterLeave } = watch(register(1), leave(1), record);
    expect(afterLeave).toMatchObject([{ evidence: [2, 3], expected: 'THREAD_LEFT', seen: 'accepted' }]);
    expect(afterLeave[0]!.message).toMatch(/of thread 1 came after leave\(\)/);
  });

  test('what is refused, what others do, and a new life under the same number are sound', () => {
    const refused = emit(1, 1, 1, 'THREAD_LEFT');
    const { afterLeave, leftTwice } = watch(
      ...[register(1), register(2), leave(1), refused, emit(2, 0, 1), register(1, { generation: 2 }), emit(1, 1, 1)],
    );
    expect(afterLeave).toEqual([]);
    expect(leftTwice).toEqual([]);
  });

  test('a leave() that was refused ends nothing', () => {
    const { afterLeave } = watch(register(1), { type: 'leave', thread: 1, outcome: 'QUEUE_BUSY' }, emit(1, 0, 1));
    expect(afterLeave).toEqual([]);
  });
});

describe('a second leave()', () => {
  test('is told THREAD_LEFT, or a fault', () => {
    const { leftTwice } = watch(leave(1), { type: 'leave', thread: 1, outcome: 'THREAD_LEFT' }, leave(1), leave(2));
    expect(leftTwice).toMatchObject([{ evidence: [1, 3], seen: 'accepted' }]);
  });
});

describe('after stop()', () => {
  test.each([
    ['emit', emit(1, 1, 1)],
    ['submit', group(1, 'submit', [1, 1])],
    ['register', register(2)],
  ])('an accepted %s is told', (type, record) => {
    const { afterStop } = watch(register(1), stop(), record);
    expect(afterStop).toMatchObject([{ evidence: [2, 3], expected: 'STOPPED' }]);
    expect(afterStop[0]!.message).toContain(`${type} of thread`);
  });

  test('marks and refused emits are sound', () => {
    expect(watch(register(1), stop(), mark(1, 0), seal(1, 0), detail(1, 0, 1, 'STOPPED')).afterStop).toEqual([]);
  });

  test('a batch after a complete stop is told; after one that gave up it is sound', () => {
    const late = batch(1, [[0, 1]]);
    expect(watch(register(1), emit(1, 0, 1), stop(), late).afterStop).toMatchObject([{ evidence: [3, 4] }]);
    expect(watch(register(1), emit(1, 0, 1), stop({ complete: false, leftIndex: 1 }), late).afterStop).toEqual([]);
  });
});

test('books that do not balance are told with the metrics that show them', () => {
  expect(watch(metrics(ledger(2, 1)), metrics(ledger(3, 1, { pending: 1 }))).imbalance).toMatchObject([
    { evidence: [2] },
  ]);
});

test('no more faults of a kind are kept than a reader wants', () => {
  const emits = Array.from({ length: 500 }, (_, i) => emit(1, i, 1));
  const { afterLeave } = watch(leave(1), ...emits);
  expect(afterLeave.length).toBeGreaterThan(3);
  expect(afterLeave.length).toBeLessThan(500);
});
