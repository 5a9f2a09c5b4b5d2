/**
 * Stress formats, version 1: a load on real threads, and what was measured under it. A program in any language can be measured: its
 * subject answers `measure` beside what spec/protocol.ts asks for.
 *
 *     host:    {"type":"measure","id":1,"load":{...}}
 *     subject: {"type":"progress","id":1,...}     any number of these, at least one every 2 s
 *     subject: {"type":"measured","id":1,"result":{...}}
 *     host:    {"type":"halt","id":1}             at any time: end early and answer with what there is
 *
 * A subject that cannot answers {"type":"failed",...}: it is not measured.
 */
import { z } from 'zod';

export const STRESS_VERSION = 1;

const count = z.int().nonnegative();
const ms = z.number().nonnegative();

/** How the events of one thread come. */
export const StressArrivals = z.discriminatedUnion('kind', [
  /** Open loop: at each tick what is due by then, whether or not the drain keeps up. `rate`: events of one thread per second. */
  z.strictObject({
    kind: z.literal('open'),
    rate: z.number().positive().max(1e8),
    tickMs: z.number().min(0.1).max(60_000),
  }),
  /** Closed loop: as fast as its lane takes them. `events`: of one thread in all; 0: until the end. */
  z.strictObject({ kind: z.literal('closed'), events: count.default(0) }),
  /** So many at once, and again after `everyMs`. */
  z.strictObject({
    kind: z.literal('burst'),
    events: z.int().min(1).max(1e8),
    everyMs: z.number().min(1).max(600_000),
  }),
]);
export type StressArrivals = z.output<typeof StressArrivals>;

/** Threads of one kind. */
export const StressGroup = z.strictObject({
  threads: z.int().min(1).max(1024),
  arrivals: StressArrivals,
  weight: z.int().min(1).max(1024).default(1),
  /** A full lane: wait for room (what is due meanwhile is late, and counts as latency), or drop the event and count it. */
  whenFull: z.enum(['wait', 'drop']).default('wait'),
  /** Since the load began; with `stepMs` each further thread joins so much later. */
  joinMs: ms.default(0),
  stepMs: ms.default(0),
  /** When the last thread leaves, each earlier one `stepMs` before the next; absent: at the end. */
  leaveMs: ms.optional(),
  /** Events of one life, drawn between these; absent: one life. A thread that has emitted them leaves and joins again at once. */
  life: z.strictObject({ least: z.int().min(1).max(1e6), most: z.int().min(1).max(1e6) }).optional(),
  /** Lives of one thread; 0: until the end. */
  lives: count.default(0),
});
export type StressGroup = z.output<typeof StressGroup>;

export const StressSink = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('memory') }),
  /** Takes so long for every event. */
  z.strictObject({ kind: z.literal('slow'), nsPerEvent: z.number().positive().max(1e9) }),
  /** Takes everything for `upMs`, throws for `downMs`, and so on. */
  z.strictObject({ kind: z.literal('intermittent'), upMs: z.number().min(1), downMs: z.number().min(1) }),
]);
export type StressSink = z.output<typeof StressSink>;

export const StressLoad = z.strictObject({
  version: z.literal(STRESS_VERSION),
  /** Of the drain; what is not named is as spec/config.ts states. */
  config: z.record(z.string(), z.union([z.number(), z.string()])).prefault({}),
  groups: z.array(StressGroup).min(1).max(64),
  /** Who emits: threads of the subject's own language, or the drain's native threads (capability producer-threads; closed loops of so many events only). */
  producers: z.enum(['workers', 'native']).default('workers'),
  sink: StressSink.prefault({ kind: 'memory' }),
  /** The drain pauses so long after an iteration that delivered, so that work gathers. */
  gatherMs: ms.default(0),
  /** Longest sleep when there is nothing to do. */
  sleepMs: z.number().min(1).default(5),
  warmupMs: ms.default(0),
  /** After the warm-up. A load whose threads have all ended ends sooner. */
  durationMs: z
    .number()
    .min(1)
    .max(7 * 24 * 3_600_000),
  /** Shares, rates and latencies are told of windows of this length. */
  windowMs: z.number().min(10).default(1000),
  seed: z
    .int()
    .min(0)
    .max(2 ** 32 - 1)
    .default(1),
});
export type StressLoad = z.output<typeof StressLoad>;
export type StressLoadInput = z.input<typeof StressLoad>;

/** A distribution of times. */
export const Distribution = z.strictObject({
  count: count,
  minMs: ms,
  meanMs: ms,
  maxMs: ms,
  /** [percentile, ms], rising. */
  percentiles: z.array(z.tuple([z.number().min(0).max(100), ms])),
});
export type Distribution = z.output<typeof Distribution>;

/** A stretch of the measured part. */
export const StressWindow = z.strictObject({
  /** Its end, since the load began. */
  atMs: ms,
  delivered: count,
  eventsPerSecond: z.number().nonnegative(),
  /** Over delivered / ideal of the threads with demand; absent: fewer than two had any. */
  jain: z.number().optional(),
  minShare: z.number().optional(),
  p50Ms: ms.optional(),
  p99Ms: ms.optional(),
  /** Of the subject's process. */
  rssBytes: count,
  /** Heap in use of the drain's thread with what it holds outside of the heap; measured after a collection where the subject can make one. */
  heapBytes: count,
  /** Lives that had begun. */
  lives: count,
});
export type StressWindow = z.output<typeof StressWindow>;

