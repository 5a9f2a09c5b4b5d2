import fc from 'fast-check';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { REQUIREMENTS, ResultRecord, type Requirement, type ScenarioInput } from '../../spec/index.js';
import type { Check } from '../check.js';
import type { VerdictRecord } from '../judge.js';
import { free } from '../scenarios/build.js';
import type { Fault } from './fault.js';
import { openTasks } from './fill.js';
import { cellAt, readMatrix, reconcile, setCell, writeMatrix, type Cell, type Matrix } from './matrix.js';
import type { NativeFault } from './native-fault.js';
import { isFree } from '../racing.js';
import { asRun, checkHash, FOREIGN_RUNS, phaseOf } from './plan.js';
import { brokenRecords } from './records.js';
import { failedBy, killsOf, matrixProblems, notRun } from './rules.js';
import { cellOf } from './try-fault.js';

const folder = mkdtempSync(join(tmpdir(), 'matrix-'));
afterAll(() => rmSync(folder, { recursive: true }));

const [ONE, TWO, THREE] = REQUIREMENTS as [Requirement, Requirement, Requirement];
const fault: Fault = { name: 'a', what: 'x.', requirement: ONE.id, phrase: 'p', edits: [] };
const racy: Fault = { ...fault, name: 'b', requirement: TWO.id, racy: true, bug: 'bug 1' };
const native: NativeFault = { ...fault, name: 'c', base: 'native', requirement: THREE.id, edits: [] };
const faults = [native, racy, fault];
const hashes = new Map([ONE, TWO, THREE].map(({ id }) => [id, `hash of ${id}`]));
const none: Matrix = { version: 1, cells: {}, requirements: [], checks: {}, judged: '', rows: [] };

function matrixWith(own: string, requirements = hashes): Matrix {
  const matrix = reconcile(none, faults, requirements, 'judged');
  for (const row of matrix.rows)
    for (const seed of [1, 2, 3]) setCell(matrix, row, seed, row.requirement, own[seed - 1] as Cell);
  return matrix;
}

describe('the file', () => {
  test('lists faults by requirement, keeps what was run, and comes back as it was written', () => {
    const matrix = matrixWith('KKK');
    expect(matrix.rows.map(({ name }) => name)).toEqual(['a', 'b', 'c']);
    const file = join(folder, 'kept.json');
    writeMatrix(matrix, file);
    expect(readMatrix(file)).toEqual(matrix);
    expect(reconcile(matrix, faults, hashes, 'judged')).toEqual(matrix);
    expect(readMatrix(join(folder, 'none.json')).rows).toEqual([]);
  });

  test('what is no matrix is refused by path', () => {
    const file = join(folder, 'odd.json');
    writeFileSync(file, '{}');
    expect(() => readMatrix(file)).toThrow(/odd.json is no kill matrix/);
  });

  test('a fault or check that has changed is run again', () => {
    const matrix = matrixWith('KKK');
    matrix.rows[1]!.power = { runs: 9, caught: 9, missAtMost: 0.3 };
    const changed = reconcile(matrix, [{ ...fault, phrase: 'q' }, racy, native], hashes, 'judged');
    expect(changed.rows[0]!.cells).toEqual({});
    expect(changed.rows[1]).toEqual(matrix.rows[1]);
    const other = reconcile(matrix, faults, new Map([...hashes, [TWO.id, 'another hash']]), 'judged');
    expect(cellAt(other, other.rows[1]!, 1, TWO.id)).toBe('-');
    expect(other.rows[1]!.power).toBeUndefined();
    expect(cellAt(other, other.rows[0]!, 1, ONE.id)).toBe('K');
  });

  test('with other drains, another host or other judges own cells are run again, and no others', () => {
    const matrix = matrixWith('KKK');
    setCell(matrix, matrix.rows[0]!, 1, TWO.id, 'K');
    const other = reconcile(matrix, faults, hashes, 'changed');
    expect(other.judged).toBe('changed');
    expect(cellAt(other, other.rows[0]!, 1, ONE.id)).toBe('-');
    expect(cellAt(other, other.rows[0]!, 1, TWO.id)).toBe('K');
  });
});

