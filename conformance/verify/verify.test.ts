/** What `verifyHistory` makes of a file as a whole: what it refuses, and what it reads again. */
import { describe, expect, test } from 'vitest';
import { batch, detail, detailBatch, emit, group, iteration, mark, register, stepped } from '../checkers/testing.js';
import { HistoryError } from './history-error.js';
import { fileOf, linesOf } from './testing.js';
import { verifyHistory } from './verify.js';

const HEAD = { type: 'history', version: 1, mode: 'stepped', config: {} };
const END = { type: 'end' };

async function problemOf(...records: readonly unknown[]): Promise<HistoryError['problem'] | undefined> {
  const error = await verifyHistory(fileOf(linesOf(records))).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error === undefined) return undefined;
  expect(error).toBeInstanceOf(HistoryError);
  return (error as HistoryError).problem;
}

describe('a history that is too long to be held', () => {
  const losing = linesOf([HEAD, register(1), emit(1, 0, 5), batch(1, [[0, 4]])]);
  test.each([
    ['begins with a byte order mark', `\ufeff${losing}${JSON.stringify(END)}\n`],
    ['ends with blank lines', `${losing}${JSON.stringify(END)}\n\n\n`],
  ])('is judged with the same lines when it %s', async (_, text) => {
    const [held, read] = await Promise.all(
      [10, 2].map(async (wholeRecords) => {
        const { decisions } = await verifyHistory(fileOf(text), { wholeRecords });
        return decisions.find(({ requirement }) => requirement.id === 'LOSS-EXACTLY-ONCE')!;
      }),
    );
    expect(read).toMatchObject({ verdict: 'fail', lines: [3, 5] });
    expect(read).toEqual(held);
  });

  test('or when its last line is cut off', async () => {
    const path = fileOf(`${losing}${JSON.stringify(batch(1, [[3, 2]]))}\n{"type":"en`);
    const { decisions } = await verifyHistory(path, { wholeRecords: 2 });
    const twice = decisions.find(({ requirement }) => requirement.id === 'LOSS-NO-DUPLICATE')!;
    expect(twice).toMatchObject({ verdict: 'fail', lines: [4, 5] });
  });
});

describe('a configuration that cannot be', () => {
  const windows = { windowRecords: 0, detailCapacity: 0, preRoll: 0, postRoll: 0 };
  const created = (outcome: string) => ({ type: 'create', outcome });

  test.each([
    ['windows of no record', windows, 'windowRecords 0', 1],
    ['a quantum of nothing', { quantum: 0 }, 'quantum 0', 1],
    ['a quantum below that', { quantum: -4 }, 'quantum -4', 1],
    ['half an event', { quantum: 0.5 }, 'quantum 0.5', 1],
    ['lanes without room', { indexCapacity: 0 }, 'indexCapacity 0', 1],
    ['windows before the first', { preRoll: -1 }, 'preRoll -1', 0],
  ])('is refused: %s', async (_, config, what, least) => {
    const problem = await problemOf({ ...HEAD, config }, register(1), detail(1, 0, 5), mark(1, 5), END);
    expect(problem).toMatchObject({ line: 1, expected: `a whole number from ${least}` });
    expect(problem!.wrong).toBe(`the \`history\` record gives ${what}`);
    expect(await problemOf({ ...HEAD, config })).toEqual({ ...problem, source: expect.any(String) as string });
  });

  test('is refused where it came later, and was accepted', async () => {
    const configured = (outcome: string) => ({ type: 'configure', changes: { quantum: 0 }, outcome });
    expect(await problemOf(HEAD, configured('accepted'), END)).toMatchObject({
      line: 2,
      wrong: 'the `configure` record gives quantum 0',
    });
    expect(await problemOf(HEAD, configured('INVALID_QUANTUM'), END)).toBeUndefined();
  });

  test('is no fault of a history that tells how a drain refused it', async () => {
    const refused = [{ ...HEAD, config: { quantum: 0 } }, created('INVALID_QUANTUM')];
    expect(await problemOf(...refused, emit(1, 0, 1, 'NO_DRAIN'), END)).toBeUndefined();
    expect(await problemOf(...refused, created('accepted'), END)).toMatchObject({ line: 1 });
    expect(await problemOf(...refused, register(1), END)).toMatchObject({ line: 1 });
    expect(await problemOf(...refused, batch(1, [[0, 1]]), END)).toMatchObject({ line: 1 });
  });

  test('may be beyond the limits of our own drains', async () => {
    const config = { indexCapacity: 1000, slots: 100_000, detailCapacity: 0, quantum: 2 ** 30 };
    expect(await problemOf(...stepped(config, register(1), emit(1, 0, 1)))).toBeUndefined();
  });
});

