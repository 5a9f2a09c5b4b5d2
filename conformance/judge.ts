import fc from 'fast-check';
import {
  Scenario,
  requirementById,
  type Failure,
  type HistoryRecord,
  type Requirement,
  type ResultOf,
  type ScenarioInput,
} from '../spec/index.js';
import type { Check, Judgement } from './check.js';
import { describeFault } from './faults.js';
import type { Answer, Misbehaviour, SubjectInfo } from './client/subject-client.js';
import { finding, type Finding } from './checkers/finding.js';
import { encodeToken } from './scenarios/token.js';

export type VerdictRecord = ResultOf<'verdict'>;

/** What the judge needs of a subject. */
export interface Subject {
  open(): Promise<Answer<SubjectInfo>>;
  run(scenario: Scenario): Promise<Answer<readonly HistoryRecord[]>>;
}

export interface JudgeOptions {
  /** Name of the drain in the results. */
  readonly drain: string;
  readonly seed: number;
  /** The command that replays a token on this drain. */
  replayCommand(token: string): string;
  /** Longest history that a failure keeps, in records. */
  readonly keptRecords?: number;
  /** False: the first failing scenario is the result, and no shorter one is looked for. */
  readonly shrink?: boolean;
}

/** What one scenario led to. */
type Trial =
  | { readonly kind: 'pass' }
  | { readonly kind: 'inconclusive'; readonly why: string }
  | {
      readonly kind: 'fail';
      readonly scenario: ScenarioInput;
      readonly finding: Finding;
      readonly history: readonly HistoryRecord[];
    }
  | { readonly kind: 'fault'; readonly scenario: ScenarioInput; readonly fault: Misbehaviour };

interface Tally {
  scenarios: number;
  events: number;
  conclusive: number;
  /** Why the first inconclusive scenario was so. */
  inconclusive: string | undefined;
}

const KEPT_RECORDS = 400;

/** The seed of one check: its own, so that a check gives the same scenarios whatever else runs. */
export function seedOfCheck(seed: number, id: string): number {
  let hash = seed | 0;
  for (let i = 0; i < id.length; i += 1) hash = Math.imul(hash ^ id.charCodeAt(i), 0x01000193);
  return hash;
}

