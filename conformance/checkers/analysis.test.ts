import { describe, expect, test } from 'vitest';
import { analyse } from './analysis.js';
import { batch, detail, detailBatch, emit, free, group, parse, register, stepped } from './testing.js';

describe('attempts', () => {
  test('stand by thread, lane and outcome, with their record', () => {
    const history = stepped(
      {},
      ...[emit(1, 0, 2), emit(1, 2, 1, 'LANE_FULL'), emit(1, 3, 1, 'unknown'), detail(1, 0, 4), emit(2, 0, 5)],
    );
    const { lanes } = analyse(history);
    expect(lanes.map(({ thread, lane }) => `${thread} ${lane}`)).toEqual(['1 index', '1 detail', '2 index']);
    expect(lanes[0]).toEqual({
      thread: 1,
      lane: 'index',
      accepted: [{ from: 0, count: 2, outcome: 'accepted', record: 1 }],
      rejected: [{ from: 2, count: 1, outcome: 'LANE_FULL', record: 2 }],
      unknown: [{ from: 3, count: 1, outcome: 'unknown', record: 3 }],
      staged: [],
      deliveries: [],
    });
    expect(lanes[1]!.accepted).toEqual([{ from: 0, count: 4, outcome: 'accepted', record: 4 }]);
  });

  test('of groups: staged by the begin, told by the commit, nothing where a lane got nothing', () => {
    const { lane } = analyse(
      stepped(
        {},
        group(1, 'begin', [0, 2], [5, 1]),
        group(1, 'commit', [0, 2], [5, 1]),
        group(1, 'submit', [2, 0], [6, 0]),
        group(2, 'begin', [0, 3], [0, 0]),
        group(3, 'begin', [0, 3], [0, 1], 'QUEUE_BUSY'),
        group(4, 'submit', [0, 1], [0, 0], 'unknown'),
      ),
    );
    expect(lane(1, 'index')).toMatchObject({
      staged: [{ from: 0, count: 2, outcome: 'staged', record: 1 }],
      accepted: [{ from: 0, count: 2, record: 2 }],
    });
    expect(lane(1, 'detail')).toMatchObject({ staged: [{ from: 5, count: 1 }], accepted: [{ from: 5, count: 1 }] });
    expect(lane(2, 'index')).toMatchObject({ staged: [{ count: 3 }], accepted: [] });
    expect(lane(2, 'detail').staged).toEqual([]);
    expect(lane(3, 'index')).toMatchObject({ staged: [], rejected: [{ count: 3, outcome: 'QUEUE_BUSY' }] });
    expect(lane(3, 'detail').rejected).toHaveLength(1);
    expect(lane(4, 'index').unknown).toHaveLength(1);
  });

  test('without events are none', () => {
    expect(analyse(stepped({}, emit(1, 0, 0), batch(1, [[0, 0]]))).lanes).toEqual([]);
  });
});

describe('deliveries', () => {
  test('are what each run had taken of it, from the front of the batch, torn records included', () => {
    const runs = [[0, 2], { torn: true, at: 2, hex: '' } as const, { from: 4, count: 3, join: 7 }] as const;
    const of = (acknowledged: number) =>
      analyse(stepped({}, batch(1, runs, { acknowledged }))).lane(1, 'index').deliveries;
    expect(of(4)).toEqual([
      { from: 0, count: 2, record: 1, acknowledged: 2 },
      { from: 4, count: 3, record: 1, acknowledged: 1, join: 7 },
    ]);
    expect(of(1).map(({ acknowledged }) => acknowledged)).toEqual([1, 0]);
    expect(of(3).map(({ acknowledged }) => acknowledged)).toEqual([2, 0]);
    expect(of(6).map(({ acknowledged }) => acknowledged)).toEqual([2, 3]);
    expect(of(9).map(({ acknowledged }) => acknowledged)).toEqual([2, 3]);
  });

  test('are the thread’s whose bytes they are, and of the batch’s lane', () => {
    const { lane } = analyse(stepped({}, detailBatch(1, [{ from: 0, count: 1, thread: 2 }])));
    expect(lane(2, 'detail').deliveries).toHaveLength(1);
    expect(lane(1, 'detail').deliveries).toEqual([]);
    expect(lane(2, 'index').deliveries).toEqual([]);
  });
});

test('registrations: the last that was accepted', () => {
  const { registrations } = analyse(
    stepped(
      {},
      register(1, { weight: 3 }),
      register(2, { outcome: 'REGISTRY_FULL' }),
      register(1, { slot: 5, generation: 2 }),
      register(1, { outcome: 'STOPPED', slot: 9 }),
    ),
  );
  expect([...registrations]).toEqual([[1, { thread: 1, slot: 5, generation: 2, weight: 1, record: 3 }]]);
});

describe('the head', () => {
  test('tells mode and configuration; only its numbers are sizes', () => {
    const { mode, header, config } = analyse(free({ quantum: 3, policy: 'weighted-fair' }));
    expect(mode).toBe('free');
    expect(header?.config['policy']).toBe('weighted-fair');
    expect([config('quantum', 9), config('policy', 9), config('slots', 9)]).toEqual([3, 9, 9]);
    expect(analyse(stepped({})).mode).toBe('stepped');
  });

  test('may be missing: stepped, and nothing is known', () => {
    const { mode, header, config } = analyse(parse(emit(1, 0, 1)));
    expect([mode, header, config('quantum', 9)]).toEqual(['stepped', undefined, 9]);
  });
});

test('one history is analysed once', () => {
  const history = stepped({}, emit(1, 0, 1));
  expect(analyse(history)).toBe(analyse(history));
  expect(analyse([...history])).not.toBe(analyse(history));
});
