/** Fills the kill matrix, cell by cell, writing it down after each broken drain. */
import { dirname } from 'node:path';
import type { Check } from '../check.js';
import { DIST } from '../runner/drains.js';
import { buildFault } from './build-native.js';
import { cellAt, NOT_RUN, setCell, writeMatrix, type Cell, type Matrix } from './matrix.js';
import type { AnyFault } from './native-fault.js';
import { asRun, PHASES, phaseOf, type Phase } from './plan.js';
import { subjectOf, tryFault } from './try-fault.js';

export interface FillOptions {
  readonly file: string;
  readonly seeds: readonly number[];
  /** Checks to run; all when absent. */
  readonly ids?: ReadonlySet<string>;
  readonly phases?: readonly Phase[];
  /** Broken drains that are judged at once. */
  readonly jobs: number;
  say(line: string): void;
}

/** What one broken drain has still to be judged by. */
interface Task {
  readonly phase: Phase;
  readonly fault: AnyFault;
  readonly cells: readonly { readonly seed: number; readonly check: Check }[];
}

/** The cells that are planned and not run yet, in the order in which they are run. */
export function openTasks(
  matrix: Matrix,
  faults: readonly AnyFault[],
  checks: ReadonlyMap<string, Check>,
  free: ReadonlySet<string>,
  { seeds, ids, phases = PHASES }: Pick<FillOptions, 'seeds' | 'ids' | 'phases'>,
): Task[] {
  const tasks: Task[] = [];
  for (const phase of phases) {
    for (const fault of faults) {
      const row = matrix.rows.find(({ name }) => name === fault.name)!;
      const cells = seeds.flatMap((seed) =>
        [...checks.values()]
          .filter((check) => ids === undefined || ids.has(check.id))
          .filter((check) => phaseOf(fault, check, seed, free) === phase)
          .filter((check) => cellAt(matrix, row, seed, check.id) === NOT_RUN)
          .map((check) => ({ seed, check })),
      );
      if (cells.length > 0) tasks.push({ phase, fault, cells });
    }
  }
  return tasks;
}

/** Runs the tasks; whatever a broken drain does, each ends in bounded time. */
export async function fill(matrix: Matrix, tasks: readonly Task[], options: FillOptions): Promise<void> {
  const built = new Map<string, string>();
  let next = 0;
  const work = async (): Promise<void> => {
    for (let task = tasks[next]; task !== undefined; task = tasks[next]) {
      next += 1;
      const at = next;
      const started = performance.now();
      const { fault, phase, cells } = task;
      const path = built.get(fault.name) ?? buildFault(fault, dirname(DIST));
      built.set(fault.name, path);
      const told = await judgeAll(task, path);
      const row = matrix.rows.find(({ name }) => name === fault.name)!;
      cells.forEach(({ seed, check }, i) => setCell(matrix, row, seed, check.id, told[i]!));
      writeMatrix(matrix, options.file);
      const failed = told.filter((cell) => cell === 'K' || cell === 'm' || cell === 'F').length;
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      options.say(`${at}/${tasks.length} ${phase} ${fault.name}: ${failed} of ${cells.length} failed it, ${seconds} s`);
    }
  };
  await Promise.all(Array.from({ length: options.jobs }, work));
}

async function judgeAll({ fault, cells }: Task, path: string): Promise<Cell[]> {
  const client = subjectOf(path);
  const told: Cell[] = [];
  for (const { seed, check } of cells) told.push(await tryFault(fault, asRun(fault, check), seed, client));
  await client.close();
  return told;
}
