/** Reads a results file line by line. A run that was cut off is still a result, and is marked as partial. */
import { readFileSync } from 'node:fs';
import { ResultRecord, RESULTS_VERSION, type ResultOf } from '../spec/results.js';
import { ResultsError } from './results-error.js';
import { plain } from './text.js';

export interface Results {
  readonly run: ResultOf<'run'>;
  readonly requirements: readonly ResultOf<'requirement'>[];
  readonly verdicts: readonly ResultOf<'verdict'>[];
  /** The kill matrix of the suite that ran, if it is known. */
  readonly broken: readonly ResultOf<'broken'>[];
  /** What the checks exercised of the drains, if it was measured. */
  readonly coverage: readonly ResultOf<'coverage'>[];
  readonly stress: readonly ResultOf<'stress'>[];
  readonly checkpoints: readonly ResultOf<'checkpoint'>[];
  readonly saturation: readonly ResultOf<'saturation'>[];
  readonly benchmarks: readonly ResultOf<'benchmark'>[];
  readonly end?: ResultOf<'end'>;
  /** The run was cut off: no `end`, or half a last line. */
  readonly partial: boolean;
  /** What is wrong with the file or the run, in words. */
  readonly problems: readonly string[];
}

/** The records of each kind that there may be many of. */
type Lists = { readonly [T in Exclude<ResultRecord['type'], 'run' | 'end'>]: ResultOf<T>[] };

const RUN_AGAIN = 'run `drainproof run` again to write a whole file';

/** Reads the file at a path, or the text given. */
export function readResults(source: string | { readonly text: string }): Results {
  if (typeof source !== 'string') return parseResults(source.text, 'text');
  let text: string;
  try {
    text = readFileSync(source, 'utf8');
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown';
    throw new ResultsError(
      {
        source,
        wrong: code === 'ENOENT' ? 'there is no such file' : `the file cannot be read (${code})`,
        expected: 'the results.jsonl of a run',
        action: 'check the path, or run `drainproof run` first',
      },
      { cause },
    );
  }
  return parseResults(text, source);
}

/** The same from text; `source` is what error messages call it. */
export function parseResults(text: string, source: string): Results {
  const lines = text
    .replace(/^\ufeff/, '')
    .split('\n')
    .map((line, i) => ({ number: i + 1, text: line.trim() }))
    .filter((line) => line.text !== '');
  if (lines.length === 0) {
    throw new ResultsError({ source, wrong: 'it is empty', expected: 'a `run` record on line 1', action: RUN_AGAIN });
  }
  const lists: Lists = {
    requirement: [],
    verdict: [],
    broken: [],
    coverage: [],
    stress: [],
    checkpoint: [],
    saturation: [],
    benchmark: [],
  };
  const problems: string[] = [];
  let run: ResultOf<'run'> | undefined;
  let end: ResultOf<'end'> | undefined;
  let partial = false;
  for (const [i, line] of lines.entries()) {
    const value = parseLine(line.text);
    if (value === undefined && i > 0 && i === lines.length - 1) {
      partial = true;
      problems.push(`The last line (${line.number}) is cut off and was left out.`);
      break;
    }
    const record = checkRecord(value, source, line.number);
    if ((record.type === 'run') !== (run === undefined)) {
      throw new ResultsError({
        source,
        line: line.number,
        wrong: run === undefined ? `it begins with a \`${record.type}\` record` : 'there is a second `run` record',
        expected: 'one `run` record, and it first',
        action: 'keep each run in a file of its own',
      });
    }
    if (end !== undefined) {
      throw new ResultsError({
        source,
        line: line.number,
        wrong: `there is a \`${record.type}\` record after the \`end\``,
        expected: 'nothing after the `end` record',
        action: 'keep each run in a file of its own',
      });
    }
    if (record.type === 'run') run = record;
    else if (record.type === 'end') end = record;
    else (lists[record.type] as ResultRecord[]).push(record);
  }
  if (end === undefined) {
    partial = true;
    problems.push('The run was cut off before its end: there is no `end` record.');
  } else problems.push(...end.problems);
  const { requirement: requirements, verdict: verdicts, checkpoint: checkpoints, benchmark: benchmarks } = lists;
  const { broken, coverage, stress, saturation } = lists;
  return {
    run: run!,
    requirements,
    verdicts,
    broken,
    coverage,
    stress,
    checkpoints,
    saturation,
    benchmarks,
    ...(end && { end }),
    partial,
    problems,
  };
}

function parseLine(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function checkRecord(value: unknown, source: string, line: number): ResultRecord {
  if (value === undefined) {
    throw new ResultsError({
      source,
      line,
      wrong: 'it is no JSON',
      expected: 'one JSON object a line',
      action: RUN_AGAIN,
    });
  }
  const version = (value as { type?: unknown; version?: unknown } | null)?.version;
  if ((value as { type?: unknown } | null)?.type === 'run' && version !== RESULTS_VERSION) {
    throw new ResultsError({
      source,
      line,
      wrong: `its version is ${plain(JSON.stringify(version) ?? 'missing')}`,
      expected: `results version ${RESULTS_VERSION}`,
      action: 'read it with the drainproof that wrote it, or run again with this one',
    });
  }
  const checked = ResultRecord.safeParse(value);
  if (checked.success) return checked.data;
  const issue = checked.error.issues[0]!;
  const path = issue.path.map(String).join('.');
  throw new ResultsError({
    source,
    line,
    wrong: plain(`${path === '' ? 'the record' : path}: ${issue.message}`),
    expected: 'a record of the results format (spec/results.ts)',
    action: RUN_AGAIN,
  });
}
