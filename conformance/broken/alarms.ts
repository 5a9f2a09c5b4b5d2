/** How often the racing checks were run on sound drains, and what they said against them. */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { DIST } from '../runner/drains.js';

/** The committed counts. */
export const ALARMS_FILE = join(DIST, '..', 'conformance', 'broken', 'false-alarms.json');

const Count = z.strictObject({
  drain: z.string(),
  id: z.string(),
  /** Of the check as it was run. */
  hash: z.string(),
  runs: z.int().nonnegative(),
  alarms: z.array(z.strictObject({ seed: z.int(), verdict: z.string(), reason: z.string() })),
});
export type Count = z.output<typeof Count>;

const File = z.strictObject({
  version: z.literal(1),
  measured: z.strictObject({ cores: z.int(), node: z.string(), date: z.string() }),
  counts: z.array(Count),
});

export class Alarms {
  readonly #counts: Count[];

  constructor(counts: readonly Count[]) {
    this.#counts = [...counts];
  }

  get counts(): readonly Count[] {
    return this.#counts;
  }

  /** The count of a check on a drain, to be changed; begun anew when the check is another one now. */
  of(drain: string, id: string, hash: string): Count {
    const at = this.#counts.findIndex((one) => one.drain === drain && one.id === id);
    const known = this.#counts[at];
    if (known?.hash === hash) return known;
    const begun: Count = { drain, id, hash, runs: 0, alarms: [] };
    if (known === undefined) this.#counts.push(begun);
    else this.#counts[at] = begun;
    return begun;
  }
}

/** @throws Error when the file is there and holds no counts */
export function readAlarms(file: string, fresh: boolean): Alarms {
  if (fresh || !existsSync(file)) return new Alarms([]);
  const parsed = File.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  if (!parsed.success) throw new Error(`${file} holds no counts of alarms: ${z.prettifyError(parsed.error)}`);
  return new Alarms(parsed.data.counts);
}

/** Whole or not at all. */
export function writeAlarms({ counts }: Alarms, file: string): void {
  const measured = {
    cores: availableParallelism(),
    node: process.version,
    date: new Date().toISOString().slice(0, 10),
  };
  writeFileSync(`${file}.tmp`, `${JSON.stringify({ version: 1, measured, counts }, null, 2)}\n`);
  renameSync(`${file}.tmp`, file);
}
