import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { BaseSequencer, startVitest, type CliOptions, type TestSpecification } from 'vitest/node';
import { REQUIREMENTS, familyOf, type Requirement } from '../../spec/index.js';
import type { CoveragePlan } from '../coverage/environment.js';
import { DIST, type DrainTarget } from './drains.js';
import { VerdictReporter, type RunListener } from './reporter.js';

export interface RunOptions {
  readonly drains: readonly DrainTarget[];
  readonly requirements: readonly Requirement[];
  readonly seed: number;
  readonly program: string;
  readonly replay?: string;
  /** Measure what the checks exercise: each family gets processes of its own, which end by themselves. */
  readonly coverage?: CoveragePlan;
}

/** The file of a requirement's check. */
export function checkFile(id: string): string {
  return join(DIST, 'conformance', 'checks', familyOf(id).toLowerCase(), `${id.toLowerCase()}.check.js`);
}

/** Check files in the order of the requirements, so that two runs are told in the same order. */
class RequirementOrder extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const order = new Map(REQUIREMENTS.map((requirement, at) => [checkFile(requirement.id), at]));
    return [...files].sort((a, b) => (order.get(a.moduleId) ?? 0) - (order.get(b.moduleId) ?? 0));
  }
}

/**
 * Runs the checks of these requirements on these drains, telling the listener as verdicts fall.
 * The tests run in one vitest worker, which holds one subject per drain for the whole run.
 */
export async function runChecks(options: RunOptions, listener: RunListener): Promise<void> {
  const files = options.requirements
    .filter((requirement) => requirement.unchecked === undefined)
    .map(({ id }) => checkFile(id));
  for (const file of files.filter((name) => !existsSync(name))) listener.problem(`there is no check file ${file}`);
  const config: CliOptions = {
    root: DIST,
    config: false,
    include: files.filter((name) => existsSync(name)),
    exclude: [],
    watch: false,
    passWithNoTests: true,
    pool: 'threads',
    maxWorkers: 1,
    fileParallelism: false,
    isolate: false,
    testTimeout: 0,
    hookTimeout: 0,
    teardownTimeout: 5_000,
    setupFiles: [join(DIST, 'conformance', 'runner', 'setup.js')],
    sequence: { sequencer: RequirementOrder },
    server: { deps: { external: [/\/dist\/(?!.*(\.check|\/runner\/setup)\.js$)/] } },
    provide: {
      drainproof: {
        drains: [...options.drains],
        seed: options.seed,
        program: options.program,
        ...(options.replay === undefined ? {} : { replay: options.replay }),
        ...(options.coverage === undefined ? {} : { coverage: options.coverage }),
      },
    },
    reporters: [new VerdictReporter(listener)],
    coverage: { enabled: false },
    silent: true,
  };
  const exitCode = process.exitCode;
  const vitest = await startVitest('test', [], config, { cacheDir: join(DIST, '.vite'), logLevel: 'error' });
  await vitest.close();
  process.exitCode = exitCode; // a failed check is the caller's to judge
}
