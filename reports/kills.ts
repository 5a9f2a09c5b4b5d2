/** What the kill matrix says, worked out once for all reports: the suite proves itself. */
import type { ResultOf } from '../spec/results.js';
import type { Report, RequirementRecord } from './model.js';
import { plural } from './text.js';

export type BrokenRecord = ResultOf<'broken'>;

export interface Kills {
  readonly broken: readonly BrokenRecord[];
  /** Requirements of the report, in its order. */
  readonly requirements: readonly RequirementRecord[];
  /** Requirements that failed at least one broken drain. */
  readonly killing: number;
  /** Broken drains that their own requirement did not fail, or not in every run though no race is needed. */
  readonly escaped: readonly BrokenRecord[];
  /** Those that need a race, the one that is missed most first. */
  readonly racy: readonly BrokenRecord[];
}

/** Undefined without broken drains. */
export function killsOf({ results, groups }: Report): Kills | undefined {
  const { broken } = results;
  if (broken.length === 0) return undefined;
  const requirements = groups.flatMap((group) => group.rows.map((row) => row.requirement));
  const killing = new Set(broken.flatMap(({ failedBy }) => failedBy));
  const share = ({ caught, runs }: BrokenRecord): number => (runs === 0 ? 0 : caught / runs);
  return {
    broken,
    requirements,
    killing: requirements.filter(({ id }) => killing.has(id)).length,
    escaped: broken.filter(({ racy, caught, runs }) => caught === 0 || (!racy && caught < runs)),
    racy: broken.filter(({ racy }) => racy).sort((a, b) => share(a) - share(b)),
  };
}

/** `97 of 100, misses at most 8.5 %`. */
export function caughtWords({ caught, runs, missAtMost }: BrokenRecord): string {
  const bound = missAtMost === undefined ? '' : `, misses at most ${percent(missAtMost)}`;
  return `${caught} of ${runs}${bound}`;
}

export function percent(rate: number): string {
  return `${(rate * 100).toFixed(1)} %`;
}

/** Two lines: what the suite was tried on, and where it is weakest. None without broken drains. */
export function killSummary(report: Report): string[] {
  const kills = killsOf(report);
  if (kills === undefined) return [];
  const { broken, requirements, killing, escaped, racy } = kills;
  const own =
    escaped.length === 0
      ? 'each failed by its own requirement'
      : `${escaped.length} not always failed by their own requirement (${escaped.map(({ name }) => name).join(', ')})`;
  const lines = [
    `The suite was tried on ${plural(broken.length, 'broken drain')}: ${own}; ${killing} of ${plural(requirements.length, 'requirement')} fail at least one.`,
  ];
  const [weakest] = racy;
  if (weakest !== undefined)
    lines.push(
      `${plural(racy.length, 'needs', 'need')} a race; weakest: ${weakest.name}, caught ${caughtWords(weakest)}.`,
    );
  return lines;
}
