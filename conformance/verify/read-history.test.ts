import { gzipSync } from 'node:zlib';
import { tmpdir } from 'node:os';
import { describe, expect, test } from 'vitest';
import type { HistoryRecord } from '../../spec/index.js';
import { emit } from '../checkers/testing.js';
import { HistoryError } from './history-error.js';
import {
  readHistory as readSource,
  readLines as readSourceLines,
  type Observer,
  type ReadResult,
} from './read-history.js';
import { Source } from './source.js';
import { fileOf, linesOf } from './testing.js';

const HEAD = { type: 'history', version: 1, mode: 'stepped', config: {} };
const END = { type: 'end' };

const readHistory = (path: string, observe: Observer) => readSource(new Source(path), observe);
const readLines = (path: string, lines: ReadonlySet<number>) => readSourceLines(new Source(path), lines);

interface Told extends ReadResult {
  readonly seen: { record: HistoryRecord; line: number }[];
}

async function read(path: string): Promise<Told> {
  const seen: Told['seen'] = [];
  const result = await readHistory(path, (record, line) => void seen.push({ record, line }));
  return { ...result, seen };
}

const problemOf = async (path: string): Promise<HistoryError['problem']> => {
  const error = await readHistory(path, () => undefined).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(HistoryError);
  return (error as HistoryError).problem;
};

describe('a sound history', () => {
  test('is told record by record, with defaults filled in and the lines they stand on', async () => {
    const { seen, cut, records, lines } = await read(fileOf(linesOf([HEAD, '', emit(1, 0, 2), '  ', END])));
    expect(seen.map(({ record, line }) => [record.type, line])).toEqual([
      ['history', 1],
      ['emit', 3],
      ['end', 5],
    ]);
    expect(seen[1]!.record).toEqual({ ...emit(1, 0, 2), retries: 0 });
    expect({ cut, records, lines }).toEqual({ cut: undefined, records: 3, lines: 5 });
  });

  test('may be gzip-compressed, whatever its name', async () => {
    const packed = fileOf(gzipSync(linesOf([HEAD, END])), 'jsonl');
    expect((await read(packed)).records).toBe(2);
  });

  test('may have no newline at its end, Windows line ends and a byte order mark', async () => {
    const text = `\ufeff${JSON.stringify(HEAD)}\r\n${JSON.stringify(emit(0, 0, 1))}\r\n${JSON.stringify(END)}`;
    expect(await read(fileOf(text))).toMatchObject({ records: 3, lines: 3 });
  });

  test('may be longer than a chunk, and have a line that is', async () => {
    const long = { type: 'threw', during: 'x', message: 'é'.repeat(1_200_000) };
    const emits = Array.from({ length: 40_000 }, (_, i) => emit(i % 7, i, 1));
    const { seen, records } = await read(fileOf(linesOf([HEAD, ...emits, long, ...emits, END])));
    expect(records).toBe(80_003);
    expect(seen[40_001]!.record).toEqual(long);
    expect(seen.slice(1, 40_001).map(({ record }) => record)).toEqual(emits.map((one) => ({ ...one, retries: 0 })));
  });

  test('is read no further than its reader wants', async () => {
    for (const pack of [(text: string) => text, gzipSync]) {
      const emits = Array.from({ length: 60_000 }, (_, i) => emit(0, i, 1));
      let told = 0;
      const result = await readHistory(fileOf(pack(linesOf([HEAD, ...emits, END]))), () => (told += 1) === 5);
      expect(told).toBe(5);
      expect(result).toEqual({ records: 5, lines: 5 });
    }
  });
});

describe('a history that breaks off', () => {
  const whole = linesOf([HEAD, emit(0, 0, 1)]);

  test.each([
    ['has no end', whole, 2, 'there is no `end` record'],
    ['ends within a line', `${whole}{"type":"ba`, 2, 'line 3 is cut off'],
    ['ends after a line that only lacks its newline', `${whole}${JSON.stringify(emit(0, 1, 1))}`, 3, 'no `end`'],
  ])('%s: it is read to there, and says so', async (_, text, records, cut) => {
    expect(await read(fileOf(text))).toMatchObject({ records, cut: expect.stringContaining(cut) as string });
  });

  test('within its gzip data: it is read to there, and says so', async () => {
    const emits = Array.from({ length: 5000 }, (_, i) => emit(0, i * 7919, 1));
    const packed = gzipSync(linesOf([HEAD, ...emits, END]));
    const { records, cut } = await read(fileOf(packed.subarray(0, packed.length / 2)));
    expect(records).toBeGreaterThan(100);
    expect(cut).toBe('the gzip data breaks off');
  });
});

