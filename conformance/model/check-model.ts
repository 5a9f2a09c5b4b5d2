/** Runs sequences of commands on a drain, and says which is the shortest that breaks a promise. */
import fc, { type RunDetails } from 'fast-check';
import { Scenario, type HistoryRecord } from '../../spec/index.js';
import type { Answer, Misbehaviour, SubjectInfo } from '../client/subject-client.js';
import type { Limits } from '../client/limits.js';
import type { ModelCommand } from './commands.js';
import { commandArbitraries, setups } from './generate.js';
import { judgeHistory } from './model.js';
import { Plan, Script, epilogue, type Setup } from './script.js';
import type { Violation } from './violation.js';

/** What the model needs of a subject. */
export interface ModelSubject {
  open(): Promise<Answer<SubjectInfo>>;
  run(scenario: Scenario): Promise<Answer<readonly HistoryRecord[]>>;
}

export interface ModelOptions {
  readonly seed: number;
  /** Sequences. */
  readonly runs: number;
  /** Most commands of a sequence. */
  readonly commands: number;
  /** With `replayPath`: this one case. */
  readonly path?: string;
  readonly replayPath?: string;
  /** No further sequence begins after this long, ms. */
  readonly limitMs?: number;
  /** Called after each sequence with how many there were. */
  readonly progress?: (done: number) => void;
}

/** The shortest sequence found, and what was wrong. */
export interface ModelFailure {
  readonly setup: Setup;
  readonly commands: readonly string[];
  readonly script: Script;
  readonly violation?: Violation;
  readonly fault?: Misbehaviour;
  /** Two drains disagree: the first records that differ. */
  readonly difference?: Difference;
  readonly history: readonly HistoryRecord[];
  readonly seed: number;
  readonly path: string;
  readonly replayPath: string;
  /** Smaller sequences found after the first failing one. */
  readonly shrinks: number;
}

export interface Difference {
  readonly at: number;
  readonly first: string;
  readonly second: string;
}

export interface ModelResult {
  readonly sequences: number;
  readonly failure?: ModelFailure;
}

/** How long the model waits for a drain under test: its scenarios are small. */
export const MODEL_LIMITS: Limits = { openMs: 20_000, steppedMs: 3_000, freeMs: 3_000, closeMs: 500 };

/** A subject that misbehaves takes seconds each time: so many of its failures are enough to shrink with. */
const MISBEHAVIOURS = 12;

type Broken = Pick<ModelFailure, 'violation' | 'fault' | 'difference' | 'history'>;
type Trial = (script: Script) => Promise<Broken | undefined>;

/** The sequence as a scenario, and the commands that were performed. */
export function play(setup: Setup, commands: Iterable<ModelCommand>): Script {
  const plan = new Plan();
  const script = new Script(setup);
  fc.modelRun(() => ({ model: plan, real: script }), commands);
  script.add(...epilogue(plan, setup));
  return script;
}

/** @returns what one drain did wrong in a sequence */
function judging(subject: ModelSubject): Trial {
  return async (script) => {
    const answer = await subject.run(Scenario.parse(script.scenario()));
    if (!answer.ok) return { fault: answer.fault, history: answer.fault.history };
    const violation = judgeHistory(script, answer.value);
    return violation === undefined ? undefined : { violation, history: answer.value };
  };
}

/** @returns where two drains tell different histories of a sequence */
function comparing(first: ModelSubject, second: ModelSubject): Trial {
  return async (script) => {
    const scenario = Scenario.parse(script.scenario());
    const [one, two] = [await first.run(scenario), await second.run(scenario)];
    const bad = [one, two].find((answer) => !answer.ok);
    if (bad !== undefined && !bad.ok) return { fault: bad.fault, history: bad.fault.history };
    if (!one.ok || !two.ok) return undefined;
    const lines = [one.value, two.value].map((history) => history.map((record) => JSON.stringify(record)));
    const at = Array.from({ length: Math.max(lines[0]!.length, lines[1]!.length) }).findIndex(
      (_, i) => lines[0]![i] !== lines[1]![i],
    );
    if (at < 0) return undefined;
    const [from, to] = [lines[0]![at] ?? 'the end', lines[1]![at] ?? 'the end'];
    return { difference: { at, first: from, second: to }, history: one.value };
  };
}

/** The model against one drain. */
export function checkModel(
  subject: ModelSubject,
  claims: readonly string[],
  options: ModelOptions,
): Promise<ModelResult> {
  return run(judging(subject), new Set(claims), options);
}

/** Two drains beside each other; only for drains that follow spec/algorithm.md, which leaves nothing free. */
export function checkDifference(
  first: ModelSubject,
  second: ModelSubject,
  claims: readonly string[],
  options: ModelOptions,
): Promise<ModelResult> {
  return run(comparing(first, second), new Set(claims), options);
}

async function run(trial: Trial, claims: ReadonlySet<string>, options: ModelOptions): Promise<ModelResult> {
  const { seed, runs, commands: maxCommands, path, replayPath, limitMs } = options;
  let sequences = 0;
  let misbehaved = 0;
  let worst: (Broken & { script: Script }) | undefined;
  const sequence = fc.commands(commandArbitraries(claims), {
    maxCommands,
    size: 'max',
    ...(replayPath === undefined ? {} : { replayPath }),
  });
  const property = fc.asyncProperty(setups(claims), sequence, async (setup, commands) => {
    const script = play(setup, commands);
    if (misbehaved > MISBEHAVIOURS) return true;
    const broken = await trial(script);
    sequences += 1;
    if (sequences % 50 === 0) options.progress?.(sequences);
    if (broken === undefined) return true;
    if (broken.fault !== undefined) misbehaved += 1;
    worst = { ...broken, script };
    return false;
  });
  const details = await fc.check(property, {
    seed,
    numRuns: path === undefined ? runs : 1,
    ...(path === undefined ? {} : { path, endOnFailure: true }),
    ...(limitMs === undefined ? {} : { interruptAfterTimeLimit: limitMs }),
  });
  if (!details.failed || worst === undefined) return { sequences };
  return { sequences, failure: failureOf(details, worst) };
}

function failureOf(
  details: RunDetails<[Setup, Iterable<ModelCommand>]>,
  { script, ...broken }: Broken & { script: Script },
): ModelFailure {
  const [setup, commands] = details.counterexample!;
  const replayPath = /replayPath="([^"]*)"/.exec(String(commands))?.[1] ?? '';
  return {
    ...broken,
    setup,
    script,
    commands: performed(String(commands)),
    seed: details.seed,
    path: details.counterexamplePath!,
    replayPath,
    shrinks: details.numShrinks,
  };
}

/** fast-check writes the commands that were performed, separated by commas without a space, and then its replayPath. */
function performed(text: string): string[] {
  const bare = text.replace(/\s*\/\*replayPath=.*\*\/\s*$/, '');
  return bare === '' ? [] : bare.split(/,(?! )/);
}
