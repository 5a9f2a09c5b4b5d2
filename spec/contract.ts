/**
 * The contract: what a JavaScript or TypeScript module exports to be a drain.
 * The C ABI (`native/include/drain.h`) has the same words in snake case.
 */
import type { DrainConfig, SchedulingConfig } from './config.js';
import type { EmitOutcome, ErrorCode } from './errors.js';

export const CONTRACT_VERSION = 1;

/** What a drain may claim. A requirement that needs a capability is not applicable without it. */
export const CAPABILITIES = {
  detail: 'has a detail lane with windows and marks',
  submit: 'has a submit queue: beginSubmit, commitSubmit, submit, tryAcquireDrain',
  weights: "has the policy 'weighted-fair'",
  priorities: "has the policy 'priority': classes, ageing, and a class of their own for final drains",
  adaptive: "has the policy 'adaptive': quantum and batch follow load, rate and the sink's pace",
  reconfigure: 'configure() changes policy and limits; handles change their weight (and priority) while the drain runs',
  'movable-handles': 'thread handles may be used from any thread, so one thread can drive a stepped scenario',
  arena: 'keeps everything in one arena of layout version 2, reachable as `drain.arena`',
  threads: 'openRegistry() works in other threads, so producers really run in parallel',
  'producer-threads': 'startProducers() runs native producer threads of the given program',
  death: 'declareDead() reclaims the slot of a thread that is proved dead',
  metrics: 'metrics() reports DrainMetrics',
  'stuck-queues': 'reports a submit queue that stays held (queue-stuck)',
  'fairness-metrics': 'metrics() reports FairnessMetrics, of windows',
  'thread-events': 'reports registrations, leaves and reclaims through onThreadEvent',
  wake: 'waitForWork() sleeps until an emit wakes it, or for a bounded time',
} as const;
export type Capability = keyof typeof CAPABILITIES;

export type Lane = 'index' | 'detail';

/** What one visit hands to the sink for one lane. The bytes are valid only until `write` returns. */
export interface Batch {
  readonly threadId: number;
  readonly slot: number;
  readonly generation: number;
  readonly lane: Lane;
  /** Bytes of one record. */
  readonly recordBytes: number;
  /** Records in this batch, at least 1. */
  readonly count: number;
  /** The records in order: one span, or two where the lane wraps. */
  readonly spans: readonly Uint8Array[];
}

/**
 * The persistence end. `write` returns how many records it took, from the front: 0 to `batch.count`.
 * Throwing means 0. Only acknowledged records are released; the others are offered again.
 */
export interface Sink {
  write(batch: Batch): number;
}

/** Time, so that a test may own it. `pause` blocks the calling thread for that long. */
export interface Environment {
  now(): bigint;
  pause(ns: bigint): void;
}

export interface ThreadEvent {
  /** queue-stuck: once for each time that it is held for `stuckAfterNs`. */
  readonly event: 'registered' | 'leaving' | 'reclaimed' | 'queue-stuck';
  readonly threadId: number;
  readonly slot: number;
  readonly generation: number;
  /** queue-stuck only: time from the first attempt that found it held to this one, ns. */
  readonly heldNs?: number;
}

export interface DrainOptions {
  readonly config: Partial<DrainConfig>;
  readonly sink: Sink;
  readonly environment?: Environment;
  /** Attach to this arena (capability `arena`) instead of making one. */
  readonly arena?: SharedArrayBuffer;
  /** Called on the drain's thread at the iteration that notices. */
  readonly onThreadEvent?: (event: ThreadEvent) => void;
}

/** A group that becomes visible all at once. */
export interface SubmitGroup {
  readonly index: readonly Uint8Array[];
  readonly detail: readonly Uint8Array[];
}

/**
 * A registered thread's end of its lanes. One thread uses it at a time.
 * Outcomes are returned; only misuse throws: RECORD_SIZE, and THREAD_LEFT on a second leave().
 * `timeoutMs` 0 (the default) never blocks.
 */
