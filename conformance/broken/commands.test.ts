/** The commands, on broken drains that no other test builds, and the committed matrix. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { REQUIREMENTS } from '../../spec/index.js';
import { DIST } from '../runner/drains.js';
import { loadFaults } from './all-faults.js';
import { cellAt, readMatrix } from './matrix.js';
import { matrixProblems } from './rules.js';

const folder = mkdtempSync(join(tmpdir(), 'kills-'));
const file = join(folder, 'kill-matrix.json');
afterAll(() => rmSync(folder, { recursive: true }));

function run(command: string, ...args: string[]): { status: number | null; stdout: string; stderr: string } {
  const script = join(DIST, 'conformance', 'broken', `${command}.js`);
  return spawnSync(process.execPath, [script, '--file', file, ...args], { encoding: 'utf8', timeout: 100_000 });
}

test('the committed kill matrix is of these faults and requirements, and every rule holds', async () => {
  expect(matrixProblems(readMatrix(), await loadFaults(), REQUIREMENTS)).toEqual([]);
});

test('kill-matrix runs a broken drain once, and goes on where it stopped', () => {
  const args = ['--only', 'native-generation-kept', '--id', 'THREAD-REUSE-AFTER-DRAIN,LANE-ORDER'];
  const first = run('kill-matrix', ...args, '--phase', 'own');
  expect(first.stdout).toMatch(/1\/1 own native-generation-kept: 3 of 3 failed it/);
  expect(first.stdout).toMatch(/0 problems/);
  expect(first.status).toBe(0);
  const second = run('kill-matrix', ...args, '--seeds', '1', '--jobs', '2');
  expect(second.stdout).toMatch(/1\/1 stepped native-generation-kept: \d of 1 failed it/);
  expect(run('kill-matrix', ...args, '--seeds', '1').stdout).not.toMatch(/stepped/);
  const matrix = readMatrix(file);
  const row = matrix.rows.find(({ name }) => name === 'native-generation-kept')!;
  expect(cellAt(matrix, row, 2, 'THREAD-REUSE-AFTER-DRAIN')).toBe('K');
  expect(cellAt(matrix, row, 2, 'LANE-ORDER')).toBe('-');
  expect(readFileSync(file, 'utf8').endsWith('}\n')).toBe(true);
});

test('kill-matrix fails when a row is wrong, and refuses names that it does not know', () => {
  const missing = run(
    'kill-matrix',
    '--only',
    'spans-swapped',
    '--id',
    'LOSS-SINGLE-EVENT',
    '--phase',
    'own',
    '--fresh',
  );
  expect(missing.status).toBe(1);
  expect(missing.stdout).toMatch(/LANE-ORDER and the broken drain 'spans-swapped': not run with seeds 1, 2, 3/);
  expect(run('kill-matrix', '--only', 'nobody').stderr).toMatch(/no broken drain called nobody/);
});

test('detection-power counts the runs of a racy drain, and needs its row', () => {
  const only = ['--only', 'native-tail-before-record', '--runs', '1'];
  const counted = run('detection-power', ...only);
  expect(counted.stdout).toMatch(/native-tail-before-record: caught [01] of 1/);
  const { power } = readMatrix(file).rows.find(({ name }) => name === 'native-tail-before-record')!;
  expect(power).toMatchObject({ runs: 1 });
  expect(run('detection-power', ...only, '--file', join(folder, 'none.json')).stderr).toMatch(/has no row/);
});
