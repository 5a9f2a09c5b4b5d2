/** The native drain under gcov: builds its addon so that it counts, and asks gcov what it counted. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import type { MeasuredAddon } from './environment.js';
import { GcovData } from './gcov-map.js';

/** Something outside of drainproof keeps it from measuring; the message says what, and what to do. */
export class CoverageError extends Error {
  override readonly name = 'CoverageError';
}

const NOTES = '.gcno';
const LARGEST_OUTPUT = 1 << 30;

/** A program's stdout. @throws CoverageError when it cannot be run or fails */
function outputOf(command: string, args: readonly string[], cwd: string): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    maxBuffer: LARGEST_OUTPUT,
  });
  if (status === 0) return stdout;
  const why = error?.message ?? stderr.trim().split('\n').slice(-5).join('\n');
  throw new CoverageError(
    `'${command} ${args.slice(0, 3).join(' ')}' failed: ${why}\n` +
      'The native drain is measured with make, g++ and the gcov that comes with g++; install them, or measure --impl reference alone.',
  );
}

/** Builds the addon in native/build/coverage unless it is up to date. @throws CoverageError */
export function buildMeasuredAddon(nativeFolder: string): MeasuredAddon {
  outputOf('gcov', ['--version'], nativeFolder);
  outputOf('make', ['-s', `-j${availableParallelism()}`, 'coverage-addon'], nativeFolder);
  const objects = join(nativeFolder, 'build', 'coverage');
  return { path: join(objects, 'drainproof.node'), objects, sources: nativeFolder };
}

/** What the processes counted that wrote their data to `folder`; objects of which there is none were never run. @throws CoverageError */
export function readGcov(addon: MeasuredAddon, folder: string): GcovData[] {
  const notes = readdirSync(addon.objects, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith(NOTES),
  );
  for (const name of notes) {
    const link = join(folder, name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(addon.objects, name), link); // gcov looks for notes beside the data
  }
  const files = notes.map((name) => join(folder, name));
  const text = outputOf('gcov', ['--json-format', '--stdout', '--branch-probabilities', ...files], addon.sources);
  return text
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => GcovData.parse(JSON.parse(line)));
}
