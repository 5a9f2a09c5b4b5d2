import { join, resolve } from 'node:path';
import { randomInt } from 'node:crypto';
import pc from 'picocolors';
import { brokenRecords } from '../conformance/broken/records.js';
import { SubjectClient } from '../conformance/client/subject-client.js';
import type { VerdictRecord } from '../conformance/judge.js';
import { programName, resolveDrains, type DrainTarget } from '../conformance/runner/drains.js';
import { runChecks } from '../conformance/runner/run.js';
import { decodeToken } from '../conformance/scenarios/token.js';
import { ResultsWriter, createProgress, readResults, renderTerminal, writeReports } from '../reports/index.js';
import { VERDICTS, familyOf, isErrorCode, type DrainInfo, type Requirement, type ResultOf } from '../spec/index.js';
import { partOf, type Shard } from '../stress/plan.js';
import type { CoverageFlags, CoverageRun } from './coverage.js';
import { declareAll, fixDeviations, remarks } from './declare.js';
import { noDeviations, readDeviations, type DeviationsFile } from './deviations-file.js';
import { describeMachine, describeTool } from './machine.js';
import { EXIT, type Streams } from './program.js';
import { refusedBy } from './refused.js';
import { UsageError, requirementOf, selectRequirements } from './select.js';

/** Flags of `drainproof run`. */
export interface RunFlags extends CoverageFlags {
  readonly impl?: string[];
  readonly family?: string[];
  readonly id?: string[];
  readonly seed?: number;
  readonly shard?: Shard;
  readonly replay?: string;
  /** A file of known deviations; false: none. Absent: the one of the usual name, if it is there. */
  readonly deviations?: string | false;
  readonly fix?: boolean;
  readonly out: string;
}

const LARGEST_SEED = 2 ** 31 - 1;

/** `drainproof run`: judges, writes the reports, prints them; the result is the exit code. */
export async function runCommand(flags: RunFlags, streams: Streams): Promise<number> {
  const file = declaredDeviations(flags);
  const requirements = chosenRequirements(flags);
  const targets = resolveDrains(flags.impl ?? ['reference', 'native']);
  const drains: DrainInfo[] = [];
  for (const target of targets) drains.push(await introduce(target));
  const measured = await startCoverage(flags, targets, requirements);
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
    ...(flags.shard && { shard: { ...flags.shard } }),
  });
  for (const requirement of requirements) writer.append(requirementRecord(requirement));

  const progress = createProgress({
    stream: streams.out,
    isTTY: streams.out.isTTY === true,
    total: requirements.length * targets.length,
  });
  const fallen: VerdictRecord[] = [];
  const problems: string[] = [];
  await runChecks(
    {
      drains: targets,
      requirements,
      seed,
      program: programName(),
      ...(flags.replay === undefined ? {} : { replay: flags.replay }),
      ...(measured === undefined ? {} : { coverage: measured.plan }),
    },
    {
      running: (id, drain) => progress.running(id, drain),
      verdict: (record) => {
        fallen.push(record);
        const declared = declareAll([record], drains, file).verdicts[0]!;
        if (flags.fix !== true) writer.append(declared);
        progress.verdict(declared);
      },
      problem: (text) => problems.push(text),
    },
  );
  progress.finish();

  const coverage = await measured?.finish(outDir);
  for (const record of coverage?.records ?? []) writer.append(record);
  const fixed =
    flags.fix === true
      ? fixDeviations(file, drains, fallen, [...problems, ...missingVerdicts(requirements, targets, fallen)])
      : undefined;
  const { verdicts, problems: undeclared } = declareAll(fallen, drains, fixed?.file ?? file);
  if (fixed !== undefined) for (const record of verdicts) writer.append(record);
  for (const record of brokenRecords(requirements)) writer.append(record);
  const end = conclude(requirements, targets, verdicts, [...problems, ...(coverage?.problems ?? []), ...undeclared]);
  writer.append(end);
  writer.close();
  const results = readResults(writer.path);
  const files = Object.values(await writeReports(results, outDir)) as string[];
  files.push(...(coverage?.files ?? []));
  streams.out.write(renderTerminal(results, { matrix: true, files: [writer.path, ...files] }));
  for (const note of coverage?.notes ?? []) streams.out.write(`${note}\n`);
  for (const line of remarks(fixed?.file ?? file, drains)) streams.err.write(`${pc.yellow('warning:')} ${line}\n`);
  if (fixed !== undefined) (fixed.refused ? streams.err : streams.out).write(`\n${fixed.lines.join('\n')}\n`);
  if (fixed?.refused === true) return EXIT.usage;
  return end.ok ? EXIT.asDeclared : EXIT.notAsDeclared;
}

