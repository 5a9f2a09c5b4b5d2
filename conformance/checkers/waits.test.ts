import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { HistoryInput } from '../../spec/index.js';
import { MOST_FINDINGS } from './finding.js';
import { batch, detailBatch, emit, iteration, register, said, stepped } from './testing.js';
import { findAgeingFaults, findEventWaitFaults, findLateJoins, longestWait, waitsOf } from './waits.js';

const turned = iteration({ visits: 1 });
const start = [register(1), register(2), register(3), emit(1, 0, 90), emit(2, 0, 90), emit(3, 0, 90)];

describe('waits in visits', () => {
  test('of each thread, the longest; who has nothing does not wait', () => {
    const history = stepped(
      {},
      ...start,
      ...[batch(1, [[0, 1]]), batch(2, [[0, 90]]), batch(1, [[1, 1]]), batch(3, [[0, 1]]), turned, batch(1, [[2, 1]])],
    );
    expect(waitsOf(history)).toEqual([
      { wait: 1, thread: 2, record: 7 },
      { wait: 1, thread: 1, record: 8 },
      { wait: 3, thread: 3, record: 9 },
    ]);
    expect(longestWait(stepped({}))).toEqual({ wait: 0, thread: 0, record: 0 });
  });

  test('of equal ones the first is the longest', () => {
    expect(longestWait(stepped({}, ...start, batch(1, [[0, 1]]), turned))).toEqual({ wait: 1, thread: 2, record: 7 });
  });

  test('who failed waits again from its next visit on', () => {
    const failed = batch(1, [[0, 1]], { acknowledged: 0 });
    const others = [turned, batch(2, [[0, 1]]), turned, batch(2, [[1, 1]]), turned];
    const waitOf1 = (...records: HistoryInput[]): number =>
      waitsOf(stepped({}, ...start, ...records)).find(({ thread }) => thread === 1)?.wait ?? 0;
    expect(waitOf1(failed, ...others)).toBe(0);
    expect(waitOf1(failed, turned, batch(1, [[0, 1]]), turned, batch(2, [[0, 1]]))).toBe(1);
    expect(waitOf1(batch(1, [[0, 1]]), ...others)).toBe(2);
    expect(waitOf1(failed, turned, batch(1, [[0, 90]]), turned, batch(2, [[0, 1]]))).toBe(0);
  });
});

describe('ageing', () => {
  const classes = [register(1, { priority: 6 }), register(2, { priority: 7 }), emit(1, 0, 9), emit(2, 0, 90)];
  const visits = (n: number): HistoryInput[] =>
    Array.from({ length: n }, (_, i) => [batch(2, [[i, 1]]), iteration({ visits: 1, truncated: 'visits' })]).flat();
  const config = { policy: 'priority', ageAfter: 3, maxSkips: 0 };
  const found = (n: number, ...more: HistoryInput[]): string[] =>
    said(findAgeingFaults(stepped(config, ...classes, ...visits(n), ...more)));

  test('the bound follows from class, ageAfter, threads and visits of an iteration', () => {
    // 3 x 1 class x 1 visit + 2 x 2 threads + 1
    expect(found(8)).toEqual([]);
    expect(found(9)).toEqual(['wait: thread 1 was backlogged and waited for 9 visits of other threads']);
    // the longest iteration counts: 3 x 2 + 4 + 2
    expect(found(12, iteration({ visits: 2 }))).toEqual([]);
    expect(found(13, iteration({ visits: 2 }), iteration({ visits: 1 }))).toHaveLength(1);
  });
});

