/**
 * The history format, version 1: JSON lines, first a `history` record, last an `end` record.
 *
 * The host around a drain writes it (what producers were told, what the sink was handed), never the drain.
 * Events stand as runs of consecutive sequences. In stepped mode the order of lines is the order of events; in free mode
 * only the order within one thread and lane counts, and batches that continue each other may be merged (`batches`).
 */
import { z } from 'zod';

export const HISTORY_VERSION = 1;

const count = z.int().nonnegative();
const lane = z.enum(['index', 'detail']);
/** `accepted` or a code of the error table. */
const outcome = z.string();
const drain = count.default(0);

/** What a batch held, decoded from the bytes themselves. */
export const BatchRun = z.union([
  /** Sound records: `thread` when the bytes name another thread than the batch; `join`: detail sequence of the first. */
  z.strictObject({ from: count, count: count, thread: count.optional(), join: count.optional() }),
  /** A record whose bytes are no record of the pattern: its place in the batch, and the bytes (first 64). */
  z.strictObject({ torn: z.literal(true), at: count, hex: z.string() }),
]);
export type BatchRun = z.output<typeof BatchRun>;

const LedgerRecord = z.strictObject({
  attempted: count,
  accepted: count,
  rejected: count,
  delivered: count,
  pending: count,
  evicted: count,
  left: count,
});

