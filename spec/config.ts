import { DrainError } from './errors.js';

/** Scheduling policies of this version of the spec. */
export const POLICIES = ['round-robin', 'weighted-fair', 'priority', 'adaptive'] as const;
export type Policy = (typeof POLICIES)[number];

/** Configuration of a drain and its arena. The defaults below are its one home. */
export interface DrainConfig {
  /** Places in the registry: 1 to 65536. */
  readonly slots: number;
  /** Records of an index lane: a power of two, 2 to 2^24. */
  readonly indexCapacity: number;
  /** Records of a detail lane: 0 (no detail lane) or a power of two, 2 to 2^24. */
  readonly detailCapacity: number;
  /** Bytes of a detail record: a multiple of 8, 32 to 65536. */
  readonly detailRecordBytes: number;
  /** Records of a window: a power of two; at least two windows fit the lane. */
  readonly windowRecords: number;
  /** Windows before the open one that `mark()` marks: 0 to 65536. */
  readonly preRoll: number;
  /** Windows after the open one that `mark()` marks: 0 to 65536. */
  readonly postRoll: number;
  /** First value of every cursor (u32), to start an arena near its wrap. */
  readonly initialCursor: number;
  readonly policy: Policy;
  /** Events a visit may take per unit of weight: 1 to 2^24, at least 2 with a detail lane. Adaptive: what it begins with. */
  readonly quantum: number;
  /** Skips of a busy submit queue after which the thread is first in the next iteration (K): 0 to 1024. */
  readonly maxSkips: number;
  /** Visits that an iteration may make; 0: no limit. */
  readonly maxIterationVisits: number;
  /** No visit starts once an iteration has delivered this many events; 0: no limit. */
  readonly maxIterationEvents: number;
  /** No visit starts once an iteration has lasted this long, ns; 0: no limit. */
  readonly maxIterationNs: number;
  /** Longest back-off after sink failures, in iterations: 1 to 65536. */
  readonly maxBackoffIterations: number;
  /** A queue that is found held in every attempt for so long is reported as stuck, ns; 0: never. */
  readonly stuckAfterNs: number;
  /** Full visits after which a window of the fairness metrics ends (with the iteration): 1 to 2^24. */
  readonly fairnessWindowVisits: number;
  /** Priority: missed iterations after which a waiting thread rises by one class (A): 1 to 65536. */
  readonly ageAfter: number;
  /** Adaptive: limits of the quantum, as `quantum`; min <= max. */
  readonly quantumMin: number;
  readonly quantumMax: number;
  /** Adaptive: limits of the events in one batch: 1 to 2^24; min <= max. */
  readonly batchMin: number;
  readonly batchMax: number;
  /** Adaptive: how long an iteration is to take at most, ns: 1 to 2^53 - 1. */
  readonly targetIterationNs: number;
  /** Adaptive: how long one write of the sink is to take at most, ns: 1 to 2^53 - 1. */
  readonly targetWriteNs: number;
}

/** Fields that the arena fixes; all others are this drain's own, and `configure()` may change them. */
export const ARENA_FIELDS = [
  'slots',
  'indexCapacity',
  'detailCapacity',
  'detailRecordBytes',
  'windowRecords',
  'preRoll',
  'postRoll',
  'initialCursor',
] as const satisfies readonly (keyof DrainConfig)[];
export type ArenaField = (typeof ARENA_FIELDS)[number];
/** What `configure()` may change. */
export type SchedulingConfig = Omit<DrainConfig, ArenaField>;

/** The defaults. */
export const DEFAULT_CONFIG: DrainConfig = Object.freeze({
  slots: 64,
  indexCapacity: 1024,
  detailCapacity: 64,
  detailRecordBytes: 512,
  windowRecords: 8,
  preRoll: 1,
  postRoll: 1,
  initialCursor: 0,
  policy: 'round-robin',
  quantum: 256,
  maxSkips: 4,
  maxIterationVisits: 0,
  maxIterationEvents: 0,
  maxIterationNs: 0,
  maxBackoffIterations: 64,
  stuckAfterNs: 1_000_000_000,
  fairnessWindowVisits: 1000,
  ageAfter: 4,
  quantumMin: 16,
  quantumMax: 4096,
  batchMin: 16,
  batchMax: 4096,
  targetIterationNs: 2_000_000,
  targetWriteNs: 200_000,
});

