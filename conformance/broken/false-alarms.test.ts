import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { DIST } from '../runner/drains.js';
import { ALARMS_FILE, Alarms, readAlarms, writeAlarms } from './alarms.js';

const folder = mkdtempSync(join(tmpdir(), 'false-alarms-'));
const file = join(folder, 'alarms.json');
afterAll(() => rmSync(folder, { recursive: true }));

function run(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  const script = join(DIST, 'conformance', 'broken', 'false-alarms.js');
  return spawnSync(process.execPath, [script, '--file', file, ...args], { encoding: 'utf8', timeout: 100_000 });
}

describe('npm run false-alarms', () => {
  const some = ['--id', 'STOP-UNDER-LOAD', '--drain', 'native'];

  test('counts runs, goes on where it stopped, and succeeds without an alarm', () => {
    const first = run(...some, '--runs', '1');
    expect(first.stdout).toContain('native: 1 racing checks, 1 runs of each: 0 false alarms');
    expect(first.status).toBe(0);
    expect(run(...some, '--runs', '2').stdout).toContain('2 runs of each');
    expect(readAlarms(file, false).counts).toMatchObject([
      { drain: 'native', id: 'STOP-UNDER-LOAD', runs: 2, alarms: [] },
    ]);
  });

  test('an alarm that was counted fails it, with the bound that follows', () => {
    const alarms = readAlarms(file, false);
    alarms.counts[0]!.alarms.push({ seed: 1, verdict: 'fail', reason: 'made up' });
    const { id, hash } = alarms.counts[0]!;
    alarms.of('native', id, hash).runs = 3;
    writeAlarms(alarms, file);
    const { status, stdout } = run(...some, '--runs', '2');
    expect(stdout).toContain('1 false alarms (of each check at most 90.6 % of runs');
    expect(status).toBe(1);
  });

  test('names it does not know are refused', () => {
    expect(run('--drain', 'mine').stderr).toContain("'mine' is none of reference, native");
    expect(run('--id', 'LANE-ORDER').stderr).toContain('has threads that race');
  });
});

test('counts of a check that was changed begin anew', () => {
  const alarms = new Alarms([{ drain: 'native', id: 'A', hash: 'old', runs: 9, alarms: [] }]);
  expect(alarms.of('native', 'A', 'old').runs).toBe(9);
  expect(alarms.of('native', 'A', 'new').runs).toBe(0);
  expect(alarms.counts).toHaveLength(1);
});

test('a file that holds something else is refused; the committed one has no alarm', () => {
  const other = join(folder, 'other.json');
  writeFileSync(other, '{"version":2}');
  expect(() => readAlarms(other, false)).toThrow('holds no counts of alarms');
  expect(readAlarms(other, true).counts).toEqual([]);
  const { counts } = readAlarms(ALARMS_FILE, false);
  expect(counts.filter(({ alarms }) => alarms.length > 0)).toEqual([]);
  expect(JSON.parse(readFileSync(ALARMS_FILE, 'utf8'))).toMatchObject({ version: 1 });
});
