import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import {
  ARRANGEMENTS,
  LoadError,
  checkLoad,
  drawSimulation,
  jsonOf,
  renderSimulation,
  simulate,
  type Arrangement,
  type Load,
} from '../simulate/index.js';
import { POLICIES, type Policy } from '../spec/index.js';
import { EXIT, type Streams } from './program.js';
import { UsageError, closest } from './select.js';
import { groupsOf, type LoadFlags } from './simulate-groups.js';

/** Flags of `drainproof simulate`. */
export interface SimulateFlags extends LoadFlags {
  readonly policy?: string[];
  readonly arrangement?: string[];
  readonly quantum?: number;
  readonly maxSkips?: number;
  readonly ageAfter?: number;
  readonly visitNs?: number;
  readonly eventNs?: number;
  readonly sinkNs?: number;
  readonly nodes?: number;
  readonly remoteVisit?: number;
  readonly remoteEvent?: number;
  readonly moveNs?: number;
  readonly visits?: number;
  readonly duration?: number;
  readonly seed?: number;
  readonly out?: string;
  readonly json?: boolean;
}

/** `drainproof simulate`: what each policy makes of a load; the result is the exit code. */
export function simulateCommand(file: string | undefined, flags: SimulateFlags, streams: Streams): number {
  const load = loadOf(file, flags);
  const nodes = load.numa.nodes > 1;
  const policies = named('policy', flags.policy ?? (nodes ? ['round-robin'] : [...POLICIES]), POLICIES) as Policy[];
  const known = Object.keys(ARRANGEMENTS) as Arrangement[];
  const arrangements = named('arrangement', flags.arrangement ?? (nodes ? known : ['plain']), known) as Arrangement[];
  const results = policies.flatMap((policy) => arrangements.map((arrangement) => simulate(load, policy, arrangement)));
  if (flags.out !== undefined) write(flags.out, drawSimulation(load, results));
  if (flags.json === true) streams.out.write(`${JSON.stringify({ load, results })}\n`);
  else {
    streams.out.write(`\n${renderSimulation(load, results)}`);
    if (flags.out !== undefined) streams.out.write(`\n  ${flags.out}\n`);
  }
  return EXIT.asDeclared;
}

/** The file's load with what the flags say instead, or one that is of flags only. */
function loadOf(file: string | undefined, flags: SimulateFlags): Load {
  const source = file ?? 'the command line';
  const groups = groupsOf(flags);
  if (file !== undefined && groups !== undefined)
    throw new UsageError(`${file} describes the threads; --threads and its like do so without a file.`);
  const base = (
    file === undefined ? { version: 1, groups: groups ?? groupsOf({ threads: 64 }) } : jsonOf(read(file), file)
  ) as Record<string, unknown>;
  return checkLoad(
    {
      ...base,
      ...section(base, 'costs', { visitNs: flags.visitNs, eventNs: flags.eventNs, sinkNs: flags.sinkNs }),
      ...section(base, 'numa', {
        nodes: flags.nodes,
        remoteVisitFactor: flags.remoteVisit,
        remoteEventFactor: flags.remoteEvent,
        moveNs: flags.moveNs,
      }),
      ...section(base, 'config', { quantum: flags.quantum, maxSkips: flags.maxSkips, ageAfter: flags.ageAfter }),
      ...given({
        visits: flags.visits ?? (flags.duration === undefined || 'visits' in base ? undefined : MOST_VISITS),
        durationNs: flags.duration === undefined ? undefined : flags.duration * 1e6,
        seed: flags.seed,
      }),
    },
    source,
  );
}

/** When only a duration is given: it is what ends the run. */
const MOST_VISITS = 20_000_000;

const given = (values: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));

/** A section of the file with some fields replaced; a section that is no object is left to checkLoad to refuse. */
function section(
  base: Record<string, unknown>,
  name: string,
  values: Record<string, unknown>,
): Record<string, unknown> {
  const present = given(values);
  if (Object.keys(present).length === 0) return {};
  const before = base[name];
  if (before !== undefined && (typeof before !== 'object' || before === null)) return {};
  return { [name]: { ...before, ...present } };
}

function named(kind: string, names: readonly string[], known: readonly string[]): string[] {
  for (const name of names) {
    if (known.includes(name)) continue;
    const meant = closest(name, known);
    throw new UsageError(
      `There is no ${kind} '${name}'.${meant === undefined ? '' : ` Did you mean '${meant}'?`} There are ${known.join(', ')}.`,
    );
  }
  return [...new Set(names)];
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new LoadError(
      file,
      {
        wrong: `it cannot be read (${(cause as NodeJS.ErrnoException).code})`,
        expected: 'a described load as JSON',
        action: 'check the path; docs/tuning.md shows an example',
      },
      { cause },
    );
  }
}

function write(file: string, text: string): void {
  const path = resolve(file);
  try {
    if (!existsSync(dirname(path))) mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  } catch (cause) {
    throw new UsageError(`${file} cannot be written (${(cause as NodeJS.ErrnoException).code}).`, { cause });
  }
}
