import { randomInt } from 'node:crypto';
import { join, resolve } from 'node:path';
import { programName, resolveDrains, type DrainTarget } from '../conformance/runner/drains.js';
import { ResultsWriter, readResults, renderTerminal, writeReports } from '../reports/index.js';
import {
  VERDICTS,
  isErrorCode,
  type Calibration,
  type DrainInfo,
  type ResultOf,
  type StressWindow,
} from '../spec/index.js';
import { StressClient } from '../stress/client.js';
import {
  PROFILES,
  SCENARIO_IDS,
  planTasks,
  scenarioOf,
  type ProfileName,
  type Shard,
  type Task,
} from '../stress/plan.js';
import { runScenario, type StressRecord } from '../stress/run.js';
import { saturate } from '../stress/saturation.js';
import { rehearse } from '../stress/rehearsal.js';
import type { Scale, Scenario } from '../stress/scenario.js';
import { stressCommandOf } from '../stress/subject-command.js';
import { describeMachine, describeTool } from './machine.js';
import { EXIT, type Streams } from './program.js';
import { refusedBy } from './refused.js';
import { UsageError, closest } from './select.js';
import { StressProgressLine } from './stress-progress.js';

/** Flags of `drainproof stress`. */
export interface StressFlags {
  readonly impl?: string[];
  readonly profile: ProfileName;
  readonly scenario?: string[];
  readonly saturation?: boolean;
  readonly seconds?: number;
  readonly threads?: number;
  readonly rate?: number;
  readonly repeats?: number;
  readonly seed?: number;
  readonly shard?: Shard;
  readonly out: string;
}

const LARGEST_SEED = 2 ** 31 - 1;
/** Windows of a scenario under way are written down this often, ms. */
const CHECKPOINT_MS = 30_000;

/** `drainproof stress`: measures, judges, writes the reports, prints them; the result is the exit code. */
export async function stressCommand(flags: StressFlags, streams: Streams): Promise<number> {
  const targets = resolveDrains(flags.impl ?? ['reference', 'native']);
  const only = flags.scenario?.map(scenarioNamed);
  const tasks = planTasks(PROFILES[flags.profile], {
    ...(only && { only }),
    ...(flags.saturation === true && { saturation: true }),
    ...(flags.shard && { shard: flags.shard }),
  });
  if (tasks.length === 0)
    throw new UsageError('There is nothing to do in this part: there are fewer scenarios than parts.');
  return new StressRun(flags, streams, targets, tasks).run();
}

function scenarioNamed(id: string): Scenario {
  const found = scenarioOf(id);
  if (found !== undefined) return found;
  const meant = closest(id, SCENARIO_IDS);
  throw new UsageError(
    `There is no scenario '${id}'.${meant === undefined ? '' : ` Did you mean '${meant}'?`} There are ${SCENARIO_IDS.join(', ')}.`,
  );
}

class StressRun {
  readonly #flags: StressFlags;
  readonly #streams: Streams;
  readonly #targets: readonly DrainTarget[];
  readonly #tasks: readonly Task[];
  readonly #seed: number;
  readonly #abort = new AbortController();
  readonly #clients = new Map<string, StressClient>();
  readonly #records: StressRecord[] = [];
  readonly #problems: string[] = [];
  readonly #outDir: string;
  readonly #progress: StressProgressLine;
  /** After the last scenario: nothing ran since. */
  #noise: Calibration | undefined;
  #writer!: ResultsWriter;

  constructor(flags: StressFlags, streams: Streams, targets: readonly DrainTarget[], tasks: readonly Task[]) {
    this.#flags = flags;
    this.#streams = streams;
    this.#targets = targets;
    this.#tasks = tasks;
    this.#seed = flags.seed ?? randomInt(1, LARGEST_SEED);
    this.#outDir = resolve(flags.out);
    this.#progress = new StressProgressLine(streams.out, tasks.length * targets.length);
    for (const { name, path, command } of targets)
      this.#clients.set(name, new StressClient(stressCommandOf(path, command)));
  }

