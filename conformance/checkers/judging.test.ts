import { describe, expect, test } from 'vitest';
import { HistoryRecord } from '../../spec/index.js';
import { finding } from './finding.js';
import { acknowledged, delivering, findWrongOutcome, iterationEnd, recordsOf } from './judging.js';
import { acceptedEvents, overlap, rejectedEvents, retriesOf, wrapped } from './preconditions.js';
import { batch, detail, detailBatch, emit, free, iteration, leave, said, stepped } from './testing.js';

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
    { type: 'dead', thread: 1, outcome: 'STALE_HANDLE' },
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

describe('a run that delivers nothing', () => {
  const judge = () => [];

  test('is told whole, with the last record', () => {
    expect(delivering(stepped({}, emit(1, 0, 2)), judge)).toEqual([
      {
        rule: 'nothing-delivered',
        message: '2 events were accepted and none was delivered',
        expected: 'events delivered',
        seen: 'none',
        evidence: [2],
      },
    ]);
    const refused = batch(1, [[0, 2]], { acknowledged: 0 });
    expect(delivering(stepped({}, emit(1, 0, 2), refused), judge)).toMatchObject([{ rule: 'nothing-delivered' }]);
  });

  test('or stalled', () => {
    const stalled = [
      ...stepped({}, emit(1, 0, 2), batch(1, [[0, 1]])).slice(0, -1),
      HistoryRecord.parse({ type: 'end', reason: 'stalled' }),
    ];
    expect(delivering(stalled, judge)).toEqual([
      {
        rule: 'stalled',
        message: 'the drain stopped delivering while events were pending',
        expected: 'delivery until all is delivered',
        seen: 'no progress',
        evidence: [3],
      },
    ]);
  });

  test('else the judge decides', () => {
    const said = { inconclusive: 'x' };
    expect(delivering(stepped({}, emit(1, 0, 1), batch(1, [[0, 1]])), () => said)).toBe(said);
    expect(delivering(stepped({}, detail(1, 0, 1), detailBatch(1, [[0, 1]])), () => said)).toBe(said);
  });

  test('a history that was cut off without an end is judged as it is', () => {
    const cut = stepped({}, emit(1, 0, 1), batch(1, [[0, 1]])).slice(0, -1);
    expect(delivering(cut, judge)).toEqual([]);
    expect(delivering([], judge)).toEqual({ inconclusive: 'no event was accepted' });
  });
});

test('an attempt that was told something else, whole', () => {
  const of = ({ type }: HistoryRecord): string | undefined => (type === 'emit' ? 'an emit' : undefined);
  const history = stepped({}, leave(1), emit(1, 0, 1, 'STOPPED'));
  expect(findWrongOutcome(history, of, ['accepted', 'LANE_FULL'], 'came')).toEqual([
    {
      rule: 'outcome',
      message: "an emit came and was told 'STOPPED'",
      expected: 'accepted or LANE_FULL',
      seen: 'STOPPED',
      evidence: [2],
    },
  ]);
});

test('evidence ascends by number, not by name', () => {
  expect(finding('r', 'm', 'e', 's', [10, 9, 100]).evidence).toEqual([9, 10, 100]);
});

describe('preconditions, by themselves', () => {
  const life = (startedNs: number, endedNs: number) =>
    ({ type: 'life', thread: 1, startedNs, endedNs, ended: 'leave' }) as const;

  test('lives that end before others begin did not overlap', () => {
    expect(overlap(free({}, life(0, 3), life(3, 6), life(6, 9)))).toBe(1);
    expect(overlap(free({}, life(6, 9), life(3, 6), life(0, 3)))).toBe(1);
    expect(overlap(free({}, life(5, 9), life(0, 6), emit(1, 0, 1)))).toBe(2);
  });

  test('retries are no rejections with a code, and only emits have them', () => {
    const retried = stepped({}, { ...emit(1, 0, 1), retries: 4 } as never, emit(1, 1, 2, 'STOPPED'), leave(1));
    expect([rejectedEvents(retried), rejectedEvents(retried, 'STOPPED'), rejectedEvents(retried, 'LANE_FULL')]).toEqual(
      [6, 2, 0],
    );
    expect(retriesOf(retried)).toBe(4);
  });

  test('a cursor passes 2^32 by what its own index lane accepted', () => {
    const of = (...records: Parameters<typeof stepped>[1][]): boolean =>
      wrapped(stepped({ initialCursor: 2 ** 32 - 3 }, ...records));
    expect(of(emit(1, 0, 2), emit(1, 2, 2))).toBe(true);
    expect(of(emit(1, 0, 2), emit(2, 0, 2))).toBe(false);
    expect(of(emit(1, 0, 2), emit(1, 2, 2, 'LANE_FULL'), detail(1, 0, 9))).toBe(false);
    expect(of(emit(1, 0, 1), emit(2, 0, 4))).toBe(true);
  });
});
