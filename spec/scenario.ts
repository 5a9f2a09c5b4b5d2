/**
 * The scenario language, version 1: what happens to a drain, and when.
 *
 * *Stepped*: the host performs the steps one after another; deterministic. `duringBatch` gives steps that
 * happen while the n-th call of `sink.write` is under way (0-based, over the whole scenario), before the host reads the batch.
 * *Free*: real threads run their programs while the host turns the drain.
 * Threads are named by their thread id, a number of the scenario's choosing that is never used twice.
 */
import { z } from 'zod';
import { ThreadProgram } from './load.js';

export const SCENARIO_VERSION = 1;

const count = z.int().nonnegative();
const lane = z.enum(['index', 'detail']);
const drain = count.default(0);

/** Fields of DrainConfig that a scenario sets; out-of-range values are allowed: refusing them is the drain's work. */
export const ScenarioConfig = z.record(z.string(), z.union([z.number(), z.string()]));

export const ARENA_CHANGES = [
  'none',
  'magic',
  'version',
  'checksum',
  'truncate',
  'empty',
  'geometry',
  'more-slots',
  'other-capacity',
] as const;

export const Step = z.discriminatedUnion('op', [
  z.strictObject({
    op: z.literal('register'),
    thread: count,
    weight: z.number().optional(),
    priority: z.number().optional(),
  }),
  /** `timeoutMs`: each emit may wait so long for room. */
  z.strictObject({
    op: z.literal('emit'),
    thread: count,
    lane,
    count: count.default(1),
    timeoutMs: z.int().positive().optional(),
  }),
  /** An emit of a record with the wrong size. */
  z.strictObject({ op: z.literal('emitSize'), thread: count, lane, bytes: count }),
  z.strictObject({
    op: z.literal('submit'),
    thread: count,
    index: count,
    detail: count.default(0),
    timeoutMs: z.int().positive().optional(),
  }),
  z.strictObject({ op: z.literal('begin'), thread: count, index: count, detail: count.default(0) }),
  z.strictObject({ op: z.literal('commit'), thread: count }),
  z.strictObject({ op: z.literal('mark'), thread: count }),
  z.strictObject({ op: z.literal('seal'), thread: count }),
  z.strictObject({ op: z.literal('leave'), thread: count }),
  z.strictObject({ op: z.literal('setWeight'), thread: count, weight: z.number() }),
  z.strictObject({ op: z.literal('setPriority'), thread: count, priority: z.number() }),
  /** The thread does nothing more, whatever it was in the middle of. */
  z.strictObject({ op: z.literal('kill'), thread: count }),
  z.strictObject({ op: z.literal('declareDead'), thread: count }),
  /** `times` iterations of a drain. */
  z.strictObject({ op: z.literal('turn'), times: count.default(1), drain }),
  /** Iterations until one delivers, skips and reclaims nothing, at most `limit`. */
  z.strictObject({ op: z.literal('settle'), limit: count.default(64), drain }),
  z.strictObject({ op: z.literal('openDrain'), drain: z.int().positive() }),
  z.strictObject({ op: z.literal('acquire'), thread: count, drain }),
  z.strictObject({ op: z.literal('release'), thread: count, drain }),
  z.strictObject({ op: z.literal('visit'), thread: count, maxEvents: z.number(), drain }),
  /** From here on (`times` writes, if given, then accept again); for one thread only if given. `costNs`: what a write takes. */
  z.strictObject({
    op: z.literal('sink'),
    behaviour: z.enum(['accept', 'throw', 'refuse', 'partial', 'nonsense']),
    take: count.optional(),
    times: count.optional(),
    thread: count.optional(),
    costNs: count.optional(),
  }),
  z.strictObject({ op: z.literal('advance'), ns: count }),
  z.strictObject({ op: z.literal('stop'), deadlineNs: count.optional(), drain }),
  z.strictObject({ op: z.literal('metrics'), drain }),
  /** configure() with these fields. */
  z.strictObject({ op: z.literal('configure'), changes: ScenarioConfig, drain }),
  /** A new drain is asked to attach to the arena, changed in this way. */
  z.strictObject({ op: z.literal('attach'), change: z.enum(ARENA_CHANGES) }),
]);
export type Step = z.output<typeof Step>;
export type StepInput = z.input<typeof Step>;

export const SteppedScenario = z.strictObject({
  version: z.literal(SCENARIO_VERSION).default(SCENARIO_VERSION),
  mode: z.literal('stepped'),
  config: ScenarioConfig.default({}),
  steps: z.array(Step),
  duringBatch: z.array(z.strictObject({ write: count, steps: z.array(Step) })).default([]),
  /** auto: one thread drives all handles if the drain declares them movable; real: every logical thread is a real one. */
  threads: z.enum(['auto', 'real']).default('auto'),
});
export type SteppedScenario = z.output<typeof SteppedScenario>;

export const FreeScenario = z.strictObject({
  version: z.literal(SCENARIO_VERSION).default(SCENARIO_VERSION),
  mode: z.literal('free'),
  config: ScenarioConfig.default({}),
  /** own: the drain's own producers; workers: worker threads of the reference; native: threads of the native drain. */
  producers: z.enum(['own', 'workers', 'native']).default('own'),
  programs: z.array(ThreadProgram).min(1),
  /** Every n-th write throws / takes half. 0: never. */
  throwEvery: count.default(0),
  partialEvery: count.default(0),
  /** stop() once so many events were delivered, while producers still run (0: stop when they have ended). */
  stopAfter: count.default(0),
  /** The drain is not turned before the metrics say that so many events were accepted (capability `metrics`). */
  startAfter: count.default(0),
  /** A `window` record whenever so many events more were delivered, with the capability `metrics`. 0: none. */
  windowEvents: count.default(0),
  /** turn: iterate without a pause; sleep: waitForWork between fruitless iterations. */
  pace: z.enum(['turn', 'sleep']).default('sleep'),
  /** The host gives up when nothing was delivered for so long, ms. */
  stallMs: z.int().positive().default(10_000),
});
export type FreeScenario = z.output<typeof FreeScenario>;

export const Scenario = z.discriminatedUnion('mode', [SteppedScenario, FreeScenario]);
export type Scenario = z.output<typeof Scenario>;
export type ScenarioInput = z.input<typeof Scenario>;
