import type { Arbitrary } from 'fast-check';
import type { Capability, HistoryRecord, Requirement, ScenarioInput } from '../spec/index.js';
import type { Finding } from './checkers/finding.js';

/** Why a check cannot say anything about a history: its precondition never happened. */
export interface Inconclusive {
  readonly inconclusive: string;
}

/** What a check thinks of one history. No findings is a pass. */
export type Judgement = readonly Finding[] | Inconclusive;

/** One check: the scenarios of a requirement, and its judge. */
export interface Check {
  readonly id: Requirement['id'];
  /** Scenarios that are always run, in this order. */
  readonly scenarios?: readonly ScenarioInput[];
  /** Scenarios that are generated from the run's seed, and shrunk when one fails. */
  readonly generated?: { readonly arbitrary: Arbitrary<ScenarioInput>; readonly runs: number };
  /** Capabilities beyond the requirement's own that every scenario here needs. */
  readonly needs?: readonly Capability[];
  /** Scenarios for drains that claim more than the requirement needs; the others are judged without them. */
  readonly also?: readonly { readonly needs: readonly Capability[]; readonly scenarios: readonly ScenarioInput[] }[];
  /**
   * Pure: the history of one scenario, and the scenario. Asserts the precondition first.
   * A generated scenario may be inconclusive; a check of which every scenario is inconclusive is inconclusive.
   */
  judge(history: readonly HistoryRecord[], scenario: ScenarioInput): Judgement;
}

type Listener = (check: Check) => void;
let listener: Listener | undefined;
const declared: Check[] = [];

/** Declares the check of this file. Every file under checks/ calls it once. */
export function defineCheck(check: Check): Check {
  if (listener === undefined) declared.push(check);
  else listener(check);
  return check;
}

/** From now on declared checks go to `next` (the runner's worker turns them into tests). */
export function onDefineCheck(next: Listener): void {
  listener = next;
}

/** The checks declared since the last call, where nobody listens. */
export function takeDefinedChecks(): Check[] {
  return declared.splice(0);
}
