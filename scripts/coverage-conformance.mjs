// What the conformance checks alone exercise of our two drains: at least 95 % of the lines, and every branch that they
// do not reach stands in docs/coverage.md with its reason. Further arguments go to `drainproof run`.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { tableRows, unexplained, unreached } from './coverage-table.mjs';

const out = 'coverage/conformance';
/** No part of what the contract (spec/contract.ts) speaks of: docs/coverage.md says why. */
const excluded = [
  'drain-thread.ts',
  'drain-thread-worker.ts',
  'memory-sink.ts',
  'testing-sink.ts',
  'core/drain_thread.cpp',
];
const args = ['dist/cli/main.js', 'run', '--coverage-min', '95', '--out', out, ...process.argv.slice(2)];
for (const file of excluded) args.push('--coverage-exclude', file);
const { status } = spawnSync(process.execPath, args, { stdio: 'inherit' });

const places = unreached(readFileSync(`${out}/coverage/lcov.info`, 'utf8'), (file) => readFileSync(file, 'utf8'));
const missing = unexplained(places, tableRows(readFileSync('docs/coverage.md', 'utf8')));
for (const { file, line, code } of missing)
  console.log(`not reached and not in docs/coverage.md: ${file}:${line}  ${code}`);
console.log(
  `${places.length} lines have a branch or function that no check reached; ${missing.length} of them unexplained`,
);
process.exitCode = status !== 0 ? 1 : missing.length > 0 ? 1 : 0;
