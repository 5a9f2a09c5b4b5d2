import { describe, expect, test } from 'vitest';
import { findDisorder, findDuplicates, findLoss, findPhantoms } from './delivery.js';
import { batch, detail, detailBatch, emit, free, group, said, stepped, stop } from './testing.js';

const once = stepped({}, emit(1, 0, 5), batch(1, [[0, 5]]));

test('a plain delivery has no fault', () => {
  for (const find of [findLoss, findDuplicates, findDisorder, findPhantoms]) expect(find(once)).toEqual([]);
});

describe('loss', () => {
  test('the last event, the first one, a middle one', () => {
    const lost = (runs: [number, number][]): string[] =>
      said(findLoss(stepped({}, emit(1, 0, 5), ...runs.map((run) => batch(1, [run])))));
    expect(lost([[0, 4]])).toEqual(['loss: thread 1, index lane: event 4 was accepted and never delivered']);
    expect(lost([[1, 4]])).toEqual(['loss: thread 1, index lane: event 0 was accepted and never delivered']);
    expect(
      lost([
        [0, 1],
        [3, 2],
      ]),
    ).toEqual(['loss: thread 1, index lane: events 1 to 2 were accepted and never delivered']);
    expect(lost([])).toHaveLength(1);
  });

  test('what the sink did not take is lost unless it is taken later', () => {
    const partly = [emit(1, 0, 5), batch(1, [[0, 5]], { acknowledged: 3 })];
    expect(findLoss(stepped({}, ...partly))[0]).toMatchObject({ evidence: [1, 3] });
    expect(findLoss(stepped({}, ...partly, batch(1, [[3, 2]])))).toEqual([]);
  });

  test('rejected and unknown events need not be delivered; detail only when asked for', () => {
    const history = stepped({}, emit(1, 0, 2, 'LANE_FULL'), emit(1, 2, 1, 'unknown'), detail(1, 0, 3));
    expect(findLoss(history)).toEqual([]);
    expect(findLoss(history, { lanes: ['detail'] })).toHaveLength(1);
  });

  test('an incomplete stop may leave as much as it says', () => {
    const left = (leftIndex: number, ...more: Parameters<typeof stepped>[1][]): unknown[] =>
      findLoss(stepped({}, emit(1, 0, 3), emit(2, 0, 2), stop({ complete: false, leftIndex }), ...more));
    expect(left(5)).toEqual([]);
    expect(left(4)).toHaveLength(2);
    expect(left(5, stop())).toHaveLength(2);
  });

  test('at most 20 findings', () => {
    const lots = Array.from({ length: 30 }, (_, thread) => emit(thread, 0, 1));
    expect(findLoss(stepped({}, ...lots))).toHaveLength(20);
  });
});

describe('duplicates', () => {
  test('acknowledged and handed over again, also in part, also by another drain', () => {
    const again = stepped({}, emit(1, 0, 5), batch(1, [[0, 5]]), batch(1, [[4, 1]], { drain: 1, acknowledged: 0 }));
    expect(findDuplicates(again)).toMatchObject([
      { rule: 'duplicate', message: 'thread 1, index lane: event 4 was delivered twice', evidence: [2, 3] },
    ]);
  });

  test('twice in one batch', () => {
    expect(
      findDuplicates(
        stepped(
          {},
          batch(1, [
            [0, 2],
            [1, 1],
          ]),
        ),
      ),
    ).toMatchObject([{ evidence: [1] }]);
  });

  test('an offer that was not taken may be repeated', () => {
    const history = stepped({}, batch(1, [[0, 5]], { acknowledged: 2 }), batch(1, [[2, 3]]));
    expect(findDuplicates(history)).toEqual([]);
    expect(findDisorder(history)).toEqual([]);
  });

  test('lanes and threads are apart', () => {
    expect(findDuplicates(stepped({}, batch(1, [[0, 2]]), batch(2, [[0, 2]]), detailBatch(1, [[0, 2]])))).toEqual([]);
  });
});

