import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { readResults } from '../reports/index.js';
import { sampleResult } from '../reports/sample-measured.js';
import { sampleEnd, sampleRun, sampleText } from '../reports/sample-results.js';
import { sampleCheckpoints, sampleStress } from '../reports/sample-stress.js';
import type { Verdict } from '../spec/index.js';
import { EXIT } from './program.js';
import { runText } from './testing.js';

const folder = mkdtempSync(join(tmpdir(), 'drainproof-merge-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A shard on disk, in a folder of its own. @returns its path */
function shard(index: number, verdict: Verdict = 'pass', more: object = {}): string {
  const run = { ...sampleRun(), profile: 'standard', shard: { index, of: 2 }, ...more };
  const end = { ...sampleEnd([]), ok: verdict === 'pass', problems: [] };
  const name = join(folder, `shard-${index}-${verdict}`);
  mkdirSync(name, { recursive: true });
  writeFileSync(
    join(name, 'results.jsonl'),
    sampleText([run, sampleStress(`load-${index}`, 'native', verdict, {}), end]),
  );
  return join(name, 'results.jsonl');
}

describe('drainproof merge', () => {
  test('writes one results file and its reports, and succeeds when all is there and passes', async () => {
    const out = join(folder, 'merged');
    const { code, out: said, err } = await runText('merge', shard(1), shard(2, 'pass', { seed: 9 }), '--out', out);
    expect(code).toBe(EXIT.asDeclared);
    expect(said).toContain('Every verdict is as declared. 2 pass');
    expect(said).toContain(join(out, 'results.jsonl'));
    expect(err).toContain('The parts have different seeds: 20260314, 9; the first is told.');
    expect(readResults(join(out, 'results.jsonl'))).toMatchObject({ run: { mergedFrom: 2 }, end: { ok: true } });
    for (const file of ['index.html', 'junit.xml', 'report.md'])
      expect(readFileSync(join(out, file), 'utf8')).toContain('load-2');
  });

  test('fails when a shard is missing or a verdict is red', async () => {
    const missing = await runText('merge', shard(1), '--out', join(folder, 'one'));
    expect(missing.code).toBe(EXIT.notAsDeclared);
    expect(missing.out).toContain('shard 2 of 2 is missing');
    const red = await runText('merge', shard(1), shard(2, 'fail'), '--out', join(folder, 'red'));
    expect(red.code).toBe(EXIT.notAsDeclared);
    expect(red.out).toContain('1 failure');
  });

  test('judges a soak that was broken off by its checkpoints', async () => {
    const own = join(folder, 'broken-off');
    mkdirSync(own);
    const { load, replay } = sampleStress('soak', 'native', 'pass', {});
    const { ledger, windows: _, ...soFar } = sampleResult(400_000, 2.4);
    const noise = { slowdown: 1, sleepP50Ms: 0.1, sleepP99Ms: 0.2 };
    const checkpoints = sampleCheckpoints('native').map((one) => ({
      ...one,
      ledger,
      measured: { soFar, load, seed: 3, noise, replay },
    }));
    writeFileSync(join(own, 'results.jsonl'), sampleText([{ ...sampleRun(), profile: 'soak' }, ...checkpoints]));
    const { code, out } = await runText('merge', join(own, 'results.jsonl'), '--out', join(own, 'merged'));
    expect(code).toBe(EXIT.notAsDeclared);
    expect(out).toContain('judged by its checkpoints');
    const [record] = readResults(join(own, 'merged', 'results.jsonl')).stress;
    expect(record).toMatchObject({ scenario: 'soak', drain: 'native', partial: true });
    expect(record!.targets.find(({ metric }) => metric === 'memorySlopeMbPerHour')!.measured).toBeGreaterThan(0);
  });

  test('refuses what it cannot use, and writes nothing', async () => {
    const good = shard(1);
    const bad = join(folder, 'bad.jsonl');
    writeFileSync(bad, 'nonsense\nmore\n');
    const refused = async (hint: string, ...args: string[]): Promise<void> => {
      const { code, err } = await runText('merge', ...args);
      expect(err).toContain(hint);
      expect(code).toBe(EXIT.usage);
    };
    const out = join(folder, 'none');
    await refused("missing required argument 'file'", '--out', out);
    await refused("required option '--out <dir>' not specified", good);
    await refused('there is no such file; expected the results.jsonl of a run', join(folder, 'x'), '--out', out);
    await refused('it is no JSON; expected one JSON object a line', good, bad, '--out', out);
    await refused('is given twice', good, join(folder, 'shard-1-pass', '.', 'results.jsonl'), '--out', out);
    await refused('would be overwritten', good, '--out', join(folder, 'shard-1-pass'));
    const drains = sampleRun().drains.map((drain) => ({ ...drain, version: '9.9.9' }));
    await refused('version 9.9.9', good, shard(2, 'inconclusive', { drains }), '--out', out);
    expect(() => readFileSync(join(out, 'results.jsonl'))).toThrow('ENOENT');
    expect(readResults(good).stress).toHaveLength(1);
  });

  test('cannot write where there is a file', async () => {
    const { code, err } = await runText('merge', shard(1), '--out', join(shard(2), 'x'));
    expect(code).toBe(EXIT.usage);
    expect(err).toContain('choose another output folder');
  });

  test('--help tells the exit codes', async () => {
    expect((await runText('merge', '--help')).out).toContain('Exit code: 0 all is there');
  });
});
