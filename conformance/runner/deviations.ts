/** Verdicts against what a project declares of its drain: pure, one drain at a time. */
import { CAPABILITIES, ISSUE_TO_DO, requirementById, type Deviation, type DrainDeclaration } from '../../spec/index.js';
import type { VerdictRecord } from '../judge.js';
import { beginsAs, stableMessage } from './stable-message.js';

/** A verdict as declared or not. */
export interface Declared {
  readonly record: VerdictRecord;
  /** What is wrong with the declaration, in words. */
  readonly problem?: string;
}

const MEND = 'remove the entry, or run with --fix';

/** The verdict that a declaration makes of a verdict: a listed failure is a known deviation, everything else stays. */
export function declare(record: VerdictRecord, declaration: DrainDeclaration | undefined, file: string): Declared {
  const entry = declaration?.deviations.find(({ id }) => id === record.id);
  if (entry === undefined) return { record };
  const { id, drain, verdict } = record;
  const listed = `${drain}: ${id} stands in ${file} (${entry.issue})`;
  switch (verdict) {
    case 'pass':
      return { record, problem: `${listed}, and it passes: the deviation is mended; ${MEND}` };
    case 'not-applicable':
      return { record, problem: `${listed}, and it is not applicable (${record.reason}): ${MEND}` };
    case 'fail': {
      const message = messageOf(record);
      if (beginsAs(message, entry.message)) {
        const note = entry.note === undefined ? {} : { note: entry.note };
        return { record: { ...record, verdict: 'known-deviation', issue: entry.issue, ...note } };
      }
      const problem = `${listed} with '${entry.message}', and it fails with another message: '${message}'`;
      return { record: { ...record, reason: `${record.reason} (declared: '${entry.message}')` }, problem };
    }
    default:
      return { record }; // inconclusive and error are red by themselves, and say nothing of the entry
  }
}

/** How the capabilities that a drain claims differ from the declared ones; undefined when they do not. */
export function capabilityProblem(
  drain: { readonly name: string; readonly capabilities: readonly string[] },
  declaration: DrainDeclaration | undefined,
  file: string,
): string | undefined {
  const declared = declaration?.capabilities;
  if (declared === undefined) return undefined;
  const claimed = knownCapabilities(drain.capabilities);
  const lost = declared.filter((name) => !claimed.includes(name));
  const gained = claimed.filter((name) => !declared.includes(name));
  if (lost.length + gained.length === 0) return undefined;
  const parts = [
    lost.length > 0 ? `it does not claim ${lost.join(', ')}` : '',
    gained.length > 0 ? `it claims ${gained.join(', ')}, not listed` : '',
  ].filter((part) => part !== '');
  return `${drain.name}: its capabilities are not those in ${file}: ${parts.join('; ')}`;
}

/** Of what a drain claims, what this version of the contract knows. */
export function knownCapabilities(claims: readonly string[]): string[] {
  return claims.filter((name) => Object.hasOwn(CAPABILITIES, name));
}

/** Why a list must not be made from these verdicts; empty when it may. */
export function unfitForFix(verdicts: readonly VerdictRecord[], declaration: DrainDeclaration | undefined): string[] {
  return verdicts.flatMap((record) => {
    const { id, drain, verdict, failure } = declare(record, declaration, '').record;
    if (verdict === 'inconclusive' || verdict === 'error') return [`${drain}: ${id} has the verdict ${verdict}`];
    if (verdict === 'fail' && failure !== undefined && failure.kind !== 'violation' && !isCore(id))
      return [`${drain}: ${id} was not judged to its end (${failure.kind}: ${failure.message})`];
    return [];
  });
}

/** What `--fix` makes of a list. */
export interface Fixed {
  /** In the order of the old list; new entries follow in the order of the verdicts. */
  readonly deviations: readonly Deviation[];
  /** In words, one for each entry that was added, changed or removed; empty: nothing to do. */
  readonly changes: readonly string[];
}

/** The list that declares what failed in a whole run, and nothing else. Of the core nothing is declared. */
export function fixList(verdicts: readonly VerdictRecord[], old: readonly Deviation[]): Fixed {
  const failed = new Map(verdicts.filter((v) => v.verdict === 'fail' && !isCore(v.id)).map((v) => [v.id, v]));
  const changes: string[] = [];
  const deviations: Deviation[] = [];
  for (const entry of old) {
    const record = failed.get(entry.id);
    failed.delete(entry.id);
    if (record === undefined) changes.push(`removed ${entry.id}: it does not fail (was ${entry.issue})`);
    else if (beginsAs(messageOf(record), entry.message)) deviations.push(entry);
    else {
      const message = stableMessage(messageOf(record));
      deviations.push({ ...entry, message });
      changes.push(`changed ${entry.id}: now '${message}'; see whether ${entry.issue} still tells of it`);
    }
  }
  for (const [id, record] of failed) {
    const message = stableMessage(messageOf(record));
    deviations.push({ id, message, issue: ISSUE_TO_DO });
    changes.push(`added ${id}: '${message}'`);
  }
  return { deviations, changes };
}

const isCore = (id: string): boolean => requirementById(id)?.core === true;
const messageOf = (record: VerdictRecord): string => record.failure?.message ?? record.reason;