describe('waits in events', () => {
  const found = (config: Record<string, number | string>, ...records: HistoryInput[]): string[] =>
    findEventWaitFaults(stepped({ maxSkips: 0, quantum: 5, ...config }, ...start, ...records)).map(
      ({ message, expected }) => `${message}; ${expected}`,
    );

  test('of each other thread, since its own turn', () => {
    expect(found({}, batch(1, [[0, 5]]), batch(2, [[0, 5]]), turned)).toEqual([]);
    expect(found({}, batch(1, [[0, 6]]))).toEqual([
      'thread 2 was backlogged and waited for 6 events of thread 1; at most 5 events of it',
      'thread 3 was backlogged and waited for 6 events of thread 1; at most 5 events of it',
    ]);
    const again = [batch(1, [[0, 3]]), turned, batch(1, [[3, 3]]), turned];
    expect(found({}, ...again)).toHaveLength(2);
    expect(found({}, batch(1, [[0, 3]]), turned, batch(2, [[0, 1]]), batch(3, [[0, 1]]), ...again.slice(2))).toEqual(
      [],
    );
    expect(found({ maxSkips: 1 }, batch(1, [[0, 15]]))).toEqual([]);
    expect(found({ maxSkips: 1 }, batch(1, [[0, 16]]))).toHaveLength(2);
    expect(found({}, batch(1, [[0, 3]]), detailBatch(1, [[0, 3]]))).toHaveLength(2);
  });

  test('one that is too long is told whole', () => {
    const history = stepped({ maxSkips: 0, quantum: 5 }, register(1), register(2), emit(1, 0, 90), emit(2, 0, 90));
    const twice = [batch(1, [[0, 3]]), turned, batch(1, [[3, 1]]), detailBatch(1, [[0, 2]]), turned];
    const records = [...history.slice(0, -1), ...stepped({}, ...twice).slice(1)];
    expect(findEventWaitFaults(records)).toEqual([
      {
        rule: 'wait-events',
        message: 'thread 2 was backlogged and waited for 6 events of thread 1',
        expected: 'at most 5 events of it',
        seen: '6 events',
        evidence: [7, 8],
      },
    ]);
  });

  test('a bound that is met exactly is kept, in one turn or two', () => {
    expect(found({}, batch(1, [[0, 3]]), turned, batch(1, [[3, 2]]), turned)).toEqual([]);
    expect(found({}, batch(1, [[0, 5]]), turned, batch(1, [[5, 1]], { acknowledged: 0 }), turned)).toEqual([]);
  });

  test('two turns of another one count together from a later turn of one’s own, too', () => {
    const all = [batch(1, [[0, 1]]), batch(2, [[0, 1]]), batch(3, [[0, 1]]), turned];
    expect(found({}, ...all, batch(1, [[1, 3]]), turned, batch(1, [[4, 3]]), turned)).toEqual([
      'thread 2 was backlogged and waited for 6 events of thread 1; at most 5 events of it',
      'thread 3 was backlogged and waited for 6 events of thread 1; at most 5 events of it',
    ]);
  });

  test('who came later has waited for the later turns only', () => {
    const turns = [batch(1, [[0, 3]]), turned, emit(4, 0, 9), batch(1, [[3, 1]]), turned, batch(1, [[4, 3]]), turned];
    expect(found({}, ...turns)).toEqual([
      'thread 2 was backlogged and waited for 7 events of thread 1; at most 5 events of it',
      'thread 3 was backlogged and waited for 7 events of thread 1; at most 5 events of it',
    ]);
  });

  test('by weight, by the largest quantum since, and not where classes differ', () => {
    const weights = { type: 'weight', thread: 1, weight: 3, outcome: 'accepted' } as const;
    const quantum = (value: number, policy?: string) =>
      ({
        type: 'configure',
        changes: { quantum: value, ...(policy === undefined ? {} : { policy }) },
        outcome: 'accepted',
      }) as const;
    expect(found({ policy: 'weighted-fair' }, weights, batch(1, [[0, 15]]))).toEqual([]);
    expect(found({ policy: 'weighted-fair' }, batch(1, [[0, 15]]))).toHaveLength(2);
    expect(found({}, batch(1, [[0, 5]]), turned, quantum(1), batch(1, [[5, 1]]))).toHaveLength(2);
    expect(found({}, quantum(9), batch(1, [[0, 9]]))).toEqual([]);
    expect(found({ policy: 'priority' }, batch(1, [[0, 80]]))).toEqual([]);
    expect(found({}, batch(1, [[0, 5]]), turned, quantum(5, 'weighted-fair'), batch(1, [[5, 5]]))).toEqual([]);
  });

  test('who has nothing, or failed, does not wait', () => {
    expect(found({}, batch(2, [[0, 90]], { drain: 1 }), batch(1, [[0, 6]]))).toHaveLength(1);
    expect(found({ quantum: 90 }, batch(2, [[0, 90]]), turned, batch(1, [[0, 91]]))).toHaveLength(1);
    const failed = batch(2, [[0, 1]], { acknowledged: 0 });
    expect(found({}, failed, turned, batch(1, [[0, 6]]))).toHaveLength(1);
    expect(found({}, failed, turned, batch(2, [[0, 1]]), turned, batch(1, [[0, 6]]))).toHaveLength(2);
  });

  test('the first twenty say what there is to say', () => {
    const long = Array.from({ length: 15 }, (_, i) => [batch(1, [[6 * i, 6]]), turned]).flat();
    expect(found({}, ...long)).toHaveLength(20);
  });

  type Step =
    | { readonly does: 'emit' | 'turn' | 'fail' | 'weight'; readonly thread: number; readonly n: number }
    | { readonly does: 'quantum'; readonly n: number }
    | { readonly does: 'policy'; readonly policy: string };

  /** What a history of these steps looks like, and what is too long in it: each waiting thread counts each other one. */
  function played(threads: number, steps: readonly Step[]): { records: HistoryInput[]; told: string[] } {
    const records: HistoryInput[] = Array.from({ length: threads }, (_, thread) => register(thread));
    const told: string[] = [];
    const pending = new Map<number, number>();
    const weights = new Map<number, number>();
    const waiting = new Map<number, Map<number, { events: number; bound: number }>>();
    let [quantum, policy] = [5, 'round-robin'];
    for (const step of steps) {
      if (step.does === 'policy') {
        records.push({ type: 'configure', changes: { policy: step.policy }, outcome: 'accepted' });
        if (step.policy !== policy) for (const others of waiting.values()) others.clear();
        policy = step.policy;
      } else if (step.does === 'quantum') {
        records.push({ type: 'configure', changes: { quantum: step.n }, outcome: 'accepted' });
        quantum = step.n;
      } else if (step.does === 'weight') {
        records.push({ type: 'weight', thread: step.thread % threads, weight: step.n, outcome: 'accepted' });
        weights.set(step.thread % threads, step.n);
      } else {
        const own = step.thread % threads;
        const before = pending.get(own) ?? 0;
        if (step.does === 'emit') {
          records.push(emit(own, 0, 3 * step.n));
          pending.set(own, before + 3 * step.n);
          if (before === 0) waiting.set(own, new Map());
          continue;
        }
        const offered = Math.min(step.n, before);
        if (offered === 0) continue;
        const events = step.does === 'turn' ? offered : offered - 1;
        records.push(batch(own, [[0, offered]], { acknowledged: events }), turned);
        pending.set(own, before - events);
        waiting.delete(own);
        if (step.does === 'turn' && before > events) waiting.set(own, new Map());
        if (policy === 'priority') continue;
        const share = policy === 'weighted-fair' ? (weights.get(own) ?? 1) : 1;
        for (const [thread, others] of waiting) {
          const sum = others.get(own) ?? { events: 0, bound: 0 };
          if (thread !== own) others.set(own, sum);
          else continue;
          sum.events += events;
          sum.bound = Math.max(sum.bound, share * quantum);
          if (sum.events <= sum.bound) continue;
          const message = `thread ${thread} was backlogged and waited for ${sum.events} events of thread ${own}`;
          told.push(`${message}; at most ${sum.bound} events of it`);
        }
      }
    }
    return { records, told };
  }

  test('are those that a count of every pair finds', () => {
    const thread = fc.nat(59);
    const n = fc.integer({ min: 1, max: 5 });
    const step: fc.Arbitrary<Step> = fc.oneof(
      { weight: 8, arbitrary: fc.record({ does: fc.constant('emit' as const), thread, n }) },
      { weight: 16, arbitrary: fc.record({ does: fc.constant('turn' as const), thread, n }) },
      { weight: 2, arbitrary: fc.record({ does: fc.constantFrom('fail' as const, 'weight' as const), thread, n }) },
      { weight: 1, arbitrary: fc.record({ does: fc.constant('quantum' as const), n }) },
      {
        weight: 1,
        arbitrary: fc.record({
          does: fc.constant('policy' as const),
          policy: fc.constantFrom('round-robin', 'weighted-fair', 'priority'),
        }),
      },
    );
    const steps = fc.array(step, { minLength: 5, maxLength: 60, size: 'max' });
    // always the same histories: a mutation score must not be luck
    fc.assert(
      fc.property(fc.integer({ min: 3, max: 5 }), steps, (threads, all) => {
        const { records, told } = played(threads, all);
        const faults = findEventWaitFaults(stepped({ maxSkips: 0, quantum: 5 }, ...records));
        if (faults.length >= MOST_FINDINGS) expect(told.length).toBeGreaterThanOrEqual(faults.length);
        else expect(faults.map(({ message, expected }) => `${message}; ${expected}`).sort()).toEqual(told.sort());
      }),
      { seed: 20_26, numRuns: 100 },
    );
  });
});

