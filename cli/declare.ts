/** A run's verdicts against the deviations file, and the file anew from a run. */
import type { VerdictRecord } from '../conformance/judge.js';
import {
  capabilityProblem,
  declare,
  fixList,
  knownCapabilities,
  unfitForFix,
} from '../conformance/runner/deviations.js';
import { ISSUE_TO_DO, requirementById, type DrainDeclaration, type DrainInfo } from '../spec/index.js';
import { parseDeviations, withLists, writeDeviations, type DeviationsFile, type NewList } from './deviations-file.js';

const of = ({ deviations }: DeviationsFile, drain: string): DrainDeclaration | undefined =>
  Object.hasOwn(deviations.drains, drain) ? deviations.drains[drain] : undefined;

/** The verdicts as the file makes them, and how they and the drains' claims differ from it. */
export function declareAll(
  verdicts: readonly VerdictRecord[],
  drains: readonly DrainInfo[],
  file: DeviationsFile,
): { readonly verdicts: VerdictRecord[]; readonly problems: string[] } {
  const told = verdicts.map((record) => declare(record, of(file, record.drain), file.name));
  const claims = drains.map((drain) => capabilityProblem(drain, of(file, drain.name), file.name));
  return {
    verdicts: told.map(({ record }) => record),
    problems: [...claims, ...told.map(({ problem }) => problem)].filter((problem) => problem !== undefined),
  };
}

/** What a user should know of the file, although it makes nothing red. */
export function remarks(file: DeviationsFile, drains: readonly DrainInfo[]): string[] {
  const known = Object.keys(file.deviations.drains);
  const here = drains.filter(({ name }) => known.includes(name));
  const lines = here.flatMap(({ name }) => {
    const open = of(file, name)!.deviations.filter(({ issue }) => issue === ISSUE_TO_DO);
    return open.length === 0
      ? []
      : [
          `${file.name}: ${name}: no issue yet for ${open.map(({ id }) => id).join(', ')}; put links in for ${ISSUE_TO_DO}`,
        ];
  });
  if (known.length > 0 && here.length === 0)
    lines.push(
      `${file.name} is about ${known.join(', ')}, not about ${drains.map(({ name }) => name).join(', ')}: nothing of it was used`,
    );
  return lines;
}

/** What `--fix` did. */
export interface FixOutcome {
  /** The file as it is now. */
  readonly file: DeviationsFile;
  /** The run cannot be judged, and the file was left as it was. */
  readonly refused: boolean;
  readonly lines: readonly string[];
}

/**
 * Writes the lists of the drains of a run anew.
 * @param partial - why the run was no whole one, in words; empty when it was
 * @throws DeviationsError when the file cannot be written
 */
export function fixDeviations(
  file: DeviationsFile,
  drains: readonly DrainInfo[],
  verdicts: readonly VerdictRecord[],
  partial: readonly string[],
): FixOutcome {
  const byDrain = drains.map((drain) => ({ drain, own: verdicts.filter((record) => record.drain === drain.name) }));
  const reasons = [...partial, ...byDrain.flatMap(({ drain, own }) => unfitForFix(own, of(file, drain.name)))];
  if (reasons.length > 0) {
    const head = `--fix left ${file.name} as it was, for this was no whole run:`;
    return { file, refused: true, lines: [head, ...reasons.map((reason) => `  ${reason}`)] };
  }
  const lists = new Map<string, NewList>();
  const changes: string[] = [];
  for (const { drain, own } of byDrain) {
    const fixed = fixList(own, of(file, drain.name)?.deviations ?? []);
    if (fixed.changes.length === 0) continue;
    lists.set(drain.name, { deviations: fixed.deviations, capabilities: knownCapabilities(drain.capabilities) });
    changes.push(...fixed.changes.map((change) => `  ${drain.name}: ${change}`));
  }
  const core = verdicts
    .filter(({ id, verdict }) => verdict === 'fail' && requirementById(id)?.core === true)
    .map(({ id, drain }) => `  ${drain}: ${id} is of the core and stays red`);
  if (changes.length === 0) return { file, refused: false, lines: [`${file.name}: nothing to fix`, ...core] };
  const text = withLists(file, lists);
  writeDeviations(file, text);
  return {
    file: { ...file, text, deviations: parseDeviations(text, file.name) },
    refused: false,
    lines: [`--fix wrote ${file.name}:`, ...changes, ...core],
  };
}
