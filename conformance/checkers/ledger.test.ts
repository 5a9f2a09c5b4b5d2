import { describe, expect, test } from 'vitest';
import type { HistoryInput } from '../../spec/index.js';
import { findImbalance, findLedgerFaults, findLeftFaults, findUntruth } from './ledger.js';
import {
  batch,
  detail,
  detailBatch,
  emit,
  free,
  group,
  iteration,
  ledger,
  metrics,
  metricsOf,
  said,
  stepped,
  stop,
} from './testing.js';

const NONE = ledger(0, 0);

test('both identities, in each lane, in total and for each thread', () => {
  const of = (...given: Parameters<typeof metrics>): string[] => said(findImbalance(stepped({}, metrics(...given))));
  const sound = ledger(9, 4, { rejected: 3, evicted: 2, left: 1 });
  expect(of(sound, sound, [metricsOf(1, sound, sound)])).toEqual([]);
  const wrong = { ...sound, attempted: 13 };
  expect(of(wrong)).toEqual([
    'ledger: in total, index lane: the ledger does not balance: attempted 13, accepted 9, rejected 3',
  ]);
  for (const field of ['delivered', 'pending', 'evicted', 'left'] as const)
    expect(of(NONE, { ...sound, [field]: 7 })).toHaveLength(1);
  expect(of(NONE, NONE, [metricsOf(1, wrong, { ...sound, pending: 0 })])).toEqual([
    'ledger: thread 1, index lane: the ledger does not balance: attempted 13, accepted 9, rejected 3',
    'ledger: thread 1, detail lane: the ledger does not balance: accepted 9, delivered 4, pending 0, evicted 2, left 1',
  ]);
});

describe('truth', () => {
  const untrue = (...records: HistoryInput[]): string[] => said(findUntruth(stepped({}, ...records)));

  test('accepted, rejected and delivered at each metrics record', () => {
    const so = [emit(1, 0, 4), emit(1, 4, 2, 'LANE_FULL'), emit(2, 0, 1), batch(1, [[0, 4]], { acknowledged: 3 })];
    const one = ledger(4, 3, { rejected: 2 });
    const all = ledger(5, 3, { rejected: 2 });
    expect(untrue(...so, metrics(all, NONE, [metricsOf(1, one), metricsOf(2, ledger(1, 0))]))).toEqual([]);
    expect(untrue(metrics(NONE), ...so, metrics(all), batch(1, [[3, 1]]))).toEqual([]);
    expect(untrue(...so, metrics(ledger(5, 4, { rejected: 2 })))).toEqual([
      'ledger-truth: in total, index lane: the ledger says delivered 4, and it was 3',
    ]);
    expect(untrue(...so, metrics(ledger(5, 2, { rejected: 2 })))).toHaveLength(1);
    expect(untrue(...so, metrics(ledger(6, 3, { rejected: 2 })))).toHaveLength(1);
    expect(untrue(...so, metrics(ledger(4, 3, { rejected: 2 })))).toHaveLength(1);
    expect(untrue(...so, metrics(ledger(5, 3)))).toHaveLength(1);
    expect(untrue(...so, metrics(all, NONE, [metricsOf(1, ledger(4, 3, { rejected: 1 }))]))).toEqual([
      'ledger-truth: thread 1, index lane: the ledger says rejected 1, and it was 2',
    ]);
    expect(untrue(...so, metrics(all, ledger(1, 0)))).toHaveLength(1);
  });

  test('only what a lane turned away counts as rejected', () => {
    const codes = ['STOPPED', 'THREAD_LEFT', 'STALE_HANDLE', 'ALREADY_HOLDING', 'NO_DETAIL_LANE'];
    expect(
      untrue(...codes.map((code, i) => emit(1, i, 1, code)), detail(1, 0, 1, 'NO_DETAIL_LANE'), metrics(NONE)),
    ).toEqual([]);
    for (const code of ['LANE_FULL', 'TIMED_OUT', 'DETAIL_FULL'])
      expect(untrue(emit(1, 0, 1, code), metrics(ledger(0, 0, { rejected: 1 })))).toEqual([]);
    const full = group(1, 'submit', [0, 2], [0, 1], 'DETAIL_FULL');
    expect(untrue(full, metrics(ledger(0, 0, { rejected: 2 }), ledger(0, 0, { rejected: 1 })))).toEqual([]);
    const none = group(1, 'submit', [0, 2], [0, 1], 'NO_DETAIL_LANE');
    expect(untrue(none, metrics(ledger(0, 0, { rejected: 2 })))).toEqual([]);
    expect(untrue(group(1, 'submit', [0, 2], [0, 0], 'QUEUE_BUSY'), metrics(NONE))).toEqual([]);
  });

  test('an event of unknown outcome may be in it or not', () => {
    const so = [emit(1, 0, 2), emit(1, 2, 1, 'unknown')];
    for (const accepted of [2, 3]) expect(untrue(...so, metrics(ledger(accepted, 0)))).toEqual([]);
    expect(untrue(...so, metrics(ledger(4, 0)))).toEqual([
      'ledger-truth: in total, index lane: the ledger says accepted 4, and it was 2 to 3',
    ]);
    expect(untrue(...so, metrics(ledger(1, 0)))).toHaveLength(1);
    expect(untrue(...so, metrics(ledger(2, 1)))).toHaveLength(1);
  });

  test('free histories: at the end, and retries tell no exact rejections', () => {
    const at = (index: ReturnType<typeof ledger>): unknown[] =>
      findUntruth(free({}, emit(1, 0, 2), batch(1, [[0, 2]]), metrics(index)));
    expect(at(ledger(2, 2, { rejected: 9 }))).toEqual([]);
    expect(at(ledger(2, 1))).toHaveLength(1);
    expect(at(ledger(3, 2))).toHaveLength(1);
  });

  test('several drains count each their own', () => {
    expect(untrue(emit(1, 0, 2), batch(1, [[0, 2]], { drain: 1 }), metrics(ledger(2, 0)))).toEqual([]);
  });
});