/** Loaded only when asked for: a plain run needs none of it. */
async function startCoverage(
  flags: RunFlags,
  targets: readonly DrainTarget[],
  requirements: readonly Requirement[],
): Promise<CoverageRun | undefined> {
  if (flags.coverage !== true && flags.coverageMin === undefined) {
    if (flags.coverageExclude === undefined) return undefined;
    throw new UsageError('--coverage-exclude says what --coverage leaves out; give --coverage too.');
  }
  return new (await import('./coverage.js')).CoverageRun(flags, targets, requirements);
}

/** The deviations file of this run. A replay is one scenario, and looked at as it is. */
export function declaredDeviations({ fix, deviations, replay, family, id, shard }: RunFlags): DeviationsFile {
  const named = typeof deviations === 'string' ? deviations : undefined;
  const part = [replay && '--replay', family && '--family', id && '--id', shard && '--shard'].filter(
    (flag) => flag !== undefined,
  );
  if (fix === true && part.length > 0)
    throw new UsageError(`--fix needs a whole run; leave out ${part.join(' and ')}.`);
  if (fix === true && deviations === false)
    throw new UsageError('--fix writes the known deviations; leave out --no-deviations.');
  if (replay !== undefined && named !== undefined)
    throw new UsageError('--replay judges one scenario, without known deviations; leave out --deviations.');
  return deviations === false || replay !== undefined ? noDeviations() : readDeviations(named, { make: fix === true });
}

function chosenRequirements(flags: RunFlags): readonly Requirement[] {
  if (flags.replay === undefined) {
    const chosen = partOf(selectRequirements(flags.family, flags.id), flags.shard);
    if (chosen.length > 0) return chosen;
    throw new UsageError('There is nothing to do in this part: there are fewer requirements than parts.');
  }
  if (flags.family !== undefined || flags.id !== undefined || flags.shard !== undefined) {
    throw new UsageError('--replay names its requirement itself; leave out --id, --family and --shard.');
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
  if (kind === 'refused' && isErrorCode(code)) throw refusedBy(target.given, code, message);
  return { name: target.name, version: 'unknown', path: target.path, capabilities: [] };
}

/** A requirement as results state it. */
export function requirementRecord(requirement: Requirement): ResultOf<'requirement'> {
  const { unchecked: _, core: __, source, needs, ...rest } = requirement;
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
  problems.push(...missingVerdicts(requirements, targets, verdicts));
  for (const target of targets) {
    const judged = verdicts.filter(({ drain }) => drain === target.name);
    if (judged.length > 0 && !judged.some(({ verdict }) => verdict === 'pass')) {
      problems.push(`${target.name}: no check passed`);
    }
  }
  const undeclared = counts.fail + counts.inconclusive + counts.error;
  if (undeclared > 0) problems.push(`${undeclared} verdicts are not as declared`);
  return { type: 'end', endedAt: new Date().toISOString(), counts, ok: problems.length === 0, problems };
}

/** Checks that were to be run and have no verdict. */
function missingVerdicts(
  requirements: readonly Requirement[],
  targets: readonly DrainTarget[],
  verdicts: readonly VerdictRecord[],
): string[] {
  return targets.flatMap(({ name }) => {
    const judged = new Set(verdicts.filter(({ drain }) => drain === name).map(({ id }) => id));
    const missing = requirements.filter(({ id, unchecked }) => unchecked === undefined && !judged.has(id));
    return missing.length === 0 ? [] : [`${name}: no verdict for ${missing.map(({ id }) => id).join(', ')}`];
  });
}
