import { describe, expect, test } from 'vitest';
import type { HistoryInput, HistoryRecord } from '../../spec/index.js';
import { DeliveryWatch } from './delivery-watch.js';
import { findDisorder, findDuplicates, findLoss, findPhantoms } from './delivery.js';
import { findMalformed, findMisattribution, findTorn } from './integrity.js';
import { batch, detail, detailBatch, emit, free, group, parse, register, said, stepped, stop } from './testing.js';

const watched = (history: readonly HistoryRecord[]): DeliveryWatch => {
  const watch = new DeliveryWatch();
  history.forEach((record, at) => watch.observe(record, at));
  return watch;
};

describe('every finding names the event, what was expected, what was seen, and the records that show it', () => {
  test('a loss: the record that accepted it, and the last one', () => {
    expect(findLoss(stepped({}, emit(1, 0, 2), emit(1, 2, 3), batch(1, [[0, 4]])))).toEqual([
      {
        rule: 'loss',
        message: 'thread 1, index lane: event 4 was accepted and never delivered',
        expected: 'event 4 acknowledged by the sink',
        seen: 'not delivered',
        evidence: [2, 4],
      },
    ]);
    expect(findLoss(stepped({}, detail(1, 0, 2)), { lanes: ['detail'] })).toMatchObject([
      { message: 'thread 1, detail lane: events 0 to 1 were accepted and never delivered', evidence: [1, 2] },
    ]);
  });

  test('a duplicate: the batch that delivered it first, and the one that did again', () => {
    expect(findDuplicates(stepped({}, batch(1, [[0, 2]]), batch(1, [[2, 3]]), batch(1, [[1, 3]])))).toEqual([
      {
        rule: 'duplicate',
        message: 'thread 1, index lane: events 1 to 3 were delivered twice',
        expected: 'each acknowledged event handed over once',
        seen: 'events 1 to 3 again',
        evidence: [1, 3],
      },
    ]);
  });

  test('disorder: within a batch, after a refusal, and between batches', () => {
    const found = (...batches: HistoryInput[]) => findDisorder(stepped({}, ...batches));
    const split = [
      [3, 2],
      [2, 1],
    ] as const;
    expect(found(batch(1, split))).toMatchObject([
      { rule: 'order', expected: 'events in the order they were accepted', seen: '4, then 2', evidence: [1] },
    ]);
    expect(found(batch(1, [[3, 2]]), batch(1, [[0, 3]]))).toMatchObject([
      { rule: 'order', expected: 'events in the order they were accepted', seen: '4, then 0', evidence: [2] },
    ]);
    expect(found(batch(1, [[0, 5]], { acknowledged: 2 }), batch(2, [[0, 1]]), batch(1, [[3, 2]]))).toMatchObject([
      { rule: 'order', expected: 'event 2 offered again first', seen: 'event 3', evidence: [1, 3] },
    ]);
  });

  test('a phantom: the record that says why it is one, and the delivery', () => {
    const found = (...records: HistoryInput[]) => findPhantoms(stepped({}, ...records));
    expect(found(emit(1, 0, 2, 'LANE_FULL'), batch(1, [[1, 1]]))).toEqual([
      {
        rule: 'phantom',
        message: 'thread 1, index lane: event 1 was delivered though it was rejected with LANE_FULL',
        expected: 'only accepted events delivered',
        seen: 'event 1',
        evidence: [1, 2],
      },
    ]);
    expect(found(batch(1, [[0, 1]]), emit(1, 0, 1))[0]!.evidence).toEqual([1, 2]);
    expect(found(emit(1, 0, 1), batch(1, [[0, 1]]), batch(1, [[1, 1]]))[0]!.evidence).toEqual([3]);
    expect(found(group(1, 'begin', [0, 2]), batch(1, [[0, 1]]))[0]!.evidence).toEqual([1, 2]);
  });

  test('torn bytes', () => {
    expect(findTorn(stepped({}, detailBatch(1, [{ torn: true, at: 2, hex: '0123456789'.repeat(4) }])))).toEqual([
      {
        rule: 'torn',
        message:
          'thread 1, detail lane: record 2 of a batch has torn or foreign bytes (01234567890123456789012345678901...)',
        expected: 'the bytes that the producer gave',
        seen: '0123456789'.repeat(4),
        evidence: [1],
      },
    ]);
  });

  test('torn bytes are shown, and cut where they are many', () => {
    for (const hex of ['', '0123456789', '0123456789abcdef'.repeat(2)])
      expect(said(findTorn(stepped({}, batch(1, [{ torn: true, at: 0, hex }]))))).toEqual([
        `torn: thread 1, index lane: record 0 of a batch has torn or foreign bytes (${hex})`,
      ]);
  });

  test('a record of another thread', () => {
    expect(findMisattribution(stepped({}, batch(1, [{ from: 3, count: 1, thread: 2 }])))).toEqual([
      {
        rule: 'misattribution',
        message: 'event 3 of thread 2 was delivered in a batch of thread 1 (index lane)',
        expected: 'a batch of thread 2',
        seen: 'a batch of thread 1',
        evidence: [1],
      },
    ]);
  });

  test('another slot or generation: the registration and the batch', () => {
    const named = { slot: 2, generation: 3 };
    const fault = {
      rule: 'misattribution',
      message: 'a batch of thread 1 names slot 2, generation 3',
      expected: 'slot 1, generation 1',
      seen: 'slot 2, generation 3',
      evidence: [1, 2],
    };
    expect(findMisattribution(stepped({}, register(1), batch(1, [[0, 1]], named)))).toEqual([fault]);
    expect(findMisattribution(free({}, register(1), batch(1, [[0, 1]], named)))).toEqual([fault]);
  });

  test('a malformed batch', () => {
    expect(findMalformed(stepped({}, detailBatch(1, [])))).toEqual([
      {
        rule: 'malformed',
        message: 'a batch of thread 1 (detail lane) is malformed: it is empty',
        expected: 'whole records, at least one',
        seen: 'it is empty',
        evidence: [1],
      },
    ]);
  });
});

