import type { Capability, Requirement } from '../../spec/index.js';

/** A drain derived from the reference: some lines replaced. */
export interface Variant {
  /** kebab-case, unique. */
  readonly name: string;
  /** What is different, in one sentence. */
  readonly what: string;
  /** Replacements in files of reference/: `find` stands there exactly once. */
  readonly edits: readonly { readonly file: `${string}.ts`; readonly find: string; readonly replace: string }[];
  /** Capabilities of the reference that it does not claim. */
  readonly without?: readonly Capability[];
}

/** One fault: `what` says what is wrong. */
export interface Fault extends Variant {
  /** The requirement that must catch it. */
  readonly requirement: Requirement['id'];
  /** A phrase that the failure's message must contain. */
  readonly phrase: string;
  /** The shipped bug or known defect that it stands for: a key of `BUGS`. */
  readonly bug?: string;
  /** Needs real races: it may take several runs to catch it. */
  readonly racy?: boolean;
}
