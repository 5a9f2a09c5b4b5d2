import { beforeAll, describe, expect, test } from 'vitest';
import { Worker } from 'node:worker_threads';
import { OWN_DRAINS } from '../../conformance/runner/drains.js';
import { monotonicNs } from '../../conformance/subject/produce.js';
import { DrainError, type DrainModule, type ThreadRegistry } from '../../spec/index.js';
import { StressLoad, type StressLoadInput } from '../../spec/stress.js';
import { Board, COUNT, GATE, membersOf } from './board.js';
import { produce } from './produce.js';

type Group = StressLoadInput['groups'][number];

let module: DrainModule;
beforeAll(async () => {
  module = (await import(OWN_DRAINS['reference']!)) as DrainModule;
});

const HOUR_MS = 3_600_000;

interface Played {
  readonly problem: string | undefined;
  readonly board: Board;
  readonly tookMs: number;
}

/** One thread of a group that emits one event, and with what registry. */
function play(
  group: Partial<Group>,
  more: { place?: number; durationMs?: number; open?: (plain: ThreadRegistry, board: Board) => ThreadRegistry } = {},
): Played {
  const { place = 0, durationMs = HOUR_MS, open = (plain) => plain } = more;
  const groups = [{ threads: 1, arrivals: { kind: 'closed', events: 1 } as const, ...group }];
  const load = StressLoad.parse({ version: 1, durationMs, groups });
  const member = membersOf(load)[place]!;
  const board = Board.make(1024);
  const drain = module.createDrain({ config: { detailCapacity: 0, slots: 1 }, sink: { write: ({ count }) => count } });
  const registry = open(drain.registry, board);
  board.begin[0] = monotonicNs();
  const problem = produce({ registry, load, member, board });
  return { problem, board, tookMs: (monotonicNs() - board.begin[0]) / 1e6 };
}
const halt = (board: Board): void => {
  Atomics.store(board.gate, GATE.halt, 1);
};
/** From another thread, when this one has slept for a while. */
async function haltedLater(board: Board): Promise<void> {
  const worker = new Worker(
    `const { workerData: [gate, word] } = require('node:worker_threads');
     const cells = new Int32Array(gate);
     require('node:worker_threads').parentPort.postMessage(0);
     Atomics.wait(cells, ${GATE.ready}, 0, 30);
     Atomics.store(cells, word, 1);`,
    { eval: true, workerData: [board.shared.gate, GATE.halt] },
  );
  await new Promise((resolve) => worker.once('message', resolve));
}

describe('a thread joins', () => {
  test('when its group does, and so much later by its place', () => {
    const { board, tookMs } = play({ threads: 3, joinMs: 20, stepMs: 15 }, { place: 2 });
    expect(tookMs).toBeGreaterThanOrEqual(50);
    expect(board.get(3, COUNT.accepted)).toBe(1);
  });
  test('never, when it would leave before that', () => {
    for (const more of [{ joinMs: HOUR_MS }, { joinMs: 10, leaveMs: 10 }]) {
      const { problem, board } = play(more);
      expect([problem, board.get(1, COUNT.lives)]).toEqual([undefined, 0]);
    }
  });
  test('and leaves before the next one does', () => {
    const closed = { arrivals: { kind: 'closed' } as const, whenFull: 'drop' as const };
    const lasts = (place: number): number =>
      play({ ...closed, threads: 3, stepMs: 20, leaveMs: 120 }, { place }).tookMs;
    expect(lasts(2)).toBeGreaterThanOrEqual(120);
    expect(lasts(1)).toBeGreaterThanOrEqual(100);
    // the first of four would leave before it joins
    const { board } = play({ ...closed, threads: 4, stepMs: 20, leaveMs: 60 }, { place: 0 });
    expect(board.get(1, COUNT.lives)).toBe(0);
  });
  test('not at all once the load was halted', () => {
    const halted = (plain: ThreadRegistry, board: Board): ThreadRegistry => {
      halt(board);
      return plain;
    };
    const { problem, board } = play({ joinMs: HOUR_MS / 2 }, { open: halted });
    expect([problem, board.get(1, COUNT.lives)]).toEqual([undefined, 0]);
  });
});

describe('a full registry', () => {
  test('is asked again until there is a slot', () => {
    let asked = 0;
    const full = (plain: ThreadRegistry): ThreadRegistry => ({
      register: (options) => {
        asked += 1;
        if (asked < 5) throw new DrainError('REGISTRY_FULL', 'no slot');
        return plain.register(options);
      },
    });
    const { problem, board } = play({}, { open: full });
    expect(problem).toBeUndefined();
    expect([asked, board.get(1, COUNT.lives), board.get(1, COUNT.accepted)]).toEqual([5, 1, 1]);
  });
  test('is no problem of the thread when it stays full until the end, or a halt', () => {
    const taken = (plain: ThreadRegistry): ThreadRegistry => {
      plain.register({ threadId: 99 }); // the one slot that there is
      return plain;
    };
    const { problem, board, tookMs } = play({}, { durationMs: 30, open: taken });
    expect([problem, board.get(1, COUNT.lives)]).toEqual([undefined, 0]);
    expect(tookMs).toBeGreaterThanOrEqual(30);
    const halted = (plain: ThreadRegistry, board: Board): ThreadRegistry => ({
      register: (options) => {
        halt(board);
        return taken(plain).register(options);
      },
    });
    expect(play({}, { open: halted }).problem).toBeUndefined();
  });
  test.each<[unknown, string]>([
    [new DrainError('INVALID_WEIGHT', 'too heavy'), 'register() threw INVALID_WEIGHT'],
    [new Error('no such thing'), 'register() threw Error: no such thing'],
    [null, 'register() threw null'],
  ])('any other answer is thrown on: %s', (thrown, message) => {
    const throwing = (): ThreadRegistry => ({
      register: () => {
        throw thrown;
      },
    });
    expect(() => play({}, { open: throwing })).toThrow(expect.objectContaining({ message, cause: thrown }) as Error);
  });
});

test('an id is used again only when what it emitted before was delivered; a halt ends the wait', async () => {
  const board = Board.make(2);
  board.set(1, COUNT.accepted, 1);
  board.begin[0] = monotonicNs();
  const load = StressLoad.parse({
    version: 1,
    durationMs: HOUR_MS,
    groups: [{ threads: 1, arrivals: { kind: 'closed', events: 1 } }],
  });
  const registry: ThreadRegistry = {
    register: () => {
      throw new Error('registered');
    },
  };
  await haltedLater(board);
  expect(produce({ registry, load, member: membersOf(load)[0]!, board })).toBeUndefined();
  expect([board.halted, board.get(1, COUNT.lives)]).toEqual([true, 0]);
});
