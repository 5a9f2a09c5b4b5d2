/** Measures what the checks exercise of the drains of one run. */
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import libCoverage, { type CoverageMap } from 'istanbul-lib-coverage';
import { familyOf, type Requirement } from '../../spec/index.js';
import { DIST, OWN_DRAINS, type DrainTarget } from '../runner/drains.js';
import { rawFolder, type CoveragePlan, type MeasuredAddon } from './environment.js';
import { gcovCoverage } from './gcov-map.js';
import { buildMeasuredAddon, readGcov } from './gcov-run.js';
import { commonFolder, coverageRecords, nameIn, type CoverageRecord } from './records.js';
import { keepScriptsOf, scriptCoverage } from './script-coverage.js';

const NATIVE_FOLDER = join(dirname(DIST), 'native');

/** What was measured of one drain. */
export interface DrainCoverage {
  readonly drain: string;
  /** Of all checks, then of each family. Empty when nothing could be measured. */
  readonly records: readonly CoverageRecord[];
  /** Of all checks. */
  readonly map: CoverageMap;
}

/** From before the checks to after them; `close` removes the raw data. */
export class Measurement {
  readonly plan: CoveragePlan;
  readonly #targets: readonly DrainTarget[];
  readonly #families: readonly string[];
  readonly #exclude: readonly string[];
  readonly #unusedExclusions: Set<string>;

  private constructor(
    plan: CoveragePlan,
    targets: readonly DrainTarget[],
    families: readonly string[],
    exclude: readonly string[],
  ) {
    this.plan = plan;
    this.#targets = targets;
    this.#families = families;
    this.#exclude = exclude.map((name) => name.replace(/\/$/, ''));
    this.#unusedExclusions = new Set(this.#exclude);
  }

  /**
   * `exclude`: files and folders, as the results name them, that are no part of a drain.
   * @throws CoverageError when the native drain is among the targets and cannot be built for it
   */
  static begin(
    targets: readonly DrainTarget[],
    requirements: readonly Requirement[],
    exclude: readonly string[] = [],
  ): Measurement {
    const checked = requirements.filter(({ unchecked }) => unchecked === undefined).map(({ id }) => id);
    const addons: Record<string, MeasuredAddon> = {};
    for (const { name, path } of targets) {
      if (path === OWN_DRAINS['native']) addons[name] = buildMeasuredAddon(NATIVE_FOLDER);
    }
    const root = mkdtempSync(join(tmpdir(), 'drainproof-coverage-'));
    const families = [...new Set(checked.map(familyOf))];
    return new Measurement({ root, addons, lastCheck: checked.at(-1) }, targets, families, exclude);
  }

  /** @throws CoverageError when gcov fails */
  async finish(): Promise<DrainCoverage[]> {
    const measured: DrainCoverage[] = [];
    for (const target of this.#targets) measured.push(await this.#drain(target));
    return measured;
  }

  /** After `finish`: exclusions that no file of any drain has. */
  get unusedExclusions(): string[] {
    return [...this.#unusedExclusions];
  }

  close(): void {
    rmSync(this.plan.root, { recursive: true, force: true });
  }

  async #drain(target: DrainTarget): Promise<DrainCoverage> {
    const { name } = target;
    const folder = dirname(target.path);
    // A program may be written in anything: of scripts beside it only those count that it ran.
    const scope = { folder, all: target.command[0] === process.execPath };
    const addon = this.plan.addons[name];
    const whole = join(this.plan.root, name, 'scripts');
    mkdirSync(whole, { recursive: true });
    const native = libCoverage.createCoverageMap({});
    const byFamily: [string, CoverageMap][] = [];
    for (const family of this.#families) {
      const raw = rawFolder(this.plan.root, name, family);
      const kept = `${raw.v8}-kept`;
      keepScriptsOf(folder, raw.v8, kept);
      for (const file of readdirSync(kept)) copyFileSync(join(kept, file), join(whole, `${family}-${file}`));
      const map = libCoverage.createCoverageMap({});
      map.merge(await scriptCoverage(kept, scope));
      if (addon !== undefined) {
        const counted = gcovCoverage(readGcov(addon, raw.gcov), addon.sources);
        native.merge(structuredClone(counted));
        map.merge(counted);
      }
      byFamily.push([family, map]);
    }
    const map = libCoverage.createCoverageMap({});
    map.merge(await scriptCoverage(whole, scope)); // of all raw data at once: V8 states branches differently from run to run
    map.merge(native);
    const sources = commonFolder(map.files());
    for (const one of [map, ...byFamily.map(([, own]) => own)])
      one.filter((path) => !this.#isExcluded(nameIn(sources, path)));
    const records = [
      ...coverageRecords(map, { drain: name, folder: sources }),
      ...byFamily.flatMap(([family, one]) => coverageRecords(one, { drain: name, folder: sources, family })),
    ];
    return { drain: name, records, map };
  }

  #isExcluded(file: string): boolean {
    const found = this.#exclude.filter((name) => file === name || file.startsWith(`${name}/`));
    for (const name of found) this.#unusedExclusions.delete(name);
    return found.length > 0;
  }
}
