import { describe, expect, test } from 'vitest';
import { findOverfull, findWrongRefusals } from './room.js';
import { batch, detail, detailBatch, emit, group, iteration, stepped } from './testing.js';

const CONFIG = { indexCapacity: 4 };
type Records = Parameters<typeof stepped>[1][];
const overfull = (...records: Records) => findOverfull(stepped(CONFIG, ...records));
const refused = (records: Records, slack?: number) => findWrongRefusals(stepped(CONFIG, ...records), slack);

describe('more than a lane holds', () => {
  test('is told with the first event that had no room, the last acknowledgement and the emit', () => {
    const records = [emit(1, 0, 4), batch(1, [[0, 4]], { acknowledged: 1 }), emit(1, 4, 3)];
    expect(overfull(...records)).toEqual([
      {
        rule: 'overfull',
        message:
          'thread 1, index lane: event 5 was accepted into the lane of 4 while 4 events in it were not acknowledged',
        expected: 'LANE_FULL for event 5',
        seen: 'accepted',
        evidence: [2, 3],
      },
    ]);
    expect(overfull(emit(1, 0, 6), emit(1, 6, 1))).toMatchObject([
      { expected: 'LANE_FULL for event 4', evidence: [0, 1] },
      { expected: 'LANE_FULL for event 6', evidence: [0, 2] },
    ]);
  });

  test('is counted by thread, in the index lane, of what was accepted', () => {
    expect(overfull(emit(1, 0, 4), emit(2, 0, 4), detail(1, 0, 9))).toEqual([]);
    expect(overfull(emit(1, 0, 9, 'LANE_FULL'), emit(1, 9, 4))).toEqual([]);
    expect(overfull(emit(1, 0, 4), detailBatch(1, [[0, 2]]), emit(1, 4, 1))).toHaveLength(1);
    expect(overfull(emit(1, 0, 4), batch(2, [[0, 4]]), emit(1, 4, 1))).toHaveLength(1);
  });

  test('groups fill it when they are accepted, not when they are begun or refused', () => {
    expect(overfull(group(1, 'begin', [0, 2]), emit(1, 2, 4))).toEqual([]);
    expect(overfull(group(1, 'submit', [0, 2], [0, 0], 'LANE_FULL'), emit(1, 2, 4))).toEqual([]);
    expect(overfull(group(1, 'commit', [0, 2]), emit(1, 2, 3))).toHaveLength(1);
    expect(overfull(emit(1, 0, 2), group(1, 'submit', [2, 3]))).toMatchObject([{ expected: 'LANE_FULL for event 4' }]);
    expect(overfull(emit(1, 0, 2), group(1, 'submit', [2, 2]))).toEqual([]);
  });

  test('at most 20 findings', () => {
    expect(overfull(...Array.from({ length: 25 }, (_, thread) => emit(thread, 0, 5)))).toHaveLength(20);
  });
});

describe('refused though there was room', () => {
  const full = emit(1, 4, 1, 'LANE_FULL');

  test('is told with what the lane held, the last acknowledgement and the emit', () => {
    const records = [emit(1, 0, 4), batch(1, [[0, 4]], { acknowledged: 3 }), full];
    expect(refused(records, 2)).toEqual([
      {
        rule: 'refused',
        message: 'thread 1, index lane: event 4 was refused with LANE_FULL although the lane of 4 held 1 events',
        expected: 'event 4 accepted',
        seen: 'LANE_FULL',
        evidence: [2, 3],
      },
    ]);
    expect(refused(records, 4)).toEqual([]);
    expect(findWrongRefusals(stepped({}, emit(1, 0, 1024), full))).toEqual([]);
    expect(findWrongRefusals(stepped({}, emit(1, 0, 1023), full))).toHaveLength(1);
  });

  test('other refusals, other lanes and other threads say nothing', () => {
    expect(refused([emit(1, 0, 1, 'STOPPED'), emit(1, 0, 1), detail(1, 0, 1, 'LANE_FULL')])).toEqual([]);
    expect(refused([emit(1, 0, 4), emit(2, 0, 3), full])).toEqual([]);
    expect(refused([group(1, 'submit', [0, 4]), full])).toEqual([]);
  });

  test('without a slack: only since the lane was empty after a turn of the drain', () => {
    const drained = [emit(1, 0, 4), batch(1, [[0, 4]])];
    const again = [emit(1, 4, 3), emit(1, 7, 1, 'LANE_FULL')];
    expect(refused([...drained, iteration({ visits: 1 }), ...again])).toHaveLength(1);
    expect(
      refused([...drained, { type: 'visit', thread: 1, delivered: 4, outcome: 'accepted' }, ...again]),
    ).toHaveLength(1);
    expect(refused([...drained, ...again])).toEqual([]);
    expect(refused([...drained, iteration({ visits: 1 }), emit(1, 4, 4), emit(1, 8, 1, 'LANE_FULL')])).toEqual([]);
    expect(refused([emit(1, 0, 4), batch(1, [[0, 3]]), iteration({ visits: 1 }), full])).toEqual([]);
  });

  test('at most 20 findings', () => {
    expect(refused(Array.from({ length: 25 }, (_, i) => emit(1, i, 1, 'LANE_FULL')))).toHaveLength(20);
  });
});

test('nothing that was refused is no refusal', () => {
  expect(refused([emit(1, 0, 0, 'LANE_FULL')], 1)).toEqual([]);
  expect(refused([emit(1, 0, 1, 'LANE_FULL')], 1)).toHaveLength(1);
});
