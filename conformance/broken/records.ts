/** The kill matrix as records of a results file. */
import type { Requirement, ResultOf } from '../../spec/index.js';
import { MATRIX_FILE, readMatrix, SEEDS, cellAt, type Matrix, type Row } from './matrix.js';
import { failedBy, notRun } from './rules.js';

/**
 * Of every broken drain that one of these requirements must fail. Empty when the file is not there.
 * @throws Error when the file is there and is no kill matrix
 */
export function brokenRecords(requirements: readonly Requirement[], file: string = MATRIX_FILE): ResultOf<'broken'>[] {
  const matrix = readMatrix(file);
  const wanted = new Set<string>(requirements.map(({ id }) => id));
  return matrix.rows.filter(({ requirement }) => wanted.has(requirement)).map((row) => recordOf(matrix, row));
}

function recordOf(matrix: Matrix, row: Row): ResultOf<'broken'> {
  const { name, what, base, requirement, phrase, racy, bug, power } = row;
  const own = SEEDS.map((seed) => cellAt(matrix, row, seed, requirement)).filter((cell) => cell !== '-');
  const counts = power ?? { runs: own.length, caught: own.filter((cell) => cell === 'K').length };
  const { measured } = matrix;
  return {
    type: 'broken',
    name,
    what,
    base,
    requirement,
    phrase,
    racy,
    runs: counts.runs,
    caught: counts.caught,
    ...(power === undefined ? {} : { missAtMost: power.missAtMost }),
    ...(power === undefined || measured === undefined
      ? {}
      : { measured: `${measured.cores} cores, Node.js ${measured.node}, ${measured.date}` }),
    ...(bug === undefined ? {} : { bug }),
    failedBy: failedBy(matrix, row),
    notRun: notRun(matrix, row),
  };
}