/** Runs a check on a drain and gives its verdict. Never throws: the suite's own fault is the verdict `error`. */
export async function judgeCheck(check: Check, subject: Subject, options: JudgeOptions): Promise<VerdictRecord> {
  const started = performance.now();
  const tally: Tally = { scenarios: 0, events: 0, conclusive: 0, inconclusive: undefined };
  const verdict = (name: VerdictRecord['verdict'], reason: string, failure?: Failure): VerdictRecord => ({
    type: 'verdict',
    id: check.id,
    drain: options.drain,
    verdict: name,
    reason,
    seed: options.seed,
    scenarios: tally.scenarios,
    events: tally.events,
    durationMs: Math.round(performance.now() - started),
    ...(failure === undefined ? {} : { failure }),
  });
  const requirement = requirementById(check.id);
  if (requirement === undefined) return verdict('error', `there is no requirement ${check.id}`);
  try {
    const opened = await subject.open();
    if (!opened.ok) {
      const nothing: ScenarioInput = { mode: 'stepped', steps: [] };
      return verdict('fail', opened.fault.message, faultFailure(requirement, nothing, opened.fault, options));
    }
    const missing = [...requirement.needs, ...(check.needs ?? [])].filter(
      (name) => !opened.value.capabilities.includes(name),
    );
    if (missing.length > 0) return verdict('not-applicable', `the drain does not claim ${missing.join(', ')}`);
    const seed = seedOfCheck(options.seed, check.id);
    const { shrink = true } = options;
    const trial = await runScenarios(withClaimed(check, opened.value.capabilities), subject, seed, tally, shrink);
    switch (trial.kind) {
      case 'fail':
        return verdict('fail', trial.finding.message, findingFailure(requirement, trial, options));
      case 'fault':
        if (trial.fault.code === 'SCENARIO') return verdict('error', trial.fault.message);
        return verdict('fail', trial.fault.message, faultFailure(requirement, trial.scenario, trial.fault, options));
      case 'inconclusive':
        return verdict('inconclusive', trial.why);
      case 'pass':
        return verdict(
          'pass',
          `${tally.conclusive} of ${tally.scenarios} scenarios conclusive, ${tally.events} events`,
        );
    }
  } catch (error) {
    return verdict(
      'error',
      `the check itself failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    );
  }
}

/** The check with those of its further scenarios that the drain's capabilities allow. */
function withClaimed(check: Check, claims: readonly string[]): Check {
  const further = (check.also ?? []).filter(({ needs }) => needs.every((name) => claims.includes(name)));
  return { ...check, scenarios: [...(check.scenarios ?? []), ...further.flatMap(({ scenarios }) => scenarios)] };
}

async function runScenarios(
  check: Check,
  subject: Subject,
  seed: number,
  tally: Tally,
  shrink: boolean,
): Promise<Trial> {
  for (const scenario of check.scenarios ?? []) {
    const trial = await runOne(check, subject, scenario, tally);
    if (trial.kind !== 'pass') return trial;
  }
  if (check.generated !== undefined) {
    const trial = await runGenerated(check, check.generated, subject, seed, tally, shrink);
    if (trial.kind !== 'pass') return trial;
  }
  if (tally.conclusive > 0) return { kind: 'pass' };
  return { kind: 'inconclusive', why: tally.inconclusive ?? 'no scenario was run' };
}

async function runOne(check: Check, subject: Subject, input: ScenarioInput, tally: Tally): Promise<Trial> {
  const answer = await subject.run(Scenario.parse(input));
  tally.scenarios += 1;
  if (!answer.ok) return { kind: 'fault', scenario: input, fault: answer.fault };
  const history = answer.value;
  tally.events += acceptedIn(history);
  const judgement: Judgement = check.judge(history, input);
  const broken = findBrokenCall(history);
  if (broken !== undefined && ('inconclusive' in judgement || judgement.length === 0)) {
    return { kind: 'fail', scenario: input, finding: broken, history };
  }
  if ('inconclusive' in judgement) {
    tally.inconclusive ??= judgement.inconclusive;
    return { kind: 'inconclusive', why: judgement.inconclusive };
  }
  const first = judgement[0];
  if (first !== undefined) return { kind: 'fail', scenario: input, finding: first, history };
  tally.conclusive += 1;
  return { kind: 'pass' };
}

async function runGenerated(
  check: Check,
  generated: NonNullable<Check['generated']>,
  subject: Subject,
  seed: number,
  tally: Tally,
  shrink: boolean,
): Promise<Trial> {
  let worst: Trial = { kind: 'pass' };
  let misbehaved = false;
  const property = fc.asyncProperty(generated.arbitrary, async (scenario) => {
    if (misbehaved) return true; // shrinking ends here: every further try would cost a process or a time-out
    const trial = await runOne(check, subject, scenario, tally);
    if (trial.kind === 'pass' || trial.kind === 'inconclusive') return true;
    misbehaved = trial.kind === 'fault';
    if (worst.kind === 'pass' || !misbehaved) worst = trial;
    return false;
  });
  await fc.check(property, { seed, numRuns: generated.runs, endOnFailure: !shrink });
  return worst;
}

/** A call that threw or gave what the contract does not know: whatever else was right, this drain cannot be used. */
function findBrokenCall(history: readonly HistoryRecord[]): Finding | undefined {
  const at = history.findIndex(({ type }) => type === 'threw');
  const record = history[at];
  if (record?.type !== 'threw') return undefined;
  const message = `${record.during} broke the contract: ${record.message}`;
  return finding('contract', message, 'a call that does what the contract says', record.message, [at]);
}

function acceptedIn(history: readonly HistoryRecord[]): number {
  let events = 0;
  for (const record of history) {
    if (record.type === 'emit' && record.outcome === 'accepted') events += record.count;
    if (record.type === 'submit' && record.phase !== 'begin' && record.outcome === 'accepted') {
      events += record.index[1] + record.detail[1];
    }
  }
  return events;
}

function findingFailure(
  requirement: Requirement,
  trial: Extract<Trial, { kind: 'fail' }>,
  options: JudgeOptions,
): Failure {
  const kept = options.keptRecords ?? KEPT_RECORDS;
  const { finding, history } = trial;
  const end = Math.max(kept, (finding.evidence.at(-1) ?? 0) + 1);
  const from = history.length <= kept ? 0 : Math.max(0, Math.min(end, history.length) - kept);
  const shown = history.slice(from, from + kept);
  return {
    kind: 'violation',
    message: finding.message,
    expected: finding.expected,
    seen: finding.seen,
    evidence: finding.evidence.map((at) => at - from).filter((at) => at >= 0 && at < shown.length),
    history: [...shown],
    omitted: history.length - shown.length,
    replay: options.replayCommand(encodeToken(requirement.id, trial.scenario)),
  };
}

function faultFailure(
  requirement: Requirement,
  scenario: ScenarioInput,
  fault: Misbehaviour,
  options: JudgeOptions,
): Failure {
  const { message, expected, seen } = describeFault(fault);
  const history = fault.history.slice(-(options.keptRecords ?? KEPT_RECORDS));
  return {
    kind: fault.kind,
    message,
    expected,
    seen,
    evidence: history.length === 0 ? [] : [history.length - 1],
    history: [...history],
    omitted: fault.history.length - history.length,
    replay: options.replayCommand(encodeToken(requirement.id, scenario)),
  };
}