describe('a newcomer', () => {
  const found = (...records: HistoryInput[]): string[] => said(findLateJoins(stepped({}, ...start, ...records)));
  const all = [batch(1, [[0, 1]]), batch(2, [[0, 1]]), batch(3, [[0, 1]]), turned];

  test('is served before anybody has a second turn', () => {
    expect(found(...all, emit(4, 0, 1), batch(1, [[1, 1]]), batch(2, [[1, 1]]), batch(4, [[0, 1]]), turned)).toEqual(
      [],
    );
    expect(found(...all, emit(4, 0, 1), batch(1, [[1, 1]]), turned, batch(1, [[2, 1]]), turned)).toEqual([
      'join: thread 4 became backlogged, and thread 1 was visited 2 times before its first turn',
    ]);
    expect(
      found(...all, emit(4, 0, 2), batch(4, [[0, 1]]), turned, batch(1, [[1, 1]]), turned, batch(1, [[2, 1]]), turned),
    ).toEqual([]);
  });

  test('that is passed over is told whole', () => {
    const passed = [...all, emit(4, 0, 1), batch(1, [[1, 1]]), turned, batch(1, [[2, 1]]), turned];
    expect(findLateJoins(stepped({}, ...start, ...passed))).toEqual([
      {
        rule: 'join',
        message: 'thread 4 became backlogged, and thread 1 was visited 2 times before its first turn',
        expected: 'at most one visit of each other thread',
        seen: '2',
        evidence: [11, 14],
      },
    ]);
  });

  test('from inside the sink has the next iteration; one that is emptied elsewhere waits for nothing', () => {
    const inside = [emit(4, 0, 1), batch(1, [[1, 1]], { nested: 1 }), turned, batch(1, [[2, 1]]), turned];
    expect(found(...all, ...inside)).toEqual([]);
    const emptied = [emit(4, 0, 1), batch(4, [[0, 1]], { drain: 1 }), batch(1, [[1, 1]]), turned, batch(1, [[2, 1]])];
    expect(found(...all, ...emptied)).toEqual([]);
  });

  test('the first twenty say what there is to say', () => {
    const many = Array.from({ length: 30 }, (_, i) => emit(10 + i, 0, 1));
    expect(found(...all, ...many, batch(1, [[1, 1]]), turned, batch(1, [[2, 1]]), turned)).toHaveLength(20);
  });
});
