import { describe, expect, test } from 'vitest';
import { MAX_WEIGHT, type HistoryInput, type HistoryRecord } from '../../spec/index.js';
import { slotFaults } from './slots.js';
import { batch, detail, detailBatch, emit, group, iteration, leave, register, stepped } from './testing.js';

const CONFIG = { slots: 2 };
const of = (...records: HistoryInput[]) => slotFaults(stepped(CONFIG, ...records));
const dead = (thread: number, outcome = 'accepted'): HistoryInput => ({ type: 'dead', thread, outcome });
const refused = (thread: number, outcome = 'REGISTRY_FULL'): HistoryInput => ({ type: 'register', thread, outcome });
const two = [register(1, { slot: 0 }), register(2, { slot: 1 })];
const NONE = { refused: [], overfull: [], early: [], full: 0, reused: 0 };

test('as many threads as there are slots, each with its own', () => {
  expect(of(...two)).toEqual(NONE);
  expect(of(...two, refused(3))).toEqual({ ...NONE, full: 1 });
  const sixtyFour = Array.from({ length: 64 }, (_, thread) => register(thread));
  expect(slotFaults(stepped({}, ...sixtyFour, refused(64)))).toEqual({ ...NONE, full: 1 });
  expect(slotFaults(stepped({}, ...sixtyFour, register(64))).overfull).toHaveLength(1);
});

describe('refusals', () => {
  test('while slots are free', () => {
    expect(of(two[0]!, refused(2))).toEqual({
      ...NONE,
      full: 1,
      refused: [
        {
          rule: 'slots',
          message: 'thread 2 could not register (REGISTRY_FULL) though 1 of 2 slots were in use',
          expected: 'accepted',
          seen: 'REGISTRY_FULL',
          evidence: [2],
        },
      ],
    });
  });

  test('with another code than REGISTRY_FULL', () => {
    expect(of(...two, refused(3, 'STOPPED'))).toEqual({
      ...NONE,
      refused: [
        {
          rule: 'slots',
          message: "thread 3 registered and was told 'STOPPED'",
          expected: 'REGISTRY_FULL',
          seen: 'STOPPED',
          evidence: [3],
        },
      ],
    });
    expect(of(two[0]!, refused(3, 'STOPPED')).refused[0]!.expected).toBe('accepted');
  });

  test('of a weight that nobody may have, whatever is free', () => {
    const weighing = (weight: number): HistoryInput => register(3, { weight, outcome: 'INVALID_WEIGHT' });
    for (const weight of [0, 1025]) expect(of(two[0]!, weighing(weight))).toEqual(NONE);
    for (const weight of [1, 1024]) expect(of(two[0]!, weighing(weight)).refused).toHaveLength(1);
  });

  test('while a thread that left may still hold its slot, until an iteration had nothing to do', () => {
    for (const end of [leave(1), dead(1)]) {
      expect(of(...two, end, refused(3)).refused).toEqual([]);
      expect(of(...two, end, refused(3, 'STOPPED')).refused).toHaveLength(1);
      for (const work of ['delivered', 'skips', 'reclaimed', 'sinkFailures'] as const)
        expect(of(...two, end, iteration({ [work]: 1 }), refused(3)).refused).toEqual([]);
      expect(of(...two, end, iteration(), refused(3)).refused).toHaveLength(1);
      expect(of(...two, end, iteration({ visits: 1, batches: 1 }), refused(3)).refused).toHaveLength(1);
    }
  });

  test('while the drain backs off from a thread that left, and turns for nothing', () => {
    const failed = batch(1, [[0, 2]], { acknowledged: 0 });
    const start = [...two, emit(1, 0, 2), leave(1), failed, iteration({ visits: 1, sinkFailures: 1 }), iteration()];
    expect(of(...start, refused(3)).refused).toEqual([]);
    const drained = [batch(1, [[0, 2]]), iteration({ visits: 1, delivered: 2, reclaimed: 1 })];
    expect(of(...start, ...drained, refused(3)).refused).toEqual([]);
    expect(of(...start, ...drained, iteration(), refused(3)).refused).toHaveLength(1);
    const rest = [batch(1, [[1, 1]]), iteration()];
    expect(of(...start, batch(1, [[0, 1]], { count: 2, acknowledged: 1 }), iteration(), refused(3)).refused).toEqual(
      [],
    );
    expect(of(...start, batch(1, [[0, 1]]), ...rest, refused(3)).refused).toHaveLength(1);
  });

  test('the same with a window of detail', () => {
    const failed = detailBatch(1, [[0, 2]], { acknowledged: 0 });
    const window = [...two, detail(1, 0, 2), leave(1), failed, iteration({ sinkFailures: 1 }), iteration()];
    expect(of(...window, refused(3)).refused).toEqual([]);
    expect(of(...window, detailBatch(1, [[0, 2]]), iteration(), refused(3)).refused).toHaveLength(1);
  });

  test('not while events of a thread that left wait for nobody', () => {
    expect(of(...two, emit(1, 0, 2), leave(1), iteration(), refused(3)).refused).toHaveLength(1);
  });

  test('of weights that nobody may have, whatever is free; of no other reason for them', () => {
    const of0 = (outcome: string, weight: number) =>
      of(two[0]!, { ...refused(2, outcome), weight } as HistoryInput).refused.length;
    expect([0, 1, MAX_WEIGHT, MAX_WEIGHT + 1].map((weight) => of0('INVALID_WEIGHT', weight))).toEqual([0, 1, 1, 0]);
    expect(of0('REGISTRY_FULL', 0)).toBe(1);
  });

  test('after an iteration that was broken off', () => {
    expect(of(...two, leave(1), iteration({ truncated: 'time' }), refused(3)).refused).toEqual([]);
    expect(of(...two, leave(1), iteration({ truncated: 'time' }), iteration(), refused(3)).refused).toHaveLength(1);
  });

  test('a leave that was refused, or of a thread that was never registered, frees nothing', () => {
    expect(of(...two, dead(1, 'STALE_HANDLE'), iteration(), refused(3)).refused).toEqual([]);
    expect(of(two[0]!, leave(9), refused(2)).refused).toHaveLength(1);
  });
});

