import { describe, expect, test } from 'vitest';
import { HistoryRecord } from '../../spec/index.js';
import { detailModel } from './detail-lane.js';
import { finding } from './finding.js';
import { acknowledged, delivering, findWrongOutcome, iterationEnd, recordsOf } from './judging.js';
import { acceptedEvents, overlap, rejectedEvents, retriesOf, wrapped } from './preconditions.js';
import { findOverfull, findWrongRefusals } from './room.js';
import {
  batch,
  detail,
  detailBatch,
  emit,
  free,
  group,
  iteration,
  leave,
  mark,
  said,
  seal,
  stepped,
} from './testing.js';

test('a finding’s evidence ascends and repeats nothing', () => {
  expect(finding('r', 'm', 'e', 's', [5, 2, 5]).evidence).toEqual([2, 5]);
});

test('counts of what the sink took', () => {
  const history = stepped({}, batch(1, [[0, 3]], { acknowledged: 2 }), detailBatch(1, [[0, 1]]), batch(2, [[0, 4]]));
  expect(acknowledged(history)).toBe(7);
  expect(acknowledged(history, { thread: 1 })).toBe(3);
  expect(acknowledged(history, { lane: 'index' })).toBe(6);
  expect(acknowledged(history, { before: 3 })).toBe(3);
});

test('records of a type, and where iterations end', () => {
  const history = stepped({}, iteration({ drain: 1 }), iteration(), emit(1, 0, 1), iteration());
  expect(recordsOf(history, 'emit').map(({ at }) => at)).toEqual([3]);
  expect([0, 1, 2].map((n) => iterationEnd(history, n))).toEqual([2, 4, 6]);
});

describe('delivering', () => {
  const judge = () => [];
  test('nothing accepted is inconclusive, nothing delivered and stalled are faults', () => {
    expect(delivering(stepped({}), judge)).toEqual({ inconclusive: 'no event was accepted' });
    expect(delivering(stepped({}, emit(1, 0, 1)), judge)).toMatchObject([{ rule: 'nothing-delivered' }]);
    const stalled = [
      ...stepped({}, emit(1, 0, 1), batch(1, [[0, 1]])).slice(0, -1),
      HistoryRecord.parse({ type: 'end', reason: 'stalled' }),
    ];
    expect(delivering(stalled, judge)).toMatchObject([{ rule: 'stalled', evidence: [3] }]);
    expect(delivering(stepped({}, emit(1, 0, 1), batch(1, [[0, 1]])), judge)).toEqual([]);
  });
});

test('attempts that were told something else', () => {
  const of = (record: HistoryRecord): string | undefined =>
    record.type === 'emit' || record.type === 'kill' ? 'an emit' : undefined;
  const history = stepped(
    {},
    emit(1, 0, 1),
    emit(1, 1, 1, 'STOPPED'),
    { type: 'kill', thread: 1, during: 'idle' },
    leave(1),
  );
  expect(said(findWrongOutcome(history, of, ['accepted', 'LANE_FULL'], 'came'))).toEqual([
    "outcome: an emit came and was told 'STOPPED'",
  ]);
});

test('preconditions', () => {
  const life = (startedNs: number, endedNs: number) =>
    ({ type: 'life', thread: 1, startedNs, endedNs, ended: 'leave' }) as const;
  expect(overlap(free({}, life(0, 5), life(5, 9), life(1, 2)))).toBe(2);
  expect(overlap(free({}, life(0, 5), life(4, 9), life(3, 5)))).toBe(3);
  expect(overlap(free({}))).toBe(0);
  const mixed = stepped(
    {},
    emit(1, 0, 2),
    detail(1, 0, 3),
    emit(1, 2, 4, 'LANE_FULL'),
    detail(1, 3, 5, 'DETAIL_FULL'),
    { ...emit(1, 6, 1), retries: 7 } as never,
  );
  expect(acceptedEvents(mixed)).toBe(6);
  expect(rejectedEvents(mixed)).toBe(16);
  expect(retriesOf(mixed)).toBe(7);
  expect(rejectedEvents(mixed, 'LANE_FULL')).toBe(4);
  const aged = (count: number) => wrapped(stepped({ initialCursor: 2 ** 32 - 3 }, emit(1, 0, count), detail(1, 0, 9)));
  expect([aged(3), aged(4)]).toEqual([false, true]);
  expect(wrapped(stepped({}, emit(1, 0, 4)))).toBe(false);
});

