/** How the subject of a stress run is started. */
import { join } from 'node:path';
import { DIST, OWN_DRAINS } from '../conformance/runner/drains.js';

/** Dozens of threads each have a heap of their own: small young generations keep the process's memory from wandering by what they leave. */
const HEAPS = '--max-semi-space-size=1';

/** A module is hosted by our own subject; any other program answers `measure` itself. */
export function stressCommandOf(path: string, command: readonly string[]): readonly string[] {
  const isModule = /\.(mjs|cjs|js)$/.test(path);
  return isModule
    ? [process.execPath, HEAPS, join(DIST, 'stress', 'subject', 'main.js'), path, '--native', OWN_DRAINS['native']!]
    : command;
}
