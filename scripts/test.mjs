// `npm test`: lint, the native core's tests with their coverage, then every TypeScript test under the coverage gate.
// The end tells which test files took longest and which tests failed; the last line counts: "N passed, N failed".
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { relative } from 'node:path';

const results = 'coverage/tests.json';
const env = { ...process.env, CI: '1' }; // a golden text that is missing is a failure, not a new text
const failed = [];

/** One step; `quietly`: what it says is printed when it has ended. */
function run([name, command, args], quietly) {
  const started = Date.now();
  if (!quietly) console.log(`\n== ${name}`);
  const child = spawn(command, args, {
    env,
    stdio: ['ignore', ...(quietly ? ['pipe', 'pipe'] : ['inherit', 'inherit'])],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (said += chunk));
  return new Promise((resolve) => {
    child.on('close', (code) => {
      if (quietly) console.log(`\n== ${name}\n${said}`);
      console.log(`== ${name}: ${code === 0 ? 'passed' : 'FAILED'} in ${Math.round((Date.now() - started) / 1000)} s`);
      if (code !== 0) failed.push(name);
      resolve();
    });
  });
}

const lint = ['lint', 'npm', ['run', '--silent', 'lint']];
const docs = ['API docs', 'npm', ['run', '--silent', 'docs']];
const native = ['native tests and coverage', 'npm', ['run', '--silent', 'coverage:native']];
const vitest = ['vitest', 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${results}`];
const all = ['tests under coverage', 'npx', ['--no-install', 'c8', ...vitest]];
const steps = [lint, docs, native, all];

rmSync('coverage', { recursive: true, force: true });
// one core each
await Promise.all([run(lint, true).then(() => run(docs, true)), run(native, true)]);
await run(all, false);

const tests = existsSync(results)
  ? JSON.parse(readFileSync(results, 'utf8'))
  : { numPassedTests: 0, numFailedTests: 1, testResults: [] };
console.log('\n== the slowest test files');
const slowest = tests.testResults
  .map(({ name, startTime, endTime }) => ({ name: relative('dist', name), seconds: (endTime - startTime) / 1000 }))
  .sort((a, b) => b.seconds - a.seconds);
for (const { name, seconds } of slowest.slice(0, 10)) console.log(`${seconds.toFixed(1).padStart(7)} s  ${name}`);
// said again at the end: a CI keeps the end of a log
for (const file of tests.testResults) {
  if (file.status === 'failed' && file.message) console.log(`\n== ${relative('dist', file.name)}: ${file.message}`);
  for (const test of file.assertionResults.filter(({ status }) => status === 'failed')) {
    const why = test.failureMessages.join('\n').split('\n').slice(0, 20).join('\n');
    console.log(`\n== failed: ${relative('dist', file.name)}: ${test.fullName}\n${why}`);
  }
}
const testFailures = tests.numFailedTests + (tests.numFailedTestSuites > 0 && tests.numFailedTests === 0 ? 1 : 0);
const gates = failed.filter((name) => name !== 'tests under coverage' || testFailures === 0);
if (failed.length > 0) console.log(`\nfailed: ${failed.join(', ')}`);
const passed = tests.numPassedTests + steps.length - failed.length;
console.log(`\n${passed} passed, ${testFailures + gates.length} failed`);
process.exitCode = failed.length === 0 && tests.numPassedTests > 0 ? 0 : 1;