test('what stop left is what is left, and stays in the ledger', () => {
  const left = (...records: HistoryInput[]): string[] => said(findLeftFaults(stepped({}, ...records)));
  const so = [emit(1, 0, 5), detail(1, 0, 3), batch(1, [[0, 5]], { acknowledged: 1 })];
  const gaveUp = stop({ complete: false, leftIndex: 4, leftDetail: 2 });
  const index = ledger(5, 1, { left: 4 });
  const details = ledger(3, 0, { left: 2 });
  expect(left(...so, gaveUp, metrics(index, details))).toEqual([]);
  expect(left(...so, metrics(ledger(5, 1)))).toEqual([]);
  expect(left(...so, gaveUp, metrics(ledger(5, 1), details))).toEqual([
    'ledger-left: index lane: stop() left 4 events, and the ledger says 0',
  ]);
  expect(left(...so, gaveUp, metrics(index, ledger(3, 0)))).toHaveLength(1);
  for (const leftIndex of [3, 5])
    expect(left(...so, stop({ complete: false, leftIndex }))).toEqual([
      `ledger-left: index lane: stop() says it left ${leftIndex} events, and 4 accepted ones are not delivered`,
    ]);
  expect(left(...so, stop({ complete: false }))).toEqual([]);
  expect(left(...so, stop())).toEqual([]);
  const untold = [...so, emit(1, 5, 1, 'unknown')];
  for (const leftIndex of [4, 5]) expect(left(...untold, stop({ complete: false, leftIndex }))).toEqual([]);
  expect(left(...untold, stop({ complete: false, leftIndex: 6 }))).toHaveLength(1);
  expect(findLeftFaults(free({}, ...so, stop({ complete: false, leftIndex: 9 })))).toEqual([]);
});

test('all together', () => {
  const bad = { ...ledger(1, 0), attempted: 5, left: 1 };
  expect(findLedgerFaults(stepped({}, stop(), metrics(bad))).map(({ rule }) => rule)).toEqual([
    'ledger',
    'ledger',
    'ledger-truth',
    'ledger-left',
  ]);
});

