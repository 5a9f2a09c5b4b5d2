/**
 * `npm run detection-power`: every broken drain that needs a race, by its own check, many times; writes how often it
 * was caught into conformance/broken/kill-matrix.json.
 *
 *     --runs 100          runs of each
 *     --only NAME,NAME    these broken drains
 *     --file PATH         another file
 *     --fresh             forget earlier runs (else they count, where fault and check are the same)
 */
import { availableParallelism } from 'node:os';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { DIST } from '../runner/drains.js';
import { loadFaults } from './all-faults.js';
import { loadChecks } from './trial.js';
import { buildFault } from './build-native.js';
import { upperBound } from './clopper-pearson.js';
import { MATRIX_FILE, readMatrix, writeMatrix } from './matrix.js';
import { subjectOf, tryFault } from './try-fault.js';

const text = { type: 'string' } as const;
const { values } = parseArgs({ options: { runs: text, only: text, file: text, fresh: { type: 'boolean' } } });
const file = values.file ?? MATRIX_FILE;
const runs = Number(values.runs ?? 100);
const only = values.only?.split(',');
const checks = await loadChecks();

for (const fault of await loadFaults()) {
  if (fault.racy !== true || only?.includes(fault.name) === false) continue;
  const matrix = readMatrix(file);
  const row = matrix.rows.find(({ name }) => name === fault.name);
  if (row === undefined) throw new Error(`'${fault.name}' has no row in ${file}; run: npm run kill-matrix`);
  let { runs: done, caught } = (values.fresh === true ? undefined : row.power) ?? { runs: 0, caught: 0 };
  const client = subjectOf(buildFault(fault, dirname(DIST)));
  while (done < runs) {
    done += 1;
    if ((await tryFault(fault, checks.get(fault.requirement)!, done, client)) === 'K') caught += 1;
    row.power = { runs: done, caught, missAtMost: Number(upperBound(done - caught, done).toFixed(4)) };
    const date = new Date().toISOString().slice(0, 10);
    matrix.measured = { cores: availableParallelism(), node: process.version, date };
    writeMatrix(matrix, file);
  }
  await client.close();
  process.stdout.write(`${fault.name}: caught ${caught} of ${done}\n`);
}
