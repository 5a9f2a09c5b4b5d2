import { Command, CommanderError, InvalidArgumentError } from 'commander';
import pc from 'picocolors';
import { DEVIATIONS_FILE, DrainError } from '../spec/index.js';
import { TokenError } from '../conformance/scenarios/token.js';
import { ResultsError } from '../reports/index.js';
import { LoadError } from '../simulate/index.js';
import { addBench, addCompare } from './bench-options.js';
import { DeviationsError } from './deviations-error.js';
import { renderExplanation } from './explain-command.js';
import { renderList, renderListJson } from './list-command.js';
import { describeTool } from './machine.js';
import { addMerge } from './merge-options.js';
import { modelCommand, type ModelFlags } from './model-command.js';
import { recordCommand, type RecordFlags } from './record-command.js';
import { runCommand, type RunFlags } from './run-command.js';
import { UsageError, requirementOf, selectRequirements } from './select.js';
import { shardOf } from './shard.js';
import { addSimulate } from './simulate-options.js';
import { addStress } from './stress-options.js';
import { verifyCommand, type VerifyFlags } from './verify-command.js';

/** Exit codes: every verdict as declared; some are not; the command line or its input is wrong. */
export const EXIT = { asDeclared: 0, notAsDeclared: 1, usage: 2 } as const;

/** Where a program writes. */
export interface Streams {
  readonly out: NodeJS.WritableStream & { isTTY?: boolean };
  readonly err: NodeJS.WritableStream;
}

function integer(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isSafeInteger(value) || value < 0)
    throw new InvalidArgumentError('Expected a whole number from 0.');
  return value;
}

function percent(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0 && value <= 100)) throw new InvalidArgumentError('Expected 0 to 100.');
  return value;
}

const collect = (value: string, before: string[] | undefined): string[] => [...(before ?? []), value];