describe('every finding names the lane, both numbers, and the record', () => {
  test('books that do not balance', () => {
    const wrong = { ...ledger(9, 4, { rejected: 3, evicted: 2, left: 1 }), attempted: 13, pending: 5 };
    expect(findImbalance(stepped({}, emit(1, 0, 1), metrics(wrong)))).toEqual([
      {
        rule: 'ledger',
        message: 'in total, index lane: the ledger does not balance: attempted 13, accepted 9, rejected 3',
        expected: 'attempted = accepted + rejected',
        seen: 'attempted 13, accepted 9, rejected 3',
        evidence: [2],
      },
      {
        rule: 'ledger',
        message:
          'in total, index lane: the ledger does not balance: accepted 9, delivered 4, pending 5, evicted 2, left 1',
        expected: 'accepted = delivered + pending + evicted + left',
        seen: 'accepted 9, delivered 4, pending 5, evicted 2, left 1',
        evidence: [2],
      },
    ]);
  });

  test('books that are not true', () => {
    expect(findUntruth(stepped({}, detail(1, 0, 1), metrics(NONE, ledger(2, 0))))).toEqual([
      {
        rule: 'ledger-truth',
        message: 'in total, detail lane: the ledger says accepted 2, and it was 1',
        expected: 'accepted 1',
        seen: 'accepted 2',
        evidence: [2],
      },
    ]);
    const untold = [emit(1, 0, 1, 'unknown'), metrics(ledger(2, 0))];
    expect(findUntruth(stepped({}, ...untold))).toMatchObject([{ expected: 'accepted 0 to 1', seen: 'accepted 2' }]);
  });

  test('what stop left', () => {
    expect(findLeftFaults(stepped({}, stop(), metrics(NONE, ledger(2, 0, { left: 2 }))))).toEqual([
      {
        rule: 'ledger-left',
        message: 'detail lane: stop() left 0 events, and the ledger says 2',
        expected: 'left 0',
        seen: 'left 2',
        evidence: [2],
      },
    ]);
    expect(findLeftFaults(stepped({}, emit(1, 0, 2), stop({ complete: false, leftIndex: 1 })))).toEqual([
      {
        rule: 'ledger-left',
        message: 'index lane: stop() says it left 1 events, and 2 accepted ones are not delivered',
        expected: 'left 2',
        seen: 'left 1',
        evidence: [2],
      },
    ]);
  });

  test('at most 20 of them', () => {
    const many = Array.from({ length: 25 }, () => metrics({ ...ledger(1, 0, { left: 1 }), attempted: 2 }));
    const history = stepped({}, stop(), ...many);
    for (const find of [findImbalance, findUntruth, findLeftFaults, findLedgerFaults])
      expect(find(history)).toHaveLength(20);
  });
});

describe('threads in the ledger', () => {
  test('both lanes of each are held against what the thread was told', () => {
    const so = [emit(1, 0, 2), detail(1, 0, 3), emit(2, 0, 1), batch(1, [[0, 1]])];
    const of = (...threads: Parameters<typeof metrics>[2] & object): string[] =>
      said(findUntruth(stepped({}, ...so, metrics(ledger(3, 1), ledger(3, 0), threads))));
    expect(of(metricsOf(1, ledger(2, 1), ledger(3, 0)), metricsOf(2, ledger(1, 0)))).toEqual([]);
    expect(of(metricsOf(1, ledger(2, 1), ledger(2, 0)))).toEqual([
      'ledger-truth: thread 1, detail lane: the ledger says accepted 2, and it was 3',
    ]);
    expect(of(metricsOf(2, ledger(1, 1)))).toEqual([
      'ledger-truth: thread 2, index lane: the ledger says delivered 1, and it was 0',
    ]);
  });

  test('a thread that nobody has told of is not asked about', () => {
    expect(findUntruth(stepped({}, metrics(NONE, NONE, [metricsOf(7, ledger(1, 0))])))).toEqual([]);
  });
});

describe('a group that was turned away for want of a detail lane', () => {
  const none = (phase: 'begin' | 'submit') => group(1, phase, [0, 2], [0, 1], 'NO_DETAIL_LANE');
  const of = (index: ReturnType<typeof ledger>, detailLane: ReturnType<typeof ledger>): number =>
    findUntruth(stepped({}, none('submit'), metrics(index, detailLane))).length;

  test('counts in the index lane, and not in the other', () => {
    expect(of(ledger(0, 0, { rejected: 2 }), NONE)).toBe(0);
    expect(of(ledger(0, 0, { rejected: 2 }), ledger(0, 0, { rejected: 1 }))).toBe(1);
    expect(of(NONE, NONE)).toBe(1);
  });
});

test('each metrics record is held against what had happened by then', () => {
  const course = [
    metrics(NONE),
    emit(1, 0, 2),
    metrics(ledger(2, 0)),
    batch(1, [[0, 1]]),
    metrics(ledger(2, 1)),
    emit(1, 2, 1),
    batch(1, [[1, 2]]),
    metrics(ledger(3, 3)),
  ];
  expect(findUntruth(stepped({}, ...course))).toEqual([]);
  for (const at of [2, 4, 7]) {
    const early = course.with(at, metrics(NONE));
    expect(findUntruth(stepped({}, ...early)).map(({ evidence }) => evidence[0])).toContain(at + 1);
  }
});