describe('room in an index lane', () => {
  const CONFIG = { indexCapacity: 4 };
  test('never more than the capacity unacknowledged', () => {
    expect(findOverfull(stepped(CONFIG, emit(1, 0, 4)))).toEqual([]);
    expect(said(findOverfull(stepped(CONFIG, emit(1, 0, 3), emit(1, 3, 2))))).toEqual([
      'overfull: thread 1, index lane: event 4 was accepted into the lane of 4 while 4 events in it were not acknowledged',
    ]);
    const taken = batch(1, [[0, 4]], { acknowledged: 1 });
    expect(findOverfull(stepped(CONFIG, emit(1, 0, 4), taken, emit(1, 4, 1)))).toEqual([]);
    expect(findOverfull(stepped(CONFIG, emit(1, 0, 4), taken, emit(1, 4, 2)))).toHaveLength(1);
    expect(findOverfull(stepped(CONFIG, group(1, 'submit', [0, 3]), emit(1, 3, 2)))).toHaveLength(1);
    expect(findOverfull(stepped({}, emit(1, 0, 1024)))).toEqual([]);
    expect(findOverfull(stepped({}, emit(1, 0, 1025)))).toHaveLength(1);
  });

  test('refused only when it is full', () => {
    const refused = emit(1, 4, 1, 'LANE_FULL');
    expect(findWrongRefusals(stepped(CONFIG, emit(1, 0, 4), refused))).toEqual([]);
    expect(findWrongRefusals(stepped(CONFIG, emit(1, 0, 3), refused))).toHaveLength(1);
    const drained = [emit(1, 0, 4), batch(1, [[0, 4]]), iteration({ visits: 1 })];
    expect(findWrongRefusals(stepped(CONFIG, ...drained, refused))).toHaveLength(1);
    expect(findWrongRefusals(stepped(CONFIG, ...drained.slice(0, 2), refused))).toEqual([]);
    const partly = [emit(1, 0, 4), batch(1, [[0, 2]]), refused];
    expect(findWrongRefusals(stepped(CONFIG, ...partly))).toEqual([]);
    expect(findWrongRefusals(stepped(CONFIG, ...partly), 2)).toHaveLength(1);
    expect(findWrongRefusals(stepped(CONFIG, ...partly), 3)).toEqual([]);
  });
});

describe('the detail lane, evictions included', () => {
  const CONFIG = { windowRecords: 2, detailCapacity: 4, preRoll: 1, postRoll: 1 };
  const model = (...records: Parameters<typeof stepped>[1][]) => detailModel(stepped(CONFIG, ...records), 1);

  test('the oldest unmarked window makes room', () => {
    const { windows, faults } = model(detail(1, 0, 5), detail(2, 0, 1));
    expect(windows.map(({ evicted }) => evicted)).toEqual([true, false, false]);
    expect(faults).toEqual([]);
  });

  test('marks, seals, groups and what the sink took', () => {
    const { windows, marks } = model(
      detail(1, 0, 3),
      mark(1, 3),
      seal(1, 3),
      mark(1, 3),
      detailBatch(1, [[0, 2]]),
      group(1, 'submit', [0, 1], [3, 2]),
      leave(1),
    );
    expect(marks).toEqual([1, 2]);
    expect(windows.map(({ marked, taken }) => [marked, taken])).toEqual([
      ['preRoll', 2],
      ['mark', 0],
      ['postRoll', 0],
    ]);
  });

  test('only marked windows left: full; anything else told is a fault', () => {
    const pinned = [detail(1, 0, 3), mark(1, 3), detail(1, 3, 1)];
    expect(model(...pinned, detail(1, 4, 1, 'DETAIL_FULL'))).toMatchObject({ full: [4], faults: [] });
    expect(said(model(...pinned, detail(1, 4, 1)).faults)).toEqual([
      'accepted: thread 1, detail lane: event 4 was accepted although only marked windows were left',
    ]);
    expect(said(model(detail(1, 0, 1, 'DETAIL_FULL')).faults)).toHaveLength(1);
    expect(model(detail(1, 0, 1, 'STOPPED')).faults).toEqual([]);
    expect(detailModel(stepped({}, detail(1, 0, 9), mark(1, 9)), 1).windows.map(({ marked }) => marked)).toEqual([
      'preRoll',
      'mark',
    ]);
  });
});
