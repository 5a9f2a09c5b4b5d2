/** The golden histories: small files that `drainproof verify` must judge as `expected.json` says. For the tests of this folder and of reports/. */
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { DIST } from '../runner/drains.js';

/** The folder in the source tree: the files are read from there, not from dist/. */
export const HISTORIES = join(dirname(DIST), 'conformance', 'golden', 'histories');

const shows = z.string().min(20);
const ids = z.array(z.string()).min(1);

export const Rejected = z.strictObject({
  /** One sentence: what happened that must not. */
  shows,
  /** The requirement that is broken, a phrase of what is said of it, and the lines of the file that show it. */
  fails: z.strictObject({ id: z.string(), phrase: z.string().min(10), lines: z.array(z.int().positive()).min(1) }),
  /** Every requirement that fails, the one above first. */
  failed: ids,
});
export type Rejected = z.output<typeof Rejected>;

export const Accepted = z.strictObject({
  /** One sentence: what looks wrong, perhaps, and is right. */
  shows,
  /** Requirements that the history must be seen to keep; nothing fails. */
  passes: ids,
  /** Requirements of which it must be said that this history does not tell. */
  undecided: ids.optional(),
  /** Why the history breaks off. */
  cut: z.string().optional(),
});
export type Accepted = z.output<typeof Accepted>;

/** What must be said of each file, by its name without folder and ending. @throws ZodError when expected.json is malformed */
export function readExpected(): { readonly reject: Map<string, Rejected>; readonly accept: Map<string, Accepted> } {
  const all = JSON.parse(readFileSync(join(HISTORIES, 'expected.json'), 'utf8')) as unknown;
  const { reject, accept } = z
    .strictObject({ reject: z.record(z.string(), Rejected), accept: z.record(z.string(), Accepted) })
    .parse(all);
  return { reject: new Map(Object.entries(reject)), accept: new Map(Object.entries(accept)) };
}

/** Names of the files, without folder and ending. */
export function historiesOf(kind: 'reject' | 'accept'): string[] {
  return readdirSync(join(HISTORIES, kind))
    .map((file) => file.replace(/\.jsonl$/, ''))
    .sort();
}

export const historyFile = (kind: 'reject' | 'accept', name: string): string => join(HISTORIES, kind, `${name}.jsonl`);
