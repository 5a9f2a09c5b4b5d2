/**
 * `npm run kill-matrix`: every broken drain by every check that applies; writes conformance/broken/kill-matrix.json.
 * What is in the file for the same fault and check is not run again, so a run that was cut off goes on.
 *
 *     --only NAME,NAME    these broken drains
 *     --id ID,ID          these checks
 *     --seeds 1,2,3       these seeds
 *     --phase own,stepped these parts: own, stepped, free, "more seeds"
 *     --jobs 2            broken drains judged at once
 *     --file PATH         another file
 *     --fresh             forget what was run before
 *
 * Exit code 1 when a broken drain is not failed by its own requirement in its own words, a MUST fails none, or a row
 * or column is missing.
 */
import { parseArgs } from 'node:util';
import { REQUIREMENTS } from '../../spec/index.js';
import { loadFaults } from './all-faults.js';
import { loadChecks } from './trial.js';
import { fill, openTasks, type FillOptions } from './fill.js';
import { MATRIX_FILE, readMatrix, reconcile, SEEDS, writeMatrix } from './matrix.js';
import { isFree } from '../racing.js';
import { checkHash, judgedHash, PHASES } from './plan.js';
import { matrixProblems, rowProblems } from './rules.js';

const text = { type: 'string' } as const;
const { values } = parseArgs({
  options: { only: text, id: text, seeds: text, phase: text, jobs: text, file: text, fresh: { type: 'boolean' } },
});
const list = (value: string | undefined): string[] | undefined => value?.split(',').map((word) => word.trim());
const say = (line: string): void => void process.stdout.write(`${line}\n`);

const file = values.file ?? MATRIX_FILE;
const all = await loadFaults();
const only = list(values.only);
const faults = only === undefined ? all : all.filter(({ name }) => only.includes(name));
const unknown = (only ?? []).filter((name) => !all.some((fault) => fault.name === name));
if (unknown.length > 0)
  throw new Error(`there is no broken drain called ${unknown.join(', ')}; see conformance/broken/faults/`);

const loaded = await loadChecks();
const ids = REQUIREMENTS.filter(({ unchecked }) => unchecked === undefined).map(({ id }) => id);
const checks = new Map(ids.map((id) => [id, loaded.get(id)!]));
const free = new Set(ids.filter((id) => isFree(checks.get(id)!)));
const old = readMatrix(file);
const kept = values.fresh === true ? { ...old, rows: [] } : old;
const matrix = reconcile(kept, all, new Map(ids.map((id) => [id, checkHash(id)])), judgedHash());

const named = list(values.id);
const phases = list(values.phase);
const options: FillOptions = {
  file,
  seeds: list(values.seeds)?.map(Number) ?? SEEDS,
  phases: PHASES.filter((phase) => phases === undefined || phases.includes(phase)),
  ...(named === undefined ? {} : { ids: new Set(named) }),
  jobs: Number(values.jobs ?? 1),
  say,
};
await fill(matrix, openTasks(matrix, faults, checks, free, options), options);
writeMatrix(matrix, file);

const problems =
  only === undefined
    ? matrixProblems(matrix, all, REQUIREMENTS)
    : faults.flatMap((fault) => rowProblems(matrix, fault));
for (const problem of problems) say(problem);
say(`${matrix.rows.length} broken drains, ${matrix.requirements.length} requirements: ${problems.length} problems`);
process.exitCode = problems.length === 0 ? 0 : 1;
