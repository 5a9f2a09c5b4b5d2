/** Judges a recorded history of any system: what it decides, what it cannot, and the verdicts with the lines that show them. */
import type { Readable } from 'node:stream';
import { REQUIREMENTS, type Failure, type HistoryRecord, type Requirement } from '../../spec/index.js';
import { ConductWatch } from '../checkers/conduct.js';
import { DeliveryWatch } from '../checkers/delivery-watch.js';
import type { Finding } from '../checkers/finding.js';
import { Answers, type Suspicion } from '../checkers/questions.js';
import { TooManyWindows } from '../checkers/window-history.js';
import { CountsWatch } from './counts.js';
import { RULES } from './rules.js';
import { Facts } from './facts.js';
import { Lines } from './lines.js';
import { readHistory, readLines } from './read-history.js';
import type { Rule, Seen } from './rule.js';
import { checkSequences } from './sequences.js';
import { Source } from './source.js';

/** Records that are held at once for the rules that look at a history as a whole; some 100 MB. */
export const WHOLE_RECORDS = 250_000;
/** Records around its evidence that a failure keeps. */
const KEPT_AROUND = 6;
const KEPT_RECORDS = 200;

export interface Decision {
  readonly requirement: Requirement;
  readonly verdict: 'pass' | 'fail' | 'undecided';
  /** Why there is no verdict; or what was found. */
  readonly reason: string;
  readonly failure?: Failure;
  /** Lines of the file that show it, 1-based, ascending. */
  readonly lines: readonly number[];
}

export interface Verification {
  readonly source: string;
  readonly records: number;
  readonly events: number;
  readonly subject: string | undefined;
  readonly mode: 'stepped' | 'free';
  /** The history breaks off: why. Its verdicts hold for what there is. */
  readonly cut: string | undefined;
  readonly decisions: readonly Decision[];
}

export interface VerifyOptions {
  /** Longer histories are not held: what needs them whole is not decided. */
  readonly wholeRecords?: number;
  /** What '-' means. */
  readonly stdin?: Readable;
}

/**
 * Reads the file, or '-' for standard input (twice when something was found in a history too long to be held), and judges it.
 * @throws HistoryError when it is no history
 */
export async function verifyHistory(
  path: string,
  { wholeRecords = WHOLE_RECORDS, stdin }: VerifyOptions = {},
): Promise<Verification> {
  const source = new Source(path, stdin);
  try {
    return { source: path, ...(await verify(source, wholeRecords)) };
  } finally {
    source.close();
  }
}

async function verify(source: Source, wholeRecords: number): Promise<Omit<Verification, 'source'>> {
  const seen: Seen = { facts: new Facts(), deliveries: new DeliveryWatch(), conduct: new ConductWatch() };
  const counts = new CountsWatch(source.name);
  const lines = new Lines();
  let held: HistoryRecord[] | undefined = [];
  let at = 0;
  const { records, cut } = await readHistory(source, (record, line) => {
    lines.observe(at, line);
    counts.observe(record, line);
    checkSequences(record, seen.deliveries, { source: source.name, line });
    seen.facts.observe(record);
    seen.deliveries.observe(record, at);
    seen.conduct.observe(record, at);
    if (held !== undefined && held.push(record) > wholeRecords) held = undefined;
    at += 1;
  });
  counts.end();
  const judged = REQUIREMENTS.map((requirement) => judge(requirement, seen, held, wholeRecords));
  const found = await gather(source, held, judged, lines);
  return {
    records,
    events: seen.facts.accepted.index + seen.facts.accepted.detail,
    subject: seen.facts.subject,
    mode: seen.facts.mode,
    cut,
    decisions: judged.map(({ requirement, why, fault }) => {
      if (fault === undefined)
        return {
          requirement,
          verdict: why === undefined ? 'pass' : 'undecided',
          reason: why ?? 'the history keeps it',
          lines: [],
        };
      const finding = found.finding(fault);
      const failure = found.failure(finding);
      return {
        requirement,
        verdict: 'fail',
        reason: finding.message,
        failure,
        lines: finding.evidence.map((record) => lines.of(record)),
      };
    }),
  };
}

