import { beforeAll, describe, expect, test } from 'vitest';
import { OWN_DRAINS } from '../../conformance/runner/drains.js';
import { monotonicNs } from '../../conformance/subject/produce.js';
import type { Drain, DrainModule, ErrorCode, ThreadRegistry } from '../../spec/index.js';
import { StressLoad, type StressLoadInput } from '../../spec/stress.js';
import { Board, COUNT, GATE, IDS_OF_A_THREAD, membersOf } from './board.js';
import { produce } from './produce.js';
import { Tally } from './tally.js';

type Group = StressLoadInput['groups'][number];

let module: DrainModule;
beforeAll(async () => {
  module = (await import(OWN_DRAINS['reference']!)) as DrainModule;
});

interface Options {
  readonly load?: Partial<StressLoadInput>;
  readonly config?: Record<string, number>;
  /** The load began so long ago, ms: what is due by then comes at once. */
  readonly ago?: number;
  readonly place?: number;
  /** What the threads see instead of the drain's registry. */
  readonly wrap?: (registry: ThreadRegistry, world: { readonly board: Board; readonly drain: Drain }) => ThreadRegistry;
}

/** Plays one thread of a group to its end, in this thread, and drains what it emitted. */
function play(
  group: Partial<Group>,
  { load: more, config, ago = 0, place = 0, wrap = (plain) => plain }: Options = {},
) {
  const arrivals = { kind: 'closed', events: 10 } as const;
  const groups = [{ threads: 1, arrivals, ...group }];
  const load = StressLoad.parse({ version: 1, durationMs: 3_600_000, ...more, groups });
  const members = membersOf(load);
  const board = Board.make(members.at(-1)!.firstId + members.at(-1)!.ids);
  const tally = new Tally({ board, sink: { kind: 'memory' }, format: 'stamped', timed: true });
  const drain = module.createDrain({ config: { detailCapacity: 0, ...config }, sink: tally });
  const turn = (): void => {
    while (drain.drainIteration().delivered > 0);
  };
  const { firstId } = members[place]!;
  const registry = wrap(drain.registry, { board, drain });
  board.begin[0] = monotonicNs() - ago * 1e6;
  const problem = produce({ registry, load, member: members[place]!, board });
  const weights = drain.metrics().threads.map(({ weight }) => weight);
  turn();
  const count = (field: number): number => board.sumOf(members[place]!, field);
  const [accepted, rejected, retries] = [COUNT.accepted, COUNT.rejected, COUNT.retries].map(count);
  const told = { accepted, rejected, lives: count(COUNT.lives), delivered: count(COUNT.delivered) };
  expect([tally.wrong, tally.duplicated]).toEqual([0, 0]);
  return { problem, told, retries: retries!, board, drain, tally, firstId, weights };
}

/** A registry whose threads see this before each emit; what it returns is what the emit is told, unless that is nothing. */
const before =
  (emit: (world: { readonly board: Board; readonly drain: Drain }, nth: number) => ErrorCode | undefined) =>
  (registry: ThreadRegistry, world: { readonly board: Board; readonly drain: Drain }): ThreadRegistry => {
    let nth = 0;
    return {
      register: (options) => {
        const handle = registry.register(options);
        const emitIndex = (record: Uint8Array) => emit(world, (nth += 1)) ?? handle.emitIndex(record);
        return { ...handle, threadId: handle.threadId, emitIndex, leave: () => handle.leave() } as typeof handle;
      },
    };
  };
const halt = ({ board }: { readonly board: Board }): void => {
  Atomics.store(board.gate, GATE.halt, 1);
};

