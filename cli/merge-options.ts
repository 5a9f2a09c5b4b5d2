import type { Command } from 'commander';
import { mergeCommand, type MergeFlags } from './merge-command.js';
import type { Streams } from './program.js';

/** Declares `drainproof merge`. */
export function addMerge(program: Command, streams: Streams, exit: (code: number) => void): void {
  program
    .command('merge')
    .description('put results together: shards of one run, families, or a conformance and a stress run')
    .argument('<file...>', 'results.jsonl of each part')
    .requiredOption('--out <dir>', 'where results.jsonl, index.html, junit.xml and report.md go')
    .addHelpText(
      'after',
      `
Examples:
  drainproof merge shard-1/results.jsonl shard-2/results.jsonl --out merged
  drainproof merge conformance/results.jsonl stress/results.jsonl --out merged

A shard that is missing or there twice, a part that was cut off and a second verdict on the same make the merged results red
(docs/stress-ci.md).

Exit code: 0 all is there and as declared, 1 it is not, 2 a file is no results file or the drains differ.`,
    )
    .action(async (files: string[], flags: MergeFlags) => exit(await mergeCommand(files, flags, streams)));
}