describe('what was not taken', () => {
  test('is offered again first, however often it is refused', () => {
    const refused = batch(1, [[0, 5]], { acknowledged: 0 });
    expect(findDisorder(stepped({}, refused, refused, batch(1, [[0, 5]]), batch(1, [[5, 1]])))).toEqual([]);
    expect(findDisorder(stepped({}, refused, refused, batch(1, [[1, 4]])))).toMatchObject([{ evidence: [2, 3] }]);
  });

  test('of several runs is the first run that was not taken whole, not a later one', () => {
    const runs = [
      [0, 2],
      [4, 2],
      [8, 2],
    ] as const;
    const next = (acknowledged: number, from: number) =>
      findDisorder(stepped({}, batch(1, runs, { acknowledged }), batch(1, [[from, 1]])));
    expect(next(1, 1)).toEqual([]);
    expect(next(1, 4)).toMatchObject([{ expected: 'event 1 offered again first' }]);
    expect(next(0, 4)).toMatchObject([{ expected: 'event 0 offered again first' }]);
  });

  test('and then was taken is forgotten', () => {
    const partly = batch(1, [[0, 5]], { acknowledged: 2 });
    expect(findDisorder(stepped({}, partly, batch(1, [[2, 3]]), batch(1, [[7, 1]])))).toEqual([]);
  });

  test('is no event that the next ones stand behind', () => {
    expect(findDisorder(stepped({}, batch(1, [[4, 2]], { acknowledged: 0 }), batch(1, [[0, 1]])))).toHaveLength(1);
    expect(findDuplicates(stepped({}, batch(1, [[0, 5]], { acknowledged: 2 }), batch(1, [[1, 1]])))).toHaveLength(1);
  });

  test('torn records count as the records that they are', () => {
    const torn = batch(1, [{ torn: true, at: 0, hex: '' }, [0, 2]], { acknowledged: 2 });
    expect(findDuplicates(stepped({}, torn, batch(1, [[1, 1]])))).toEqual([]);
    expect(findDuplicates(stepped({}, torn, batch(1, [[0, 1]])))).toHaveLength(1);
  });
});

describe('a begin', () => {
  const after = (outcome: string) =>
    findPhantoms(stepped({}, group(1, 'begin', [0, 1], [0, 0], outcome), batch(1, [[0, 1]])));

  test('that was accepted or refused makes nothing deliverable; of one that threw nobody knows', () => {
    expect(after('accepted')).toHaveLength(1);
    expect(after('LANE_FULL')).toHaveLength(1);
    expect(after('unknown')).toEqual([]);
  });
});

