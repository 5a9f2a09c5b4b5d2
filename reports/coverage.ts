/** What the checks exercise of the drains, arranged as every report tells it. */
import type { Covered, ResultOf } from '../spec/results.js';
import type { Results } from './results-file.js';

export type CoverageRecord = ResultOf<'coverage'>;

/** One drain: its files, and its lines by family. */
export interface DrainCoverage {
  readonly drain: string;
  /** What all checks exercise, by file. */
  readonly files: readonly CoverageRecord[];
  readonly total: Pick<CoverageRecord, 'lines' | 'branches' | 'functions'>;
  /** Lines that each family's checks exercise alone, in the order of the file. */
  readonly families: ReadonlyMap<string, Covered>;
}

/** The measured drains, in the order of the run; none when nothing was measured. */
export function coverageOf(results: Results): DrainCoverage[] {
  const names = [...new Set(results.coverage.map(({ drain }) => drain))];
  return names.map((drain) => {
    const own = results.coverage.filter((record) => record.drain === drain);
    const files = own.filter(({ family }) => family === undefined);
    const families = new Map<string, Covered>();
    for (const family of new Set(own.flatMap((record) => record.family ?? []))) {
      families.set(family, linesOf(own.filter((record) => record.family === family)));
    }
    const total = { lines: linesOf(files), branches: sum(files, 'branches'), functions: sum(files, 'functions') };
    return { drain, files, total, families };
  });
}

/** Of all these records together. */
export function linesOf(records: readonly CoverageRecord[]): Covered {
  return sum(records, 'lines');
}

function sum(records: readonly CoverageRecord[], kind: 'lines' | 'branches' | 'functions'): Covered {
  return records.reduce(
    (all, { [kind]: one }) => ({ covered: all.covered + one.covered, total: all.total + one.total }),
    { covered: 0, total: 0 },
  );
}

/** Percent, 0 to 100; of nothing, all is covered. */
export function percentOf({ covered, total }: Covered): number {
  return total === 0 ? 100 : (100 * covered) / total;
}

/** `97.3 %`: rounded down, so that only what is whole is told as 100. */
export function percentText(covered: Covered): string {
  const tenths = Math.floor(percentOf(covered) * 10);
  return `${tenths === 1000 ? '100' : (tenths / 10).toFixed(1)} %`;
}

/** `12-15, 40`: lines that nothing reached. */
export function rangesText(ranges: CoverageRecord['uncovered'], most = Infinity): string {
  const shown = ranges.slice(0, most).map(([from, to]) => (from === to ? String(from) : `${from}-${to}`));
  const more = ranges.length - shown.length;
  return shown.join(', ') + (more > 0 ? `, ${more} more` : '');
}

/** Families of all drains, in the order of the file. */
export function familiesOf(drains: readonly DrainCoverage[]): string[] {
  return [...new Set(drains.flatMap(({ families }) => [...families.keys()]))];
}
