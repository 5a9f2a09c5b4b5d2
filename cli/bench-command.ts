import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import pc from 'picocolors';
import { resolveDrains, type DrainTarget } from '../conformance/runner/drains.js';
import { loadModule } from '../conformance/subject/load-module.js';
import { RESULTS_FILE, ResultsWriter, readResults, type Results } from '../reports/index.js';
import { VERDICTS, type DrainInfo, type ResultOf } from '../spec/index.js';
import { runBenchmarks } from '../stress/bench-rounds.js';
import { compareResults } from '../stress/compare.js';
import { renderBenchmarks, renderCounts } from './compare-table.js';
import { describeMachine, describeTool } from './machine.js';
import { EXIT, type Streams } from './program.js';
import { UsageError } from './select.js';

/** The baseline of a folder, if it is there. */
export const BASELINE_FILE = 'drainproof.baseline.jsonl';

/** Flags of `drainproof bench`. */
export interface BenchFlags {
  readonly impl?: string[];
  readonly rounds: number;
  /** Processor time of a case in a round, ms. */
  readonly time: number;
  readonly out: string;
  readonly baseline?: string;
  readonly saveBaseline?: boolean;
}

/** `drainproof bench`: measures, writes the results, prints them beside the baseline; the result is the exit code. */
export async function benchCommand(flags: BenchFlags, streams: Streams): Promise<number> {
  const targets = resolveDrains(flags.impl ?? ['reference', 'native']);
  const drains: DrainInfo[] = [];
  for (const target of targets) drains.push(await introduce(target));
  const baseline = readBaseline(flags);
  const writer = new ResultsWriter(join(resolve(flags.out), RESULTS_FILE));
  writer.append({
    type: 'run',
    version: 1,
    tool: describeTool(),
    startedAt: new Date().toISOString(),
    seed: 0,
    arguments: process.argv.slice(2),
    machine: describeMachine(),
    drains,
    profile: 'bench',
  });
  const { benchmarks, problems } = await runBenchmarks(targets, {
    rounds: flags.rounds,
    timeMs: flags.time,
    onTurn: (round, drain) => {
      if (streams.out.isTTY === true) streams.out.write(`\r\u001b[K  round ${round} of ${flags.rounds}: ${drain}`);
    },
  });
  if (streams.out.isTTY === true) streams.out.write('\r\u001b[K');
  for (const record of benchmarks) writer.append(record);
  writer.append(endOf(problems));
  writer.close();

  const comparison = baseline && compareResults(baseline, readResults(writer.path));
  streams.out.write(`\n${renderBenchmarks(benchmarks, comparison)}\n`);
  for (const note of comparison?.notes ?? []) streams.out.write(`  ${pc.yellow(note)}\n`);
  if (comparison !== undefined) streams.out.write(`  beside the baseline (A): ${renderCounts(comparison)}\n`);
  streams.out.write(`  ${writer.path}\n`);
  for (const problem of problems) streams.err.write(`${pc.red('error:')} ${problem}\n`);
  if (problems.length > 0) return EXIT.notAsDeclared;
  if (flags.saveBaseline === true) {
    const path = flags.baseline ?? BASELINE_FILE;
    save(writer.path, path);
    streams.out.write(`  ${path} is the baseline now\n`);
  }
  return EXIT.asDeclared;
}

/** Who is measured. @throws DrainError for a module that is none, UsageError for a program */
async function introduce({ name, given, path, command }: DrainTarget): Promise<DrainInfo> {
  if (command[0] === path)
    throw new UsageError(
      `'${given}' is a program. Micro-benchmarks call a drain's own functions; give a JavaScript module that exports the contract.`,
    );
  const { version, capabilities } = await loadModule(path);
  return { name, version, path: relative(process.cwd(), path), capabilities: [...capabilities] };
}

/** A baseline that is named must be there, unless this run is to make it. */
function readBaseline({ baseline, saveBaseline }: BenchFlags): Results | undefined {
  const path = baseline ?? BASELINE_FILE;
  const optional = baseline === undefined || saveBaseline === true;
  return optional && !existsSync(path) ? undefined : readResults(path);
}

function endOf(problems: readonly string[]): ResultOf<'end'> {
  const counts = Object.fromEntries(VERDICTS.map((name) => [name, 0])) as ResultOf<'end'>['counts'];
  return {
    type: 'end',
    endedAt: new Date().toISOString(),
    counts,
    ok: problems.length === 0,
    problems: [...problems],
  };
}

function save(results: string, path: string): void {
  try {
    mkdirSync(dirname(resolve(path)), { recursive: true });
    copyFileSync(results, path);
  } catch (cause) {
    throw new UsageError(
      `The baseline '${path}' cannot be written (${(cause as NodeJS.ErrnoException).code}). Name a file in a folder that can be written to.`,
      { cause },
    );
  }
}
