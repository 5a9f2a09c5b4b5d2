/** A requirement is kept where something happened that could have broken it, undecided elsewhere; a failure needs no more than itself. */
import { describe, expect, test } from 'vitest';
import type { HistoryInput, HistoryRecord } from '../../spec/index.js';
import {
  batch,
  detail,
  detailBatch,
  emit,
  free,
  group,
  iteration,
  leave,
  ledger,
  mark,
  metrics,
  register,
  stepped,
  stop,
} from '../checkers/testing.js';
import { judged } from './testing.js';

const CONFIG = {
  ...{ slots: 2, indexCapacity: 4, quantum: 4, maxSkips: 1, policy: 'round-robin' },
  ...{ windowRecords: 2, detailCapacity: 4, preRoll: 0, postRoll: 0 },
};
const history = (...records: HistoryInput[]): HistoryRecord[] => stepped(CONFIG, register(1), ...records);
const unsettled = (all: readonly HistoryRecord[]): HistoryRecord[] => [
  ...all.slice(0, -1),
  { type: 'end', reason: 'unsettled' },
];
const one = [emit(1, 0, 1), batch(1, [[0, 1]]), iteration({ visits: 1, delivered: 1, batches: 1 })];
const dead = { type: 'dead', thread: 1, outcome: 'accepted' } as const;
const refused = [emit(1, 0, 1), batch(1, [[0, 1]], { acknowledged: 0 })];
const part = [emit(1, 0, 2), batch(1, [[0, 2]], { acknowledged: 1 })];
const turn = iteration({ visits: 1 });
/** Two threads with a turn each, `apart` or both with events left. */
const pair = (count: number): HistoryInput[] => [
  ...[register(2), emit(1, 0, 3 * count), emit(2, 0, 3 * count)],
  ...[0, 1, 2].flatMap((i) => [batch(1, [[count * i, count]]), batch(2, [[count * i, count]]), turn]),
];
const alone = [0, 1, 2].flatMap((i) => [
  ...[emit(1, i, 1), batch(1, [[i, 1]]), turn, emit(2, i, 1), batch(2, [[i, 1]]), turn],
]);

const SHOWN: readonly [id: string, without: HistoryRecord[], why: string, kept: HistoryRecord[]][] = [
  [
    'THREAD-EMIT-AFTER-LEAVE',
    history(...one, leave(1), emit(1, 1, 0, 'THREAD_LEFT'), emit(2, 0, 1, 'LANE_FULL')),
    'nobody called anything after leave()',
    history(...one, leave(1), mark(1, 0, 'THREAD_LEFT')),
  ],
  [
    'THREAD-LEAVE-DELIVERS',
    history(...one, register(2), leave(2)),
    'no index event of such a thread was accepted',
    history(...one, leave(1)),
  ],
  [
    'THREAD-DEAD-DELIVERED',
    history(...one, register(2), { ...dead, thread: 2 }),
    'no index event of such a thread was accepted',
    history(...one, dead),
  ],
  [
    'STOP-REJECTS-LATER',
    history(...one, emit(1, 1, 1, 'STOPPED'), stop(), mark(1, 0, 'STOPPED')),
    'nobody called anything after stop()',
    history(...one, stop(), register(2, { outcome: 'STOPPED' })),
  ],
  [
    'STOP-DELIVERS-ALL',
    history(detail(1, 0, 1), stop()),
    'no index event was accepted',
    history(...one, detail(1, 0, 1), stop()),
  ],
  [
    'LEDGER-LEFT',
    history(...one, metrics(ledger(1, 1)), stop()),
    'no metrics were read after stop()',
    history(...one, stop(), metrics(ledger(1, 1))),
  ],
  [
    'LEDGER-LEFT',
    free({}, emit(1, 0, 1), stop({ complete: false, leftIndex: 1 })),
    'no metrics were read after stop()',
    history(emit(1, 0, 1), stop({ complete: false, leftIndex: 1 })),
  ],
  [
    'LANE-FULL-REJECTS',
    history(emit(1, 0, 4), batch(1, [[0, 4]]), emit(1, 4, 0, 'LANE_FULL')),
    'no lane was full',
    history(emit(1, 0, 4), emit(1, 4, 1, 'LANE_FULL'), batch(1, [[0, 4]])),
  ],
  [
    'THREAD-REGISTRY-FULL',
    history(...one, leave(1), iteration(), register(2)),
    'nobody registered once every slot had been taken',
    history(...one, register(2), register(3, { outcome: 'REGISTRY_FULL' })),
  ],
  ['LOSS-EXACTLY-ONCE', free({}, detail(1, 0, 5)), 'no index event was accepted', history(...one)],
  ['LANE-EVICT-OLDEST', history(detail(1, 0, 4), turn), 'no window had to make room', history(detail(1, 0, 5), turn)],
  [
    'LANE-MARKED-PINNED',
    history(detail(1, 0, 5), mark(1, 5), turn),
    'no marked window stood in the way of an emit',
    history(mark(1, 0), detail(1, 0, 6), turn),
  ],
  [
    'LANE-MARKED-PINNED',
    history(detail(1, 0, 1), mark(1, 1, 'THREAD_LEFT'), turn),
    'no mark pinned a window',
    history(mark(1, 0), detail(1, 0, 2), mark(1, 2), detail(1, 2, 2), detail(1, 4, 1, 'DETAIL_FULL'), turn),
  ],
  [
    'LANE-MARKED-ONCE',
    history(detail(1, 0, 2), mark(1, 2, 'THREAD_LEFT'), turn),
    'nothing was marked',
    history(mark(1, 0), detail(1, 0, 2), detailBatch(1, [[0, 2]]), turn),
  ],
  [
    'LANE-MARKED-ONCE',
    history(mark(1, 0), detail(1, 0, 1), turn),
    'no marked window was sealed',
    history(mark(1, 0), detail(1, 0, 1), leave(1), detailBatch(1, [[0, 1]]), turn),
  ],
  [
    'QUEUE-GROUP-VISIBLE',
    history(...one, group(1, 'submit', [1, 2], [0, 0], 'LANE_FULL')),
    'no group was accepted',
    history(group(1, 'submit', [0, 2]), batch(1, [[0, 2]])),
  ],
  [
    'FAIR-LAG',
    history(register(2), ...alone),
    'no two threads stayed backlogged while one had its turn',
    history(...pair(1)),
  ],
  ['FAIR-WAIT', history(register(2), ...alone), 'no thread waited for another', history(...pair(1))],
  ['FAIR-WAIT-EVENTS', history(register(2), ...alone), 'no thread waited for another', history(...pair(1))],
  [
    'SINK-THROW-KEEPS',
    unsettled(history(...refused, turn)),
    'what the sink did not take was never offered again',
    unsettled(history(...refused, turn, batch(1, [[0, 1]], { acknowledged: 0 }), turn)),
  ],
  [
    'SINK-THROW-KEEPS',
    history(...one, batch(1, []), turn),
    'the sink never failed',
    history(...refused, stop({ complete: false, leftIndex: 1 })),
  ],
  [
    'SINK-PARTIAL',
    unsettled(history(...part, detailBatch(1, []), turn)),
    'what the sink did not take was never offered again',
    unsettled(history(...part, turn, batch(1, [[1, 1]]), turn)),
  ],
];

