// Runs `drainproof stress --profile quick` so many times and holds the verdicts against each other: they must be the same each time.
//
//     npm run stress:repeat -- 10
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { METRICS } from '../dist/stress/metrics.js';
import { readResults } from '../dist/reports/index.js';

const MOST = 100;
const times = Number(process.argv[2] ?? 10);
if (!(Number.isInteger(times) && times >= 2 && times <= MOST)) {
  console.error(`expected how many times to run it, a whole number from 2 to ${MOST}: npm run stress:repeat -- 10`);
  process.exit(2);
}

const folder = mkdtempSync(join(tmpdir(), 'drainproof-repeat-'));
const runs = [];
try {
  for (let run = 1; run <= times; run += 1) {
    const started = performance.now();
    const out = join(folder, String(run));
    spawnSync(process.execPath, ['dist/cli/main.js', 'stress', '--profile', 'quick', '--out', out], {
      stdio: 'ignore',
    });
    const { stress } = readResults(join(out, 'results.jsonl'));
    const other = stress.filter(({ verdict }) => verdict !== 'pass');
    const told = other.map(({ scenario, drain, verdict, reason }) => `; ${scenario} on ${drain} ${verdict}: ${reason}`);
    const seconds = ((performance.now() - started) / 1000).toFixed(0);
    console.log(`run ${run}: ${stress.length - other.length} of ${stress.length} pass in ${seconds} s${told.join('')}`);
    runs.push(stress);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

const verdictsOf = (stress) =>
  stress.map(({ scenario, drain, verdict }) => `${scenario} ${drain} ${verdict}`).join('\n');
const kinds = new Map();
for (const run of runs) kinds.set(verdictsOf(run), (kinds.get(verdictsOf(run)) ?? 0) + 1);
const same = Math.max(...kinds.values());

console.log('\nmedian (least to most) of what has no exact limit:');
for (const { scenario, drain, targets } of runs[0]) {
  const figures = targets.flatMap(({ metric, unit }) => {
    if (METRICS[metric].exact) return [];
    const all = runs
      .flatMap((run) => run.find((one) => one.scenario === scenario && one.drain === drain)?.targets ?? [])
      .flatMap((target) => (target.metric === metric && target.measured !== undefined ? [target.measured] : []))
      .sort((a, b) => a - b);
    const shown = [all[(all.length - 1) >> 1], all[0], all.at(-1)].map((value) => Number(value.toPrecision(3)));
    return [`${metric} ${shown[0]} (${shown[1]} to ${shown[2]}) ${unit}`.trim()];
  });
  console.log(`  ${scenario.padEnd(21)}${drain.padEnd(11)}${figures.join(', ')}`);
}
console.log(`\n${same} of ${times} runs have the same verdicts`);
process.exitCode = same === times ? 0 : 1;
