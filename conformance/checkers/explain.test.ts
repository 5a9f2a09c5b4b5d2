import { expect, test } from 'vitest';
import type { HistoryInput } from '../../spec/index.js';
import { describeRecord } from './explain.js';
import { batch, emit, group, iteration, leave, ledger, mark, metrics, parse, register, stop } from './testing.js';

const lines: [HistoryInput, string][] = [
  [{ type: 'history', version: 1, mode: 'free', config: {}, subject: 'x' }, 'a free history, version 1, of x'],
  [{ type: 'history', version: 1, mode: 'stepped', config: {} }, 'a stepped history, version 1'],
  [{ type: 'create', outcome: 'accepted' }, 'the drain is made: accepted'],
  [{ type: 'create', outcome: 'ARENA_FOREIGN', drain: 2, message: 'no' }, 'drain 2 is made: ARENA_FOREIGN (no)'],
  [register(3), 'thread 3 registers with weight 1: accepted, slot 3, generation 1'],
  [
    { type: 'register', thread: 3, outcome: 'accepted', slot: 1 },
    'thread 3 registers with weight 1: accepted, slot 1, generation ?',
  ],
  [{ type: 'register', thread: 3, outcome: 'STOPPED' }, 'thread 3 registers with weight 1: STOPPED'],
  [emit(1, 2, 3), 'thread 1 emits index 2 to 4: accepted'],
  [
    { type: 'emit', thread: 1, lane: 'detail', from: 2, count: 1, outcome: 'accepted', retries: 4 },
    'thread 1 emits detail 2: accepted after 4 retries',
  ],
  [group(1, 'commit', [0, 2]), 'thread 1 commits index 0 to 1, detail nothing: accepted'],
  [{ type: 'joins', thread: 1, pairs: [[0, 0]] }, 'thread 1 joined 1 index events to detail events'],
  [mark(1, 4), 'thread 1 marks after 4 detail events: accepted'],
  [leave(1), 'thread 1 leaves: accepted'],
  [{ type: 'kill', thread: 1, during: 'idle' }, 'thread 1 is killed (idle)'],
  [{ type: 'dead', thread: 1, outcome: 'accepted' }, 'thread 1 is declared dead: accepted'],
  [{ type: 'sink', behaviour: 'throw' }, 'from here the sink: throw'],
  [
    { type: 'sink', behaviour: 'partial', take: 2, thread: 1, costNs: 5 },
    'from here the sink: partial, 2 at most, thread 1 only, 5 ns a write',
  ],
  [{ type: 'advance', ns: 5 }, '5 ns pass'],
  [{ type: 'life', thread: 1, startedNs: 2, endedNs: 5, ended: 'leave' }, 'thread 1 lived for 3 ns and ended: leave'],
  [
    { type: 'attach', change: 'magic', outcome: 'ARENA_FOREIGN' },
    'a drain attaches to the arena (change: magic): ARENA_FOREIGN',
  ],
  [{ type: 'threw', during: 'stop', message: 'x' }, 'stop threw: x'],
  [{ type: 'end' }, 'the history ends: complete'],
  [batch(1, [[0, 2]]), 'the drain hands over a batch of thread 1, index 0 to 1: 2 of 2 taken'],
  [
    batch(
      1,
      [
        { from: 0, count: 1, thread: 2 },
        { from: 1, count: 1, join: 7 },
        { torn: true, at: 2, hex: '' },
        [4, 1],
        [6, 1],
      ],
      { batches: 2, malformed: 'odd' },
    ),
    'the drain hands over 2 batches of thread 1, index 0 of thread 2, 1 joined to 7, torn bytes at 2, 4, ...: 5 of 5 taken, malformed: odd',
  ],
  [
    iteration({ visits: 2 }),
    'the drain iterates: 2 visits, 0 skips, 0 events in 0 batches, 0 sink failures, 0 reclaimed',
  ],
  [
    iteration({ truncated: 'time' }),
    'the drain iterates: 0 visits, 0 skips, 0 events in 0 batches, 0 sink failures, 0 reclaimed, cut short by time',
  ],
  [{ type: 'acquire', thread: 1, acquired: true }, 'the drain tries the queue of thread 1: acquired'],
  [{ type: 'acquire', thread: 1, acquired: false }, 'the drain tries the queue of thread 1: busy'],
  [{ type: 'release', thread: 1, outcome: 'accepted' }, 'the drain releases the queue of thread 1: accepted'],
  [
    { type: 'visit', thread: 1, delivered: 2, outcome: 'accepted' },
    'the drain visits thread 1 by hand: accepted, 2 events',
  ],
  [
    { type: 'thread-event', event: 'leaving', thread: 1, slot: 0, generation: 3 },
    'the drain reports thread 1 leaving (slot 0, generation 3)',
  ],
  [stop(), 'the drain stops: complete, 0 events delivered, 0 index and 0 detail events left'],
  [
    stop({ complete: false, leftIndex: 2 }),
    'the drain stops: incomplete, 0 events delivered, 2 index and 0 detail events left',
  ],
  [metrics(ledger(5, 3)), 'metrics of the drain: index 3 of 5 delivered, detail 0 of 0, Jain 1'],
];

test.each(lines)('%j', (record, line) => {
  expect(describeRecord(parse(record)[0]!)).toBe(line);
});