export interface ThreadHandle {
  readonly slot: number;
  readonly generation: number;
  readonly threadId: number;
  /** accepted, LANE_FULL, TIMED_OUT, STOPPED, THREAD_LEFT, STALE_HANDLE */
  emitIndex(record: Uint8Array, timeoutMs?: number): EmitOutcome;
  /** accepted, DETAIL_FULL, NO_DETAIL_LANE, TIMED_OUT, STOPPED, THREAD_LEFT, STALE_HANDLE */
  emitDetail(record: Uint8Array, timeoutMs?: number): EmitOutcome;
  /** Takes the queue and writes the group, not yet visible: accepted, QUEUE_BUSY, ALREADY_HOLDING, LANE_FULL, DETAIL_FULL, STOPPED, ... */
  beginSubmit(group: SubmitGroup): EmitOutcome;
  /** Makes the group visible and frees the queue: accepted, NOT_HOLDING, STOPPED, STALE_HANDLE (then nothing of it is). */
  commitSubmit(): EmitOutcome;
  /** beginSubmit and commitSubmit in one. */
  submit(group: SubmitGroup, timeoutMs?: number): EmitOutcome;
  /** Marks the open window, preRoll windows before it and postRoll windows after it. */
  mark(): EmitOutcome;
  /** Seals the open window; without one, nothing happens. */
  seal(): EmitOutcome;
  /** From the thread's next turn on: accepted, STOPPED, THREAD_LEFT, STALE_HANDLE. @throws INVALID_WEIGHT. Capability `reconfigure`. */
  setWeight?(weight: number): EmitOutcome;
  /** The same for its class, 0 to 7 (7 is served first). @throws INVALID_PRIORITY. Capabilities `reconfigure`, `priorities`. */
  setPriority?(priority: number): EmitOutcome;
  /** ACTIVE to LEAVING. What was accepted is still delivered. @throws THREAD_LEFT on the second call. */
  leave(): void;
}

/** The registry as a producer's thread sees it. */
export interface ThreadRegistry {
  /** @throws REGISTRY_FULL, STOPPED, INVALID_WEIGHT, INVALID_PRIORITY */
  register(options: {
    readonly threadId: number;
    readonly weight?: number;
    /** Capability `priorities`. */
    readonly priority?: number;
  }): ThreadHandle;
}

export interface IterationResult {
  readonly visits: number;
  readonly skips: number;
  /** Events acknowledged by the sink. */
  readonly delivered: number;
  readonly batches: number;
  readonly sinkFailures: number;
  /** Slots freed. */
  readonly reclaimed: number;
  /** What ended the iteration before every backlogged thread had its turn. */
  readonly truncated: 'no' | 'visits' | 'events' | 'time';
}

export interface StopResult {
  readonly delivered: number;
  /** Accepted events that the deadline left undelivered (unmarked detail not among them). */
  readonly leftIndex: number;
  readonly leftDetail: number;
  readonly complete: boolean;
}

/** Counts of one lane; the ledger: attempted = accepted + rejected, accepted = delivered + pending + evicted + left. */
export interface LaneLedger {
  readonly attempted: number;
  readonly accepted: number;
  readonly rejected: number;
  readonly delivered: number;
  /** Accepted, not delivered and not evicted: in a detail lane unmarked records too. */
  readonly pending: number;
  /** Unmarked detail that was given up for room or at the end of its thread; 0 for the index lane. */
  readonly evicted: number;
  /** Still there when stop() gave up. */
  readonly left: number;
}

export interface ThreadMetrics {
  readonly threadId: number;
  readonly slot: number;
  readonly generation: number;
  readonly weight: number;
  readonly index: LaneLedger;
  readonly detail: LaneLedger;
  readonly visits: number;
  readonly skips: number;
  /** Events the thread may still take. */
  readonly credit: number;
  /** Most visits of other threads between two of its own while it was backlogged. */
  readonly longestWait: number;
  /** Its own class, whatever waiting has raised it to. Capability `priorities`. */
  readonly priority?: number;
  /** delivered / ideal in the last window, rounded half up to 6 decimals; 1 without demand or before a window. Capability `fairness-metrics`. */
  readonly share?: number;
}

/**
 * Fairness over the last whole window (capability `fairness-metrics`). A window ends with the iteration in which its full
 * visits reach `fairnessWindowVisits`; it is of the threads that hold a slot then and are known to the drain.
 */