describe('order', () => {
  const disorder = (...batches: Parameters<typeof stepped>[1][]): string[] =>
    said(findDisorder(stepped({}, ...batches)));

  test('later batches with earlier events', () => {
    expect(disorder(batch(1, [[3, 2]]), batch(1, [[0, 3]]))).toEqual([
      'order: thread 1, index lane: event 0 was delivered after event 4',
    ]);
    expect(disorder(batch(1, [[3, 2]]), batch(1, [[4, 1]]))).toHaveLength(1);
    expect(disorder(batch(1, [[3, 2]]), batch(1, [[5, 1]]))).toEqual([]);
  });

  test('within a batch', () => {
    expect(
      disorder(
        batch(1, [
          [3, 2],
          [2, 1],
        ]),
      ),
    ).toEqual(['order: thread 1, index lane: event 2 stands after event 4 in one batch']);
    expect(
      disorder(
        batch(1, [
          [3, 2],
          [4, 1],
        ]),
      ),
    ).toHaveLength(1);
    expect(
      disorder(
        batch(1, [
          [3, 2],
          [5, 1],
        ]),
      ),
    ).toEqual([]);
  });

  test('what was not taken comes next, from its first record', () => {
    const offered = batch(1, [[0, 5]], { acknowledged: 2 });
    expect(disorder(offered, batch(1, [[3, 2]]))).toEqual([
      'order: thread 1, index lane: event 2 was not taken by the sink, and event 3 was offered next',
    ]);
    expect(disorder(offered, batch(1, [[1, 4]]))).toHaveLength(1);
    expect(disorder(offered, batch(1, [[2, 1]]), batch(1, [[3, 2]]))).toEqual([]);
    expect(disorder(batch(1, [[0, 5]], { acknowledged: 0 }), batch(1, [[1, 4]]))).toHaveLength(1);
  });

  test('a batch of several runs that was taken in part', () => {
    const runs = [
      [0, 2],
      [4, 2],
      [8, 2],
    ] as const;
    const taken = (acknowledged: number, next: number): string[] =>
      disorder(batch(1, runs, { acknowledged }), batch(1, [[next, 1]]));
    expect(taken(3, 5)).toEqual([]);
    expect(taken(3, 8)).toHaveLength(1);
    expect(taken(2, 4)).toEqual([]);
    expect(taken(2, 5)).toHaveLength(1);
    expect(taken(0, 0)).toEqual([]);
    expect(taken(6, 10)).toEqual([]);
  });
});

describe('phantoms', () => {
  const phantom = (...records: Parameters<typeof stepped>[1][]): string[] =>
    said(findPhantoms(stepped({}, ...records)));

  test('rejected, never attempted, uncommitted, not yet', () => {
    expect(phantom(emit(1, 0, 2, 'LANE_FULL'), batch(1, [[1, 1]]))).toEqual([
      'phantom: thread 1, index lane: event 1 was delivered though it was rejected with LANE_FULL',
    ]);
    expect(phantom(emit(1, 0, 2), batch(1, [[0, 3]]))).toEqual([
      'phantom: thread 1, index lane: event 2 was delivered though nobody emitted it',
    ]);
    expect(phantom(group(1, 'begin', [0, 2]), batch(1, [[0, 2]], { acknowledged: 0 }))).toEqual([
      'phantom: thread 1, index lane: event 0 was delivered though its group was never committed',
    ]);
    expect(phantom(batch(1, [[0, 1]]), emit(1, 0, 1))).toEqual([
      'phantom: thread 1, index lane: event 0 was delivered before it was accepted',
    ]);
  });

  test('a group that was refused at its commit or its begin', () => {
    expect(
      phantom(group(1, 'begin', [0, 2]), group(1, 'commit', [0, 2], [0, 0], 'STOPPED'), batch(1, [[0, 1]])),
    ).toEqual(['phantom: thread 1, index lane: event 0 was delivered though it was rejected with STOPPED']);
    expect(phantom(group(1, 'begin', [0, 2], [0, 1], 'QUEUE_BUSY'), detailBatch(1, [[0, 1]]))).toHaveLength(1);
  });

  test('committed groups and unknown events may come', () => {
    expect(
      phantom(
        ...[group(1, 'begin', [0, 2], [0, 1]), group(1, 'commit', [0, 2], [0, 1]), emit(1, 2, 1, 'unknown')],
        ...[batch(1, [[0, 3]]), detailBatch(1, [[0, 1]])],
      ),
    ).toEqual([]);
  });

  test('in free histories the order of lines says nothing', () => {
    expect(findPhantoms(free({}, batch(1, [[0, 1]]), emit(1, 0, 1)))).toEqual([]);
    expect(findPhantoms(free({}, batch(1, [[0, 2]]), emit(1, 0, 1)))).toHaveLength(1);
  });

  test('bytes of another thread are that thread’s', () => {
    expect(phantom(emit(2, 0, 1), batch(1, [{ from: 0, count: 1, thread: 2 }]))).toEqual([]);
    expect(phantom(emit(1, 0, 1), batch(1, [{ from: 0, count: 1, thread: 2 }]))).toHaveLength(1);
  });
});
