import { join, resolve } from 'node:path';
import { randomInt } from 'node:crypto';
import { SubjectClient } from '../conformance/client/subject-client.js';
import type { VerdictRecord } from '../conformance/judge.js';
import { programName, resolveDrains, type DrainTarget } from '../conformance/runner/drains.js';
import { runChecks } from '../conformance/runner/run.js';
import { decodeToken } from '../conformance/scenarios/token.js';
import { ResultsWriter, createProgress, readResults, renderTerminal, writeReports } from '../reports/index.js';
import {
  DrainError,
  VERDICTS,
  familyOf,
  isErrorCode,
  type DrainInfo,
  type Requirement,
  type ResultOf,
} from '../spec/index.js';
import { describeMachine, describeTool } from './machine.js';
import { EXIT, type Streams } from './program.js';
import { UsageError, requirementOf, selectRequirements } from './select.js';

/** Flags of `drainproof run`. */
export interface RunFlags {
  readonly impl?: string[];
  readonly family?: string[];
  readonly id?: string[];
  readonly seed?: number;
  readonly replay?: string;
  readonly out: string;
}

const LARGEST_SEED = 2 ** 31 - 1;

/** `drainproof run`: judges, writes the reports, prints them; the result is the exit code. */
export async function runCommand(flags: RunFlags, streams: Streams): Promise<number> {
  const requirements = chosenRequirements(flags);
  const targets = resolveDrains(flags.impl ?? ['reference', 'native']);
  const drains: DrainInfo[] = [];
  for (const target of targets) drains.push(await introduce(target));
  const seed = flags.seed ?? randomInt(1, LARGEST_SEED);
  const outDir = resolve(flags.out);
  const writer = new ResultsWriter(join(outDir, 'results.jsonl'));
  writer.append({
    type: 'run',
    version: 1,
    tool: describeTool(),
    startedAt: new Date().toISOString(),
    seed,
    arguments: process.argv.slice(2),
    machine: describeMachine(),
    drains,
  });
  for (const requirement of requirements) writer.append(requirementRecord(requirement));

  const progress = createProgress({
    stream: streams.out,
    isTTY: streams.out.isTTY === true,
    total: requirements.length * targets.length,
  });
  const verdicts: VerdictRecord[] = [];
  const problems: string[] = [];
  await runChecks(
    {
      drains: targets,
      requirements,
      seed,
      program: programName(),
      ...(flags.replay === undefined ? {} : { replay: flags.replay }),
    },
    {
      running: (id, drain) => progress.running(id, drain),
      verdict: (record) => {
        verdicts.push(record);
        writer.append(record);
        progress.verdict(record);
      },
      problem: (text) => problems.push(text),
    },
  );
  progress.finish();

  const end = conclude(requirements, targets, verdicts, problems);
  writer.append(end);
  writer.close();
  const results = readResults(writer.path);
  const files = Object.values(await writeReports(results, outDir)) as string[];
  streams.out.write(renderTerminal(results, { matrix: true, files: [writer.path, ...files] }));
  return end.ok ? EXIT.asDeclared : EXIT.notAsDeclared;
}

function chosenRequirements(flags: RunFlags): readonly Requirement[] {
  if (flags.replay === undefined) return selectRequirements(flags.family, flags.id);
  if (flags.family !== undefined || flags.id !== undefined) {
    throw new UsageError('--replay names its requirement itself; leave out --id and --family.');
  }
  return [requirementOf(decodeToken(flags.replay).id)];
}

/** Who is judged. A module that cannot be loaded at all is the user's mistake; one that misbehaves is judged. */
async function introduce(target: DrainTarget): Promise<DrainInfo> {
  const client = new SubjectClient(target.command);
  const opened = await client.open();
  await client.close();
  if (opened.ok) {
    const { version, capabilities } = opened.value;
    return { name: target.name, version, path: target.path, capabilities: [...capabilities] };
  }
  const { kind, code, message } = opened.fault;
  if (kind === 'refused' && isErrorCode(code)) throw new DrainError(code, `${target.given}: ${message}`);
  return { name: target.name, version: 'unknown', path: target.path, capabilities: [] };
}

/** A requirement as results state it. */
export function requirementRecord(requirement: Requirement): ResultOf<'requirement'> {
  const { unchecked: _, source, needs, ...rest } = requirement;
  return { type: 'requirement', family: familyOf(requirement.id), ...rest, source: [...source], needs: [...needs] };
}

/** Counts the verdicts; the run is as declared when each expected one is there and passes or does not apply. */
export function conclude(
  requirements: readonly Requirement[],
  targets: readonly DrainTarget[],
  verdicts: readonly VerdictRecord[],
  faults: readonly string[],
): ResultOf<'end'> {
  const counts = Object.fromEntries(
    VERDICTS.map((name) => [name, verdicts.filter(({ verdict }) => verdict === name).length]),
  ) as ResultOf<'end'>['counts'];
  const problems = [...faults];
  if (verdicts.length === 0) problems.push('no check was run');
  for (const target of targets) {
    const judged = new Set(verdicts.filter(({ drain }) => drain === target.name).map(({ id }) => id));
    const missing = requirements.filter(({ id, unchecked }) => unchecked === undefined && !judged.has(id));
    if (missing.length > 0) problems.push(`${target.name}: no verdict for ${missing.map(({ id }) => id).join(', ')}`);
    if (judged.size > 0 && !verdicts.some(({ drain, verdict }) => drain === target.name && verdict === 'pass')) {
      problems.push(`${target.name}: no check passed`);
    }
  }
  const undeclared = counts.fail + counts.inconclusive + counts.error;
  if (undeclared > 0) problems.push(`${undeclared} verdicts are not as declared`);
  return { type: 'end', endedAt: new Date().toISOString(), counts, ok: problems.length === 0, problems };
}