/** Deadline of `stop()` when none is given: 5 s. */
export const DEFAULT_STOP_DEADLINE_NS = 5_000_000_000;
/** First and longest pause between fruitless passes of `stop()`, ns; each pause doubles the one before. */
export const STOP_PAUSE_NS = { first: 1_000_000, longest: 50_000_000 } as const;
/** Longest sleep of a drain thread that found nothing to do, ms: a lost wake-up costs at most this. */
export const DEFAULT_SLEEP_MS = 5;
/** Weight of a thread that states none. */
export const DEFAULT_WEIGHT = 1;
export const MAX_WEIGHT = 1024;
/** Classes of the policy `priority`: 0 to 7, the highest first. */
export const PRIORITY_CLASSES = 8;
/** Priority of a thread that states none. */
export const DEFAULT_PRIORITY = 0;
/**
 * Adaptive: the quantum or batch is doubled (halved) after so many iterations in a row that ask for it.
 * Growing is quick, so that a burst finds room; shrinking is slow, so that a short lull costs nothing.
 */
export const ADAPT_AFTER = { growQuantum: 2, shrinkQuantum: 8, growBatch: 8, shrinkBatch: 2 } as const;
export const MAX_CAPACITY = 1 << 24;

/**
 * What each count of a configuration is at least, in any system: a recorded one may exceed the limits of this spec, and
 * need not be a power of two.
 */
export const LEAST_COUNTS = Object.freeze({
  slots: 1,
  indexCapacity: 1,
  detailCapacity: 0,
  detailRecordBytes: 1,
  windowRecords: 1,
  preRoll: 0,
  postRoll: 0,
  quantum: 1,
  maxSkips: 0,
  maxIterationVisits: 0,
  maxIterationEvents: 0,
  maxBackoffIterations: 1,
  fairnessWindowVisits: 1,
  ageAfter: 1,
  quantumMin: 1,
  quantumMax: 1,
  batchMin: 1,
  batchMax: 1,
} satisfies Partial<Record<keyof DrainConfig, number>>);

/** The first count that no system can have been configured with, and what it is at least. */
export function impossibleCount(
  config: Readonly<Record<string, unknown>>,
): { readonly field: keyof typeof LEAST_COUNTS; readonly value: number; readonly least: number } | undefined {
  for (const [name, least] of Object.entries(LEAST_COUNTS)) {
    const field = name as keyof typeof LEAST_COUNTS;
    const value = config[field];
    if (typeof value === 'number' && !isInteger(value, least, Number.MAX_SAFE_INTEGER)) return { field, value, least };
  }
  return undefined;
}

const isInteger = (value: unknown, from: number, to: number): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= from && value <= to;
const isPowerOfTwo = (value: number): boolean => (value & (value - 1)) === 0;

/**
 * The configuration with its defaults filled in.
 * @throws DrainError with the code of the first field that is out of its range.
 */
