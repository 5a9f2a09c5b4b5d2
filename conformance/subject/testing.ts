/** Helpers for the tests of this folder. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { HistoryRecord, Scenario, type RecordOf, type ScenarioInput, type StepInput } from '../../spec/index.js';
import { runFree } from './free-host.js';
import { loadModule } from './load-module.js';
import type { Helpers } from './start-producers.js';
import { runStepped } from './stepped-host.js';

export const DIST = resolve(fileURLToPath(new URL('../..', import.meta.url)));
export const REFERENCE = join(DIST, 'reference', 'index.js');
export const NATIVE = join(DIST, 'native', 'index.js');
export const HELPERS: Helpers = { workers: REFERENCE, native: NATIVE };

/** Runs a scenario in this process on the module at `path`; every record must fit the schema. */
export async function run(path: string, input: ScenarioInput, helpers: Helpers = HELPERS): Promise<HistoryRecord[]> {
  const scenario = Scenario.parse(input);
  const hosted = { module: await loadModule(path), path };
  const records: HistoryRecord[] = [];
  const append = (record: HistoryRecord): void => {
    records.push(record);
  };
  if (scenario.mode === 'stepped') runStepped(hosted, scenario, append);
  else await runFree(hosted, helpers, scenario, append);
  for (const record of records) HistoryRecord.parse(record);
  return records;
}

export const stepped = (
  steps: StepInput[],
  more: Partial<Extract<ScenarioInput, { mode: 'stepped' }>> = {},
): ScenarioInput => ({
  mode: 'stepped',
  steps,
  ...more,
});

export const ofType = <T extends HistoryRecord['type']>(records: readonly HistoryRecord[], type: T): RecordOf<T>[] =>
  records.filter((record): record is RecordOf<T> => record.type === type);

/** A folder for modules written by a test. */
export class Modules {
  readonly #folder = mkdtempSync(join(tmpdir(), 'drainproof-subject-'));
  #count = 0;

  /** Writes a module. @returns its path */
  write(source: string): string {
    this.#count += 1;
    const path = join(this.#folder, `module-${this.#count}.mjs`);
    writeFileSync(path, source);
    return path;
  }

  /** The reference drain with other members: `source` exports what differs; `reference` is in scope. */
  likeReference(source: string): string {
    const from = JSON.stringify(REFERENCE);
    return this.write(`import * as reference from ${from};\nexport * from ${from};\n${source}\n`);
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
