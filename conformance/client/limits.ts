/** How long the suite waits for a drain under test before it calls it hung, ms. Wall-clock time bounds hangs and nothing else. */
export interface Limits {
  /** From the start of the process to its `ready`. */
  readonly openMs: number;
  readonly steppedMs: number;
  readonly freeMs: number;
  /** From `bye` to the end of the process. */
  readonly closeMs: number;
}

export const DEFAULT_LIMITS: Limits = { openMs: 20_000, steppedMs: 10_000, freeMs: 120_000, closeMs: 2_000 };

/** For a drain that has hung `HANGS_BEFORE_IMPATIENCE` times, so that a run over it stays bounded. */
export const IMPATIENT_LIMITS: Limits = { openMs: 5_000, steppedMs: 1_500, freeMs: 4_000, closeMs: 500 };
export const HANGS_BEFORE_IMPATIENCE = 2;
