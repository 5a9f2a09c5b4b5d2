/** Which of two verdicts is the worse, and which ones make a run red. */
import type { Verdict } from '../spec/results.js';

/** Worst first: of two verdicts on the same thing the worse counts. */
export const SEVERITY: readonly Verdict[] = [
  'fail',
  'error',
  'inconclusive',
  'known-deviation',
  'not-applicable',
  'pass',
];
export const TROUBLE: ReadonlySet<Verdict> = new Set<Verdict>(['fail', 'error', 'inconclusive']);

/** Negative when `a` is the worse; 0 when they are alike. */
export function bySeverity(a: { readonly verdict: Verdict }, b: { readonly verdict: Verdict }): number {
  return SEVERITY.indexOf(a.verdict) - SEVERITY.indexOf(b.verdict);
}
