import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ResultsError } from './results-error.js';
import { parseResults, readResults } from './results-file.js';
import { ResultsWriter } from './results-writer.js';
import { sampleRecords, sampleRun, sampleText } from './sample-results.js';

const folder = mkdtempSync(join(tmpdir(), 'drainproof-results-'));
afterAll(() => rmSync(folder, { recursive: true }));

function problemOf(run: () => unknown): ResultsError {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(ResultsError);
    return error as ResultsError;
  }
  throw new Error('nothing was thrown');
}

const line = (record: object): string => `${JSON.stringify(record)}\n`;
const RUN = line(sampleRun());
const records = sampleRecords();
const END = line(records.at(-1)!);

describe('reading', () => {
  it('reads a whole file', () => {
    const path = join(folder, 'whole.jsonl');
    writeFileSync(path, `\ufeff${sampleText().replaceAll('\n', '\r\n')}`);
    const results = readResults(path);
    expect(results.partial).toBe(false);
    expect(results.requirements.length).toBeGreaterThan(60);
    expect(results.verdicts.length).toBe(results.requirements.length * 3);
    expect(results.problems).toEqual(['7 verdicts are not as declared.']);
    expect(readResults({ text: sampleText() }).verdicts).toEqual(results.verdicts);
  });

  it('takes a run that was cut off in the middle of a line', () => {
    const results = parseResults(sampleText().slice(0, -40), 'text');
    expect(results.partial).toBe(true);
    expect(results.end).toBeUndefined();
    expect(results.problems[0]).toMatch(/^The last line \(\d+\) is cut off/);
    expect(results.problems[1]).toContain('no `end` record');
  });

  it('takes a run that was cut off between lines', () => {
    expect(parseResults(RUN, 'text')).toMatchObject({ partial: true, verdicts: [] });
  });

  it.each([
    ['', undefined, 'it is empty', 'a `run` record'],
    [' \n\n', undefined, 'it is empty', 'a `run` record'],
    ['{"type":"ru', 1, 'it is no JSON', 'one JSON object'],
    [`${RUN}nonsense\n${END}`, 2, 'it is no JSON', 'one JSON object'],
    [END, 1, 'begins with a `end`', 'one `run` record'],
    [RUN + RUN, 2, 'a second `run`', 'one `run` record'],
    [`${RUN}${END}${END}`, 3, 'after the `end`', 'nothing after'],
    [line({ ...sampleRun(), version: 2 }), 1, 'its version is 2', 'results version 1'],
    [line({ type: 'run' }), 1, 'its version is missing', 'results version 1'],
    [`${RUN}\n{"type":"wurst"}\n`, 3, 'type: ', 'results format'],
    [`${RUN}null\n`, 2, 'the record: ', 'results format'],
    [line({ ...sampleRun(), seed: 'x' }), 1, 'seed: ', 'results format'],
  ])('refuses %j', (text, number, wrong, expected) => {
    const problem = problemOf(() => parseResults(text, 'a.jsonl'));
    expect(problem.line).toBe(number);
    expect(problem.wrong).toContain(wrong);
    expect(problem.expected).toContain(expected);
    expect(problem.action).not.toBe('');
    expect(problem.message.startsWith(number === undefined ? 'a.jsonl: ' : `a.jsonl:${number}: `)).toBe(true);
  });

  it('says so when the file is missing or is none', () => {
    expect(problemOf(() => readResults(join(folder, 'none.jsonl'))).wrong).toBe('there is no such file');
    expect(problemOf(() => readResults(folder)).wrong).toContain('EISDIR');
    expect(problemOf(() => readResults('a\0b')).wrong).toContain('cannot be read (ERR_INVALID_ARG_VALUE)');
  });
});

describe('writing', () => {
  it('leaves whole lines at any moment, and they read back the same', () => {
    const path = join(folder, 'deep', 'er', 'results.jsonl');
    const writer = new ResultsWriter(path);
    for (const [i, record] of records.entries()) {
      expect(writer.append(record)).toEqual(record);
      if (i % 100 === 0) expect(readFileSync(path, 'utf8').trimEnd().split('\n')).toHaveLength(i + 1);
    }
    writer.close();
    writer.close();
    expect(readResults(path)).toEqual(parseResults(sampleText(), 'text'));
  });

  it('refuses a bad record, a late one, and a place it cannot write to', () => {
    const path = join(folder, 'results.jsonl');
    const writer = new ResultsWriter(path);
    expect(problemOf(() => writer.append({ ...sampleRun(), seed: Number.NaN })).wrong).toContain('bad seed');
    writer.close();
    expect(problemOf(() => writer.append(sampleRun())).wrong).toContain('after close()');
    expect(problemOf(() => new ResultsWriter(folder)).wrong).toContain('EISDIR');
    expect(problemOf(() => new ResultsWriter(join(path, 'x', 'y'))).action).toContain('another output folder');
  });
});