  async run(): Promise<number> {
    const interrupt = (): void => {
      if (this.#abort.signal.aborted) process.exit(130); // asked twice
      this.#abort.abort();
      this.#streams.err.write('\nEnding: what was measured until now is judged. Once more to end at once.\n');
    };
    process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
    try {
      const drains: DrainInfo[] = [];
      for (const target of this.#targets) drains.push(await this.#introduce(target));
      this.#begin(drains);
      for (const target of this.#targets) await this.#rehearse(target);
      for (const task of this.#tasks) for (const target of this.#targets) await this.#do(task, target);
    } finally {
      process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
      this.#progress.finish();
      for (const client of this.#clients.values()) await client.close();
    }
    return this.#end();
  }

  /** A module that cannot be loaded at all is the user's mistake; one that misbehaves is judged. */
  async #introduce(target: DrainTarget): Promise<DrainInfo> {
    const opened = await this.#clients.get(target.name)!.open();
    if (opened.ok) {
      const { version, capabilities } = opened.value;
      return { name: target.name, version, path: target.path, capabilities: [...capabilities] };
    }
    const { kind, code, message } = opened.fault;
    if (kind === 'refused' && isErrorCode(code)) throw refusedBy(target.given, code, message);
    return { name: target.name, version: 'unknown', path: target.path, capabilities: [] };
  }

  #begin(drains: DrainInfo[]): void {
    this.#writer = new ResultsWriter(join(this.#outDir, 'results.jsonl'));
    const { profile, shard } = this.#flags;
    this.#writer.append({
      type: 'run',
      version: 1,
      tool: describeTool(),
      startedAt: new Date().toISOString(),
      seed: this.#seed,
      arguments: process.argv.slice(2),
      machine: describeMachine(),
      drains,
      profile,
      ...(shard && { shard: { ...shard } }),
    });
  }

  async #do(task: Task, target: DrainTarget): Promise<void> {
    if (this.#abort.signal.aborted) return;
    if ('saturation' in task) await this.#saturate(task.saturation, target);
    else await this.#measure(task.scenario, target);
  }

  async #rehearse({ name }: DrainTarget): Promise<void> {
    if (this.#abort.signal.aborted) return;
    this.#progress.begin('threads start', name);
    await rehearse(this.#clients.get(name)!, this.#tasks, this.#scale(), this.#abort.signal);
  }

  #scale(): Omit<Scale, 'capabilities'> {
    const { profile, seconds, threads, rate } = this.#flags;
    return { seconds: seconds ?? PROFILES[profile].seconds, threads, rate: rate ?? 1, seed: this.#seed };
  }

  async #measure(scenario: Scenario, { name, given }: DrainTarget): Promise<void> {
    const { repeats, most } = PROFILES[this.#flags.profile];
    const least = this.#flags.repeats ?? repeats;
    this.#progress.begin(scenario.title, name);
    const kept: StressWindow[] = [];
    let keptAt = 0;
    const record = await runScenario(scenario, this.#clients.get(name)!, {
      drain: name,
      scale: this.#scale(),
      repeats: least,
      most: Math.max(least, this.#flags.repeats === undefined ? most : least),
      replay: this.#replay(scenario, given),
      ...(this.#noise && { noise: this.#noise }),
      signal: this.#abort.signal,
      progress: (told, measured) => {
        this.#progress.live(told);
        kept.push(...told.windows);
        if (told.elapsedMs - keptAt < CHECKPOINT_MS || kept.length === 0) return;
        keptAt = told.elapsedMs;
        this.#writer.append({
          type: 'checkpoint',
          scenario: scenario.id,
          drain: name,
          atMs: told.elapsedMs,
          windows: kept.splice(0),
          ...(told.ledger && { ledger: told.ledger }),
          ...(measured && { measured }),
        });
      },
    });
    this.#noise = record.noise?.after;
    this.#records.push(record);
    this.#writer.append(record);
    this.#progress.verdict(record);
  }

  async #saturate(threads: number, { name }: DrainTarget): Promise<void> {
    this.#progress.begin(`saturation, ${threads} threads`, name);
    const answer = await saturate(this.#clients.get(name)!, {
      drain: name,
      threads,
      seconds: this.#flags.seconds ?? Math.max(1, PROFILES[this.#flags.profile].stepSeconds),
      seed: this.#seed,
      signal: this.#abort.signal,
      step: (step) => this.#progress.step(step),
    });
    if (!answer.ok) {
      this.#problems.push(`${name}: the saturation curve at ${threads} threads broke off: ${answer.fault.message}`);
      return;
    }
    this.#writer.append(answer.value);
    this.#progress.knee(answer.value);
  }

  #replay({ id }: Scenario, given: string): string {
    const { profile, seconds, threads, rate, repeats } = this.#flags;
    const flags = Object.entries({ profile, scenario: id, seconds, threads, rate, repeats, seed: this.#seed });
    const told = flags.flatMap(([flag, value]) => (value === undefined ? [] : [`--${flag} ${value}`]));
    return `${programName()} stress --impl ${given} ${told.join(' ')}`;
  }

  async #end(): Promise<number> {
    const end = this.#conclude();
    this.#writer.append(end);
    this.#writer.close();
    const results = readResults(this.#writer.path);
    const files = Object.values(await writeReports(results, this.#outDir)) as string[];
    this.#streams.out.write(renderTerminal(results, { files: [this.#writer.path, ...files] }));
    return end.ok ? EXIT.asDeclared : EXIT.notAsDeclared;
  }

  #conclude(): ResultOf<'end'> {
    const counts = Object.fromEntries(
      VERDICTS.map((name) => [name, this.#records.filter(({ verdict }) => verdict === name).length]),
    ) as ResultOf<'end'>['counts'];
    const problems = [...this.#problems];
    if (this.#abort.signal.aborted) problems.push('it was interrupted: these results are a part of what was asked for');
    const judged = this.#tasks.some((task) => 'scenario' in task);
    for (const { name } of this.#targets) {
      const own = this.#records.filter(({ drain }) => drain === name);
      if (judged && !own.some(({ verdict }) => verdict === 'pass')) problems.push(`${name}: no scenario passed`);
    }
    const undeclared = counts.fail + counts.inconclusive + counts.error;
    if (undeclared > 0) problems.push(`${undeclared} verdicts are not as declared`);
    return { type: 'end', endedAt: new Date().toISOString(), counts, ok: problems.length === 0, problems };
  }
}
