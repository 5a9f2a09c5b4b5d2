import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { HistoryInput } from '../../spec/index.js';
import { detailModel } from './detail-lane.js';
import { detail, detailBatch, emit, group, leave, mark, seal, stepped } from './testing.js';

const CONFIG = { windowRecords: 2, detailCapacity: 4, preRoll: 1, postRoll: 1 };
const model = (...records: HistoryInput[]) => detailModel(stepped(CONFIG, ...records), 1);
const wide = (...records: HistoryInput[]) => detailModel(stepped({ ...CONFIG, detailCapacity: 16 }, ...records), 1);
const marks = ({ windows }: ReturnType<typeof detailModel>): string =>
  windows.map(({ marked, evicted }) => (marked ?? '-') + (evicted ? '!' : '')).join(' ');

describe('windows', () => {
  test('are numbered, hold their sequences, and remember the emit that began them', () => {
    const fresh = { marked: undefined, evicted: false, taken: 0 };
    expect(wide(emit(1, 0, 1), detail(1, 4, 3), detail(1, 7, 2)).windows).toEqual([
      { number: 0, runs: [{ from: 4, count: 2 }], records: 2, open: false, ...fresh, record: 2 },
      { number: 1, runs: [{ from: 6, count: 2 }], records: 2, open: false, ...fresh, record: 2 },
      { number: 2, runs: [{ from: 8, count: 1 }], records: 1, open: true, ...fresh, record: 3 },
    ]);
  });

  test('tell apart sequences between which some were refused', () => {
    const gap = [detail(1, 0, 1), detail(1, 1, 3, 'DETAIL_FULL'), detail(1, 4, 1)];
    expect(wide(...gap).windows.map(({ runs }) => runs)).toEqual([
      [
        { from: 0, count: 1 },
        { from: 4, count: 1 },
      ],
    ]);
  });

  test('end when they are full, sealed, or their thread ends', () => {
    const dead = { type: 'dead', thread: 1, outcome: 'accepted' } as const;
    for (const end of [seal(1, 1), leave(1), dead]) {
      expect(wide(detail(1, 0, 1), end).windows.map(({ open }) => open)).toEqual([false]);
      expect(wide(detail(1, 0, 1), { ...end, thread: 2 } as HistoryInput).windows.map(({ open }) => open)).toEqual([
        true,
      ]);
      const refused = { ...end, outcome: 'STOPPED' } as HistoryInput;
      expect(wide(detail(1, 0, 1), refused).windows.map(({ open }) => open)).toEqual([true]);
    }
    expect(wide(detail(1, 0, 1), group(1, 'begin', [0, 1], [1, 1])).windows.map(({ open }) => open)).toEqual([true]);
    expect(wide(seal(1, 0), detail(1, 0, 1)).windows.map(({ open }) => open)).toEqual([true]);
  });

  test('come from emits and from groups that were accepted', () => {
    const count = (...records: HistoryInput[]): number => wide(...records).windows.length;
    expect(count(group(1, 'begin', [0, 1], [0, 3]))).toBe(0);
    expect(count(group(1, 'commit', [0, 1], [0, 3]))).toBe(2);
    expect(count(group(1, 'submit', [0, 1], [0, 3], 'DETAIL_FULL'))).toBe(0);
    expect(count(detail(1, 0, 3, 'STOPPED'), emit(1, 0, 3), detail(2, 0, 3))).toBe(0);
  });
});

describe('marks', () => {
  test('cover the open window, preRoll before and postRoll after it', () => {
    expect(marks(wide(detail(1, 0, 5), mark(1, 5), detail(1, 5, 5)))).toBe('- preRoll mark postRoll -');
    expect(wide(detail(1, 0, 5), mark(1, 5)).marks).toEqual([2]);
  });

  test('between windows cover the next one and postRoll after it', () => {
    expect(marks(wide(detail(1, 0, 2), mark(1, 2), detail(1, 2, 6)))).toBe('preRoll postRoll postRoll -');
    expect(wide(mark(1, 0)).marks).toEqual([0]);
  });

  test('that were refused, or are of another thread, cover nothing', () => {
    expect(marks(wide(detail(1, 0, 3), mark(1, 3, 'STOPPED'), mark(2, 0)))).toBe('- -');
  });

  test('of several the first one names what a window is marked by, the longest reach counts', () => {
    expect(marks(wide(detail(1, 0, 1), mark(1, 1), detail(1, 1, 2), mark(1, 3)))).toBe('mark postRoll');
    expect(marks(wide(mark(1, 0), detail(1, 0, 1), mark(1, 1), detail(1, 1, 4)))).toBe('postRoll postRoll -');
    const far = detailModel(
      stepped({ ...CONFIG, detailCapacity: 16, preRoll: 2, postRoll: 0 }, detail(1, 0, 7), mark(1, 7), detail(1, 7, 2)),
      1,
    );
    expect(marks(far)).toBe('- preRoll preRoll mark -');
  });

  test('do not bring back what was evicted', () => {
    expect(marks(model(detail(1, 0, 5), seal(1, 5), mark(1, 5)))).toBe('-! - preRoll');
    const reach = detailModel(stepped({ ...CONFIG, preRoll: 5 }, detail(1, 0, 5), mark(1, 5)), 1);
    expect(marks(reach)).toBe('-! preRoll mark');
  });
});

