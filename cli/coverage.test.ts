import { execFile } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Writable } from 'node:stream';
import { afterAll, describe, expect, test } from 'vitest';
import { DIST } from '../conformance/runner/drains.js';
import { readResults } from '../reports/index.js';
import { runCli } from './program.js';

const ROOT = dirname(DIST);
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'drainproof-coverage-test-')));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const drain = join(folder, 'drain');
mkdirSync(drain);
copyFileSync(join(ROOT, 'docs/examples/simple-drain.mjs'), join(drain, 'simple.mjs'));
writeFileSync(join(drain, 'tool.mjs'), 'export const tool = () => 1;\n');
const FEW = ['--id', 'LANE-ORDER', '--id', 'SINK-NONSENSE', '--seed', '1'];

/** Runs the program as a user does, in a process of its own. */
async function run(name: string, args: readonly string[]): Promise<{ code: number; text: string; out: string }> {
  const out = join(folder, name);
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [join(DIST, 'cli/main.js'), 'run', '--out', out, ...args],
      { cwd: ROOT, maxBuffer: 1 << 26, timeout: 100_000, env: { ...process.env, NO_COLOR: '1' } },
      (error, stdout, stderr) =>
        resolve({ code: error === null ? 0 : Number(error.code ?? 255), text: stdout + stderr, out }),
    );
  });
}

describe('drainproof run --coverage', () => {
  test('tells by file and by family what the checks exercise, and fails below the least share', async () => {
    const args = [
      '--impl',
      join(drain, 'simple.mjs'),
      ...FEW,
      '--coverage-min',
      '99',
      '--coverage-exclude',
      'tool.mjs',
    ];
    const { code, text, out } = await run('simple', [...args, '--coverage-exclude', 'gone/']);
    const { coverage, verdicts, end } = readResults(join(out, 'results.jsonl'));
    expect(verdicts.map(({ verdict }) => verdict)).toEqual(['pass', 'pass']);
    expect(coverage.map(({ file, family }) => [file, family])).toEqual([
      ['simple.mjs', undefined],
      ['simple.mjs', 'LANE'],
      ['simple.mjs', 'SINK'],
    ]);
    const [all, lane, sink] = coverage.map(({ lines }) => lines);
    expect(all!.total).toBe(198);
    expect(lane!.covered).toBeGreaterThan(100);
    expect(Math.max(lane!.covered, sink!.covered)).toBeLessThanOrEqual(all!.covered);
    expect(end!.problems).toEqual([expect.stringMatching(/^simple: the checks exercise \d\d\.\d+ % .* 99 %/)]);
    expect(code).toBe(1);
    expect(text).toContain('Coverage of simple by the checks alone');
    expect(text).toContain('--coverage-exclude gone: no drain has such a file');
    expect(readFileSync(join(out, 'coverage/lcov.info'), 'utf8')).toContain('simple.mjs');
    for (const page of ['coverage/index.html', 'index.html']) {
      expect(readFileSync(join(out, page), 'utf8')).toContain('simple.mjs');
    }
    expect(readFileSync(join(out, 'report.md'), 'utf8')).toContain('## Coverage of the drains');
  });

  test('says of a program that runs no JavaScript of its own that it cannot be measured', async () => {
    const bin = join(folder, 'bin');
    mkdirSync(bin);
    const command = [process.execPath, join(DIST, 'conformance/subject/main.js'), join(drain, 'simple.mjs')];
    const script = `#!/bin/sh\nexec ${command.map((part) => `'${part}'`).join(' ')}\n`;
    writeFileSync(join(bin, 'other'), script, { mode: 0o755 });
    writeFileSync(join(bin, 'beside.mjs'), 'export {};\n');
    const { code, text, out } = await run('other-out', ['--impl', join(bin, 'other'), ...FEW, '--coverage']);
    expect(text).toContain('other: no coverage, because nothing that it ran is JavaScript');
    expect(existsSync(join(out, 'coverage'))).toBe(false);
    expect(code).toBe(0);
  });

  test('refuses options that make no sense', async () => {
    const refused = async (args: readonly string[]): Promise<string> => {
      let text = '';
      const stream = new Writable({ write: (chunk: Buffer, _, done) => ((text += String(chunk)), done()) });
      const code = await runCli(['node', 'drainproof', 'run', ...FEW, ...args], { out: stream, err: stream });
      return `${code} ${text}`;
    };
    expect(await refused(['--coverage-exclude', 'x'])).toMatch(/^2 .*give --coverage too/);
    for (const value of ['101', 'many', '']) {
      expect(await refused(['--coverage-min', value])).toMatch(/^2 [^]*Expected 0 to 100/);
    }
    const path = process.env['PATH'];
    process.env['PATH'] = '/nonexistent';
    try {
      const noCompiler = await refused(['--impl', 'native', '--coverage', '--out', join(folder, 'no-compiler')]);
      expect(noCompiler).toMatch(/^2 [^]*--coverage: 'gcov --version' failed[^]*g\+\+/);
    } finally {
      process.env['PATH'] = path;
    }
  });
});
