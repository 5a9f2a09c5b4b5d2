import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { DIST } from '../conformance/runner/drains.js';
import { readResults, type Results } from '../reports/index.js';
import { REQUIREMENTS } from '../spec/index.js';
import { conclude } from './run-command.js';

const ROOT = dirname(DIST);
const MAIN = join(DIST, 'cli', 'main.js');
const folder = mkdtempSync(join(tmpdir(), 'drainproof-run-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Ended {
  readonly code: number;
  readonly text: string;
  readonly results: Results;
}

/** Runs the program as a user does, in a process of its own. */
async function run(name: string, args: readonly string[]): Promise<Ended> {
  const out = join(folder, name);
  const { code, text } = await new Promise<{ code: number; text: string }>((resolve) => {
    execFile(
      process.execPath,
      [MAIN, 'run', '--out', out, ...args],
      { cwd: ROOT, maxBuffer: 1 << 28, timeout: 300_000, env: { ...process.env, NO_COLOR: '1' } },
      (error, stdout, stderr) =>
        resolve({ code: error === null ? 0 : Number(error.code ?? 255), text: stdout + stderr }),
    );
  });
  return { code, text, results: readResults(join(out, 'results.jsonl')) };
}

function drainFile(name: string, source: string): string {
  const path = join(folder, name);
  writeFileSync(path, source);
  return path;
}

/** A drain that accepts everything and does nothing; `turn` is what an iteration does. */
const nothing = (turn: string): string => `
const none = { visits: 0, skips: 0, delivered: 0, batches: 0, sinkFailures: 0, reclaimed: 0, truncated: 'no' };
const ledger = { attempted: 0, accepted: 0, rejected: 0, delivered: 0, pending: 0, evicted: 0, left: 0 };
const handle = (threadId) => ({ slot: 0, generation: 1, threadId, emitIndex: () => 'accepted', emitDetail: () => 'accepted',
  beginSubmit: () => 'accepted', commitSubmit: () => 'accepted', submit: () => 'accepted', mark: () => 'accepted', seal: () => 'accepted', leave() {} });
const registry = { register: ({ threadId }) => handle(threadId) };
export const contractVersion = 1, name = 'nothing', version = '0';
export const capabilities = ['detail', 'submit', 'weights', 'movable-handles', 'arena', 'threads', 'death', 'metrics', 'thread-events', 'wake'];
export function createDrain({ config }) {
  return { config, arena: new SharedArrayBuffer(1 << 16), registry, shareRegistry: () => 0, drainIteration() { ${turn}; return none; },
    tryAcquireDrain: () => true, releaseDrain() {}, drainThreadLanes: () => 0, waitForWork: () => false, declareDead() {},
    stop: () => ({ delivered: 0, leftIndex: 0, leftDetail: 0, complete: true }),
    metrics: () => ({ iterations: 0, visits: 0, skips: 0, batches: 0, sinkFailures: 0, registered: 0, reclaimed: 0, wakeups: 0, iterationNs: 0,
      longestIterationNs: 0, jain: 1, index: ledger, detail: ledger, threads: [] }), close() {} };
}
export const openRegistry = () => registry;
`;

const FEW = ['--id', 'LANE-ORDER', '--id', 'LANE-FULL-REJECTS', '--id', 'THREAD-DOUBLE-LEAVE', '--id', 'METRIC-PEEK'];

describe('drainproof run', () => {
  test(
    'judges both of our drains by every requirement, writes every report, and succeeds',
    { timeout: 400_000 },
    async () => {
      const { code, text, results } = await run('ours', []);
      const others = results.verdicts.filter(({ verdict }) => verdict !== 'pass');
      expect(others.map(({ id, drain, verdict, reason }) => `${id} ${drain} ${verdict}: ${reason}`)).toEqual([]);
      expect(results.verdicts).toHaveLength(2 * REQUIREMENTS.length);
      expect(results.end).toMatchObject({ ok: true, problems: [] });
      expect(code).toBe(0);
      expect(text).toContain('Every verdict is as declared');
      for (const file of ['index.html', 'junit.xml', 'report.md']) {
        expect(readFileSync(join(folder, 'ours', file), 'utf8')).toContain('LANE-ORDER');
      }
    },
  );

  test('earns a drain that does nothing no pass at all', async () => {
    const { code, results } = await run('nothing', ['--impl', drainFile('nothing.mjs', nothing(''))]);
    expect(results.verdicts.filter(({ verdict }) => verdict === 'pass').map(({ id }) => id)).toEqual([]);
    expect(
      results.verdicts.filter(({ verdict }) => verdict === 'error').map(({ id, reason }) => `${id} ${reason}`),
    ).toEqual([]);
    expect(results.verdicts).toHaveLength(REQUIREMENTS.length);
    expect(code).toBe(1);
  });

  test.each([
    ['crash', "process.kill(process.pid, 'SIGSEGV'); for (;;);", 'SIGSEGV'],
    ['exit', 'process.exit(5)', 'code 5'],
    ['hang', 'for (;;);', 'no answer within'],
    ['garbage', "process.stdout.write('hello there\\n')", 'hello there'],
  ])('names a drain that ends in a %s, and judges every other check', async (kind, turn, phrase) => {
    const path = drainFile(`${kind}.mjs`, nothing(turn));
    const { code, results } = await run(kind, ['--impl', path, ...FEW, '--id', 'LOSS-SINGLE-EVENT']);
    expect(results.verdicts).toHaveLength(5);
    const named = results.verdicts.filter(({ failure }) => failure?.kind === kind);
    expect(named.length).toBeGreaterThanOrEqual(3);
    for (const { failure } of named) expect(failure?.message).toContain(phrase);
    expect(results.verdicts.find(({ id }) => id === 'THREAD-DOUBLE-LEAVE')?.failure?.kind).not.toBeUndefined();
    expect(code).toBe(1);
  });

  test('refuses a module of the wrong shape, naming what is missing', async () => {
    const path = drainFile('shape.mjs', 'export const name = 1;');
    const { stderr, code } = await new Promise<{ stderr: string; code: unknown }>((resolve) => {
      execFile(process.execPath, [MAIN, 'run', '--impl', path, '--out', join(folder, 'shape')], (error, _, text) =>
        resolve({ stderr: text, code: error?.code }),
      );
    });
    expect(code).toBe(2);
    expect(stderr).toContain('IMPL_SHAPE');
    expect(stderr).toContain('createDrain');
  });

  test('prints a replay command that gives the same verdict again', async () => {
    const path = drainFile('replayed.mjs', nothing(''));
    const first = await run('replayed', ['--impl', path, '--id', 'LANE-ORDER']);
    const { replay, message } = first.results.verdicts[0]!.failure!;
    const token = /--replay (\S+)$/.exec(replay)![1]!;
    expect(replay).toContain(`--impl ${path}`);
    const again = await run('again', ['--impl', path, '--replay', token]);
    expect(again.results.verdicts.map(({ id, failure }) => [id, failure?.message])).toEqual([['LANE-ORDER', message]]);
    const sound = await run('sound', ['--impl', 'reference', '--replay', token]);
    expect(sound.results.verdicts[0]!.verdict).toBe('pass');
  });
});

describe('the conclusion of a run', () => {
  const targets = [{ name: 'mine', given: 'mine', path: '/mine', command: ['mine'] }];
  const few = REQUIREMENTS.slice(0, 2);
  const verdict = (id: string, name: 'pass' | 'inconclusive' | 'not-applicable') =>
    ({
      type: 'verdict',
      id,
      drain: 'mine',
      verdict: name,
      reason: '',
      seed: 1,
      scenarios: 0,
      events: 0,
      durationMs: 0,
    }) as const;

  test('no checks run is red', () => {
    expect(conclude([], targets, [], [])).toMatchObject({ ok: false, problems: ['no check was run'] });
  });
  test('a missing verdict is red, and named', () => {
    const end = conclude(few, targets, [verdict(few[0]!.id, 'pass')], []);
    expect(end.ok).toBe(false);
    expect(end.problems[0]).toContain(few[1]!.id);
  });
  test('an inconclusive verdict is red, not-applicable is not', () => {
    const pass = verdict(few[0]!.id, 'pass');
    expect(conclude(few, targets, [pass, verdict(few[1]!.id, 'inconclusive')], []).ok).toBe(false);
    expect(conclude(few, targets, [pass, verdict(few[1]!.id, 'not-applicable')], [])).toMatchObject({
      ok: true,
      counts: { pass: 1, fail: 0 },
    });
  });
  test('a drain that claims nothing and so passes nothing is red', () => {
    const end = conclude(
      few,
      targets,
      few.map(({ id }) => verdict(id, 'not-applicable')),
      [],
    );
    expect(end.problems).toEqual(['mine: no check passed']);
  });
  test('a fault of the suite is red', () => {
    expect(
      conclude(
        few,
        targets,
        few.map(({ id }) => verdict(id, 'pass')),
        ['a worker died'],
      ),
    ).toMatchObject({ ok: false, problems: ['a worker died'] });
  });
});