test.each(SHOWN)(
  '%s is undecided where nothing could break it, and kept where something could',
  async (id, ...told) => {
    const [without, why, kept] = told;
    expect((await judged(without))(id)).toBe(`undecided: ${why}`);
    expect((await judged(kept))(id)).toBe('pass');
  },
);

describe('what is broken fails, whether or not the rest could show it', () => {
  const FAILED: readonly [id: string, history: HistoryRecord[]][] = [
    ['THREAD-EMIT-AFTER-LEAVE', history(...one, leave(1), { type: 'seal', thread: 1, at: 0, outcome: 'accepted' })],
    ['STOP-REJECTS-LATER', history(...one, stop(), batch(1, [[1, 1]]))],
    ['STOP-DELIVERS-ALL', history(detail(1, 0, 1), stop(), batch(1, [[1, 1]]))],
    ['LEDGER-LEFT', history(emit(1, 0, 2), stop({ complete: false, leftIndex: 1 }))],
    ['LANE-FULL-REJECTS', history(emit(1, 0, 5), batch(1, [[0, 5]]))],
    ['THREAD-REGISTRY-FULL', history(register(2), register(3), turn)],
    ['LANE-EVICT-OLDEST', history(detail(1, 0, 2), detail(1, 2, 1, 'DETAIL_FULL'), turn)],
    ['QUEUE-GROUP-VISIBLE', history(group(1, 'begin', [0, 2]), batch(1, [[0, 1]]))],
    ['SINK-THROW-KEEPS', history(...refused, turn)],
    ['SINK-PARTIAL', history(...part, turn)],
  ];
  test.each(FAILED)('%s', async (id, broken) => {
    expect((await judged(broken))(id)).toMatch(/^fail: /);
  });

  test('a standstill with nothing but detail events', async () => {
    const stalled = [...free({}, detail(1, 0, 1)).slice(0, -1), { type: 'end', reason: 'stalled' } as const];
    expect((await judged(stalled))('LOSS-EXACTLY-ONCE')).toMatch(/^fail: /);
  });
});

test('a thread that registers again has not left', async () => {
  const say = await judged(history(...one, leave(1), register(1, { generation: 2 }), emit(1, 1, 1), leave(1)));
  expect(say('THREAD-DOUBLE-LEAVE')).toBe('undecided: no thread left twice');
});

test('without a mark that was accepted no window is marked, whatever its size', async () => {
  const say = await judged(stepped({}, detail(1, 0, 1), mark(1, 1, 'THREAD_LEFT'), detailBatch(1, [[0, 1]])));
  expect(say('LANE-UNMARKED-KEPT')).toContain('fail: ');
});
