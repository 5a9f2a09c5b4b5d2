import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { DIST, OWN_DRAINS } from '../conformance/runner/drains.js';
import { readResults } from '../reports/index.js';
import { BENCHMARKS } from '../stress/benchmarks.js';
import { BASELINE_FILE } from './bench-command.js';
import { EXIT, runCli } from './program.js';
import { Text, runText } from './testing.js';

const folder = mkdtempSync(join(tmpdir(), 'drainproof-bench-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const out = (name: string): string => join(folder, name);
const bench = (name: string, ...args: string[]) =>
  runText('bench', '--rounds', '1', '--time', '1', '--out', out(name), ...args);

/** A drain of ours under another name, with something else. */
function drain(name: string, source: string): string {
  const path = out(`${name}.mjs`);
  writeFileSync(path, `import ours from ${JSON.stringify(OWN_DRAINS['reference'])};\n${source}`);
  return path;
}
const PLAIN = 'export default { ...ours, capabilities: [] };';

test('measures both drains, keeps the results as baseline, and tells the next ones beside it', async () => {
  const baseline = out('deep/baseline.jsonl');
  const first = await bench('first', '--baseline', baseline, '--save-baseline');
  expect({ code: first.code, err: first.err }).toEqual({ code: EXIT.asDeclared, err: '' });
  expect(first.out).toMatch(/^ {2}emit +reference +[\d.,]+ ns +[\d.,]+ to [\d.,]+ ns$/m);
  expect(first.out).not.toContain('baseline  ');
  expect(first.out).toContain(`${baseline} is the baseline now`);
  const results = readResults(out('first/results.jsonl'));
  expect(results).toMatchObject({ partial: false, problems: [], end: { ok: true }, run: { profile: 'bench' } });
  expect(results.run.drains.map(({ name, path }) => [name, path])).toEqual([
    ['reference', join('dist', 'reference', 'index.js')],
    ['native', join('dist', 'native', 'index.js')],
  ]);
  expect(results.benchmarks).toHaveLength(1 + 2 * BENCHMARKS.length);
  expect(readFileSync(baseline, 'utf8')).toBe(readFileSync(out('first/results.jsonl'), 'utf8'));

  const extra = drain('extra', PLAIN);
  const second = await bench('second', '--impl', 'reference', '--impl', extra, '--baseline', baseline);
  expect({ code: second.code, err: second.err }).toEqual({ code: EXIT.asDeclared, err: '' });
  expect(second.out).toMatch(
    /^ {2}emit +reference .* ns +([+−][\d.]+ %|× [\d.]+) +cannot tell +too few samples \(1 and 1\)/m,
  );
  expect(second.out).toMatch(/^ {9,}extra .* – +– +new +A does not have it$/m);
  expect(second.out).toMatch(
    /beside the baseline \(A\): 0 worse, 0 better, .*7 cannot be told, 6 only in A, 4 only in B/,
  );
  expect(readFileSync(baseline, 'utf8')).toBe(readFileSync(out('first/results.jsonl'), 'utf8'));
});

test('what cannot be measured is told, makes the results red, and no baseline', async () => {
  const path = drain('refuses', "export default { ...ours, createDrain() { throw new Error('not today'); } };");
  const baseline = out('none.jsonl');
  const { code, err } = await bench('refuses', '--impl', path, '--baseline', baseline, '--save-baseline');
  expect(code).toBe(EXIT.notAsDeclared);
  expect(err).toContain('error: refuses, emit: not today');
  expect(readResults(out('refuses/results.jsonl')).end).toMatchObject({ ok: false });
  expect(existsSync(baseline)).toBe(false);
});

test('a terminal is told what runs', async () => {
  const terminal: Text & { isTTY?: boolean } = new Text();
  terminal.isTTY = true;
  const path = drain('told', PLAIN);
  const args = ['bench', '--impl', path, '--rounds', '1', '--time', '1', '--out', out('told'), '--baseline', sample()];
  expect(await runCli(['node', 'drainproof', ...args], { out: terminal, err: new Text() })).toBe(EXIT.asDeclared);
  expect(terminal.text).toContain('round 1 of 1: told');
});

/** The committed baseline, as one of another machine. */
function sample(): string {
  const path = out('sample.jsonl');
  copyFileSync(join(dirname(DIST), BASELINE_FILE), path);
  writeFileSync(path, readFileSync(path, 'utf8').replace(/"cpu":"[^"]*"/, '"cpu":"another"'));
  return path;
}

test('the committed baseline is whole, of both our drains and every benchmark', async () => {
  const results = readResults(join(dirname(DIST), BASELINE_FILE));
  expect(results).toMatchObject({ partial: false, problems: [], run: { profile: 'bench' } });
  expect(results.benchmarks.map(({ drain: of, name }) => `${of} ${name}`)).toEqual([
    'machine calibration',
    ...['reference', 'native'].flatMap((of) => BENCHMARKS.map(({ name }) => `${of} ${name}`)),
  ]);
  const { code, out: said } = await bench('beside', '--impl', drain('beside', PLAIN), '--baseline', sample());
  expect(code).toBe(EXIT.asDeclared);
  expect(said).toContain('Not the same machine, so figures say little: cpu another in A');
});

test.each([
  [['--impl', process.execPath], 'is a program. Micro-benchmarks call a drain'],
  [['--impl', './nowhere.js'], 'IMPL_UNREADABLE'],
  [['--impl', 'eslint.config.js'], 'IMPL_SHAPE'],
  [['--rounds', '0'], 'Expected a whole number from 1'],
  [['--time', '1.5'], 'Expected a whole number from 1'],
  [['--baseline', 'nowhere.jsonl'], 'nowhere.jsonl: there is no such file'],
  [['--baseline', 'package.json'], 'package.json:1: it is no JSON'],
  [['--out', 'package.json/out'], 'the results file cannot be made'],
])('%j is answered with what is wrong, and exit code 2', async (args, words) => {
  const { code, err } = await runText('bench', ...args);
  expect(err).toContain(words);
  expect(code).toBe(EXIT.usage);
});

test('a baseline that cannot be written is told, and the results are there', async () => {
  const path = out('file');
  writeFileSync(path, '');
  const { code, err } = await bench(
    'unsaved',
    '--impl',
    drain('unsaved', PLAIN),
    '--baseline',
    join(path, 'b.jsonl'),
    '--save-baseline',
  );
  expect(err).toContain("b.jsonl' cannot be written (");
  expect(code).toBe(EXIT.usage);
  expect(readResults(out('unsaved/results.jsonl')).partial).toBe(false);
});
