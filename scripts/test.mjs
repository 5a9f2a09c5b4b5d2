// `npm test`: lint, the native core's tests with their coverage, then every TypeScript test under the coverage gate.
// The end tells which test files took longest; the last line counts: "N passed, N failed".
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { relative } from 'node:path';

const results = 'coverage/tests.json';
const steps = [
  ['lint', 'npm', ['run', '--silent', 'lint']],
  ['API docs', 'npm', ['run', '--silent', 'docs']],
  ['native tests and coverage', 'npm', ['run', '--silent', 'coverage:native']],
  [
    'tests under coverage',
    'npx',
    ['--no-install', 'c8', 'vitest', 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${results}`],
  ],
];

rmSync('coverage', { recursive: true, force: true });
const failed = [];
for (const [name, command, args] of steps) {
  console.log(`\n== ${name}`);
  const started = Date.now();
  // CI: a golden text that is missing is a failure, not a new text
  const { status } = spawnSync(command, args, { stdio: 'inherit', env: { ...process.env, CI: '1' } });
  console.log(`== ${name}: ${status === 0 ? 'passed' : 'FAILED'} in ${Math.round((Date.now() - started) / 1000)} s`);
  if (status !== 0) failed.push(name);
}

const tests = existsSync(results)
  ? JSON.parse(readFileSync(results, 'utf8'))
  : { numPassedTests: 0, numFailedTests: 1, testResults: [] };
console.log('\n== the slowest test files');
const slowest = tests.testResults
  .map(({ name, startTime, endTime }) => ({ name: relative('dist', name), seconds: (endTime - startTime) / 1000 }))
  .sort((a, b) => b.seconds - a.seconds);
for (const { name, seconds } of slowest.slice(0, 10)) console.log(`${seconds.toFixed(1).padStart(7)} s  ${name}`);
const testFailures = tests.numFailedTests + (tests.numFailedTestSuites > 0 && tests.numFailedTests === 0 ? 1 : 0);
const gates = failed.filter((name) => name !== 'tests under coverage' || testFailures === 0);
if (failed.length > 0) console.log(`\nfailed: ${failed.join(', ')}`);
const passed = tests.numPassedTests + steps.length - failed.length;
console.log(`\n${passed} passed, ${testFailures + gates.length} failed`);
process.exitCode = failed.length === 0 && tests.numPassedTests > 0 ? 0 : 1;