describe('an event that is accepted twice', () => {
  const emitted = [emit(1, 0, 3), detail(1, 0, 3)];
  test.each([
    ['emitted', [...emitted, emit(1, 2, 1)], 'event 2 of thread 1 (index lane)'],
    ['submitted', [group(1, 'submit', [0, 3]), group(1, 'submit', [0, 3])], 'event 0 of thread 1 (index lane)'],
    ['committed', [...emitted, group(1, 'commit', [3, 1], [2, 1])], 'event 2 of thread 1 (detail lane)'],
    [
      'submitted, then emitted',
      [group(1, 'submit', [0, 3], [0, 3]), detail(1, 1, 1)],
      'event 1 of thread 1 (detail lane)',
    ],
  ])('is refused: %s', async (_, records, what) => {
    const problem = await problemOf(HEAD, register(1), ...records, END);
    expect(problem!.wrong).toBe(`${what} is accepted a second time`);
    expect(problem!.line).toBe(2 + records.length);
  });

  test('is none when it was refused, staged, of another thread or lane', async () => {
    const others = [
      emit(2, 0, 3),
      emit(1, 0, 3, 'LANE_FULL'),
      group(1, 'begin', [0, 3]),
      group(1, 'submit', [0, 0], [0, 3]),
    ];
    expect(await problemOf(HEAD, emit(1, 0, 3), ...others, END)).toBeUndefined();
    expect(await problemOf(HEAD, group(1, 'begin', [0, 3]), group(1, 'commit', [0, 3]), END)).toBeUndefined();
  });
});

test('sequences beyond exact numbers are refused, wherever they stand', async () => {
  const last = Number.MAX_SAFE_INTEGER;
  const wrong = `3 events from ${last} of thread 1 (index lane) go beyond ${last}`;
  for (const record of [emit(1, last, 3), emit(1, last, 3, 'LANE_FULL'), group(1, 'begin', [last, 3])])
    expect(await problemOf(HEAD, register(1), record, END)).toMatchObject({ line: 3, wrong });
  expect(
    await problemOf(
      HEAD,
      batch(1, [
        [0, 1],
        [last, 3],
      ]),
      END,
    ),
  ).toMatchObject({ line: 2, wrong });
  const edge = [emit(1, last - 2, 3), batch(1, [[last - 2, 3]]), END];
  expect(await problemOf(HEAD, register(1), ...edge)).toBeUndefined();
});

describe('detail events without number', () => {
  const sizes = { windowRecords: 2, detailCapacity: 4, preRoll: 1, postRoll: 1, slots: 4, quantum: 4 };
  const judged = async (config: Record<string, number>) => {
    const records = [register(1), mark(1, 0), detail(1, 0, 1e9), detailBatch(1, [[0, 4]]), iteration({ delivered: 4 })];
    const { decisions } = await verifyHistory(fileOf(linesOf(stepped(config, ...records))));
    return (id: string) => decisions.find(({ requirement }) => requirement.id === id)!;
  };

  test('are judged as long as most of their windows are nobody’s', async () => {
    const of = await judged(sizes);
    expect(of('LANE-UNMARKED-KEPT').verdict).toBe('pass');
    expect(of('LANE-MARKED-ONCE').verdict).toBe('pass');
    expect(of('LANE-EVICT-OLDEST').verdict).toBe('pass');
  });

  test('are not decided when each window counts', async () => {
    const of = await judged({ ...sizes, postRoll: 1e9 });
    for (const id of ['LANE-UNMARKED-KEPT', 'LANE-MARKED-ONCE', 'LANE-MARKED-PINNED', 'LANE-EVICT-OLDEST'])
      expect(of(id)).toMatchObject({
        verdict: 'undecided',
        reason: 'more than 262144 windows of detail must be told apart',
      });
    expect(of('LOSS-NO-PHANTOM').verdict).toBe('pass');
  });
});
