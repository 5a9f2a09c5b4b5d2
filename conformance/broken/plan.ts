/** Which cells of the kill matrix are run. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Check } from '../check.js';
import { DIST } from '../runner/drains.js';
import { checkFile } from '../runner/run.js';
import { hashOf, SEEDS } from './matrix.js';
import { baseOf, type AnyFault } from './native-fault.js';

/** What the cell is for; lower ones are run first. */
export type Phase = 'own' | 'stepped' | 'free' | 'more seeds';
export const PHASES: readonly Phase[] = ['own', 'stepped', 'free', 'more seeds'];

/**
 * When this cell is run; undefined: never. A fault's own check is run with every seed; the stepped checks with the first
 * one, and with the others where a seed makes a difference; the free ones with the first, on drains that only
 * racing threads show to be broken.
 */
export function phaseOf(fault: AnyFault, check: Check, seed: number, free: ReadonlySet<string>): Phase | undefined {
  if (check.id === fault.requirement) return 'own';
  if (!free.has(check.id)) {
    if (seed === SEEDS[0]) return 'stepped';
    return check.generated === undefined ? undefined : 'more seeds';
  }
  const racing = baseOf(fault) === 'native' || fault.racy === true || free.has(fault.requirement);
  return racing && seed === SEEDS[0] ? 'free' : undefined;
}

/** Generated scenarios that a check other than the fault's own is given for each seed: the matrix would take hours with all. */
export const FOREIGN_RUNS = 20;

/** The check as it is run on this fault's drain. */
export function asRun(fault: AnyFault, check: Check): Check {
  if (check.generated === undefined || check.id === fault.requirement) return check;
  const { arbitrary, runs } = check.generated;
  return { ...check, generated: { arbitrary, runs: Math.min(runs, FOREIGN_RUNS) } };
}

/** The hash of a check's own source (compiled, where the source is not at hand). */
export function checkHash(id: string): string {
  const compiled = checkFile(id);
  const source = compiled.replace(DIST, join(DIST, '..')).replace(/\.js$/, '.ts');
  return hashOf(readFileSync(existsSync(source) ? source : compiled, 'utf8'));
}

/** What an own cell depends on beside its fault and its check: the sound drains, the host that plays them, and the judges. */
const JUDGED = [
  ...[
    'conformance/judge.ts',
    'conformance/checkers',
    'conformance/scenarios',
    'conformance/subject',
    'conformance/client',
  ],
  ...['spec', 'reference', 'native'],
];
const SOURCE = /\.(ts|cpp|hpp|h)$/;
const APART = /\.test\.ts$|^native\/(tests|build)\/|^spec\/(requirements|schemas|golden)\//;

/** The hash of all of that: with another one every broken drain has to be judged by its own check again. */
export function judgedHash(): string {
  const root = join(DIST, '..');
  const files = JUDGED.flatMap((name) =>
    SOURCE.test(name)
      ? [name]
      : readdirSync(join(root, name), { recursive: true, encoding: 'utf8' }).map((file) => `${name}/${file}`),
  ).filter((name) => SOURCE.test(name) && !APART.test(name));
  return hashOf(
    files
      .sort()
      .map((name) => `${name} ${hashOf(readFileSync(join(root, name), 'utf8'))}`)
      .join('\n'),
  );
}