/** What the producers were told, what the sink was handed, and what the drain says of itself. */
export const StressLedger = z.strictObject({
  attempted: count,
  accepted: count,
  /** Attempts that were turned away for good. */
  rejected: count,
  /** Attempts that were turned away and made again. */
  retries: count,
  delivered: count,
  lost: count,
  duplicated: count,
  /** Delivered out of order, torn, or of a thread that emitted no such event. */
  wrong: count,
  /** The drain's own counts (capability metrics). */
  told: z
    .strictObject({ accepted: count, rejected: count, delivered: count, pending: count, evicted: count, left: count })
    .optional(),
});
export type StressLedger = z.output<typeof StressLedger>;

export const StressResult = z.strictObject({
  /** The whole load was played: it was neither halted nor did it stand still. */
  complete: z.boolean(),
  /** Of the measured part. */
  wallMs: ms,
  threads: count,
  /** Registrations. */
  lives: count,
  ledger: StressLedger,
  /** Of the measured part. */
  eventsPerSecond: z.number().nonnegative(),
  /** From an event's own timestamp to its delivery. An open loop's timestamp is when the thread was there to emit it: waiting for room moves none. */
  latency: Distribution.optional(),
  /** From when the schedule had the event due. */
  scheduled: Distribution.optional(),
  /** How late the machine woke the threads. */
  lateness: Distribution.optional(),
  /** Bursts: until the last event of each was delivered. */
  recoveriesMs: z.array(ms).default([]),
  /** The drain's thread alone, by the operating system's accounting; absent where it keeps none. */
  cpu: z
    .strictObject({
      drainMs: ms,
      /** Ready to run, while others had the processor. */
      waitedMs: ms,
      wallMs: ms,
    })
    .optional(),
  /** Jain and smallest share of the whole measured part. */
  jain: z.number().optional(),
  minShare: z.number().optional(),
  windows: z.array(StressWindow),
  /** What was wrong, in words. */
  problems: z.array(z.string()).default([]),
});
export type StressResult = z.output<typeof StressResult>;

/** A result as it would be if the load ended now; its ledger and its windows are told beside it. */
export const StressSoFar = StressResult.omit({ ledger: true, windows: true });
export type StressSoFar = z.output<typeof StressSoFar>;

/** Live figures. */
export const StressProgress = z.strictObject({
  type: z.literal('progress'),
  id: z.int(),
  elapsedMs: ms,
  delivered: count,
  eventsPerSecond: z.number().nonnegative(),
  threads: count,
  /** The windows that have ended since the last one. */
  windows: z.array(StressWindow).default([]),
  /** As it stands; what is accepted and not yet delivered is no loss. */
  ledger: StressLedger.optional(),
  /** Of the measured part; absent before it, and where the load is short. */
  soFar: StressSoFar.optional(),
});
export type StressProgress = z.output<typeof StressProgress>;

export const StressRequest = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('measure'), id: z.int(), load: StressLoad }),
  z.strictObject({ type: z.literal('halt'), id: z.int() }),
]);
export type StressRequest = z.output<typeof StressRequest>;

export const StressAnswer = z.discriminatedUnion('type', [
  StressProgress,
  z.strictObject({ type: z.literal('measured'), id: z.int(), result: StressResult }),
]);
export type StressAnswer = z.output<typeof StressAnswer>;

/** Noise of the machine, measured with nothing else of ours running. */
export const Calibration = z.strictObject({
  /** Wall time by processor time of the same work: 1 on a machine of one's own. */
  slowdown: z.number(),
  /** How much longer than asked a sleep of 1 ms took. */
  sleepP50Ms: z.number(),
  sleepP99Ms: z.number(),
});
export type Calibration = z.output<typeof Calibration>;

/** One target of a scenario, and what came of it. */
export const TargetVerdict = z.strictObject({
  /** A field of spec/targets.ts, or another name that says what is measured. */
  metric: z.string(),
  /** events/s, ms, %, events, MB, MB/h; empty: a ratio. */
  unit: z.string(),
  relation: z.enum(['at least', 'above', 'at most', 'below', 'exactly']),
  limit: z.number(),
  /** What is aimed at beyond the limit. */
  goal: z.number().optional(),
  /** The middle one of the repeats, of latencies and processor time that in which the drain waited least for a processor; absent: it could not be measured. */
  measured: z.number().optional(),
  /** Of each repeat, in order. */
  samples: z.array(z.number()),
  /** Distance to the limit by the limit (by 1 where the limit is 0): positive on the good side. */
  margin: z.number().optional(),
  verdict: z.enum(['pass', 'fail', 'inconclusive', 'not-applicable']),
  /** In words. */
  reason: z.string(),
});
export type TargetVerdict = z.output<typeof TargetVerdict>;
