/**
 * The results format, version 1: JSON lines from which every report is made.
 * Order: one `run`, the `requirement`s, the `verdict`s as they fall, one `end` (missing: the run was cut off).
 */
import { z } from 'zod';
import { HistoryRecord } from './history.js';

export const RESULTS_VERSION = 1;

/** pass, fail, inconclusive (a precondition never happened), not-applicable (capability not claimed), known-deviation, error (the suite's own fault). */
export const VERDICTS = ['pass', 'fail', 'inconclusive', 'not-applicable', 'known-deviation', 'error'] as const;
export type Verdict = (typeof VERDICTS)[number];

const count = z.int().nonnegative();

export const DrainInfo = z.strictObject({
  /** The name that `--impl` was given, or what the module calls itself; unique in a run. */
  name: z.string(),
  version: z.string(),
  path: z.string(),
  capabilities: z.array(z.string()),
});
export type DrainInfo = z.output<typeof DrainInfo>;

/** Why a check did not pass. */
export const Failure = z.strictObject({
  /** violation: the history breaks the requirement; the others: what became of the drain's process. */
  kind: z.enum(['violation', 'crash', 'hang', 'exit', 'garbage', 'refused']),
  /** One sentence. */
  message: z.string(),
  expected: z.string(),
  seen: z.string(),
  /** Indices into `history` of the records that show it. */
  evidence: z.array(count),
  /** The shortest history found that shows it (may be empty, for example after a crash at the start). */
  history: z.array(HistoryRecord),
  /** Records that were left out of `history` because it was too long to keep. */
  omitted: count.default(0),
  /** A command to copy and paste. */
  replay: z.string(),
});
export type Failure = z.output<typeof Failure>;

export const ResultRecord = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('run'),
    version: z.literal(RESULTS_VERSION),
    tool: z.strictObject({ name: z.string(), version: z.string() }),
    startedAt: z.string(),
    seed: z.int(),
    arguments: z.array(z.string()),
    machine: z.strictObject({
      cpu: z.string(),
      cores: count,
      memoryBytes: count,
      os: z.string(),
      node: z.string(),
    }),
    drains: z.array(DrainInfo),
  }),
  z.strictObject({
    type: z.literal('requirement'),
    id: z.string(),
    family: z.string(),
    level: z.enum(['MUST', 'SHOULD']),
    title: z.string(),
    text: z.string(),
    rationale: z.string(),
    source: z.array(z.string()),
    needs: z.array(z.string()),
    lookAt: z.string(),
  }),
  z.strictObject({
    type: z.literal('verdict'),
    id: z.string(),
    drain: z.string(),
    verdict: z.enum(VERDICTS),
    /** In words: what was checked, or why there is no verdict. */
    reason: z.string(),
    seed: z.int(),
    /** Scenarios run, and events accepted in them. */
    scenarios: count,
    events: count,
    durationMs: z.number(),
    failure: Failure.optional(),
  }),
  z.strictObject({
    type: z.literal('end'),
    endedAt: z.string(),
    counts: z.record(z.enum(VERDICTS), count),
    /** True only when every verdict is as declared and at least one check ran. */
    ok: z.boolean(),
    /** Why not, in words. */
    problems: z.array(z.string()),
  }),
]);
export type ResultRecord = z.output<typeof ResultRecord>;
export type ResultOf<T extends ResultRecord['type']> = Extract<ResultRecord, { type: T }>;
