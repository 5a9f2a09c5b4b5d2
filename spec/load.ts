/** Producer programs of free mode: what each producing thread does, and what it then says it was told. */
import { z } from 'zod';

const count = z.int().nonnegative();

/** One producing thread (real): it lives `lives` times, each life with a thread id of its own. */
export const ThreadProgram = z.strictObject({
  /** Thread id of the first life; each further life adds `threadIdStep`. */
  threadId: count,
  threadIdStep: count.default(1),
  lives: z.int().positive().default(1),
  weight: z.int().positive().default(1),
  /** Index events of one life. */
  events: count,
  /** After every n-th index event one detail event, joined to it (0: none). Joined pairs go through submit(). */
  detailEvery: count.default(0),
  /** mark() after every n-th detail event (0: never). */
  markEvery: count.default(0),
  /** On LANE_FULL, DETAIL_FULL or QUEUE_BUSY: try again later, or drop that event. */
  whenFull: z.enum(['retry', 'drop']).default('retry'),
  /** Pause after every event, microseconds (0: none). */
  pauseUs: count.default(0),
  /** What a life ends with: leave(); nothing (the thread just ends); or the worker is terminated at any moment. */
  ending: z.enum(['leave', 'vanish', 'terminate', 'stay']).default('leave'),
});
export type ThreadProgram = z.output<typeof ThreadProgram>;

/**
 * A program of a stress load: what is due at each tick, whether or not the drain keeps up, in stamped records. `events` and all that has
 * to do with detail counts for nothing then. A thread that joins late, or leaves early, is one whose times are such.
 */
export const OpenProgram = ThreadProgram.extend({
  open: z
    .strictObject({
      ratePerSecond: z.number().positive().max(1e8),
      tickNs: z.int().positive(),
      /** CLOCK_MONOTONIC. */
      beginNs: count,
      endNs: count,
    })
    .optional(),
});
export type OpenProgram = z.output<typeof OpenProgram>;

/** Consecutive sequences with one outcome. `retries`: earlier attempts at these sequences that were turned away. */
export const EmitRun = z.strictObject({
  from: count,
  count: count,
  outcome: z.string(),
  retries: count.default(0),
});
export type EmitRun = z.output<typeof EmitRun>;

/** What one life of a producing thread was told. Index sequences start at 0 in each life, detail sequences too. */
export const LifeResult = z.strictObject({
  threadId: count,
  slot: z.int(),
  generation: z.int(),
  /** accepted, or why the thread could not register (then all else is empty). */
  registered: z.string(),
  index: z.array(EmitRun),
  detail: z.array(EmitRun),
  /** Joined pairs: [index sequence, detail sequence], accepted as one group. */
  joins: z.array(z.tuple([count, count])),
  /** For each mark(): how many detail events had been accepted before it. */
  marks: z.array(count),
  /** leave, vanish, terminate, stay; or stopped / stale when an emit was told STOPPED / STALE_HANDLE. */
  ended: z.enum(['leave', 'vanish', 'terminate', 'stay', 'stopped', 'stale']),
  /** CLOCK_MONOTONIC, ns, of registration and end. */
  startedNs: count,
  endedNs: count,
});
export type LifeResult = z.output<typeof LifeResult>;
