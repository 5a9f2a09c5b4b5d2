import { join, resolve } from 'node:path';
import { HistoryError } from '../conformance/verify/history-error.js';
import { STANDARD_INPUT } from '../conformance/verify/source.js';
import { verifyHistory, type Verification } from '../conformance/verify/verify.js';
import { ResultsWriter, isSound, readResults, plain, renderVerification, writeReports } from '../reports/index.js';
import { REQUIREMENTS, VERDICTS, type ResultOf } from '../spec/index.js';
import { describeMachine, describeTool } from './machine.js';
import { EXIT, type Streams } from './program.js';
import { requirementRecord } from './run-command.js';

/** Flags of `drainproof verify`. */
export interface VerifyFlags {
  readonly whole?: number;
  readonly verbose?: boolean;
  readonly json?: boolean;
  readonly out?: string;
}

/** `drainproof verify`: judges recorded histories; the result is the exit code. */
export async function verifyCommand(files: readonly string[], flags: VerifyFlags, streams: Streams): Promise<number> {
  const options = flags.whole === undefined ? {} : { wholeRecords: flags.whole };
  const verified: Verification[] = [];
  const refused: string[] = [];
  const startedAt = new Date().toISOString();
  for (const file of files) {
    try {
      const one = await verifyHistory(file, options);
      verified.push(one);
      streams.out.write(
        flags.json === true ? `${JSON.stringify(plainly(one))}\n` : `${renderVerification(one, flags)}\n`,
      );
    } catch (error) {
      if (!(error instanceof HistoryError)) throw error;
      refused.push(error.message);
      streams.err.write(`error: ${plain(error.message)}\n`);
    }
  }
  if (flags.out !== undefined) await report(verified, refused, startedAt, resolve(flags.out), streams);
  if (refused.length > 0) return EXIT.usage;
  return verified.every(isSound) ? EXIT.asDeclared : EXIT.notAsDeclared;
}

/** One JSON object for a history: what a program wants to know. */
function plainly({ decisions, ...rest }: Verification): unknown {
  return {
    ...rest,
    sound: isSound({ decisions, ...rest }),
    decisions: decisions.map(({ requirement, failure, ...told }) => ({
      id: requirement.id,
      ...told,
      ...(failure === undefined ? {} : { expected: failure.expected, seen: failure.seen }),
    })),
  };
}

/** The same as a results file with its reports: each history stands as a drain, what was refused among the problems. */
async function report(
  verified: readonly Verification[],
  refused: readonly string[],
  startedAt: string,
  out: string,
  streams: Streams,
): Promise<void> {
  const writer = new ResultsWriter(join(out, 'results.jsonl'));
  const names = verified.map(({ source }, at) =>
    verified.findIndex((one) => one.source === source) === at ? source : `${source}-${at}`,
  );
  writer.append({
    type: 'run',
    version: 1,
    tool: describeTool(),
    startedAt,
    seed: 0,
    arguments: process.argv.slice(2),
    machine: describeMachine(),
    drains: verified.map(({ source, subject }, at) => ({
      name: names[at]!,
      version: subject ?? 'recorded',
      path: source === STANDARD_INPUT ? source : resolve(source),
      capabilities: [],
    })),
  });
  for (const requirement of REQUIREMENTS) writer.append(requirementRecord(requirement));
  const counts = Object.fromEntries(VERDICTS.map((name) => [name, 0])) as ResultOf<'end'>['counts'];
  verified.forEach(({ decisions, events, source }, at) => {
    for (const { requirement, verdict, reason, failure } of decisions) {
      const kind = verdict === 'undecided' ? 'not-applicable' : verdict;
      counts[kind] += 1;
      writer.append({
        type: 'verdict',
        id: requirement.id,
        drain: names[at]!,
        verdict: kind,
        reason: verdict === 'undecided' ? `not decided: ${reason}` : reason,
        seed: 0,
        scenarios: 1,
        events,
        durationMs: 0,
        ...(failure === undefined ? {} : { failure: { ...failure, replay: `drainproof verify ${source}` } }),
      });
    }
  });
  const broken = verified.flatMap(({ source, cut }) => (cut === undefined ? [] : [`${source} breaks off: ${cut}`]));
  const ok = refused.length === 0 && verified.every(isSound);
  writer.append({ type: 'end', endedAt: new Date().toISOString(), counts, ok, problems: [...refused, ...broken] });
  writer.close();
  const files = Object.values(await writeReports(readResults(writer.path), out)) as string[];
  streams.out.write([writer.path, ...files].map((file) => `  ${file}\n`).join(''));
}
