/** The commands, on broken drains under their own names, which no other test builds, and the committed matrix. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { REQUIREMENTS } from '../../spec/index.js';
import { DIST } from '../runner/drains.js';
import { loadFaults } from './all-faults.js';
import { FAULTS } from './faults/ledger.js';
import { cellAt, readMatrix } from './matrix.js';
import { checkHash, judgedHash } from './plan.js';
import { matrixProblems } from './rules.js';

const folder = mkdtempSync(join(tmpdir(), 'kills-'));
const file = join(folder, 'kill-matrix.json');
afterAll(() => rmSync(folder, { recursive: true }));

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function start(command: string, ...args: string[]): Ended {
  const script = join(DIST, 'conformance', 'broken', `${command}.js`);
  return spawnSync(process.execPath, [script, ...args], { encoding: 'utf8', timeout: 100_000 });
}
const run = (command: string, ...args: string[]): Ended => start(command, '--file', file, ...args);

test('the committed kill matrix is of these faults, checks and judges, and every rule holds', async () => {
  const matrix = readMatrix();
  expect(matrixProblems(matrix, await loadFaults(), REQUIREMENTS)).toEqual([]);
  // else: npm run kill-matrix -- --phase own --jobs 2
  expect(matrix.checks).toEqual(Object.fromEntries(matrix.requirements.map((id) => [id, checkHash(id)])));
  expect(matrix.judged).toBe(judgedHash());
});

test('kill-matrix runs a broken drain once, and goes on where it stopped', () => {
  const args = ['--only', 'second-stop-gives-up', '--id', 'STOP-TWICE,LANE-ORDER'];
  const first = run('kill-matrix', ...args, '--phase', 'own');
  expect(first.stdout).toMatch(/1\/1 own second-stop-gives-up: 3 of 3 failed it/);
  expect(first.stdout).toMatch(/0 problems/);
  expect(first.status).toBe(0);
  const second = run('kill-matrix', ...args, '--seeds', '1', '--jobs', '2');
  expect(second.stdout).toMatch(/1\/1 stepped second-stop-gives-up: \d of 1 failed it/);
  expect(run('kill-matrix', ...args, '--seeds', '1').stdout).not.toMatch(/stepped/);
  const matrix = readMatrix(file);
  const row = matrix.rows.find(({ name }) => name === 'second-stop-gives-up')!;
  expect(cellAt(matrix, row, 2, 'STOP-TWICE')).toBe('K');
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
  const only = ['--only', 'no-second-look', '--runs', '1'];
  const counted = run('detection-power', ...only);
  expect(counted.stdout).toMatch(/no-second-look: caught [01] of 1/);
  const { power } = readMatrix(file).rows.find(({ name }) => name === 'no-second-look')!;
  expect(power).toMatchObject({ runs: 1 });
  expect(run('detection-power', ...only, '--file', join(folder, 'none.json')).stderr).toMatch(/has no row/);
});

test('try-check judges a drain by the checks that are named, and says what came of each', () => {
  const own = start('try-check', 'reference', 'LANE-ORDER', 'STOP-TWICE');
  expect(own.stdout).toMatch(/^pass +LANE-ORDER +reference .*\npass +STOP-TWICE +reference .*\n$/);
  expect(start('try-check', 'odd', 'nobody').stderr).toContain("there is no odd drain 'nobody'");
});

test('try-check judges every fault of a family by its own check', () => {
  const { stdout } = start('try-check', 'faults', 'ledger');
  for (const { name, requirement } of FAULTS) expect(stdout).toMatch(new RegExp(`fail +${requirement} +${name} `));
});
