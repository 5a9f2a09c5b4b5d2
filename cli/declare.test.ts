import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Writable } from 'node:stream';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { DIST } from '../conformance/runner/drains.js';
import { readResults } from '../reports/index.js';
import { REQUIREMENTS, type DrainInfo, type Verdict } from '../spec/index.js';
import type { VerdictRecord } from '../conformance/judge.js';
import { declareAll, fixDeviations, remarks } from './declare.js';
import { parseDeviations, readDeviations } from './deviations-file.js';
import { runCli } from './program.js';
import { declaredDeviations } from './run-command.js';

const MAIN = join(DIST, 'cli', 'main.js');
const cwd = mkdtempSync(join(tmpdir(), 'drainproof-declare-'));
const list = join(cwd, 'drainproof.deviations.json');
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

/** Runs the program as a user does, in a project of its own. */
function run(...args: string[]): Promise<{ code: number; text: string }> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [MAIN, 'run', '--impl', './mine.mjs', '--out', 'out', ...args],
      { cwd, maxBuffer: 1 << 28, timeout: 100_000, env: { ...process.env, NO_COLOR: '1' } },
      (error, stdout, stderr) =>
        resolve({ code: error === null ? 0 : Number(error.code ?? 255), text: stdout + stderr }),
    );
  });
}
const judged = (): { id: string; verdict: Verdict; issue?: string | undefined }[] =>
  readResults(join(cwd, 'out', 'results.jsonl')).verdicts.map(({ id, verdict, issue }) => ({ id, verdict, issue }));

/** The drain of docs/examples that never backs off, and that begins every iteration with the thread that was served last. */
function breakDrain(): void {
  const source = readFileSync(join(dirname(DIST), 'docs', 'examples', 'simple-drain.mjs'), 'utf8');
  const backOff = /thread\.backoff = Math\.min\(.*\);/;
  const toTheTail = 'order.push(thread); // to the tail';
  expect(source).toMatch(backOff);
  expect(source).toContain(toTheTail);
  const broken = source.replace(backOff, 'thread.backoff = 0;').replace(toTheTail, 'order.unshift(thread); //');
  writeFileSync(join(cwd, 'mine.mjs'), broken);
}

describe('drainproof run with a broken drain', () => {
  beforeAll(breakDrain);

  test('--fix of a whole run lists what fails, and runs with other seeds are then as declared', async () => {
    const fixed = await run('--fix', '--seed', '5');
    expect(fixed.text).toContain('--fix wrote drainproof.deviations.json:');
    expect(fixed.text).toContain('mine: added SINK-BACKS-OFF: ');
    expect(fixed.code).toBe(0);
    const entries = parseDeviations(readFileSync(list, 'utf8'), list).drains['mine']!;
    expect(entries.capabilities).toEqual(['movable-handles']);
    expect(entries.deviations.length).toBeGreaterThan(1);
    const ids = entries.deviations.map(({ id }) => id);
    expect(judged().filter(({ verdict }) => verdict === 'known-deviation')).toEqual(
      ids.map((id) => ({ id, verdict: 'known-deviation', issue: 'TODO' })),
    );
    const again = await run('--seed', '77', ...ids.flatMap((id) => ['--id', id]), '--id', 'LANE-ORDER');
    expect(again.text).toContain(`Every verdict is as declared. 1 pass, ${ids.length} known deviation`);
    expect(again.text).toContain('warning: drainproof.deviations.json: mine: no issue yet for ');
    expect(again.code).toBe(0);
  });

  test('the list stands or falls with the run: a mended entry, an unlisted failure, a lost capability are red', async () => {
    const deviations = [{ id: 'FAIR-JAIN', message: 'whatever it was', issue: 'D-1' }];
    const capabilities = ['movable-handles', 'detail'];
    writeFileSync(
      join(cwd, 'other.json'),
      JSON.stringify({ version: 1, drains: { mine: { capabilities, deviations } } }),
    );
    const { code, text } = await run('--deviations', 'other.json', '--id', 'FAIR-JAIN', '--id', 'SINK-BACKS-OFF');
    const words = text.replace(/\s+/g, ' ');
    expect(words).toContain('mine: its capabilities are not those in other.json: it does not claim detail');
    expect(words).toContain('mine: FAIR-JAIN stands in other.json (D-1), and it passes: the deviation is mended');
    expect(judged().map(({ verdict }) => verdict)).toEqual(['pass', 'fail']);
    expect(code).toBe(1);
  });
});

