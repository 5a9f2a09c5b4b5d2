import { describe, expect, test } from 'vitest';
import type { HistoryInput, HistoryRecord } from '../../spec/index.js';
import { batch, emit, free, iteration, register, stepped, stop } from '../checkers/testing.js';
import { judged } from './testing.js';

const ID = 'ITER-LIMIT-VISITS';
const threads = [1, 2, 3];
const all = threads.flatMap((thread) => [register(thread), emit(thread, 0, 9)]);
const limited = (maxIterationVisits: number, ...records: HistoryInput[]): HistoryRecord[] =>
  stepped({ maxIterationVisits }, ...all, ...records);
/** An iteration that hands over the `n`-th event of these threads. */
const turn = (n: number, served: readonly number[], more: Parameters<typeof iteration>[0] = {}): HistoryInput[] => [
  ...served.map((thread) => batch(thread, [[n, 1]])),
  iteration({ visits: served.length, delivered: served.length, batches: served.length, ...more }),
];
const configure = (maxIterationVisits: number, outcome = 'accepted', drain = 0): HistoryInput => ({
  type: 'configure',
  drain,
  changes: { maxIterationVisits },
  outcome,
});
const say = async (history: readonly HistoryRecord[]): Promise<string> => (await judged(history))(ID);
const beyond = (made: number, limit: number): string => `fail: an iteration made ${made} visits, its limit is ${limit}`;
const cut = { truncated: 'visits' } as const;

describe('is undecided', () => {
  test('where there is no limit, or no iteration comes to it', async () => {
    expect(await say(limited(0, ...turn(0, threads)))).toBe('undecided: no iteration had a limit of visits');
    expect(await say(limited(4, ...turn(0, threads)))).toBe('undecided: no iteration made as many as its limit');
    expect(await say(limited(3, ...turn(0, threads)))).toBe('pass');
  });

  test('where a free history changes the limit: nobody knows before or after which iteration', async () => {
    const changed = free({ maxIterationVisits: 2 }, ...turn(0, threads), configure(4));
    expect(await say(changed)).toContain('undecided: maxIterationVisits was changed');
    expect(await say(free({ maxIterationVisits: 2 }, ...turn(0, threads), configure(4, 'INVALID_ARGUMENT')))).toBe(
      beyond(3, 2),
    );
  });
});

describe('configure()', () => {
  test('lifts the limit from where it was accepted', async () => {
    expect(await say(limited(2, ...turn(0, [1, 2], cut), configure(0), ...turn(1, threads)))).toBe('pass');
    expect(await say(limited(2, ...turn(0, [1, 2], cut), configure(0, 'INVALID_ARGUMENT'), ...turn(1, threads)))).toBe(
      beyond(3, 2),
    );
  });

  test('sets one', async () => {
    expect(await say(limited(0, ...turn(0, threads), configure(2), ...turn(1, threads)))).toBe(beyond(3, 2));
  });
});

describe('what the sink saw', () => {
  test('counts, whatever the drain says', async () => {
    expect(await say(limited(2, ...turn(0, threads, { visits: 2 })))).toBe(beyond(3, 2));
  });

  test('belongs to the iteration that it was seen in', async () => {
    const stopped = limited(2, ...turn(0, [1, 2], cut), batch(1, [[1, 8]]), batch(2, [[1, 8]]), batch(3, [[0, 9]]));
    expect(await say([...stopped.slice(0, -1), ...limited(2, stop({ delivered: 25 }), iteration()).slice(7)])).toBe(
      'pass',
    );
    const threw = { type: 'threw', during: 'drainIteration', message: 'no' } as const;
    expect(await say(limited(2, ...turn(0, [1, 2]).slice(0, -1), threw, ...turn(1, [3, 1], cut)))).toBe('pass');
    const byHand = { type: 'visit', thread: 3, delivered: 0, outcome: 'accepted' } as const;
    const refused = batch(3, [[0, 1]], { acknowledged: 0 });
    expect(await say(limited(2, refused, byHand, ...turn(0, [1, 2], cut)))).toBe('pass');
  });

  test('is not told apart where something happened inside a write', async () => {
    const inside = [batch(1, [[0, 1]], { nested: 1 }), batch(2, [[0, 1]]), batch(3, [[0, 1]])];
    expect(await say(limited(2, emit(1, 9, 1), ...inside, iteration({ visits: 2, ...cut })))).toBe('pass');
    expect(await say(limited(2, emit(1, 9, 1), ...inside, iteration({ visits: 3, ...cut })))).toBe(beyond(3, 2));
  });
});

test('an iteration that was cut short says so', async () => {
  const unsaid = 'fail: an iteration made the 2 visits of its limit while another thread waited';
  expect(await say(limited(2, ...turn(0, [1, 2])))).toContain(unsaid);
  expect(await say(limited(2, ...turn(0, [1, 2], cut), ...turn(1, [3, 1])))).toContain(unsaid);
  expect(await say(limited(2, ...turn(0, [1, 2], cut), ...turn(1, [3, 1], cut)))).toBe('pass');
  // that a thread is passed by short of the limit is another requirement's
  expect(await say(limited(3, ...turn(0, [1, 2]), ...turn(1, threads)))).toBe('pass');
});

test('another drain is judged by its own word, until it is given another limit', async () => {
  const other = iteration({ drain: 1, visits: 3 });
  expect(await say(limited(2, other))).toBe(beyond(3, 2));
  expect(await say(limited(2, ...turn(0, [1, 2]), configure(0, 'accepted', 1), other))).toBe('pass');
});