describe('slots given twice', () => {
  test('more threads than slots', () => {
    expect(of(...two, register(3, { slot: 2 })).overfull).toEqual([
      {
        rule: 'slots',
        message: 'thread 3 was registered though all 2 slots were taken',
        expected: 'REGISTRY_FULL',
        seen: 'accepted',
        evidence: [3],
      },
    ]);
  });

  test('a slot that a live thread has', () => {
    expect(of(register(1, { slot: 0 }), register(2, { slot: 0, generation: 2 })).overfull).toEqual([
      {
        rule: 'slots',
        message: 'thread 2 was given slot 0, which live thread 1 has',
        expected: 'a free slot',
        seen: 'slot 0',
        evidence: [1, 2],
      },
    ]);
  });

  test('a slot whose thread left is free', () => {
    const again = of(...two, leave(1), iteration(), register(3, { slot: 0, generation: 2 }));
    expect(again).toEqual({ ...NONE, reused: 1 });
  });
});

describe('slots given too early', () => {
  const next = register(3, { slot: 0, generation: 2 });

  test('while events of the thread before were not delivered', () => {
    const start = [...two, emit(1, 0, 5), emit(2, 0, 9), leave(1)];
    expect(of(...start, batch(1, [[0, 3]]), next, batch(1, [[3, 2]])).early).toEqual([
      {
        rule: 'reuse',
        message: 'thread 3 was given slot 0 while 2 events of thread 1, which had it before, were not delivered',
        expected: 'a slot whose events are all delivered',
        seen: '2 events not delivered',
        evidence: [1, 7],
      },
    ]);
    expect(of(...start, batch(1, [[0, 5]]), next).early).toEqual([]);
  });

  test('events that another thread is given in the bytes are its own, torn ones nobody’s', () => {
    const start = [...two, emit(1, 0, 2), emit(2, 0, 1), leave(1)];
    const torn = { torn: true, at: 0, hex: '' } as const;
    const early = (...runs: Parameters<typeof batch>[1][number][]) => of(...start, batch(2, runs), next).early.length;
    expect(early({ from: 0, count: 2, thread: 1 })).toBe(0);
    expect(early([0, 1], { from: 0, count: 1, thread: 1 })).toBe(1);
    expect(early(torn, { from: 0, count: 2, thread: 1 })).toBe(0);
  });

  test('of a batch only what the sink took is owed no more, from its front', () => {
    const start = [...two, emit(1, 0, 3), emit(2, 0, 3), leave(1)];
    const torn = { torn: true, at: 0, hex: '' } as const;
    const owed = (runs: Parameters<typeof batch>[1], acknowledged: number): string | undefined =>
      /while (\d) events/.exec(of(...start, batch(2, runs, { acknowledged }), next).early[0]?.message ?? '')?.[1];
    const mine = { from: 0, count: 3, thread: 1 };
    expect([0, 1, 2, 3].map((taken) => owed([mine, [0, 1]], taken))).toEqual(['3', '2', '1', undefined]);
    expect([1, 2, 4].map((taken) => owed([[0, 1], mine], taken))).toEqual(['3', '2', undefined]);
    expect([1, 2, 4].map((taken) => owed([torn, mine], taken))).toEqual(['3', '2', undefined]);
  });

  test('detail that was taken settles no index event', () => {
    expect(of(...two, emit(1, 0, 2), detail(1, 0, 2), leave(1), detailBatch(1, [[0, 2]]), next).early).toHaveLength(1);
  });

  test('events of groups are owed as they are committed', () => {
    const early = (phase: 'begin' | 'submit', outcome = 'accepted') =>
      of(...two, group(1, phase, [0, 2], [0, 0], outcome), leave(1), next).early.length;
    expect([early('submit'), early('submit', 'LANE_FULL'), early('begin')]).toEqual([1, 0, 0]);
  });

  test('only index events that were accepted by then are owed', () => {
    expect(of(...two, detail(1, 0, 4), emit(1, 0, 1, 'LANE_FULL'), leave(1), next, emit(1, 1, 1)).early).toEqual([]);
  });

  test('under a generation that was used before', () => {
    const old = [...two, leave(1), iteration(), next, leave(3), iteration()];
    expect(of(...old, register(4, { slot: 0, generation: 1 })).early).toEqual([
      {
        rule: 'reuse',
        message: 'thread 4 was given slot 0 under generation 1, which thread 1 had',
        expected: 'a new generation',
        seen: '1',
        evidence: [1, 8],
      },
    ]);
    expect(of(...old, register(4, { slot: 0, generation: 3 }))).toEqual({ ...NONE, reused: 2 });
    // each time the first that had it is named
    const again = (thread: number) => [register(thread, { slot: 0, generation: 1 }), leave(thread), iteration()];
    expect(
      of(...old, ...again(4), ...again(5)).early.map(({ message }) => /which (thread \d)/.exec(message)?.[1]),
    ).toEqual(['thread 1', 'thread 1']);
  });
});

