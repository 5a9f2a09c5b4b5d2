import type { Capability } from '../contract.js';

/** The families, in the order of every report. */
export const FAMILIES = {
  LANE: 'Lanes: what is written, kept, marked and drained',
  LOSS: 'Loss: accepted means delivered, once, unchanged',
  QUEUE: 'Submit queue: who owns a thread’s lanes, and who is skipped',
  THREAD: 'Threads: register, leave, die, at any time',
  FAIR: 'Fairness: shares, waits and credit',
  ITER: 'Iterations: bounded passes that tell the truth',
  SINK: 'Sink: acknowledged or offered again',
  STOP: 'Stop: everything, once, then nothing',
  LEDGER: 'Ledger: every event is accounted for',
  METRIC: 'Metrics: exact, and free of side effects',
  ARENA: 'Arena: one layout for every language',
} as const;
export type Family = keyof typeof FAMILIES;

/** One requirement. Its id is permanent: it is never renamed, renumbered or reused. */
export interface Requirement {
  readonly id: `${Family}-${string}`;
  readonly level: 'MUST' | 'SHOULD';
  /** A few words. */
  readonly title: string;
  /** The sentence that must hold. */
  readonly text: string;
  readonly rationale: string;
  /** Seed tasks (`seed 2.1`), `brief` chapters, bugs of the field notes (`bug 17`). */
  readonly source: readonly string[];
  /** Capabilities without which it does not apply. */
  readonly needs: readonly Capability[];
  /** Where to look when it fails. */
  readonly lookAt: string;
  /**
   * Of the core: when it fails, what the sink holds is wrong and nobody is told. An accepted event is delivered once, in order, unchanged
   * and under its own thread's name, whatever the sink does and whenever threads leave or the drain stops. It cannot be
   * declared as a known deviation. Absent: no.
   */
  readonly core?: true;
  /** Why no check can decide it; absent: there is a check. */
  readonly unchecked?: string;
}

/** The family of an id. */
export function familyOf(id: string): Family {
  return id.slice(0, id.indexOf('-')) as Family;
}
