/** A described load: who produces how much, what a drain's steps cost, and how long to look. All times are virtual, ns. */
import { z } from 'zod';
import {
  DEFAULT_CONFIG,
  DrainError,
  MAX_WEIGHT,
  PRIORITY_CLASSES,
  changedConfig,
  type DrainConfig,
} from '../spec/index.js';
import { LoadError } from './load-error.js';

const LONGEST_NS = 1e13;
const time = z.number().nonnegative().max(LONGEST_NS);
const cost = z.number().nonnegative().max(1e9);

/** How the events of one thread come. */
export const Arrivals = z.discriminatedUnion('kind', [
  /** One after another, evenly. `rate`: events of one thread per second. */
  z.strictObject({ kind: z.literal('steady'), rate: z.number().positive().max(1e9) }),
  z.strictObject({
    kind: z.literal('burst'),
    events: z.int().min(1).max(1e9),
    everyNs: z.number().min(1).max(LONGEST_NS),
  }),
  /** Its lane is refilled at once: at every visit `pending` events wait. */
  z.strictObject({ kind: z.literal('backlogged'), pending: z.int().min(1).max(1e9).default(100_000) }),
]);
export type Arrivals = z.output<typeof Arrivals>;

/** Threads of one kind. */
export const LoadGroup = z.strictObject({
  name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9 ._:+-]{0,23}$/, 'a name of 1 to 24 letters, digits, blanks and ._:+-'),
  count: z.int().min(1).max(65_536),
  weight: z.int().min(1).max(MAX_WEIGHT).default(1),
  priority: z
    .int()
    .min(0)
    .max(PRIORITY_CLASSES - 1)
    .default(0),
  arrivals: Arrivals,
  /** Chance that a visit finds the submit queue held. */
  heldChance: z.number().min(0).max(1).default(0),
  joinNs: time.default(0),
  /** Absent: it stays. */
  leaveNs: time.optional(),
  /** Where its threads run; absent: on all nodes in turn. */
  node: z.int().min(0).max(63).optional(),
});
export type LoadGroup = z.output<typeof LoadGroup>;

/** What a drain's steps cost, ns. */
export const Costs = z.strictObject({
  /** Choosing a thread, taking its queue, loading and storing its cursors. */
  visitNs: cost.min(1).default(100),
  /** Moving one event. */
  eventNs: cost.default(5),
  /** One write of the sink, whatever it holds. */
  sinkNs: cost.default(200),
  /** Finding a queue held. */
  skipNs: cost.min(1).default(30),
});
export type Costs = z.output<typeof Costs>;

/** Several memory nodes; docs/numa.md tells where the factors come from. */
export const Numa = z.strictObject({
  nodes: z.int().min(1).max(64).default(1),
  /** A visit costs so many times as much when thread and drain are on different nodes. */
  remoteVisitFactor: z.number().min(1).max(100).default(2.1),
  /** The same of each event. */
  remoteEventFactor: z.number().min(1).max(100).default(1.6),
  /** A drain that changes its node, ns. */
  moveNs: cost.default(20_000),
});
export type Numa = z.output<typeof Numa>;

const size = z.int().optional();
/** What of a drain's configuration matters here; ranges are those of spec/config.ts. */
const Limits = z.strictObject({
  quantum: size,
  maxSkips: size,
  maxIterationVisits: size,
  maxIterationEvents: size,
  maxIterationNs: size,
  fairnessWindowVisits: size,
  ageAfter: size,
  quantumMin: size,
  quantumMax: size,
  batchMin: size,
  batchMax: size,
  targetIterationNs: size,
  targetWriteNs: size,
});

export const Load = z.strictObject({
  version: z.literal(1),
  groups: z.array(LoadGroup).min(1).max(16),
  costs: Costs.prefault({}),
  numa: Numa.prefault({}),
  config: Limits.prefault({}),
  seed: z
    .int()
    .min(0)
    .max(2 ** 32 - 1)
    .default(1),
  /** Ends after so many visits and skips. */
  visits: z.int().min(1).max(20_000_000).default(100_000),
  /** Ends at this virtual time, if the visits are not made before; absent: never. */
  durationNs: z.number().min(1).max(LONGEST_NS).optional(),
});
export type Load = z.output<typeof Load>;
export type LoadInput = z.input<typeof Load>;

/** The most threads of a load. */
const MOST_THREADS = 65_536;

/**
 * A load with its defaults filled in.
 * @param source what messages call it: a file's name, or 'the command line'
 * @throws LoadError
 */
export function checkLoad(value: unknown, source: string): Load {
  const refuse = (wrong: string, expected: string, cause?: unknown): LoadError =>
    new LoadError(source, { wrong, expected, action: 'docs/tuning.md shows an example' }, { cause });
  const checked = Load.safeParse(value);
  if (!checked.success) {
    const issue = checked.error.issues[0]!;
    const where = issue.path.map(String).join('.');
    throw refuse(`${where === '' ? 'the load' : where}: ${issue.message}`, 'what simulate/load.ts states');
  }
  const load = checked.data;
  const names = new Set<string>();
  for (const { name, node, joinNs, leaveNs } of load.groups) {
    if (names.has(name)) throw refuse(`two groups are called '${name}'`, 'a name for each');
    names.add(name);
    if (node !== undefined && node >= load.numa.nodes)
      throw refuse(`group '${name}' runs on node ${node}`, `one of ${load.numa.nodes} nodes, from 0`);
    if (leaveNs !== undefined && leaveNs <= joinNs)
      throw refuse(`group '${name}' leaves at ${leaveNs} ns`, `a time after it joins, at ${joinNs} ns`);
  }
  const threads = load.groups.reduce((sum, { count }) => sum + count, 0);
  if (threads > MOST_THREADS) throw refuse(`it has ${threads} threads`, `at most ${MOST_THREADS}`);
  try {
    configOf(load);
  } catch (cause) {
    if (!(cause instanceof DrainError)) throw cause;
    throw refuse(`config: ${cause.message}`, 'what spec/config.ts states', cause);
  }
  return load;
}

/** The drain's configuration under this load. @throws DrainError */
export function configOf({ config }: Load): DrainConfig {
  const given = Object.entries(config).filter(([, value]) => value !== undefined);
  return changedConfig({ ...DEFAULT_CONFIG, detailCapacity: 0 }, Object.fromEntries(given));
}

/** The load of a file's text. @throws LoadError */
export function parseLoad(text: string, source: string): Load {
  return checkLoad(jsonOf(text, source), source);
}

/** @throws LoadError when the text is no JSON object */
export function jsonOf(text: string, source: string): object {
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\ufeff/, ''));
  } catch (cause) {
    const wrong = `it is no JSON (${(cause as Error).message})`;
    throw new LoadError(source, { wrong, expected: 'one JSON object', action: 'mend it by hand' }, { cause });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new LoadError(source, {
      wrong: 'it is no JSON object',
      expected: 'a load',
      action: 'docs/tuning.md shows an example',
    });
  return value;
}
