import type { DrainTarget } from './drains.js';
import type { CoveragePlan } from '../coverage/environment.js';
import type { VerdictRecord } from '../judge.js';

/** What the runner hands to its vitest worker. */
export interface RunnerContext {
  readonly drains: readonly DrainTarget[];
  readonly seed: number;
  /** The program name in replay commands. */
  readonly program: string;
  /** Judge this scenario instead of the check's own. */
  readonly replay?: string;
  /** Measure what the checks exercise. */
  readonly coverage?: CoveragePlan;
}

declare module 'vitest' {
  interface ProvidedContext {
    drainproof: RunnerContext;
  }
}

declare module '@vitest/runner' {
  interface TaskMeta {
    verdict?: VerdictRecord;
    /** Set on a test that is about to be judged. */
    judging?: { readonly id: string; readonly drain: string };
  }
}
