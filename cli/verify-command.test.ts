import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { gunzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { batch, emit, free, register, stepped } from '../conformance/checkers/testing.js';
import { readResults } from '../reports/index.js';
import { REQUIREMENTS, type HistoryRecord, type ScenarioInput } from '../spec/index.js';
import { encodeToken } from '../conformance/scenarios/token.js';
import { runCli } from './program.js';

const folder = mkdtempSync(join(tmpdir(), 'drainproof-verify-command-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const text = { out: '', err: '' };
  const into = (where: 'out' | 'err'): Writable =>
    new Writable({ write: (chunk, _encoding, done) => done(void (text[where] += String(chunk))) });
  const code = await runCli(['node', 'drainproof', ...args], { out: into('out'), err: into('err') });
  return { code, ...text };
}

function file(name: string, records: readonly HistoryRecord[] | string): string {
  const path = join(folder, name);
  writeFileSync(
    path,
    typeof records === 'string' ? records : records.map((one) => `${JSON.stringify(one)}\n`).join(''),
  );
  return path;
}

const sound = file('sound.jsonl', free({}, register(1), emit(1, 0, 5), batch(1, [[0, 5]])));
const losing = file('losing.jsonl', free({}, register(1), emit(1, 0, 5), batch(1, [[0, 4]])));
const cut = file('cut.jsonl', free({}, register(1), emit(1, 0, 5), batch(1, [[0, 5]])).slice(0, -1));
const noHistory = file('none.jsonl', '{"type":"sent"}\n');

describe('drainproof verify', () => {
  test('a sound history: what is kept, why the rest is not decided, exit code 0', async () => {
    const { code, out, err } = await run('verify', sound);
    expect(out).toContain('5 events accepted in 5 records, free');
    expect(out).toContain('LOSS-EXACTLY-ONCE');
    expect(out).toContain('lines of a free history have no order across threads');
    expect(out).toContain('7 decided requirements kept.');
    expect([code, err]).toEqual([0, '']);
    const { out: verbose } = await run('verify', '--verbose', sound);
    expect(verbose).toContain('LEDGER-BALANCE: there are no metrics');
  });

  test('a faulty one: the requirement, the fault, its lines, exit code 1; others are judged all the same', async () => {
    const { code, out } = await run('verify', losing, sound);
    expect(out).toContain('LOSS-EXACTLY-ONCE');
    expect(out).toMatch(/line 3 +thread 1 emits index 0–4: accepted/);
    expect(out).toContain('1 of 7 decided requirements failed.');
    expect(out).toContain('7 decided requirements kept.');
    expect(code).toBe(1);
  });

  test('one that breaks off is said to, and is no success', async () => {
    const { code, out } = await run('verify', cut);
    expect(out).toContain('The history breaks off');
    expect(out).toContain('kept as far as the history goes.');
    expect(code).toBe(1);
  });

  test('one that decides nothing is no success', async () => {
    const { code, out } = await run('verify', file('nothing.jsonl', stepped({})));
    expect(out).toContain('Nothing could be decided');
    expect(code).toBe(1);
  });

  test('what is no history is refused by name and line, exit code 2; the others are judged', async () => {
    const { code, out, err } = await run('verify', noHistory, join(folder, 'gone.jsonl'), sound);
    expect(err).toMatch(/^error: .*none\.jsonl.*expected/m);
    expect(err).toMatch(/^error: .*gone\.jsonl: there is no such file/m);
    expect(out).toContain('7 decided requirements kept.');
    expect(code).toBe(2);
  });

  test('--json is one object for each history', async () => {
    const { out } = await run('verify', '--json', sound, losing);
    const told = out
      .trimEnd()
      .split('\n')
      .map(
        (line) => JSON.parse(line) as { sound: boolean; decisions: { id: string; verdict: string; lines: number[] }[] },
      );
    expect(told.map((one) => one.sound)).toEqual([true, false]);
    expect(told[1]!.decisions).toHaveLength(REQUIREMENTS.length);
    expect(told[1]!.decisions.filter(({ verdict }) => verdict === 'fail')).toMatchObject([
      { id: 'LOSS-EXACTLY-ONCE', lines: [3, 5], expected: 'event 4 acknowledged by the sink' },
    ]);
  });

  test('--out writes the results and the reports, each history as a drain', async () => {
    const out = join(folder, 'reports');
    const { code } = await run('verify', '--out', out, sound, losing, losing, cut);
    expect(code).toBe(1);
    const results = readResults(join(out, 'results.jsonl'));
    expect(results.run.drains.map(({ name }) => name)).toEqual([sound, losing, `${losing}-2`, cut]);
    expect(results.end).toMatchObject({ ok: false, counts: { fail: 2 } });
    expect(results.end!.problems).toEqual([expect.stringContaining('cut.jsonl breaks off')]);
    expect(readFileSync(join(out, 'index.html'), 'utf8')).toContain('drainproof verify');
  });

  test('--out tells what was refused as a problem, though everything else is sound', async () => {
    for (const files of [[sound, noHistory], [noHistory]]) {
      const out = join(folder, `refused-${files.length}`);
      expect((await run('verify', '--out', out, ...files)).code).toBe(2);
      const { run: head, requirements, end } = readResults(join(out, 'results.jsonl'));
      expect(head.drains).toHaveLength(files.length - 1);
      expect(requirements).toHaveLength(REQUIREMENTS.length);
      expect(end!.ok).toBe(false);
      expect(end!.problems).toEqual([expect.stringMatching(/none\.jsonl, line 1: .*expected/)]);
      const junit = readFileSync(join(out, 'junit.xml'), 'utf8');
      expect(junit).toContain('<failure');
      expect(junit).toContain('none.jsonl, line 1');
    }
  });

  test('what a refused file says cannot act on the terminal', async () => {
    const coloured = `{"type":"history","version":1,"mode":"free","config":{},"\\u001b[31mRED\\u0007":1}\n`;
    const { err } = await run('verify', file('red.jsonl', coloured));
    expect(err).toContain('\\u001b[31mRED\\u0007');
    expect(err.slice(0, -1)).not.toMatch(/\p{Cc}/u);
  });

  test.each(['all', '', ' ', '-1', '0.5'])('--whole must be a number of records: %j', async (records) => {
    const { code, err } = await run('verify', '--whole', records, sound);
    expect(code).toBe(2);
    expect(err).toContain('--whole');
  });

  test('--whole may be any number of records', async () => {
    expect((await run('verify', '--whole', '2', sound)).code).toBe(0);
  });
});

describe('drainproof record', () => {
  test('writes a history that verify accepts, plain and compressed', async () => {
    const plain = join(folder, 'example.jsonl');
    const packed = join(folder, 'example.jsonl.gz');
    const { code, err } = await run('record', '--out', plain);
    expect(err).toContain(`judge them: drainproof verify ${plain}`);
    expect(code).toBe(0);
    expect((await run('record', '--out', packed)).code).toBe(0);
    expect(gunzipSync(readFileSync(packed)).toString()).toBe(readFileSync(plain, 'utf8'));
    const verified = await run('verify', plain, packed);
    expect(verified.code).toBe(0);
    expect(verified.out).toContain('stepped of reference');
  });

  test('--free records real threads; without --out the history is printed', async () => {
    const { code, out } = await run('record', '--free', '--impl', 'native');
    expect(code).toBe(0);
    const path = file('free.jsonl', out);
    expect((await run('verify', path)).out).toContain('40,000 events accepted');
  });

  test('a scenario of one’s own, and that of a replay', async () => {
    const scenario = {
      mode: 'stepped',
      steps: [
        { op: 'register', thread: 3 },
        { op: 'emit', thread: 3, lane: 'index', count: 2 },
      ],
    };
    const own = file('scenario.json', JSON.stringify(scenario));
    const { out, code } = await run('record', '--scenario', own);
    expect(code).toBe(0);
    expect(out).toContain('"type":"emit","thread":3');
    expect(out).toContain('"reason":"unsettled"');
    const token = encodeToken('LANE-ORDER', scenario as ScenarioInput);
    expect((await run('record', '--replay', token)).out).toBe(out);
  });

  test.each([
    ['a scenario that is not there', ['--scenario', 'gone.json'], 'cannot be read (ENOENT)'],
    ['a scenario that is no JSON', ['--scenario', noHistory + 'x'], 'cannot be read'],
    ['JSON that is no scenario', ['--scenario', noHistory], 'is none:'],
    ['two scenarios', ['--free', '--replay', 'dp1.x'], 'give one of them'],
    ['a folder that is not there', ['--out', join(folder, 'a', 'b', 'c')], 'cannot be written (ENOENT)'],
    ['a drain that is not there', ['--impl', 'gone.js'], 'gone.js'],
  ])('%s is refused', async (_, args, phrase) => {
    const { code, err } = await run('record', ...args);
    expect(err).toContain(phrase);
    expect(code).toBe(2);
    expect(existsSync('gone.json')).toBe(false);
  });

  test('of a drain that crashes it keeps what was recorded, and says so', async () => {
    const crash = file(
      'crash.mjs',
      "export const contractVersion = 1; export const capabilities = () => ({}); export const createDrain = () => { process.kill(process.pid, 'SIGKILL'); };",
    );
    const { code, err } = await run('record', '--impl', crash);
    expect(code).not.toBe(0);
    expect(err).toContain('error:');
  });
});
