/** What a checker says when a history breaks a rule: one fault, its shortest evidence. */
export interface Finding {
  /** Which rule: `loss`, `duplicate`, `order`, ... */
  readonly rule: string;
  /** One sentence that names thread, lane and sequence. */
  readonly message: string;
  readonly expected: string;
  readonly seen: string;
  /** Indices of the records that show it, ascending. */
  readonly evidence: readonly number[];
}

/** Findings of one rule in one history; the first ones say what there is to say. */
export const MOST_FINDINGS = 20;

/** Findings of several rules as one list, in the order of what shows them. */
export const merged = (...lists: readonly (readonly Finding[])[]): Finding[] =>
  lists
    .flat()
    .sort((a, b) => (a.evidence.at(-1) ?? 0) - (b.evidence.at(-1) ?? 0))
    .slice(0, MOST_FINDINGS);

/** A finding from its parts. */
export function finding(
  rule: string,
  message: string,
  expected: string,
  seen: string,
  evidence: readonly number[],
): Finding {
  return { rule, message, expected, seen, evidence: [...new Set(evidence)].sort((a, b) => a - b) };
}