describe('the rules', () => {
  const wanted = [ONE, TWO, THREE];
  const measured = (own: string): Matrix => {
    const matrix = matrixWith(own);
    matrix.rows[1]!.power = { runs: 10, caught: 9, missAtMost: 0.45 };
    return matrix;
  };

  test('hold when every broken drain is caught in its own words each time', () => {
    expect(matrixProblems(measured('KKK'), faults, wanted)).toEqual([]);
  });

  test('name what was missed, told in other words, or not run', () => {
    expect(matrixProblems(measured('K.K'), faults, wanted)).toEqual([
      `${THREE.id} and the broken drain 'c': not caught every time: seeds 1, 2, 3 gave 'K.K'`,
      `${ONE.id} and the broken drain 'a': not caught every time: seeds 1, 2, 3 gave 'K.K'`,
    ]);
    expect(matrixProblems(measured('mmm'), faults, wanted)).toHaveLength(2);
    expect(matrixProblems(measured('KK-'), faults, wanted)[0]).toContain('not run with seeds');
    const never = measured('...');
    never.rows[1]!.power = { runs: 10, caught: 0, missAtMost: 1 };
    expect(matrixProblems(never, faults, wanted).join('\n')).toMatch(
      /'b': never caught[^]*fails no broken drain at all/,
    );
    expect(matrixProblems(matrixWith('KKK'), faults, wanted).join()).toContain('npm run detection-power');
  });

  test('tell of faults and requirements without a place', () => {
    const matrix = measured('KKK');
    const extra = { ...fault, name: 'd' };
    expect(matrixProblems(matrix, [...faults, extra], wanted).join()).toMatch(/'d' has no row.*npm run kill-matrix/);
    expect(matrixProblems(matrix, [racy, native], wanted).join()).toMatch(/'a', which is no fault any more/);
    expect(matrixProblems(matrix, [{ ...fault, what: 'y.' }, racy, native], wanted).join()).toMatch(/'a' has changed/);
    expect(matrixProblems(matrix, faults, [ONE, TWO]).join()).toMatch(/not those of spec\/requirements/);
  });

  test('silence of a requirement that was not run is told apart', () => {
    const matrix = measured('KKK');
    setCell(matrix, matrix.rows[0]!, 1, TWO.id, '.');
    setCell(matrix, matrix.rows[0]!, 2, TWO.id, 'F');
    expect(failedBy(matrix, matrix.rows[0]!)).toEqual([ONE.id, TWO.id]);
    expect(notRun(matrix, matrix.rows[0]!)).toEqual([THREE.id]);
    expect(killsOf(matrix, TWO.id)).toBe(2);
  });
});

describe('the plan', () => {
  const stepped: Check = { id: ONE.id, scenarios: [{ mode: 'stepped', steps: [] }], judge: () => [] };
  const racing: Check = { id: TWO.id, also: [{ needs: [], scenarios: [free({}, [])] }], judge: () => [] };
  const checks = new Map([stepped, racing].map((check) => [check.id as string, check]));
  const slow = new Set([...checks.values()].filter(isFree).map(({ id }) => id as string));

  test('a fault meets its own check with every seed, stepped ones once, and racing ones where races matter', () => {
    expect([...slow]).toEqual([TWO.id]);
    expect(phaseOf(fault, stepped, 3, slow)).toBe('own');
    expect(phaseOf(racy, stepped, 1, slow)).toBe('stepped');
    expect(phaseOf(racy, stepped, 2, slow)).toBeUndefined();
    expect(phaseOf(fault, racing, 1, slow)).toBeUndefined();
    expect(phaseOf(native, racing, 1, slow)).toBe('free');
    expect(phaseOf(native, racing, 2, slow)).toBeUndefined();
  });

  test('what was run is not run again', () => {
    const matrix = matrixWith('KK-');
    const tasks = openTasks(matrix, faults, checks, slow, {
      seeds: [1, 2, 3],
      ids: new Set([ONE.id]),
      phases: ['own'],
    });
    expect(tasks.map(({ fault: { name }, cells }) => [name, cells.map(({ seed }) => seed)])).toEqual([['a', [3]]]);
  });

  test('generated scenarios are fewer for the checks of other faults', () => {
    const arbitrary = fc.constant<ScenarioInput>({ mode: 'stepped', steps: [] });
    const check: Check = { id: ONE.id, generated: { arbitrary, runs: 80 }, judge: () => [] };
    expect(isFree(check)).toBe(false);
    expect(asRun(racy, check).generated?.runs).toBe(FOREIGN_RUNS);
    expect(asRun(fault, check)).toBe(check);
    expect(asRun(racy, stepped)).toBe(stepped);
    expect(phaseOf(racy, check, 2, slow)).toBe('more seeds');
    expect(checkHash(ONE.id)).toMatch(/^[0-9a-f]{12}$/);
  });
});

test('a verdict becomes one character', () => {
  const said = (verdict: VerdictRecord['verdict'], id: string = ONE.id, message = 'it says p'): Cell =>
    cellOf(fault, { verdict, id, failure: { message } } as VerdictRecord);
  expect([said('pass'), said('inconclusive'), said('not-applicable'), said('error')]).toEqual(['.', 'i', 'n', 'e']);
  expect([said('fail'), said('fail', ONE.id, 'it says q'), said('fail', TWO.id)]).toEqual(['K', 'm', 'F']);
});

test('rows become records of the results, for the requirements asked for', () => {
  const matrix = matrixWith('K.K');
  matrix.rows[1]!.power = { runs: 10, caught: 9, missAtMost: 0.45 };
  matrix.measured = { cores: 2, node: 'v20', date: '2026-01-02' };
  const file = join(folder, 'records.json');
  writeMatrix(matrix, file);
  const [first, second, ...rest] = brokenRecords([ONE, TWO], file).map((record) => ResultRecord.parse(record));
  expect(rest).toEqual([]);
  expect(first).toMatchObject({ name: 'a', runs: 3, caught: 2, failedBy: [ONE.id], notRun: [TWO.id, THREE.id] });
  expect(second).toMatchObject({
    name: 'b',
    bug: 'bug 1',
    runs: 10,
    caught: 9,
    missAtMost: 0.45,
    measured: '2 cores, Node.js v20, 2026-01-02',
  });
});