export function resolveConfig(partial: Partial<DrainConfig> = {}): DrainConfig {
  const config = { ...DEFAULT_CONFIG, ...partial };
  const require = (ok: boolean, code: ConstructorParameters<typeof DrainError>[0], field: keyof DrainConfig): void => {
    if (!ok) throw new DrainError(code, `${field} is ${String(config[field])}`);
  };
  for (const key of Object.keys(partial)) {
    if (!(key in DEFAULT_CONFIG))
      throw new DrainError('INVALID_ARGUMENT', `configuration has the unknown field '${key}'`);
  }
  require(isInteger(config.slots, 1, 65536), 'INVALID_SLOTS', 'slots');
  require(isInteger(config.indexCapacity, 2, MAX_CAPACITY) &&
    isPowerOfTwo(config.indexCapacity), 'INVALID_CAPACITY', 'indexCapacity');
  require(config.detailCapacity === 0 ||
    (isInteger(config.detailCapacity, 2, MAX_CAPACITY) &&
      isPowerOfTwo(config.detailCapacity)), 'INVALID_CAPACITY', 'detailCapacity');
  require(isInteger(config.detailRecordBytes, 32, 65536) &&
    config.detailRecordBytes % 8 === 0, 'INVALID_RECORD_BYTES', 'detailRecordBytes');
  require(isInteger(config.windowRecords, 1, MAX_CAPACITY), 'INVALID_WINDOW', 'windowRecords');
  if (config.detailCapacity > 0) {
    require(isInteger(config.windowRecords, 1, config.detailCapacity / 2) &&
      isPowerOfTwo(config.windowRecords), 'INVALID_WINDOW', 'windowRecords');
  }
  require(isInteger(config.preRoll, 0, 65536), 'INVALID_WINDOW', 'preRoll');
  require(isInteger(config.postRoll, 0, 65536), 'INVALID_WINDOW', 'postRoll');
  require(isInteger(config.initialCursor, 0, 0xffff_ffff), 'INVALID_ARGUMENT', 'initialCursor');
  require(POLICIES.includes(config.policy), 'UNKNOWN_POLICY', 'policy');
  require(isInteger(config.quantum, config.detailCapacity > 0 ? 2 : 1, MAX_CAPACITY), 'INVALID_QUANTUM', 'quantum');
  require(isInteger(config.maxSkips, 0, 1024), 'INVALID_ARGUMENT', 'maxSkips');
  require(isInteger(config.maxIterationVisits, 0, 0xffff_ffff), 'INVALID_ARGUMENT', 'maxIterationVisits');
  require(isInteger(config.maxIterationEvents, 0, 0xffff_ffff), 'INVALID_ARGUMENT', 'maxIterationEvents');
  require(isInteger(config.maxIterationNs, 0, Number.MAX_SAFE_INTEGER), 'INVALID_ARGUMENT', 'maxIterationNs');
  require(isInteger(config.maxBackoffIterations, 1, 65536), 'INVALID_ARGUMENT', 'maxBackoffIterations');
  require(isInteger(config.stuckAfterNs, 0, Number.MAX_SAFE_INTEGER), 'INVALID_ARGUMENT', 'stuckAfterNs');
  require(isInteger(config.fairnessWindowVisits, 1, MAX_CAPACITY), 'INVALID_ARGUMENT', 'fairnessWindowVisits');
  require(isInteger(config.ageAfter, 1, 65536), 'INVALID_ARGUMENT', 'ageAfter');
  const leastQuantum = config.detailCapacity > 0 ? 2 : 1;
  require(isInteger(config.quantumMin, leastQuantum, MAX_CAPACITY), 'INVALID_QUANTUM', 'quantumMin');
  require(isInteger(config.quantumMax, config.quantumMin, MAX_CAPACITY), 'INVALID_QUANTUM', 'quantumMax');
  require(isInteger(config.batchMin, 1, MAX_CAPACITY), 'INVALID_ARGUMENT', 'batchMin');
  require(isInteger(config.batchMax, config.batchMin, MAX_CAPACITY), 'INVALID_ARGUMENT', 'batchMax');
  require(isInteger(config.targetIterationNs, 1, Number.MAX_SAFE_INTEGER), 'INVALID_ARGUMENT', 'targetIterationNs');
  require(isInteger(config.targetWriteNs, 1, Number.MAX_SAFE_INTEGER), 'INVALID_ARGUMENT', 'targetWriteNs');
  return Object.freeze(config);
}

/**
 * The configuration with some fields changed, as `configure()` does.
 * @throws DrainError INVALID_ARGUMENT for a field that the arena fixes, else as resolveConfig.
 */
export function changedConfig(config: DrainConfig, changes: Partial<DrainConfig>): DrainConfig {
  for (const field of ARENA_FIELDS) {
    if (field in changes && changes[field] !== config[field])
      throw new DrainError(
        'INVALID_ARGUMENT',
        `${field} cannot be changed to ${String(changes[field])}: the arena fixes it`,
      );
  }
  return resolveConfig({ ...config, ...changes });
}

/** Throws INVALID_PRIORITY unless `priority` is an integer from 0 to 7. */
export function checkPriority(priority: number): void {
  if (!isInteger(priority, 0, PRIORITY_CLASSES - 1))
    throw new DrainError('INVALID_PRIORITY', `priority is ${String(priority)}`);
}

/** Throws INVALID_WEIGHT unless `weight` is an integer from 1 to 1024. */
export function checkWeight(weight: number): void {
  if (!isInteger(weight, 1, MAX_WEIGHT)) throw new DrainError('INVALID_WEIGHT', `weight is ${String(weight)}`);
}