describe('a history that does not tell slots or generations', () => {
  const silent = (thread: number, slot?: number): HistoryInput => ({
    type: 'register',
    thread,
    outcome: 'accepted',
    ...(slot === undefined ? {} : { slot }),
  });

  test('says nothing about who shares or reuses one', () => {
    expect(of(silent(1), silent(2))).toEqual(NONE);
    expect(of(silent(1), emit(1, 0, 1), leave(1), silent(2))).toEqual(NONE);
    const again = [silent(1, 0), leave(1), iteration(), silent(2, 0)];
    expect(of(...again)).toEqual({ ...NONE, reused: 1 });
  });

  test('still says how many threads there are', () => {
    expect(of(silent(1), silent(2), silent(3)).overfull).toHaveLength(1);
    expect(of(silent(1), refused(2)).refused).toHaveLength(1);
    expect(of(silent(1), silent(2), refused(3)).refused).toEqual([]);
  });
});

test('a thread that registers again without leaving has only its newer slot', () => {
  const moved = [register(1, { slot: 0 }), emit(1, 0, 1), register(1, { slot: 1, generation: 1 })];
  expect(of(...moved, batch(1, [[0, 1]]), register(2, { slot: 0, generation: 2 }))).toEqual({ ...NONE, reused: 1 });
});

test('twenty thousand lives through eight slots take a moment, owed or not', () => {
  const lives = (taken: number): HistoryInput[] =>
    Array.from({ length: 20_000 }, (_, thread): HistoryInput[] => [
      register(thread, { slot: thread % 8, generation: 1 + Math.floor(thread / 8) }),
      emit(thread, 0, 3),
      leave(thread),
      batch(thread, [[0, taken]]),
      iteration({ delivered: taken, reclaimed: 1 }),
    ]).flat();
  const begin = performance.now();
  // not parsed by the schema: that would take longer
  const whole = slotFaults(lives(3) as HistoryRecord[]);
  const owing = slotFaults(lives(2) as HistoryRecord[]);
  expect(whole).toEqual({ ...NONE, reused: 19_992 });
  expect(owing.early).toHaveLength(20);
  expect(performance.now() - begin).toBeLessThan(20_000);
});

test('at most 20 faults of each kind', () => {
  const many = Array.from({ length: 25 }, (_, thread) => register(thread, { slot: 0 }));
  const all = of(...many, ...many.map((_, i) => refused(100 + i, 'STOPPED')));
  expect([all.refused.length, all.overfull.length, all.early.length]).toEqual([20, 20, 20]);
});
