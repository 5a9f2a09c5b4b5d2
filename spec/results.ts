/**
 * The results format, version 1: JSON lines from which every report is made.
 * Order: one `run`, the `requirement`s, the `verdict`s (of a stress run `stress`, `checkpoint`, `saturation`, `benchmark`) as they
 * fall, then what there is of `broken` and `coverage`, one `end` (missing: the run was cut off).
 */
import { z } from 'zod';
import { HistoryRecord } from './history.js';
import {
  Calibration,
  StressLedger,
  StressLoad,
  StressResult,
  StressSoFar,
  StressWindow,
  TargetVerdict,
} from './stress.js';

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

/** Of one kind of place: how many there are, how many were reached. */
export const Covered = z.strictObject({ covered: count, total: count });
export type Covered = z.output<typeof Covered>;

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
    /** Present in results that are of a stress run. */
    profile: z.string().optional(),
    /** This part of many, 1-based. */
    shard: z.strictObject({ index: z.int().min(1), of: z.int().min(1) }).optional(),
    /** Put together from so many results. */
    mergedFrom: count.optional(),
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
    /** Of a known deviation: where it is discussed. */
    issue: z.string().optional(),
    /** Of a known deviation: what its declaration says beside that. */
    note: z.string().optional(),
  }),
  /** A drain with exactly one fault, and what the suite made of it: a row of the kill matrix. */
  z.strictObject({
    type: z.literal('broken'),
    name: z.string(),
    /** The fault in one sentence. */
    what: z.string(),
    base: z.enum(['reference', 'native']),
    /** The requirement that must fail it, and words that its failure must contain. */
    requirement: z.string(),
    phrase: z.string(),
    /** The fault shows only when threads race. */
    racy: z.boolean(),
    /** Runs (with different seeds) of its own requirement, and how many of them caught it with the phrase. */
    runs: count,
    caught: count,
    /** Of a racy one: upper end of the two-sided 95 % Clopper-Pearson interval of the rate of misses, 0 to 1. */
    missAtMost: z.number().optional(),
    /** Where and when runs of a racy one were counted, in words. */
    measured: z.string().optional(),
    /** The shipped bug that it stands for. */
    bug: z.string().optional(),
    /** Every requirement that failed it in at least one run. */
    failedBy: z.array(z.string()),
    /** Requirements that were not run on it at all: their silence says nothing. */
    notRun: z.array(z.string()).default([]),
  }),
  /** What the checks exercise of a drain's file: of all checks together, or of one family alone. */
  z.strictObject({
    type: z.literal('coverage'),
    drain: z.string(),
    /** Relative to the drain's folder. */
    file: z.string(),
    /** Absent: all checks of the run. */
    family: z.string().optional(),
    lines: Covered,
    branches: Covered,
    functions: Covered,
    /** First and last of each run of lines that nothing reached, 1-based. */
    uncovered: z.array(z.tuple([count, count])),
  }),
  /** One stress scenario on one drain. */
  z.strictObject({
    type: z.literal('stress'),
    /** Permanent: lower case and hyphens. */
    scenario: z.string(),
    title: z.string(),
    /** The load in one sentence. */
    about: z.string(),
    drain: z.string(),
    verdict: z.enum(VERDICTS),
    reason: z.string(),
    seed: z.int(),
    durationMs: z.number(),
    /** It was ended early; what was measured until then is judged. */
    partial: z.boolean().default(false),
    load: StressLoad,
    targets: z.array(TargetVerdict),
    /** Of each repeat, in order. */
    results: z.array(StressResult),
    noise: z.strictObject({ before: Calibration, after: Calibration }).optional(),
    /** A command to copy and paste. */
    replay: z.string(),
  }),
  /** Windows of a scenario that is still under way, so that an interrupted soak is judged too. */
  z.strictObject({
    type: z.literal('checkpoint'),
    scenario: z.string(),
    drain: z.string(),
    atMs: z.number(),
    windows: z.array(StressWindow),
    /** As it stood: what was accepted and not yet delivered is no loss. */
    ledger: StressLedger.optional(),
    /** What it is judged by if the run ends here; absent before the measured part, and where the load is short. */
    measured: z
      .strictObject({
        soFar: StressSoFar,
        load: StressLoad,
        seed: z.int(),
        /** Before the load. */
        noise: Calibration,
        replay: z.string(),
      })
      .optional(),
  }),
  /** Load stepped up until the P99 breaks its target. */
  z.strictObject({
    type: z.literal('saturation'),
    drain: z.string(),
    threads: count,
    /** events/s of the last step that held; 0: none did. */
    kneeEventsPerSecond: z.number(),
    limitP99Ms: z.number(),
    steps: z.array(
      z.strictObject({
        offeredEventsPerSecond: z.number(),
        deliveredEventsPerSecond: z.number(),
        p50Ms: z.number(),
        p99Ms: z.number(),
        holds: z.boolean(),
      }),
    ),
  }),
  /** One micro-benchmark of one drain. */
  z.strictObject({
    type: z.literal('benchmark'),
    drain: z.string(),
    /** emit, visit, iteration, select, … */
    name: z.string(),
    /** What one operation is, in words. */
    about: z.string(),
    unit: z.literal('ns'),
    /** Median over the rounds. */
    median: z.number(),
    /** The median of each round. */
    samples: z.array(z.number()),
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
