import { InvalidArgumentError, type Command } from 'commander';
import type { Streams } from './program.js';
import { simulateCommand, type SimulateFlags } from './simulate-command.js';

function number(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value < 0)
    throw new InvalidArgumentError('Expected a number from 0.');
  return value;
}

function numbers(text: string): number[] {
  return text.split(',').map(number);
}

const several = (value: string, before: string[] | undefined): string[] => [...(before ?? []), ...value.split(',')];

/** Declares `drainproof simulate`. Ranges are checked with the load: a flag is refused as a field of a file is. */
export function addSimulate(program: Command, streams: Streams, exit: (code: number) => void): void {
  program
    .command('simulate')
    .description('the scheduler on its own, under a described load: what each policy makes of it, before anything runs')
    .argument('[load]', 'a described load as JSON (docs/tuning.md); without one: 64 threads that are always backlogged')
    .option('--threads <n>', 'how many threads', number)
    .option('--rate <n>', 'events of each thread per second', number)
    .option('--backlog [n]', 'always n events waiting in each lane (the default; 100000)', number)
    .option('--weights <list>', 'weights, for the threads in turn: 1,1,4', numbers)
    .option('--priorities <list>', 'classes 0 to 7, for the threads in turn', numbers)
    .option('--skip-chance <p>', 'chance that a visit finds the submit queue held, 0 to 1', number)
    .option('--policy <list>', 'policies to compare (default: all four; with nodes: round-robin)', several)
    .option('--quantum <n>', 'events a visit may take per unit of weight', number)
    .option('--max-skips <k>', 'skips after which a thread is first', number)
    .option('--age-after <a>', 'priority: missed iterations after which a thread rises', number)
    .option('--visit-ns <ns>', 'cost of a visit', number)
    .option('--event-ns <ns>', 'cost of an event', number)
    .option('--sink-ns <ns>', 'cost of a write of the sink', number)
    .option('--nodes <n>', 'memory nodes; threads are on them in turn (docs/numa.md)', number)
    .option('--remote-visit <factor>', 'how much more a visit to another node costs', number)
    .option('--remote-event <factor>', 'how much more an event of another node costs', number)
    .option('--move-ns <ns>', 'cost of a drain that changes its node', number)
    .option('--arrangement <list>', 'plain, node-order, per-node (default: all three with nodes)', several)
    .option('--visits <n>', 'ends after so many visits and skips (default: 100000)', number)
    .option('--duration <ms>', 'ends at this virtual time', number)
    .option('--seed <n>', 'seed of phases and held queues (default: 1)', number)
    .option('--out <file.svg>', 'draw share, wait and lag over time')
    .option('--json', 'one JSON object instead of tables')
    .addHelpText(
      'after',
      `
Examples:
  drainproof simulate --threads 64 --weights 1,1,1,4 --out weights.svg
  drainproof simulate load.json --policy priority,adaptive --quantum 64
  drainproof simulate --threads 1024 --nodes 4

Exit code: 0 it ran, 2 the command line or the file is wrong.`,
    )
    .action((file: string | undefined, flags: SimulateFlags) => exit(simulateCommand(file, flags, streams)));
}