describe('the first fault of a lane speaks for it', () => {
  test('duplicates', () => {
    const again = [batch(1, [[0, 3]]), batch(1, [[0, 1]]), batch(1, [[2, 1]])];
    expect(findDuplicates(stepped({}, ...again))).toMatchObject([{ seen: 'event 0 again' }]);
  });
  test('disorder', () => {
    const mixed = [batch(1, [[5, 1]]), batch(1, [[3, 1]]), batch(1, [[2, 1]])];
    expect(findDisorder(stepped({}, ...mixed))).toMatchObject([{ seen: '5, then 3' }]);
  });
  test('phantoms', () => {
    expect(findPhantoms(stepped({}, batch(1, [[0, 1]]), batch(1, [[5, 1]])))).toMatchObject([{ seen: 'event 0' }]);
    expect(findPhantoms(free({}, batch(1, [[0, 1]]), batch(1, [[5, 1]])))).toMatchObject([{ seen: 'event 0' }]);
    // what the sink did not take was handed to it all the same
    expect(findPhantoms(free({}, emit(1, 0, 7), batch(1, [[5, 3]], { acknowledged: 2 })))).toMatchObject([
      { seen: 'event 7' },
    ]);
  });
});

describe('an empty run or attempt tells nothing', () => {
  test.each([stepped, free])('of %s histories', (of) => {
    const nothing = [emit(1, 3, 0), group(1, 'submit', [3, 0], [3, 0]), batch(1, [[7, 0]]), batch(1, [[0, 0]])];
    const some = [emit(1, 0, 2), batch(1, [[0, 2]], { acknowledged: 1 }), batch(1, [[0, 0]]), batch(1, [[1, 1]])];
    for (const find of [findLoss, findDuplicates, findDisorder, findPhantoms]) {
      expect(find(of({}, ...nothing))).toEqual([]);
      expect(find(of({}, ...some, ...nothing))).toEqual([]);
    }
  });
});

describe('where the history has no order of lines', () => {
  test('phantoms are told at the end, with the record that delivered them', () => {
    const history = free({}, emit(1, 0, 1), batch(1, [[0, 3]]), emit(1, 2, 1, 'LANE_FULL'));
    expect(findPhantoms(history)).toMatchObject([{ seen: 'event 1', evidence: [2] }]);
    expect(findPhantoms(free({}, batch(1, [[2, 1]]), emit(1, 2, 1, 'LANE_FULL')))).toMatchObject([
      { evidence: [1, 2] },
    ]);
  });

  test('unknown events and accepted ones may alternate', () => {
    const attempts = [emit(1, 0, 2), emit(1, 2, 2, 'unknown'), emit(1, 4, 2), emit(1, 6, 1, 'unknown')];
    expect(findPhantoms(free({}, batch(1, [[0, 7]]), ...attempts))).toEqual([]);
    expect(findPhantoms(free({}, batch(1, [[0, 8]]), ...attempts))).toMatchObject([{ seen: 'event 7' }]);
    expect(findPhantoms(stepped({}, ...attempts, batch(1, [[0, 7]])))).toEqual([]);
    expect(findPhantoms(stepped({}, ...attempts, batch(1, [[0, 8]])))).toMatchObject([{ seen: 'event 7' }]);
  });

  test('batches before their registration are held against it all the same, each name once', () => {
    const other = batch(1, [[0, 1]], { slot: 7 });
    expect(findMisattribution(free({}, other, other, register(1)))).toMatchObject([{ evidence: [1, 3] }]);
    expect(findMisattribution(free({}, other, batch(1, [[0, 1]]), other, register(1)))).toHaveLength(1);
    const names = [batch(1, [[0, 1]]), other, batch(1, [[0, 1]], { slot: 7, generation: 2 })];
    expect(findMisattribution(free({}, ...names, register(1)))).toHaveLength(2);
    expect(findMisattribution(free({}, batch(1, [[0, 1]], { generation: 2 }), register(1)))).toHaveLength(1);
    expect(findMisattribution(free({}, other))).toEqual([]);
  });
});

