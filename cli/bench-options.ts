import { InvalidArgumentError, type Command } from 'commander';
import { BASELINE_FILE, benchCommand, type BenchFlags } from './bench-command.js';
import { compareCommand, type CompareFlags } from './compare-command.js';
import type { Streams } from './program.js';

function positive(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) throw new InvalidArgumentError('Expected a whole number from 1.');
  return value;
}

const collect = (value: string, before: string[] | undefined): string[] => [...(before ?? []), value];

/** Declares `drainproof bench`. */
export function addBench(program: Command, streams: Streams, exit: (code: number) => void): void {
  program
    .command('bench')
    .description('micro-benchmarks of drains: emit, submit, visit, iteration, select, idle (docs/benchmarks.md)')
    .option('--impl <name|path>', "'reference', 'native' or a JavaScript module; repeatable (default: both)", collect)
    .option('--rounds <n>', 'rounds: samples of each benchmark', positive, 12)
    .option('--time <ms>', 'processor time of each benchmark in each round', positive, 150)
    .option('--out <dir>', 'where results.jsonl goes', 'reports/out/bench')
    .option('--baseline <file>', `results to compare with (default: ${BASELINE_FILE}, if it is there)`)
    .option('--save-baseline', 'make these results the baseline')
    .addHelpText(
      'after',
      '\nExit code: 0 all was measured, 1 something was not, 2 the command line or a file is wrong.',
    )
    .action(async (flags: BenchFlags) => exit(await benchCommand(flags, streams)));
}

/** Declares `drainproof compare`. */
export function addCompare(program: Command, streams: Streams, exit: (code: number) => void): void {
  program
    .command('compare')
    .description("what changed beyond noise between two results of 'bench', 'stress' or 'run'")
    .argument('<A>', 'results.jsonl: before')
    .argument('<B>', 'results.jsonl: after')
    .option('--json', 'one JSON object instead of a table')
    .option('--fail-on-worse', 'exit code 1 when something is worse')
    .addHelpText('after', '\nExit code: 0 compared, 1 something is worse (--fail-on-worse), 2 a file is wrong.')
    .action((a: string, b: string, flags: CompareFlags) => exit(compareCommand(a, b, flags, streams)));
}
