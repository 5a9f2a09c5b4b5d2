/** What must hold of the kill matrix: the suite proves itself. */
import type { Requirement } from '../../spec/index.js';
import { cellAt, describeFault, SEEDS, type Matrix, type Row } from './matrix.js';
import type { AnyFault } from './native-fault.js';

const RUN_MATRIX = 'run: npm run kill-matrix';
const RUN_POWER = 'run: npm run detection-power';

/** What is wrong with the row of one fault. */
export function rowProblems(matrix: Matrix, fault: AnyFault): string[] {
  const row = matrix.rows.find(({ name }) => name === fault.name);
  if (row === undefined) return [`the broken drain '${fault.name}' has no row in the kill matrix; ${RUN_MATRIX}`];
  const { cells: _cells, power: _power, ...said } = row;
  if (JSON.stringify(said) !== JSON.stringify(describeFault(fault)))
    return [`the broken drain '${fault.name}' has changed since its row was made; ${RUN_MATRIX}`];
  return ownProblems(matrix, row);
}

function ownProblems(matrix: Matrix, row: Row): string[] {
  const own = SEEDS.map((seed) => cellAt(matrix, row, seed, row.requirement));
  const who = `${row.requirement} and the broken drain '${row.name}'`;
  if (own.includes('-')) return [`${who}: not run with seeds ${SEEDS.join(', ')}; ${RUN_MATRIX}`];
  const told = `seeds ${SEEDS.join(', ')} gave '${own.join('')}'`;
  if (!row.racy) return own.every((cell) => cell === 'K') ? [] : [`${who}: not caught every time: ${told}`];
  if (row.power === undefined) return [`${who}: its detection power was never measured; ${RUN_POWER}`];
  if (row.power.caught === 0 && !own.includes('K')) return [`${who}: never caught: ${told}`];
  return [];
}

/** Everything that is wrong with the matrix, in sentences; none is what must be. */
export function matrixProblems(
  matrix: Matrix,
  faults: readonly AnyFault[],
  requirements: readonly Requirement[],
): string[] {
  const checked = requirements.filter(({ unchecked }) => unchecked === undefined);
  const problems = faults.flatMap((fault) => rowProblems(matrix, fault));
  const names = new Set(faults.map(({ name }) => name));
  for (const { name } of matrix.rows)
    if (!names.has(name))
      problems.push(`the kill matrix has a row '${name}', which is no fault any more; ${RUN_MATRIX}`);
  const listed = matrix.requirements.join(' ');
  if (listed !== checked.map(({ id }) => id).join(' '))
    problems.push(`the kill matrix's requirements are not those of spec/requirements/; ${RUN_MATRIX}`);
  for (const { id, level } of checked)
    if (level === 'MUST' && killsOf(matrix, id) === 0) problems.push(`${id} fails no broken drain at all`);
  return problems;
}

/** Broken drains that the requirement failed in at least one run. */
export function killsOf(matrix: Matrix, id: string): number {
  return matrix.rows.filter((row) => failedBy(matrix, row).includes(id)).length;
}

const FAILED: readonly string[] = ['K', 'm', 'F'];

/** Requirements that failed the row's drain in at least one run. */
export function failedBy(matrix: Matrix, row: Row): string[] {
  return matrix.requirements.filter((_id, at) =>
    Object.values(row.cells).some((line) => FAILED.includes(line[at] ?? '-')),
  );
}

/** Requirements that were never run on the row's drain. */
export function notRun(matrix: Matrix, row: Row): string[] {
  return matrix.requirements.filter((_id, at) => Object.values(row.cells).every((line) => (line[at] ?? '-') === '-'));
}