describe('slots and generations', () => {
  const held = register(1, { slot: 4, generation: 2 });
  const name = (slot: number, generation: number): HistoryInput => batch(1, [[0, 1]], { slot, generation });

  test('the last registration binds', () => {
    const again = register(1, { slot: 5, generation: 3 });
    expect(findMisattribution(stepped({}, held, name(4, 2), again, name(5, 3)))).toEqual([]);
    expect(findMisattribution(stepped({}, held, again, name(4, 2)))).toHaveLength(1);
  });

  test('a registration that tells no slot, or no generation, takes back what the one before told', () => {
    const silent = { type: 'register', thread: 1, outcome: 'accepted' } as const;
    for (const one of [{ ...silent, slot: 4 }, { ...silent, generation: 2 }, silent])
      expect(findMisattribution(stepped({}, held, one, name(9, 9)))).toEqual([]);
  });

  test('a registration that failed changes nothing', () => {
    const failed = register(1, { outcome: 'REGISTRY_FULL', slot: 9, generation: 9 });
    expect(findMisattribution(stepped({}, held, failed, name(4, 2)))).toEqual([]);
    expect(findMisattribution(stepped({}, held, failed, name(9, 9)))).toHaveLength(1);
  });
});

describe('what a stop says it left', () => {
  const pending = [emit(1, 0, 3), detail(1, 0, 2)];
  const lost = (...records: HistoryInput[]): number =>
    findLoss(stepped({}, ...pending, ...records), { lanes: ['index', 'detail'] }).length;

  test('may be missing, in each lane apart', () => {
    expect(lost()).toBe(2);
    expect(lost(stop({ complete: false, leftIndex: 3, leftDetail: 2 }))).toBe(0);
    expect(lost(stop({ complete: false, leftIndex: 2, leftDetail: 2 }))).toBe(1);
    expect(lost(stop({ complete: false, leftIndex: 3, leftDetail: 1 }))).toBe(1);
    expect(watched(stepped({}, stop({ complete: false, leftIndex: 3, leftDetail: 2 }))).left).toEqual({
      index: 3,
      detail: 2,
    });
  });

  test('a complete one left nothing, whatever it says', () => {
    expect(lost(stop({ complete: true, leftIndex: 3, leftDetail: 2 }))).toBe(2);
    expect(watched(stepped({}, stop({ leftIndex: 3, leftDetail: 2 }))).left).toEqual({ index: 0, detail: 0 });
    expect(watched(stepped({})).left).toEqual({ index: 0, detail: 0 });
  });

  test('missing events of all threads count together', () => {
    const two = [emit(1, 0, 3), emit(2, 0, 2), batch(2, [[0, 1]])];
    const of = (leftIndex: number) => findLoss(stepped({}, ...two, stop({ complete: false, leftIndex })));
    expect(of(4)).toEqual([]);
    expect(of(3)).toHaveLength(2);
  });
});

test('losses are those of the index lanes, unless others are asked for', () => {
  const watch = watched(stepped({}, emit(1, 0, 1), detail(1, 0, 1)));
  expect(watch.losses()).toHaveLength(1);
  expect(watch.losses(['detail'])).toHaveLength(1);
  expect(watch.losses(['index', 'detail'])).toHaveLength(2);
  expect(watch.losses([])).toEqual([]);
});

test('a history without a head is judged as one whose lines have an order', () => {
  const headless = parse(batch(1, [[0, 1]]), emit(1, 0, 1));
  expect(findPhantoms(headless)).toHaveLength(1);
});

test('at most 20 findings of a kind', () => {
  const threads = Array.from({ length: 25 }, (_, i) => i);
  const other = { slot: 99 };
  const of = (make: (thread: number) => HistoryInput[]) => stepped({}, ...threads.flatMap(make));
  const split = [
    [1, 1],
    [0, 1],
  ] as const;
  expect(findDuplicates(of((i) => [batch(i, [[0, 1]]), batch(i, [[0, 1]])]))).toHaveLength(20);
  expect(findDisorder(of((i) => [batch(i, split)]))).toHaveLength(20);
  expect(findPhantoms(of((i) => [batch(i, [[0, 1]])]))).toHaveLength(20);
  expect(findTorn(of((i) => [batch(i, [{ torn: true, at: 0, hex: '' }])]))).toHaveLength(20);
  expect(findMalformed(of((i) => [batch(i, [])]))).toHaveLength(20);
  expect(findMisattribution(of((i) => [batch(i, [{ from: 0, count: 1, thread: 99 }])]))).toHaveLength(20);
  expect(findMisattribution(of((i) => [register(i), batch(i, [[0, 1]], other)]))).toHaveLength(20);
  const unordered = free({}, ...threads.flatMap((i) => [register(i), batch(i, [[0, 1]], other)]));
  expect(findMisattribution(unordered)).toHaveLength(20);
});
