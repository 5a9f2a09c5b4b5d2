import { InvalidArgumentError, Option, type Command } from 'commander';
import { PROFILES } from '../stress/plan.js';
import type { Streams } from './program.js';
import { shardOf } from './shard.js';
import { stressCommand, type StressFlags } from './stress-command.js';

const collect = (value: string, before: string[] | undefined): string[] => [...(before ?? []), value];

function between(least: number, most: number, whole: boolean): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === '' || !(value >= least && value <= most) || (whole && !Number.isInteger(value)))
      throw new InvalidArgumentError(`Expected ${whole ? 'a whole number' : 'a number'} from ${least} to ${most}.`);
    return value;
  };
}

const DAY_S = 86_400;

/** Declares `drainproof stress`. */
export function addStress(program: Command, streams: Streams, exit: (code: number) => void): void {
  const profiles = Object.entries(PROFILES)
    .map(([name, { about }]) => `  ${name.padEnd(10)}${about}`)
    .join('\n');
  program
    .command('stress')
    .description('hold drains to the numeric targets, on real threads')
    .option('--impl <name|path>', "as for 'run'", collect)
    .addOption(new Option('--profile <name>', 'what is done').choices(Object.keys(PROFILES)).default('quick'))
    .option('--scenario <id>', 'only this scenario; repeatable', collect)
    .option('--saturation', 'the saturation curve: load stepped up until the P99 breaks its target')
    .option('--seconds <s>', 'of the measured part of each scenario', between(0.1, 7 * DAY_S, false))
    .option('--threads <n>', 'threads, where a scenario has one kind of them', between(1, 1024, true))
    .option('--rate <factor>', 'factor of all rates and bursts', between(0.001, 1000, false))
    .option('--repeats <n>', 'measurements of each scenario', between(1, 100, true))
    .option('--seed <n>', 'seed of the loads (default: a fresh one)', between(0, 2 ** 31 - 1, true))
    .option('--shard <i/n>', 'only the i-th of n parts (docs/stress-ci.md)', shardOf)
    .option('--out <dir>', 'where the reports go', 'reports/out/stress')
    .addHelpText(
      'after',
      `\nProfiles:\n${profiles}\n\nExit code: 0 every target met, 1 not so, 2 the command line is wrong. Ctrl-C ends it with a partial report.`,
    )
    .action(async (flags: StressFlags) => exit(await stressCommand(flags, streams)));
}