describe('several stops', () => {
  const so = [emit(1, 0, 3), batch(1, [[0, 1]])];
  const of = (...records: HistoryInput[]): string[] => said(findLeftFaults(stepped({}, ...so, ...records)));

  test('each tells what is left when it gives up', () => {
    const first = stop({ complete: false, leftIndex: 2 });
    const then = [batch(1, [[1, 1]]), stop({ complete: false, leftIndex: 1 })];
    expect(of(first, ...then)).toEqual([]);
    expect(of(first, batch(1, [[1, 1]]), first)).toHaveLength(1);
    expect(of(first, ...then, metrics(ledger(3, 2, { left: 1 })))).toEqual([]);
  });

  test('a complete one is not held against what is pending: the deliveries tell that', () => {
    expect(of(stop({ delivered: 1 }))).toEqual([]);
  });

  test('of other threads and lanes all index events count', () => {
    const more = [emit(2, 0, 4), detail(2, 0, 9), detailBatch(2, [[0, 9]])];
    expect(of(...more, stop({ complete: false, leftIndex: 6 }))).toEqual([]);
    expect(of(...more, stop({ complete: false, leftIndex: 2 }))).toHaveLength(1);
  });
});

test('events of one drain are a truth, of several they are not', () => {
  const wrong = metrics(ledger(9, 9));
  expect(findUntruth(stepped({}, emit(1, 0, 1), wrong)).length).toBeGreaterThan(0);
  expect(findUntruth(stepped({}, emit(1, 0, 1), iteration({ drain: 1 }), wrong))).toEqual([]);
});

describe('what was left and is delivered after all', () => {
  const left = [emit(1, 0, 3), detail(1, 0, 2), stop({ complete: false, leftIndex: 3, leftDetail: 2 })];
  const books = (index: number, details: number): HistoryInput =>
    metrics(ledger(9, 0, { left: index }), ledger(9, 0, { left: details }));
  const of = (...records: HistoryInput[]): string[] => said(findLeftFaults(stepped({}, ...left, ...records)));

  test('is not left any more, lane by lane', () => {
    const since = [batch(1, [[0, 2]]), detailBatch(1, [[0, 2]])];
    expect(of(books(3, 2), ...since, books(1, 0))).toEqual([]);
    expect(of(...since, books(3, 0))).toEqual([
      'ledger-left: index lane: stop() left 3 events, 2 of them were delivered since, and the ledger says 3',
    ]);
    expect(of(batch(1, [[0, 2]], { acknowledged: 1 }), books(2, 2))).toEqual([]);
    expect(of(batch(1, [[0, 3]]), batch(1, [[3, 1]]), books(0, 2))).toEqual([]);
  });

  test('a stop() from inside the sink changes nothing of it', () => {
    expect(of(stop({ complete: false }), books(3, 2))).toEqual([]);
    expect(of(stop(), books(3, 2))).toHaveLength(2);
    // the only one that there is says what it left all the same
    expect(said(findLeftFaults(stepped({}, stop({ complete: false }), books(3, 0))))).toEqual([
      'ledger-left: index lane: stop() left 0 events, and the ledger says 3',
    ]);
  });

  test('where lines have no order it may have been delivered before the stop', () => {
    const told = (index: number): number =>
      findLeftFaults(free({}, ...left, batch(1, [[0, 2]]), books(index, 2))).length;
    expect([0, 1, 2, 3, 4].map(told)).toEqual([1, 0, 0, 0, 1]);
  });
});

test('a complete stop leaves nothing', () => {
  for (const more of [{ leftIndex: 5 }, { leftDetail: 5 }])
    expect(findLeftFaults(stepped({}, stop(more)))).toEqual([
      {
        rule: 'ledger-left',
        message: 'stop() says that it was complete, and that it left 5 events',
        expected: 'a complete stop leaves nothing',
        seen: 'left 5',
        evidence: [1],
      },
    ]);
});

describe('books of threads that run', () => {
  const early = metrics(ledger(1, 0, { pending: 0 }));
  const so = [emit(1, 0, 2), early, batch(1, [[0, 2]])];

  test('are judged at rest only: the last, when nothing moved after them', () => {
    for (const find of [findImbalance, findUntruth]) {
      expect(find(free({}, ...so, metrics(ledger(2, 2))))).toEqual([]);
      expect(find(free({}, ...so))).toEqual([]);
      expect(find(free({}, emit(1, 0, 2), early, group(1, 'submit', [2, 1])))).toEqual([]);
      expect(new Set(find(free({}, ...so, early, early)).map(({ evidence }) => evidence[0]))).toEqual(new Set([5]));
      expect(find(free({}, ...so, early)).map(({ evidence }) => evidence)).toContainEqual([4]);
      expect(find(stepped({}, ...so)).map(({ evidence }) => evidence)).toContainEqual([2]);
    }
  });
});
