import { join, resolve } from 'node:path';
import pc from 'picocolors';
import {
  mergeResults,
  plain,
  readResults,
  renderTerminal,
  RESULTS_FILE,
  ResultsWriter,
  writeReports,
} from '../reports/index.js';
import { judgeBrokenOff } from '../stress/broken-off.js';
import { EXIT, type Streams } from './program.js';
import { UsageError } from './select.js';

/** Flags of `drainproof merge`. */
export interface MergeFlags {
  readonly out: string;
}

/**
 * `drainproof merge`: one results file and its reports from several; the result is the exit code.
 * @throws UsageError when a file is given twice or would be overwritten
 * @throws ResultsError when a file is no results file, or the drains of one name differ
 */
export async function mergeCommand(files: readonly string[], flags: MergeFlags, streams: Streams): Promise<number> {
  const path = join(resolve(flags.out), RESULTS_FILE);
  const given = new Set<string>();
  for (const file of files) {
    const whole = resolve(file);
    if (given.has(whole)) throw new UsageError(`'${file}' is given twice; give each results file once.`);
    if (whole === path)
      throw new UsageError(`'${file}' would be overwritten by what is merged; give another folder with --out.`);
    given.add(whole);
  }
  // all are read before anything is written
  const parts = files.map((source) => {
    const results = readResults(source);
    const stress = [...results.stress, ...judgeBrokenOff(results.checkpoints, results.stress)];
    return { source, results: { ...results, stress } };
  });
  const { records, end, notes } = mergeResults(parts);
  const writer = new ResultsWriter(path);
  for (const record of records) writer.append(record);
  writer.close();
  const results = readResults(path);
  const written = Object.values(await writeReports(results, resolve(flags.out))) as string[];
  streams.out.write(renderTerminal(results, { matrix: false, files: [path, ...written] }));
  for (const note of notes) streams.err.write(`${pc.dim('note:')} ${plain(note)}\n`);
  return end.ok ? EXIT.asDeclared : EXIT.notAsDeclared;
}
