/** The kill matrix as a file: which requirement failed which broken drain, with which seed, and what was not run. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { DIST } from '../runner/drains.js';
import { baseOf, type AnyFault } from './native-fault.js';

/** The committed matrix; packed with the program. */
export const MATRIX_FILE = join(DIST, '..', 'conformance', 'broken', 'kill-matrix.json');

export const SEEDS = [1, 2, 3] as const;

/** One character for each requirement, in the order of `requirements`. */
export const CELLS = {
  K: 'failed by its own requirement, with its own phrase',
  m: 'failed by its own requirement, in other words',
  F: 'failed by another requirement',
  '.': 'run, not failed',
  i: 'run, inconclusive',
  n: 'not applicable',
  e: 'the check itself failed',
  '-': 'not run',
} as const;
export type Cell = keyof typeof CELLS;
export const NOT_RUN: Cell = '-';

/** How often a fault that needs a race was caught by its own requirement. */
const Power = z.strictObject({
  runs: z.int().positive(),
  caught: z.int().nonnegative(),
  /** Upper end of the two-sided 95 % Clopper-Pearson interval of the rate of misses. */
  missAtMost: z.number(),
});

const Row = z.strictObject({
  name: z.string(),
  what: z.string(),
  base: z.enum(['reference', 'native']),
  requirement: z.string(),
  phrase: z.string(),
  racy: z.boolean(),
  bug: z.string().optional(),
  /** Of the fault as it was run. */
  hash: z.string(),
  /** By seed. */
  cells: z.record(z.string(), z.string()),
  power: Power.optional(),
});
export type Row = z.output<typeof Row>;

const Matrix = z.strictObject({
  version: z.literal(1),
  cells: z.record(z.string(), z.string()),
  /** Where and when the power of the racy ones was measured. */
  measured: z.strictObject({ cores: z.int(), node: z.string(), date: z.string() }).optional(),
  requirements: z.array(z.string()),
  /** Of each requirement's check as it was run. */
  checks: z.record(z.string(), z.string()),
  /** Of the drains, the host and the judges as each broken drain was judged by its own check. */
  judged: z.string(),
  rows: z.array(Row),
});
export type Matrix = z.output<typeof Matrix>;

export const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 12);

/** What a row says of its fault. */
export function describeFault(fault: AnyFault): Omit<Row, 'cells' | 'power'> {
  const { name, what, requirement, phrase, racy = false, bug, edits } = fault;
  const base = baseOf(fault);
  return {
    name,
    what,
    base,
    requirement,
    phrase,
    racy,
    ...(bug === undefined ? {} : { bug }),
    hash: hashOf(JSON.stringify([base, requirement, phrase, edits])),
  };
}

/** @throws Error when the file is there and is no kill matrix */
export function readMatrix(file: string = MATRIX_FILE): Matrix {
  if (!existsSync(file)) return { version: 1, cells: CELLS, requirements: [], checks: {}, judged: '', rows: [] };
  const parsed = Matrix.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  if (!parsed.success) throw new Error(`${file} is no kill matrix: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

/** Whole or not at all: a run that is cut off leaves what was there. */
export function writeMatrix(matrix: Matrix, file: string = MATRIX_FILE): void {
  const draft = `${file}.tmp`;
  writeFileSync(draft, `${JSON.stringify(matrix, null, 2)}\n`);
  renameSync(draft, file);
}

export function cellAt(matrix: Matrix, row: Row, seed: number, id: string): Cell {
  const at = matrix.requirements.indexOf(id);
  return (row.cells[seed]?.[at] ?? NOT_RUN) as Cell;
}

export function setCell(matrix: Matrix, row: Row, seed: number, id: string, cell: Cell): void {
  const at = matrix.requirements.indexOf(id);
  const line = row.cells[seed] ?? NOT_RUN.repeat(matrix.requirements.length);
  row.cells[seed] = line.slice(0, at) + cell + line.slice(at + 1);
}

/**
 * The matrix for these faults and checks: what was run before is kept where fault and check are still the same.
 * `checks`: the hash of each requirement's check, in report order. `judged`: of all that own cells depend on beside these.
 */
export function reconcile(
  old: Matrix,
  faults: readonly AnyFault[],
  checks: ReadonlyMap<string, string>,
  judged: string,
): Matrix {
  const requirements = [...checks.keys()];
  const next: Matrix = { ...old, cells: CELLS, requirements, checks: Object.fromEntries(checks), judged, rows: [] };
  const order = new Map(requirements.map((id, at) => [id, at]));
  const place = (fault: AnyFault): number => order.get(fault.requirement) ?? -1;
  const byName = new Map(old.rows.map((row) => [row.name, row]));
  for (const fault of [...faults].sort((a, b) => place(a) - place(b) || (a.name < b.name ? -1 : 1))) {
    const row: Row = { ...describeFault(fault), cells: {} };
    const before = byName.get(fault.name);
    if (before !== undefined && before.hash === row.hash) {
      for (const seed of Object.keys(before.cells)) {
        for (const id of requirements) {
          const same = old.checks[id] === checks.get(id) && (id !== row.requirement || old.judged === judged);
          const kept = same ? cellAt(old, before, Number(seed), id) : NOT_RUN;
          setCell(next, row, Number(seed), id, kept);
        }
      }
      const ownCheck = old.checks[row.requirement] === checks.get(row.requirement);
      if (before.power !== undefined && ownCheck) row.power = before.power;
    }
    next.rows.push(row);
  }
  return next;
}
