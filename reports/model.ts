/** What every report shows, worked out once from a results file: drains, families, requirements and their verdicts. */
import { FAMILIES } from '../spec/requirements/index.js';
import { VERDICTS, type DrainInfo, type ResultOf, type Verdict } from '../spec/results.js';
import type { Results } from './results-file.js';
import { SEVERITY, TROUBLE, bySeverity } from './severity.js';
import { buildStress, stressCells, type StressReport } from './stress.js';

export type RequirementRecord = ResultOf<'requirement'>;
export type VerdictRecord = ResultOf<'verdict'>;
/** A verdict, or `not-run` where a run was cut off or a check was left out. */
export type Cell = Verdict | 'not-run';

export interface Row {
  readonly requirement: RequirementRecord;
  /** One for each drain, in the order of `drains`. */
  readonly cells: readonly (VerdictRecord | undefined)[];
}

export interface Group {
  readonly family: string;
  /** What the family is about; empty when unknown. */
  readonly title: string;
  readonly rows: readonly Row[];
}

export type Counts = Readonly<Record<Cell, number>>;
export type Status = 'ok' | 'failed' | 'partial' | 'empty';

export interface Report {
  readonly results: Results;
  readonly drains: readonly DrainInfo[];
  readonly groups: readonly Group[];
  /** Of requirements and stress scenarios together. */
  readonly counts: Counts;
  readonly stress: StressReport;
  /** Rows and drains of every `fail`, `error` and `inconclusive`: failures first, then in report order. */
  readonly troubles: readonly { readonly row: Row; readonly verdict: VerdictRecord }[];
  /** Rows and drains of every known deviation, in report order. */
  readonly known: readonly { readonly row: Row; readonly verdict: VerdictRecord }[];
  readonly status: Status;
  readonly problems: readonly string[];
  /** Milliseconds from start to end; absent when unknown. */
  readonly elapsedMs?: number;
}

export function buildReport(results: Results): Report {
  const problems = [...results.problems];
  const drains = listDrains(results);
  const requirements = listRequirements(results, problems);
  const verdicts = indexVerdicts(results, problems);
  const groups = new Map<string, { family: string; title: string; rows: Row[] }>();
  for (const requirement of requirements) {
    const { family } = requirement;
    let group = groups.get(family);
    if (group === undefined) {
      const title = Object.hasOwn(FAMILIES, family) ? FAMILIES[family as keyof typeof FAMILIES] : '';
      groups.set(family, (group = { family, title, rows: [] }));
    }
    group.rows.push({ requirement, cells: drains.map((d) => verdicts.get(key(requirement.id, d.name))) });
  }
  const list = [...groups.values()];
  const rows = list.flatMap((group) => group.rows);
  const names = drains.map(({ name }) => name);
  const stress = buildStress(results, names, problems);
  const counts = countCells([...rows.flatMap((row) => row.cells), ...stressCells(stress)]);
  noteCounts(results, counts, problems);
  const verdictsOf = (kinds: ReadonlySet<Verdict>): { row: Row; verdict: VerdictRecord }[] =>
    rows.flatMap((row) =>
      row.cells.flatMap((verdict) => (verdict && kinds.has(verdict.verdict) ? [{ row, verdict }] : [])),
    );
  const troubles = verdictsOf(TROUBLE);
  troubles.sort((a, b) => bySeverity(a.verdict, b.verdict));
  const elapsedMs = Date.parse(results.end?.endedAt ?? '') - Date.parse(results.run.startedAt);
  return {
    results,
    drains,
    groups: list,
    counts,
    stress,
    troubles,
    known: verdictsOf(new Set<Verdict>(['known-deviation'])),
    status: statusOf(results, counts, stress),
    problems,
    ...(elapsedMs >= 0 && { elapsedMs }),
  };
}

/** Cells of one family and drain. */
export function countCells(cells: readonly ({ readonly verdict: Verdict } | undefined)[]): Counts {
  const counts = Object.fromEntries([...VERDICTS, 'not-run'].map((v) => [v, 0])) as Record<Cell, number>;
  for (const cell of cells) counts[cell?.verdict ?? 'not-run'] += 1;
  return counts;
}

/** The worst that is in these counts, for one mark that stands for them all. */
export function worst(counts: Counts): Cell {
  return SEVERITY.slice(0, 3).find((v) => counts[v] > 0) ?? (counts['not-run'] > 0 ? 'not-run' : bestOf(counts));
}

function bestOf(counts: Counts): Cell {
  if (counts.pass > 0) return counts['known-deviation'] > 0 ? 'known-deviation' : 'pass';
  return SEVERITY.find((v) => counts[v] > 0) ?? 'not-run';
}

const key = (id: string, drain: string): string => JSON.stringify([id, drain]);

function listDrains(results: Results): DrainInfo[] {
  const drains = new Map(results.run.drains.map((d) => [d.name, d]));
  const { verdicts, stress, checkpoints, saturation, benchmarks } = results;
  for (const { drain } of [...verdicts, ...stress, ...checkpoints, ...saturation, ...benchmarks]) {
    if (!drains.has(drain)) drains.set(drain, { name: drain, version: '', path: '', capabilities: [] });
  }
  return [...drains.values()];
}

function listRequirements(results: Results, problems: string[]): RequirementRecord[] {
  const known = new Map<string, RequirementRecord>();
  for (const requirement of results.requirements) {
    if (known.has(requirement.id)) problems.push(`Requirement ${requirement.id} stands in the file twice.`);
    else known.set(requirement.id, requirement);
  }
  for (const { id } of results.verdicts) {
    if (known.has(id)) continue;
    problems.push(`There is a verdict on ${id}, but no such requirement in the file.`);
    const family = id.includes('-') ? id.slice(0, id.indexOf('-')) : 'OTHER';
    const blank = { text: '', rationale: '', source: [], needs: [], lookAt: '' };
    known.set(id, { type: 'requirement', id, family, level: 'MUST', title: '(not in the file)', ...blank });
  }
  return [...known.values()];
}

function indexVerdicts(results: Results, problems: string[]): Map<string, VerdictRecord> {
  const verdicts = new Map<string, VerdictRecord>();
  for (const verdict of results.verdicts) {
    const k = key(verdict.id, verdict.drain);
    const other = verdicts.get(k);
    if (other) problems.push(`There are two verdicts on ${verdict.id} for ${verdict.drain}; the worse counts.`);
    if (other && bySeverity(other, verdict) <= 0) continue;
    verdicts.set(k, verdict);
  }
  return verdicts;
}

function noteCounts(results: Results, counts: Counts, problems: string[]): void {
  const declared = results.end?.counts;
  if (declared && VERDICTS.some((v) => declared[v] !== counts[v])) {
    problems.push('The counts of the `end` record are not those of the verdicts; the verdicts count.');
  }
}

function statusOf(results: Results, counts: Counts, { endedEarly, scenarios }: StressReport): Status {
  if (results.verdicts.length + scenarios.length === 0) return 'empty';
  if (counts.fail + counts.error + counts.inconclusive > 0) return 'failed';
  if (endedEarly) return 'partial';
  if (results.end?.ok === false) return 'failed';
  return results.partial ? 'partial' : 'ok';
}
