import type { Requirement } from '../../spec/index.js';

/** One fault: the reference drain with a few lines replaced. */
export interface Fault {
  /** kebab-case, unique. */
  readonly name: string;
  /** What is wrong, in one sentence. */
  readonly what: string;
  /** The requirement that must catch it. */
  readonly requirement: Requirement['id'];
  /** A phrase that the failure's message must contain. */
  readonly phrase: string;
  /** The shipped bug or known defect that it stands for: a key of `BUGS`. */
  readonly bug?: string;
  /** Needs real races: it may take several runs to catch it. */
  readonly racy?: boolean;
  /** Replacements in files of reference/: `find` stands there exactly once. */
  readonly edits: readonly { readonly file: `${string}.ts`; readonly find: string; readonly replace: string }[];
}
