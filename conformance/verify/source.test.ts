import { execFileSync } from 'node:child_process';
import { createWriteStream, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { batch, emit, register, stepped } from '../checkers/testing.js';
import { fileOf, linesOf } from './testing.js';
import { verifyHistory, type Verification } from './verify.js';

const losing = linesOf(stepped({}, register(1), emit(1, 0, 5), batch(1, [[0, 4]])));
const file = fileOf(losing);
const loss = ({ decisions }: Verification): unknown => {
  const { verdict, lines } = decisions.find(({ requirement }) => requirement.id === 'LOSS-EXACTLY-ONCE')!;
  return { verdict, lines };
};
const LOST = { verdict: 'fail', lines: [3, 5] };

let folder: string;
const before = process.env['TMPDIR'];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'drainproof-source-'));
  process.env['TMPDIR'] = folder;
});
afterEach(() => {
  if (before === undefined) delete process.env['TMPDIR'];
  else process.env['TMPDIR'] = before;
  rmSync(folder, { recursive: true });
});

describe('standard input', () => {
  test('may be judged like a file, though it is read only once, and leaves nothing behind', async () => {
    for (const text of [losing, gzipSync(losing)]) {
      const told = await verifyHistory('-', { wholeRecords: 2, stdin: Readable.from([Buffer.from(text)]) });
      expect(loss(told)).toEqual(LOST);
      expect(told.source).toBe('-');
    }
    expect(readdirSync(folder)).toEqual([]);
  });

  test('is refused by its name, and leaves nothing behind', async () => {
    const refused = verifyHistory('-', { stdin: Readable.from([Buffer.from(`${losing}?\n`)]) });
    await expect(refused).rejects.toThrow('standard input, line 6: it is no JSON');
    expect(readdirSync(folder)).toEqual([]);
    const read = Readable.from([Buffer.from(losing)]);
    await verifyHistory('-', { stdin: read });
    await expect(verifyHistory('-', { stdin: read })).rejects.toThrow('standard input: it is empty');
  });

  test('is read no further than to what is wrong, plain or packed', async () => {
    for (const text of ['?\n', gzipSync('?\n')]) {
      const endless = new PassThrough();
      endless.write(text);
      await expect(verifyHistory('-', { stdin: endless })).rejects.toThrow('it is no JSON');
      expect(endless.destroyed).toBe(true);
    }
  });

  test('that cannot be kept is refused with what to do', async () => {
    process.env['TMPDIR'] = join(folder, 'gone');
    await expect(verifyHistory('-', { stdin: Readable.from([Buffer.from(losing)]) })).rejects.toThrow(
      /^standard input: it can be read only once, and cannot be kept in .*gone \(ENOENT\); expected room for it there; make room/,
    );
  });
});

test.runIf(process.platform !== 'win32')('a pipe with a name is judged like a file', async () => {
  const pipe = join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  const writer = createWriteStream(pipe);
  writer.end(losing);
  expect(loss(await verifyHistory(pipe, { wholeRecords: 2 }))).toEqual(LOST);
  expect(readdirSync(folder)).toEqual(['pipe']);
});

test('a file is not copied', async () => {
  process.env['TMPDIR'] = join(folder, 'gone');
  expect(loss(await verifyHistory(file, { wholeRecords: 2 }))).toEqual(LOST);
});
