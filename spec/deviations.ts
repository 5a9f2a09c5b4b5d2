/**
 * The deviations file, version 1: what is known to be wrong with the drains of a project, and what they claim.
 * `drainproof run` reads it; docs/deviations.md tells how.
 */
import { z } from 'zod';

export const DEVIATIONS_VERSION = 1;
/** Looked for in the folder that `drainproof run` is called in. */
export const DEVIATIONS_FILE = 'drainproof.deviations.json';
/** The issue of an entry that `--fix` added; accepted, with a warning, until somebody puts the link there. */
export const ISSUE_TO_DO = 'TODO';

export const Deviation = z.strictObject({
  /** The requirement that is known to fail. */
  id: z.string(),
  /** How the failure's message begins. Numbers do not count: each stands for any, as `#` does; a word that says too little is refused. */
  message: z.string().min(10),
  /** Where it is discussed: a link, or what your tracker understands. */
  issue: z.string().regex(/\S/, 'expected a link, or TODO'),
  note: z.string().optional(),
});
export type Deviation = z.output<typeof Deviation>;

export const DrainDeclaration = z.strictObject({
  /** Exactly what the drain claims; absent: not compared. */
  capabilities: z.array(z.string()).optional(),
  deviations: z.array(Deviation).default([]),
});
export type DrainDeclaration = z.output<typeof DrainDeclaration>;

export const Deviations = z.strictObject({
  $schema: z.string().optional(),
  version: z.literal(DEVIATIONS_VERSION),
  /** By the drain's name in the results: `my-drain` for `--impl ./my-drain.js`. */
  drains: z.record(z.string(), DrainDeclaration),
});
export type Deviations = z.output<typeof Deviations>;