export const HistoryRecord = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('history'),
    version: z.literal(HISTORY_VERSION),
    mode: z.enum(['stepped', 'free']),
    /** The configuration the drain was given, defaults filled in where the host knows them. */
    config: z.record(z.string(), z.union([z.number(), z.string()])),
    subject: z.string().optional(),
  }),
  /** The drain was made, or why not. */
  z.strictObject({ type: z.literal('create'), outcome, drain, message: z.string().optional() }),
  z.strictObject({
    type: z.literal('register'),
    thread: count,
    outcome,
    slot: count.optional(),
    generation: count.optional(),
    weight: count.default(1),
    /** Absent: the host gave none. */
    priority: count.optional(),
  }),
  /** `count` attempts from sequence `from`, all with this outcome. `unknown`: the thread died before it could tell. */
  z.strictObject({
    type: z.literal('emit'),
    thread: count,
    lane,
    from: count,
    count: count,
    outcome,
    retries: count.default(0),
  }),
  /** A group. The i-th index record is joined to the i-th detail record. Only `commit` and `submit` accept events. */
  z.strictObject({
    type: z.literal('submit'),
    phase: z.enum(['begin', 'commit', 'submit']),
    thread: count,
    index: z.tuple([count, count]),
    detail: z.tuple([count, count]),
    outcome,
  }),
  /** Pairs [index sequence, detail sequence] that a free thread submitted together. */
  z.strictObject({ type: z.literal('joins'), thread: count, pairs: z.array(z.tuple([count, count])) }),
  /** `at`: detail events that this thread had accepted before. */
  z.strictObject({ type: z.literal('mark'), thread: count, at: count, outcome }),
  z.strictObject({ type: z.literal('seal'), thread: count, at: count, outcome }),
  z.strictObject({ type: z.literal('leave'), thread: count, outcome }),
  /** setWeight(), setPriority(): the value asked for. */
  z.strictObject({ type: z.literal('weight'), thread: count, weight: z.number(), outcome }),
  z.strictObject({ type: z.literal('priority'), thread: count, priority: z.number(), outcome }),
  /** The thread was killed: it will do nothing more. */
  z.strictObject({ type: z.literal('kill'), thread: count, during: z.enum(['idle', 'submit', 'running']) }),
  /** The drain was told, with proof, that the thread is dead. */
  z.strictObject({ type: z.literal('dead'), thread: count, outcome }),
  z.strictObject({
    type: z.literal('batch'),
    drain,
    /** The thread that the drain attributes the batch to. */
    thread: count,
    slot: z.int(),
    generation: z.int(),
    lane,
    count: count,
    runs: z.array(BatchRun),
    /** Records that the sink took, from the front. */
    acknowledged: count,
    /** How many batches this line merges (free mode). */
    batches: count.default(1),
    /** How many of the lines just before this one were written while the sink was at work on it (stepped mode); absent: none. */
    nested: z.int().positive().optional(),
    /** What was wrong with the batch itself (span sizes, counts), in words. */
    malformed: z.string().optional(),
  }),
  z.strictObject({
    type: z.literal('iteration'),
    drain,
    visits: count,
    skips: count,
    delivered: count,
    batches: count,
    sinkFailures: count,
    reclaimed: count,
    truncated: z.enum(['no', 'visits', 'events', 'time']),
  }),
  z.strictObject({ type: z.literal('acquire'), drain, thread: count, acquired: z.boolean() }),
  z.strictObject({ type: z.literal('release'), drain, thread: count, outcome }),
  z.strictObject({ type: z.literal('visit'), drain, thread: count, delivered: count, outcome }),
  z.strictObject({
    type: z.literal('thread-event'),
    drain,
    event: z.enum(['registered', 'leaving', 'reclaimed', 'queue-stuck']),
    thread: count,
    slot: count,
    generation: count,
    heldNs: count.optional(),
  }),
  /** How the sink behaves from here on. */
  z.strictObject({
    type: z.literal('sink'),
    behaviour: z.enum(['accept', 'throw', 'refuse', 'partial', 'nonsense']),
    take: count.optional(),
    thread: count.optional(),
    costNs: count.optional(),
  }),
  z.strictObject({ type: z.literal('advance'), ns: count }),
  z.strictObject({
    type: z.literal('stop'),
    drain,
    delivered: count,
    leftIndex: count,
    leftDetail: count,
    complete: z.boolean(),
  }),
  z.strictObject({
    type: z.literal('metrics'),
    drain,
    iterations: count,
    visits: count,
    skips: count,
    batches: count,
    sinkFailures: count,
    registered: count,
    reclaimed: count,
    jain: z.number(),
    fairness: z
      .strictObject({
        windows: count,
        delivered: count,
        jain: z.number(),
        minShare: z.number(),
        serviceLag: z.number(),
        longestWait: count,
        quantum: count,
        batch: count,
      })
      .optional(),
    index: LedgerRecord,
    detail: LedgerRecord,
    threads: z.array(
      z.strictObject({
        thread: count,
        slot: count,
        generation: count,
        weight: count,
        index: LedgerRecord,
        detail: LedgerRecord,
        visits: count,
        skips: count,
        credit: count,
        longestWait: count,
        priority: count.optional(),
        share: z.number().optional(),
      }),
    ),
  }),
  /** configure() with these fields. From an accepted one on (inside a write: from the end of its iteration on) they hold. */
  z.strictObject({
    type: z.literal('configure'),
    drain,
    changes: z.record(z.string(), z.union([z.number(), z.string()])),
    outcome,
    message: z.string().optional(),
  }),
  /** A life of a free producer: monotonic ns of its registration and end. */
  z.strictObject({ type: z.literal('life'), thread: count, startedNs: count, endedNs: count, ended: z.string() }),
  /** Free mode, at a boundary of the scenario's windows: events that the sink took so far, and that the metrics say were accepted. */
  z.strictObject({
    type: z.literal('window'),
    drain,
    threads: z.array(z.strictObject({ thread: count, delivered: count, accepted: count })),
  }),
  /** An attempt to attach to a (changed) arena. */
  z.strictObject({ type: z.literal('attach'), change: z.string(), outcome, message: z.string().optional() }),
  /** A call of the drain threw what the contract does not allow. */
  z.strictObject({ type: z.literal('threw'), during: z.string(), message: z.string() }),
  /**
   * Why the history ends. `complete`: the drain was given the time to deliver all, so what is missing now is lost.
   * `unsettled`: the recording ended while events were pending, perhaps. `stalled` (free mode): the drain made no progress.
   */
  z.strictObject({ type: z.literal('end'), reason: z.enum(['complete', 'stalled', 'unsettled']).default('complete') }),
]);
export type HistoryRecord = z.output<typeof HistoryRecord>;
export type HistoryInput = z.input<typeof HistoryRecord>;
export type RecordOf<T extends HistoryRecord['type']> = Extract<HistoryRecord, { type: T }>;
