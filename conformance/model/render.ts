/** A failure of the model in words: the sequence, the promise, what was seen, and the command that replays it. */
import { DEFAULT_CONFIG, requirementById } from '../../spec/index.js';
import { describeFault } from '../faults.js';
import type { ModelFailure } from './check-model.js';

/** Records around the one that shows it. */
const BEFORE = 6;

function promise({ violation, fault, difference }: ModelFailure): string[] {
  if (violation !== undefined) {
    const requirement = requirementById(violation.requirement);
    return [
      `  ${violation.requirement}: ${requirement?.text ?? ''}`,
      `  ${violation.message}`,
      `  expected: ${violation.expected}`,
      `  seen:     ${violation.seen}`,
    ];
  }
  if (fault !== undefined) {
    const { message, expected, seen } = describeFault(fault);
    return [`  ${fault.kind}: ${message}`, `  expected: ${expected}`, `  seen:     ${seen}`];
  }
  return [
    `  The two drains tell different histories, from record ${difference!.at} on:`,
    `  first:  ${difference!.first}`,
    `  second: ${difference!.second}`,
  ];
}

/** The arguments that replay exactly this case. */
export const replayArguments = ({ seed, path, replayPath }: ModelFailure): string =>
  `--seed ${seed} --path ${path} --replay-path '${replayPath}'`;

/** `again`: the command, but for the case itself. */
export function renderModelFailure(failure: ModelFailure, again: string): string {
  const { setup, commands, history, violation, difference } = failure;
  const config = Object.entries(setup.config)
    .filter(([name, value]) => DEFAULT_CONFIG[name as keyof typeof DEFAULT_CONFIG] !== value)
    .map(([name, value]) => `${name} ${value}`);
  const at = violation?.at ?? difference?.at ?? history.length;
  const shown = history.slice(Math.max(0, at - BEFORE), at + 1);
  return [
    ...promise(failure),
    '',
    `  The shortest sequence found (${commands.length} commands, shrunk ${failure.shrinks} times):`,
    `    a drain of ${config.join(', ')}`,
    ...commands.map((command) => `    ${command}`),
    '    ... then: the sink is well, all let go, turns, stop()',
    '',
    '  What it told, to the record that shows it:',
    ...shown.map((record) => `    ${JSON.stringify(record)}`),
    '',
    `  Replay: ${again} ${replayArguments(failure)}`,
    '',
  ].join('\n');
}