describe('a closed loop', () => {
  test('emits so many events, in order, and leaves', () => {
    const { problem, told, drain } = play({ arrivals: { kind: 'closed', events: 200 }, weight: 3 });
    expect(problem).toBeUndefined();
    expect(told).toEqual({ accepted: 200, rejected: 0, lives: 1, delivered: 200 });
    drain.drainIteration();
    expect(drain.metrics().threads).toEqual([]);
  });
  test('of no number goes on until the end, or a halt', () => {
    const { problem, told } = play(
      { arrivals: { kind: 'closed' } },
      { load: { durationMs: 100 }, config: { indexCapacity: 2 } },
    );
    expect(problem).toBeUndefined();
    expect(told).toMatchObject({ accepted: 2, rejected: 1, lives: 1 }); // the third waits for room until the end
    const wrap = before((world, nth) => void (nth === 65 && halt(world)));
    expect(play({ arrivals: { kind: 'closed' } }, { wrap }).told).toMatchObject({ accepted: 128, rejected: 0 });
  });
  test('has its weight', () => {
    expect(play({ weight: 7 }).weights).toEqual([7]);
  });
});

describe('a full lane', () => {
  const small = { indexCapacity: 2 };
  test('is waited for: each attempt that was turned away is one more, and no event is lost', () => {
    const attempts: number[] = [];
    const wrap = before(({ drain }, nth) => {
      attempts.push(nth);
      if (nth % 3 === 0) drain.drainIteration();
      return undefined;
    });
    const { problem, told, retries } = play({}, { config: small, wrap });
    expect(problem).toBeUndefined();
    expect(told).toEqual({ accepted: 10, rejected: 0, lives: 1, delivered: 10 });
    expect(retries).toBe(attempts.length - 10);
    const late = before((_, nth) => (nth <= 4 ? 'TIMED_OUT' : undefined));
    expect(play({}, { wrap: late })).toMatchObject({ retries: 4, told: { accepted: 10, rejected: 0 } });
  });
  test('drops what finds no room where the load says so, and goes on', () => {
    const wrap = before(({ drain }, nth) => void (nth === 6 && drain.drainIteration()));
    const { problem, told, retries } = play({ whenFull: 'drop' }, { config: small, wrap });
    expect([problem, retries]).toEqual([undefined, 0]);
    expect(told).toEqual({ accepted: 4, rejected: 6, lives: 1, delivered: 4 });
  });
  test('is not waited for once the load was halted', () => {
    const wrap = before((world, nth) => void (nth === 5 && halt(world)));
    const { problem, told, retries } = play({}, { config: small, wrap });
    expect(problem).toBeUndefined();
    expect(told).toMatchObject({ accepted: 2, rejected: 1 });
    expect(retries).toBe(2);
  });
  test('any other answer is a problem', () => {
    const stopped = before((_, nth) => (nth === 4 ? 'STOPPED' : undefined));
    expect(play({}, { wrap: stopped })).toMatchObject({
      problem: 'thread 1: an emit was told STOPPED',
      told: { accepted: 3, rejected: 1 },
    });
  });
});

