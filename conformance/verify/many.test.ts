/** A fault is told by its own requirement however many faults of others there are. */
import { expect, test } from 'vitest';
import { batch, emit, free, leave, register, stepped, stop } from '../checkers/testing.js';
import { judged } from './testing.js';

const many = Array.from({ length: 30 }, (_, i) => i);

test('a loss of who left, or died, beside losses of many others', async () => {
  const others = many.map((thread) => emit(thread, 0, 1));
  const say = await judged(
    free({}, ...others, emit(98, 0, 1), leave(98), emit(99, 0, 1), { type: 'dead', thread: 99, outcome: 'accepted' }),
  );
  expect(say('THREAD-LEAVE-DELIVERS')).toContain('fail: thread 98, index lane: event 0');
  expect(say('THREAD-DEAD-DELIVERED')).toContain('fail: thread 99, index lane: event 0');
});

test('a batch of a wrong count after many empty ones', async () => {
  const say = await judged(
    stepped({}, register(1), emit(1, 0, 5), ...many.map(() => batch(1, [])), batch(1, [[0, 5]], { count: 7 })),
  );
  expect(say('LOSS-ATTRIBUTION')).toContain('fail: a batch of thread 1 (index lane) is malformed: it says 7 records');
  expect(say('ITER-EMPTY')).toContain('it is empty');
});

test('a batch after a complete stop, after many emits that were accepted after it', async () => {
  const late = many.map((i) => emit(1, 1 + i, 1));
  const say = await judged(
    stepped({}, ...[register(1), emit(1, 0, 1), batch(1, [[0, 1]]), stop(), ...late, batch(1, [[1, 30]])]),
  );
  expect(say('STOP-DELIVERS-ALL')).toBe('fail: a batch of thread 1 was delivered after a complete stop');
  expect(say('STOP-REJECTS-LATER')).toBe('fail: emit of thread 1 was accepted after stop');
});