describe('evictions', () => {
  test('take the oldest unmarked window, when a new one finds no place', () => {
    expect(marks(model(detail(1, 0, 4)))).toBe('- -');
    expect(marks(model(detail(1, 0, 7)))).toBe('-! -! - -');
    expect(marks(model(detail(1, 0, 1), mark(1, 1), detail(1, 1, 1), seal(1, 2), detail(1, 2, 1)))).toBe(
      'mark postRoll',
    );
    expect(marks(wide(detail(1, 0, 16)))).toBe('- - - - - - - -');
    expect(marks(wide(detail(1, 0, 17)))).toBe('-! - - - - - - - -');
  });

  test('are not needed where the sink took a window whole', () => {
    const two = [detail(1, 0, 1), mark(1, 1), detail(1, 1, 3)];
    expect(marks(model(...two, detailBatch(1, [[0, 2]]), detail(1, 4, 1)))).toBe('mark postRoll -');
    expect(model(...two, detailBatch(1, [[0, 2]]), detail(1, 4, 1))).toMatchObject({ full: [], faults: [] });
    expect(model(...two, detailBatch(1, [[0, 2]], { acknowledged: 1 }), detail(1, 4, 1, 'DETAIL_FULL')).faults).toEqual(
      [],
    );
  });
});

describe('what the sink took', () => {
  test('is counted in the windows that it lies in, as far as it was acknowledged', () => {
    const taken = (...records: HistoryInput[]): number[] =>
      wide(detail(1, 0, 5), mark(1, 5), ...records).windows.map((one) => one.taken);
    expect(taken(detailBatch(1, [[1, 3]]))).toEqual([1, 2, 0]);
    expect(taken(detailBatch(1, [[0, 5]], { acknowledged: 3 }))).toEqual([2, 1, 0]);
    expect(
      taken(
        detailBatch(1, [
          [0, 1],
          [4, 1],
        ]),
      ),
    ).toEqual([1, 0, 1]);
    expect(taken(detailBatch(2, [[0, 5]]))).toEqual([0, 0, 0]);
  });
});

describe('what an emit is told', () => {
  const pinned = [detail(1, 0, 3), mark(1, 3), detail(1, 3, 1)];

  test('DETAIL_FULL where only marked windows are left', () => {
    expect(model(...pinned, detail(1, 4, 2, 'DETAIL_FULL'))).toMatchObject({ full: [4], faults: [] });
    expect(model(detail(1, 0, 3), mark(1, 3), detail(1, 3, 1), detail(1, 4, 1)).faults).toEqual([
      {
        rule: 'accepted',
        message: 'thread 1, detail lane: event 4 was accepted although only marked windows were left',
        expected: 'DETAIL_FULL',
        seen: 'accepted',
        evidence: [4],
      },
    ]);
  });

  test('accepted where a window is open, free or unmarked', () => {
    expect(model(detail(1, 0, 3), detail(1, 3, 1, 'DETAIL_FULL')).faults).toEqual([
      {
        rule: 'refused',
        message: 'thread 1, detail lane: event 3 was refused with DETAIL_FULL although a window was free or unmarked',
        expected: 'accepted, the oldest unmarked window making room',
        seen: 'refused',
        evidence: [2],
      },
    ]);
    expect(model(detail(1, 0, 3), mark(1, 3), detail(1, 3, 1, 'DETAIL_FULL'))).toMatchObject({
      full: [],
      faults: [{ rule: 'refused' }],
    });
    expect(model(detail(1, 0, 4), detail(1, 4, 1, 'DETAIL_FULL')).faults).toHaveLength(1);
  });

  test('any other refusal is no matter of room', () => {
    expect(model(...pinned, detail(1, 4, 1, 'STOPPED'))).toMatchObject({ full: [4], faults: [] });
    expect(model(detail(1, 0, 1, 'STOPPED')).faults).toEqual([]);
    expect(model(...pinned, group(1, 'submit', [0, 1], [4, 1], 'DETAIL_FULL')).full).toEqual([]);
  });
});