describe('an open loop', () => {
  test('emits at each tick what is due by then, parts of an event included', () => {
    // 20 ticks of 2.5 events; all of it is past but the end
    const { problem, told, tally } = play(
      { arrivals: { kind: 'open', rate: 250, tickMs: 10 } },
      { ago: 200, load: { durationMs: 200 } },
    );
    expect(problem).toBeUndefined();
    expect(told).toMatchObject({ accepted: 0, lives: 0 }); // its end had come before it did
    expect(tally.delivered).toBe(0);
    const whole = play({ arrivals: { kind: 'open', rate: 250, tickMs: 10 } }, { load: { durationMs: 200 } });
    expect(whole.told).toEqual({ accepted: 50, rejected: 0, lives: 1, delivered: 50 });
    expect(whole.tally.latency.distribution()!.count).toBe(50);
  });
  test('what is due while the thread was late is late by the machine, and stamped when it came', () => {
    const wrap = before((world, nth) => void (nth === 20 && halt(world)));
    const { tally, told } = play({ arrivals: { kind: 'open', rate: 1000, tickMs: 10 } }, { ago: 2000, wrap });
    expect(told.accepted).toBe(20);
    const [lateness, latency] = [tally.lateness.distribution()!, tally.latency.distribution()!];
    expect(lateness.minMs).toBeGreaterThanOrEqual(655); // as far as a record can say
    expect(latency.maxMs).toBeLessThan(tally.scheduled.distribution()!.maxMs);
  });
  test('what is due while the thread waits for room is the drain’s delay, stamped when it was due', () => {
    const wrap = before((world, nth) => {
      if (nth === 30) halt(world);
      return nth === 1 ? 'LANE_FULL' : undefined;
    });
    const { tally } = play({ arrivals: { kind: 'open', rate: 1000, tickMs: 1 } }, { ago: 2000, wrap });
    const lateness = tally.lateness.distribution()!;
    expect(lateness.minMs).toBe(0);
    expect(lateness.count).toBe(29);
    expect(lateness.meanMs).toBeLessThan(25); // all but the first
    expect(tally.latency.distribution()!.maxMs).toBeGreaterThanOrEqual(1900);
  });
  test('threads of a group tick one after another; bursts come together', () => {
    const at = (arrivals: Group['arrivals'], place: number): number =>
      play({ threads: 4, arrivals }, { load: { durationMs: 400 }, place }).told.accepted!;
    const open = (tickMs: number) => ({ kind: 'open', rate: 5, tickMs }) as const;
    expect([at(open(200), 0), at(open(200), 3)]).toEqual([2, 2]); // at 0 and 200 ms, at 150 and 350 ms
    expect([at(open(600), 0), at(open(600), 3)]).toEqual([3, 0]); // at 0 ms, at 450 ms
    expect([0, 3].map((place) => at({ kind: 'burst', events: 7, everyMs: 300 }, place))).toEqual([14, 14]);
  });
});

describe('lives', () => {
  /** Each registration finds what was emitted before it drained. */
  const drained =
    (ids: number[] = []) =>
    (registry: ThreadRegistry, { drain }: { drain: Drain }): ThreadRegistry => ({
      register: (options) => {
        ids.push(options.threadId);
        const handle = registry.register(options);
        const leave = (): void => {
          handle.leave();
          drain.drainIteration();
        };
        return { slot: handle.slot, emitIndex: (record: Uint8Array) => handle.emitIndex(record), leave } as never;
      },
    });
  const closed = { kind: 'closed' } as const;
  test('are as many as the load says, each of so many events, with ids in turn', () => {
    const ids: number[] = [];
    const { problem, told } = play(
      { arrivals: closed, life: { least: 2, most: 4 }, lives: 300 },
      { wrap: drained(ids) },
    );
    expect(problem).toBeUndefined();
    expect(told.lives).toBe(300);
    expect(told.accepted).toBeGreaterThan(2.7 * 300);
    expect(told.accepted).toBeLessThan(3.3 * 300);
    expect(told.delivered).toBe(told.accepted);
    expect(ids).toEqual(Array.from({ length: 300 }, (_, i) => 1 + (i % IDS_OF_A_THREAD)));
  });
  test('are the same for the same seed', () => {
    const events = (seed: number) =>
      play({ arrivals: closed, life: { least: 1, most: 1000 }, lives: 3 }, { load: { seed }, wrap: drained() }).told
        .accepted;
    expect(events(7)).toBe(events(7));
    expect(events(7)).not.toBe(events(8));
  });
  test('of no number go on until a halt, and a life of one length has that', () => {
    let lives = 0;
    const { told } = play(
      { arrivals: closed, life: { least: 5, most: 5 } },
      {
        wrap: (registry, world) => ({
          register: (options) => {
            if ((lives += 1) === 4) halt(world);
            return drained()(registry, world).register(options);
          },
        }),
      },
    );
    expect(told).toMatchObject({ lives: 4, accepted: 15 });
  });
});