/** The command line, with `exit` told the exit code of what ran. */
export function buildProgram(streams: Streams, exit: (code: number) => void): Command {
  const program = new Command('drainproof')
    .description('Proves whether a per-thread event drain keeps its promises.')
    .version(describeTool().version)
    .showSuggestionAfterError()
    .showHelpAfterError("('drainproof --help' shows what there is)")
    .exitOverride()
    .configureOutput({ writeOut: (text) => streams.out.write(text), writeErr: (text) => streams.err.write(text) });

  program
    .command('run')
    .description('judge drains against the requirements and write the reports')
    .option(
      '--impl <name|path>',
      "'reference', 'native', a JavaScript module, or a program that speaks the protocol; repeatable (default: both of ours)",
      collect,
    )
    .option('--family <family>', 'only this family of requirements; repeatable', collect)
    .option('--id <id>', 'only this requirement; repeatable', collect)
    .option('--seed <n>', 'seed of the generated scenarios (default: a fresh one)', integer)
    .option('--shard <i/n>', 'only the i-th of n parts (docs/stress-ci.md)', shardOf)
    .option('--replay <token>', 'judge the one scenario of a token that a report printed')
    .option('--deviations <file>', `known deviations, docs/deviations.md (default: ${DEVIATIONS_FILE}, if it is there)`)
    .option('--no-deviations', 'judge as if no deviation were declared')
    .option('--fix', 'write the known deviations anew from what fails in this run, which must be a whole one')
    .option('--out <dir>', 'where results.jsonl, index.html, junit.xml and report.md go', 'reports/out')
    .option('--coverage', "measure what the checks alone exercise of the drains' files (docs/coverage.md)")
    .option('--coverage-min <percent>', 'the same, and fail when it is less of the lines of any drain', percent)
    .option('--coverage-exclude <file>', 'a file or folder that is no part of the drain; repeatable', collect)
    .addHelpText(
      'after',
      `
Examples:
  drainproof run                                     both drains, every requirement
  drainproof run --impl ./my-drain.js                a drain of yours
  drainproof run --impl native --family LOSS --seed 7
  drainproof run --impl ./my-drain.js --replay dp1.q1Zy...

Exit code: 0 every verdict is as declared, 1 some are not, 2 the command line or a file is wrong.`,
    )
    .action(async (flags: RunFlags) => exit(await runCommand(flags, streams)));

  program
    .command('verify')
    .description('judge recorded histories of any system, with no adapter')
    .argument('<history...>', "JSON-lines files (docs/history.md), plain or gzip-compressed; '-': standard input")
    .option('--verbose', 'say of each requirement why it could not be decided')
    .option('--json', 'one JSON object for each history')
    .option('--whole <n>', 'hold histories of up to n records in memory, for all rules (default: 250000)', integer)
    .option('--out <dir>', 'also write results.jsonl, index.html, junit.xml and report.md there')
    .addHelpText(
      'after',
      '\nExit code: 0 what could be decided is kept, 1 something failed, nothing could be decided or a history breaks off, 2 a file is no history.',
    )
    .action(async (files: string[], flags: VerifyFlags) => exit(await verifyCommand(files, flags, streams)));

  program
    .command('record')
    .description('play a scenario on a drain and write the history: an example of the format, or evidence to keep')
    .option('--impl <name|path>', "as for 'run'", 'reference')
    .option('--scenario <file>', 'a scenario as JSON (default: a small example)')
    .option('--replay <token>', 'the scenario of a token that a report printed')
    .option('--free', 'an example with real threads')
    .option('--out <file>', 'where to write (.gz: compressed; default: the terminal)')
    .action(async (flags: RecordFlags) => exit(await recordCommand(flags, streams)));

  program
    .command('model')
    .description('hold random sequences of commands against a model of the contract, and shrink the first that fails')
    .option('--impl <name|path>', "as for 'run'", collect)
    .option('--runs <n>', 'sequences for each drain', integer, 3000)
    .option('--commands <max>', 'most commands of a sequence', integer, 30)
    .option('--seed <n>', 'seed of the sequences (default: a fresh one)', integer)
    .option('--path <path>', 'with --seed: the one case that a failure printed')
    .option('--replay-path <path>', 'with --path: which of its commands were performed')
    .option(
      '--differential',
      'two drains, the same sequences, the same histories (for drains that follow spec/algorithm.md)',
    )
    .addHelpText('after', '\nExit code: 0 no sequence fails, 1 one does, 2 the command line is wrong.')
    .action(async (flags: ModelFlags) => exit(await modelCommand(flags, streams)));

  addSimulate(program, streams, exit);
  addStress(program, streams, exit);
  addMerge(program, streams, exit);
  addBench(program, streams, exit);
  addCompare(program, streams, exit);

  program
    .command('list')
    .description('list the requirements')
    .option('--json', 'as JSON, with all their texts')
    .option('--family <family>', 'only this family; repeatable', collect)
    .action((flags: { json?: boolean; family?: string[] }) => {
      const requirements = selectRequirements(flags.family);
      streams.out.write(flags.json === true ? renderListJson(requirements) : renderList(requirements));
    });

  program
    .command('explain')
    .description('tell all about one requirement')
    .argument('<id>', 'its id, for example LANE-ORDER')
    .action((id: string) => void streams.out.write(renderExplanation(requirementOf(id))));
  return program;
}

/** Parses and runs; the result is the exit code. Nothing here ends the process. */
export async function runCli(
  argv: readonly string[],
  streams: Streams = { out: process.stdout, err: process.stderr },
): Promise<number> {
  let code: number = EXIT.asDeclared;
  const program = buildProgram(streams, (value) => {
    code = value;
  });
  try {
    await program.parseAsync(argv);
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.asDeclared : EXIT.usage;
    const refusals = [UsageError, DrainError, TokenError, DeviationsError, LoadError, ResultsError];
    if (error instanceof Error && refusals.some((kind) => error instanceof kind)) {
      streams.err.write(`${pc.red('error:')} ${error.message}\n`);
      return EXIT.usage;
    }
    throw error;
  }
}
