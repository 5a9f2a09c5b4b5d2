/** `--coverage`: what the checks alone exercise of the drains, as records, as files and as a condition. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import libCoverage, { type CoverageMapData } from 'istanbul-lib-coverage';
import libReport from 'istanbul-lib-report';
import istanbulReports from 'istanbul-reports';
import type { CoveragePlan } from '../conformance/coverage/environment.js';
import { CoverageError } from '../conformance/coverage/gcov-run.js';
import { Measurement, type DrainCoverage } from '../conformance/coverage/measure.js';
import type { DrainTarget } from '../conformance/runner/drains.js';
import { linesOf } from '../reports/coverage.js';
import type { Requirement, ResultOf } from '../spec/index.js';
import { UsageError } from './select.js';

export interface CoverageFlags {
  readonly coverage?: boolean;
  /** Smallest share of lines, percent. */
  readonly coverageMin?: number;
  readonly coverageExclude?: readonly string[];
}

/** What a measured run adds to its results. */
export interface CoverageOutcome {
  readonly records: readonly ResultOf<'coverage'>[];
  /** Why the run is not as declared. */
  readonly problems: readonly string[];
  /** Written files, and what could not be measured. */
  readonly files: readonly string[];
  readonly notes: readonly string[];
}

/** One run's coverage. */
export class CoverageRun {
  readonly #measurement: Measurement;
  readonly #flags: CoverageFlags;

  /** @throws UsageError when a drain cannot be built for it */
  constructor(flags: CoverageFlags, targets: readonly DrainTarget[], requirements: readonly Requirement[]) {
    this.#flags = flags;
    try {
      this.#measurement = Measurement.begin(targets, requirements, flags.coverageExclude);
    } catch (error) {
      throw error instanceof CoverageError ? new UsageError(`--coverage: ${error.message}`) : error;
    }
  }

  get plan(): CoveragePlan {
    return this.#measurement.plan;
  }

  /** Reads what was measured, writes `<outDir>/coverage/` and removes the raw data. */
  async finish(outDir: string): Promise<CoverageOutcome> {
    const drains = await this.#measurement.finish().finally(() => this.#measurement.close());
    const least = this.#flags.coverageMin;
    const unmeasured = drains.filter(({ records }) => records.length === 0).map(({ drain }) => couldNotMeasure(drain));
    const problems = least === undefined ? [] : [...unmeasured, ...drains.flatMap((one) => tooLittle(one, least))];
    const unused = this.#measurement.unusedExclusions.map(
      (name) => `--coverage-exclude ${name}: no drain has such a file or folder.`,
    );
    return {
      records: drains.flatMap(({ records }) => records),
      problems,
      files: writeCoverage(drains, join(outDir, 'coverage')),
      notes: [...(least === undefined ? unmeasured : []), ...unused],
    };
  }
}

function couldNotMeasure(drain: string): string {
  return (
    `${drain}: no coverage, because nothing that it ran is JavaScript. ` +
    "Build it with your compiler's own instrumentation: its processes get your environment and end cleanly (docs/coverage.md)."
  );
}

function tooLittle({ drain, records }: DrainCoverage, least: number): string[] {
  const { covered, total } = linesOf(records.filter(({ family }) => family === undefined));
  if (total === 0 || covered * 100 >= least * total) return [];
  const share = ((100 * covered) / total).toFixed(2);
  return [`${drain}: the checks exercise ${share} % of the lines, fewer than the ${least} % asked for`];
}

/** lcov.info and a page for each file, of all drains. @returns their paths */
export function writeCoverage(drains: readonly DrainCoverage[], dir: string): string[] {
  const whole = libCoverage.createCoverageMap({});
  for (const { map } of drains) whole.merge(JSON.parse(JSON.stringify(map)) as CoverageMapData);
  if (whole.files().length === 0) return [];
  mkdirSync(dir, { recursive: true });
  const context = libReport.createContext({ dir, coverageMap: whole });
  istanbulReports.create('lcovonly', { file: 'lcov.info' }).execute(context);
  istanbulReports.create('html').execute(context);
  return [join(dir, 'index.html'), join(dir, 'lcov.info')];
}