test('the usual sizes where the history states none: 8 windows of 8, one before and one after a mark', () => {
  const of = (...records: HistoryInput[]) => detailModel(stepped({}, ...records), 1);
  expect(of(detail(1, 0, 64)).windows.map(({ records }) => records)).toEqual(Array(8).fill(8));
  expect(marks(of(detail(1, 0, 65)))).toBe('-! - - - - - - - -');
  expect(marks(of(detail(1, 0, 20), mark(1, 20), detail(1, 20, 20)))).toBe('- preRoll mark postRoll -');
});

describe('however many events a record tells of', () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('emit' as const), count: fc.integer({ min: 1, max: 60 }) }),
    fc.record({ kind: fc.constantFrom('full' as const, 'take' as const), count: fc.integer({ min: 1, max: 9 }) }),
    fc.record({ kind: fc.constantFrom('mark' as const, 'seal' as const), count: fc.constant(0) }),
  );
  const sizes = fc.record({
    windowRecords: fc.integer({ min: 1, max: 4 }),
    detailCapacity: fc.integer({ min: 1, max: 16 }),
    preRoll: fc.integer({ min: 0, max: 12 }),
    postRoll: fc.integer({ min: 0, max: 3 }),
  });

  /** The same with each event in a record of its own, or as it is told. */
  function told(steps: readonly (typeof step extends fc.Arbitrary<infer T> ? T : never)[], single: boolean) {
    const records: HistoryInput[] = [];
    let [next, taken] = [0, 0];
    for (const { kind, count } of steps) {
      if (kind === 'mark') records.push(mark(1, next));
      else if (kind === 'seal') records.push(seal(1, next));
      else if (kind === 'take') {
        records.push(detailBatch(1, [[taken, count]]));
        taken += count;
      } else {
        const outcome = kind === 'emit' ? 'accepted' : 'DETAIL_FULL';
        if (single) for (let at = 0; at < count; at += 1) records.push(detail(1, next + at, 1, outcome));
        else records.push(detail(1, next, count, outcome));
        next += count;
      }
    }
    return records;
  }

  test('it is as if each stood alone', () => {
    fc.assert(
      fc.property(sizes, fc.array(step, { maxLength: 30 }), (config, steps) => {
        const [long, short] = [false, true].map((single) => detailModel(stepped(config, ...told(steps, single)), 1));
        const words = ({ faults }: typeof long & object): string[] => faults.map(({ message }) => message);
        expect(words(long!)).toEqual(words(short!));
        expect(long!.marks).toEqual(short!.marks);
        expect(long!.full.length > 0).toBe(short!.full.length > 0);
        const byNumber = new Map(short!.windows.map((window) => [window.number, window]));
        for (const window of long!.windows) {
          const { taken, marked, evicted, records } = byNumber.get(window.number)!;
          if (!evicted) expect(window).toMatchObject({ taken, marked, evicted, records });
        }
      }),
      { numRuns: 500 },
    );
  });

  test('a thousand million take no time, and leave the windows that are left', () => {
    const much = [detail(1, 0, 3), mark(1, 3), detail(1, 3, 1e9), mark(1, 1e9 + 3)];
    const lane = wide(...much, detail(1, 1e9 + 3, 9), detail(1, 1e9 + 12, 1, 'DETAIL_FULL'));
    expect(lane.faults).toMatchObject([{ rule: 'refused', evidence: [6] }]);
    expect(lane.marks).toEqual([1, 5e8 + 1]);
    const few = [detail(1, 0, 3), mark(1, 3), detail(1, 3, 102), mark(1, 105)];
    const pinned = (records: readonly HistoryInput[]) =>
      marks(wide(...records))
        .split(' ')
        .slice(-8);
    expect(pinned(much)).toEqual(pinned(few));
    expect(detailModel(stepped(CONFIG, detail(1, 0, 1e9, 'DETAIL_FULL')), 1).faults).toHaveLength(20);
  });
});