interface Judged {
  readonly requirement: Requirement;
  /** Why it is undecided. */
  readonly why?: string;
  readonly fault?: Finding | Suspicion;
}

function judge(
  requirement: Requirement,
  seen: Seen,
  held: readonly HistoryRecord[] | undefined,
  limit: number,
): Judged {
  const rule = RULES.find(({ id }) => id === requirement.id);
  if (rule === undefined) return { requirement, why: 'needs its own scenarios: `drainproof run`' };
  const silent = rule.silent(seen.facts);
  if (silent !== undefined) return { requirement, why: silent };
  const found = ruling(rule, seen, held);
  if (found === undefined) return { requirement, why: `the history has more than ${limit} records (--whole N)` };
  if (typeof found === 'string') return { requirement, why: found };
  return found[0] === undefined ? { requirement } : { requirement, fault: found[0] };
}

function ruling(
  rule: Rule,
  seen: Seen,
  held: readonly HistoryRecord[] | undefined,
): readonly (Finding | Suspicion)[] | string | undefined {
  if (rule.passing !== undefined) return rule.passing(seen);
  if (held === undefined) return undefined;
  try {
    return rule.whole!(held, seen.facts);
  } catch (error) {
    if (error instanceof TooManyWindows) return error.message;
    throw error;
  }
}

const isSuspicion = (fault: Finding | Suspicion): fault is Suspicion => 'tell' in fault;

/** The evidence of all faults, from the records that are held, or from the file once more. */
async function gather(
  source: Source,
  held: readonly HistoryRecord[] | undefined,
  judged: readonly Judged[],
  lines: Lines,
): Promise<Evidence> {
  const faults = judged.flatMap(({ fault }) => (fault === undefined ? [] : [fault]));
  const answers = new Answers(faults.flatMap((fault) => (isSuspicion(fault) ? fault.questions : [])));
  if (answers.open > 0) {
    let at = 0;
    if (held !== undefined) for (const record of held) answers.observe(record, at++);
    else
      await readHistory(source, (record) => {
        answers.observe(record, at++);
        return answers.open === 0;
      });
  }
  const findings = new Map(faults.map((fault) => [fault, isSuspicion(fault) ? answers.of(fault) : fault]));
  const wanted = new Set([...findings.values()].flatMap(({ evidence }) => near(evidence)));
  const kept = new Map<number, HistoryRecord>();
  if (held !== undefined) for (const at of wanted) if (held[at] !== undefined) kept.set(at, held[at]);
  if (held === undefined && wanted.size > 0) {
    const byLine = new Map([...wanted].map((at) => [lines.of(at), at]));
    for (const [line, record] of await readLines(source, new Set(byLine.keys()))) kept.set(byLine.get(line)!, record);
  }
  return new Evidence(findings, kept);
}

/** The first record (the header) and those around the evidence. */
function near(evidence: readonly number[]): number[] {
  const places = new Set<number>([0]);
  for (const at of evidence) for (let one = Math.max(0, at - KEPT_AROUND); one <= at + 1; one += 1) places.add(one);
  return [...places].sort((a, b) => a - b).slice(0, KEPT_RECORDS);
}

class Evidence {
  readonly #findings: ReadonlyMap<Finding | Suspicion, Finding>;
  readonly #records: ReadonlyMap<number, HistoryRecord>;

  constructor(findings: ReadonlyMap<Finding | Suspicion, Finding>, records: ReadonlyMap<number, HistoryRecord>) {
    this.#findings = findings;
    this.#records = records;
  }

  finding(fault: Finding | Suspicion): Finding {
    return this.#findings.get(fault)!;
  }

  failure({ message, expected, seen, evidence }: Finding): Failure {
    const places = near(evidence).filter((at) => this.#records.has(at));
    return {
      kind: 'violation',
      message,
      expected,
      seen,
      evidence: evidence.map((at) => places.indexOf(at)).filter((at) => at >= 0),
      history: places.map((at) => this.#records.get(at)!),
      omitted: 0,
      replay: '',
    };
  }
}