describe('what is no history is refused, with its place and what to do', () => {
  const first = linesOf([HEAD]);
  test.each([
    ['an empty file', '', undefined, 'it is empty', 'record the run again'],
    ['blank lines', '\n \n', undefined, 'it is empty', 'record the run again'],
    ['a text', 'once upon a time\n', 1, 'it is no JSON', 'write each record whole'],
    ['a text without a newline', 'once upon a time', 1, 'it is no JSON', 'write each record whole'],
    ['a broken line in the middle', `${first}{"type":\n${first}`, 2, 'it is no JSON', 'write each record whole'],
    ['no header', linesOf([emit(0, 0, 1)]), 1, 'begins with the record `emit`', 'with its header first'],
    ['two headers', linesOf([HEAD, HEAD]), 2, 'second `history` record', 'in a file of its own'],
    ['two histories', linesOf([HEAD, END, HEAD]), 3, '`history` record follows the `end`', 'in a file of its own'],
    ['another version', linesOf([{ ...HEAD, version: 2 }]), 1, 'its version is 2', 'of that version'],
    ['no version', linesOf([{ type: 'history' }]), 1, 'its version is missing', 'of that version'],
    ['a type that there is not', linesOf([HEAD, { type: 'sent' }]), 2, 'the `sent` record', 'see docs/history.md'],
    ['a field that there is not', linesOf([HEAD, { ...emit(0, 0, 1), at: 3 }]), 2, '`emit` record', 'docs/history.md'],
    ['a number that is none', linesOf([HEAD, { ...emit(0, 0, 1), from: -1 }]), 2, 'its `from`', 'docs/history.md'],
    ['a list', linesOf([HEAD, [1]]), 2, 'the record', 'docs/history.md'],
    ['null', linesOf([HEAD, 'null']), 2, 'the record', 'docs/history.md'],
  ])('%s', async (_, text, line, wrong, action) => {
    const problem = await problemOf(fileOf(text));
    expect(problem.line).toBe(line);
    expect(problem.wrong).toContain(wrong);
    expect(problem.action).toContain(action);
  });

  test('an empty gzip file', async () => {
    expect((await problemOf(fileOf(gzipSync('')))).wrong).toBe('it is empty');
  });

  test('gzip data that is damaged', async () => {
    const packed = gzipSync(linesOf([HEAD, ...Array.from({ length: 5000 }, (_, i) => emit(0, i * 7919, 1))]));
    packed.fill(0x55, 200, 400);
    expect((await problemOf(fileOf(packed))).wrong).toMatch(/the gzip data is damaged \(Z_DATA_ERROR\)|it is no JSON/);
  });

  test('gzip data that breaks off before a record', async () => {
    expect((await problemOf(fileOf(gzipSync('x').subarray(0, 11)))).wrong).toBe('the gzip data breaks off');
  });

  test('a file that is not there, a folder', async () => {
    expect((await problemOf('/nowhere/h.jsonl')).wrong).toBe('there is no such file');
    expect((await problemOf(tmpdir())).wrong).toBe('it is a folder');
    expect((await problemOf(`${fileOf('')}/x`)).wrong).toContain('cannot be read (ENOTDIR)');
  });

  test('a line that never ends', async () => {
    const { wrong, line } = await problemOf(fileOf(Buffer.concat([Buffer.from(first), Buffer.alloc(66 << 20, 'x')])));
    expect(wrong).toBe('it is longer than 67108864 bytes');
    expect(line).toBe(2);
  });

  test('the message says all of it in one line', async () => {
    const path = fileOf('?\n');
    await expect(readHistory(path, () => undefined)).rejects.toThrow(
      `${path}, line 1: it is no JSON; expected one JSON object a line; write each record whole, on a line of its own`,
    );
  });

  test('an error of its reader stays that error', async () => {
    const reading = readHistory(fileOf(first), () => {
      throw new HistoryError({ source: 's', wrong: 'w', expected: 'e', action: 'a' });
    });
    await expect(reading).rejects.toThrow('s: w; expected e; a');
  });
});

describe('readLines', () => {
  test('gives the records on these lines, and reads no further than the last of them', async () => {
    const path = fileOf(linesOf([HEAD, '', emit(0, 0, 1), emit(0, 1, 1), 'no JSON at all']));
    const found = await readLines(path, new Set([1, 4]));
    expect([...found].map(([line, { type }]) => [line, type])).toEqual([
      [1, 'history'],
      [4, 'emit'],
    ]);
  });

  test('gives none for blank lines and for one that is cut off, and the header after a byte order mark', async () => {
    const path = fileOf(`\ufeff${linesOf([HEAD, '', emit(0, 0, 1), ' '])}{"type":"en`);
    expect([...(await readLines(path, new Set([1, 2, 3, 4, 5, 6]))).keys()]).toEqual([1, 3]);
  });

  test('gives the last line too when it has no newline', async () => {
    const path = fileOf(linesOf([HEAD]) + JSON.stringify(END));
    expect([...(await readLines(path, new Set([2]))).keys()]).toEqual([2]);
  });
});