describe('before anything runs,', () => {
  const entry = { id: 'LANE-ORDER', message: 'thread 1, index', issue: 'D-1' };
  const core = join(cwd, 'core.json');
  writeFileSync(core, JSON.stringify({ version: 1, drains: { any: { deviations: [entry] } } }));

  test.each([
    ['a list that waives the core', ['--deviations', core], 'LANE-ORDER (order within a thread) is of the core'],
    ['a list that is not there', ['--deviations', join(cwd, 'gone.json')], 'it cannot be read (ENOENT)'],
    ['--fix of a part', ['--fix', '--family', 'LOSS', '--id', 'LANE-ORDER'], 'leave out --family and --id'],
    ['--fix of a shard', ['--fix', '--shard', '1/2'], 'leave out --shard'],
    ['--fix of a replay', ['--fix', '--replay', 'dp1.x'], 'leave out --replay'],
    ['--fix without a list', ['--fix', '--no-deviations'], 'leave out --no-deviations'],
    ['a replay with a list', ['--replay', 'dp1.x', '--deviations', core], 'leave out --deviations'],
  ])('%s is refused', async (_, args, phrase) => {
    const out = join(cwd, 'refused');
    let said = '';
    const sink = new Writable({ write: (chunk, _encoding, done) => done(void (said += String(chunk))) });
    const code = await runCli(['node', 'drainproof', 'run', ...args, '--out', out], { out: sink, err: sink });
    expect(said).toContain(phrase);
    expect(code).toBe(2);
    expect(existsSync(out)).toBe(false);
  });

  test('a replay reads no list, and none is read with --no-deviations', () => {
    writeFileSync(list, 'no JSON');
    vi.spyOn(process, 'cwd').mockReturnValue(cwd);
    expect(() => declaredDeviations({ out: '' })).toThrow('it is no JSON');
    expect(declaredDeviations({ out: '', replay: 'dp1.x' }).deviations.drains).toEqual({});
    expect(declaredDeviations({ out: '', deviations: false }).deviations.drains).toEqual({});
    vi.restoreAllMocks();
  });
});

describe('a list from a run', () => {
  const drains: DrainInfo[] = ['a', 'b'].map((name) => ({ name, version: '1', path: name, capabilities: ['wake'] }));
  const record = (id: string, drain: string, verdict: Verdict, reason: string): VerdictRecord => ({
    type: 'verdict',
    id,
    drain,
    verdict,
    reason,
    seed: 1,
    scenarios: 1,
    events: 1,
    durationMs: 1,
  });
  const known = { id: 'FAIR-LAG', message: 'the lag is 4', issue: 'D-4' };

  test('holds each drain’s own failures and leaves the core red', () => {
    const file = readDeviations(join(cwd, 'two.json'), { make: true });
    const verdicts = [record('FAIR-LAG', 'a', 'fail', 'the lag is 4'), record('LANE-ORDER', 'b', 'fail', 'no order')];
    const fixed = fixDeviations(file, drains, verdicts, []);
    expect(fixed.refused).toBe(false);
    expect(fixed.lines).toEqual([
      `--fix wrote ${file.name}:`,
      "  a: added FAIR-LAG: 'the lag is #'",
      '  b: LANE-ORDER is of the core and stays red',
    ]);
    expect(Object.keys(fixed.file.deviations.drains)).toEqual(['a']);
    expect(readDeviations(join(cwd, 'two.json')).deviations).toEqual(fixed.file.deviations);
    expect(declareAll(verdicts, drains, fixed.file).verdicts.map(({ verdict }) => verdict)).toEqual([
      'known-deviation',
      'fail',
    ]);
    expect(fixDeviations(fixed.file, drains, verdicts, []).lines[0]).toBe(`${file.name}: nothing to fix`);
  });

  test('is not made from a part of a run', () => {
    const file = readDeviations(join(cwd, 'part.json'), { make: true });
    const fixed = fixDeviations(
      file,
      drains,
      [record('FAIR-LAG', 'a', 'inconclusive', '')],
      ['b: no verdict for FAIR-LAG'],
    );
    expect(fixed).toMatchObject({ refused: true, file });
    expect(fixed.lines.slice(1)).toEqual([
      '  b: no verdict for FAIR-LAG',
      '  a: FAIR-LAG has the verdict inconclusive',
    ]);
    expect(existsSync(file.path)).toBe(false);
  });

  test('about other drains is told of, and makes nothing red', () => {
    const text = JSON.stringify({ version: 1, drains: { c: { deviations: [known] } } });
    const file = { path: 'x', name: 'x', text, deviations: parseDeviations(text, 'x') };
    expect(remarks(file, drains)).toEqual(['x is about c, not about a, b: nothing of it was used']);
    expect(declareAll([record('FAIR-LAG', 'a', 'pass', '')], drains, file).problems).toEqual([]);
  });
});

test('no requirement of the core needs what a drain may leave out, save threads, an arena or a detail lane', () => {
  const needs = new Set(REQUIREMENTS.filter(({ core }) => core === true).flatMap((requirement) => requirement.needs));
  expect([...needs].sort()).toEqual(['arena', 'detail', 'threads']);
});