export interface FairnessMetrics {
  /** Windows that have ended. Without one, all that follows is of a drain with nothing to complain of. */
  readonly windows: number;
  /** Events delivered in it to these threads. */
  readonly delivered: number;
  /** Jain's index over delivered / ideal of the threads with demand, zeros included. */
  readonly jain: number;
  /** The smallest delivered / ideal among them. */
  readonly minShare: number;
  /** Largest difference of service per weight between threads that were backlogged in all of it; 0 for fewer than two. */
  readonly serviceLag: number;
  /** Longest wait of any thread since the drain was made, in visits of others. */
  readonly longestWait: number;
  /** Events a visit may take per unit of weight now: `quantum`, or what the policy `adaptive` has made of it. */
  readonly quantum: number;
  /** Events in one batch at most, now; 0: no limit but the visit's. */
  readonly batch: number;
}

export interface DrainMetrics {
  readonly iterations: number;
  readonly visits: number;
  readonly skips: number;
  readonly batches: number;
  readonly sinkFailures: number;
  readonly registered: number;
  readonly reclaimed: number;
  /** Times that waitForWork ended because of an emit. */
  readonly wakeups: number;
  /** Time inside iterations, ns. */
  readonly iterationNs: number;
  readonly longestIterationNs: number;
  /** Jain's index over delivered / ideal of the threads with demand; 1 when there are none. */
  readonly jain: number;
  /** Capability `fairness-metrics`. */
  readonly fairness?: FairnessMetrics;
  /** Sums over all threads, those that are gone included. */
  readonly index: LaneLedger;
  readonly detail: LaneLedger;
  /** The threads that hold a slot now, in slot order. */
  readonly threads: readonly ThreadMetrics[];
}

/** The drain's own end: one thread uses it. */
export interface Drain {
  /** What it was asked for, defaults filled in, as it is now. A drain whose index lanes hold fewer records (at least half as many) says so here. */
  readonly config: DrainConfig;
  /** With the capability `arena`. */
  readonly arena?: SharedArrayBuffer;
  readonly registry: ThreadRegistry;
  /** Something that structured clone can send to another thread, for `openRegistry` there. */
  shareRegistry(): unknown;
  /** One pass over the backlogged threads. Never throws for a failing sink. */
  drainIteration(): IterationResult;
  /** Takes a thread's submit queue for this drain; never blocks. */
  tryAcquireDrain(slot: number): boolean;
  /** Gives back a queue taken with tryAcquireDrain. */
  releaseDrain(slot: number): void;
  /** Delivers up to `maxEvents` of one thread whose queue this drain holds. @returns events acknowledged */
  drainThreadLanes(slot: number, maxEvents: number): number;
  /** True when there may be work; sleeps up to `timeoutMs` when there is none. */
  waitForWork(timeoutMs: number): boolean;
  /** The caller has proof that the thread is dead. @throws STALE_HANDLE when that thread is not there */
  declareDead(slot: number, generation: number): void;
  /**
   * Changes policy, quantum or limits, all or nothing. From inside `sink.write` it counts from the end of that iteration on.
   * Capability `reconfigure`. @throws as createDrain; INVALID_ARGUMENT for a field that the arena fixes
   */
  configure?(changes: Partial<SchedulingConfig>): void;
  /** Delivers everything accepted, then refuses. `deadlineNs` counts from the call. */
  stop(options?: { readonly deadlineNs?: number }): StopResult;
  metrics(): DrainMetrics;
  /** Frees native memory. The arena stays as long as somebody refers to it. */
  close(): void;
}

/** Work for `startProducers` (capability `producer-threads`): see spec/load.ts. */
export interface ProducerThreads {
  /** Null while threads still run; then one result a life. */
  poll(): readonly unknown[] | null;
  /** Tells the threads to end where they are. */
  halt?(): void;
  close(): void;
}

/** What a drain's module exports. */
export interface DrainModule {
  readonly contractVersion: number;
  readonly name: string;
  readonly version: string;
  readonly capabilities: readonly Capability[];
  /** @throws DrainError for bad configuration or a bad arena */
  createDrain(options: DrainOptions): Drain;
  /** The registry that `shared` stands for; callable in any thread with the capability `threads`. */
  openRegistry(shared: unknown): ThreadRegistry;
  startProducers?(shared: unknown, program: unknown): ProducerThreads;
}

/** Names that every module must export, with their type. */
export const MODULE_SHAPE = {
  contractVersion: 'number',
  name: 'string',
  version: 'string',
  capabilities: 'array',
  createDrain: 'function',
  openRegistry: 'function',
} as const;

export type { ErrorCode };
