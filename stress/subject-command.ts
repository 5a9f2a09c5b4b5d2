/** How the subject of a stress run is started. */
import { join } from 'node:path';
import { DIST, OWN_DRAINS } from '../conformance/runner/drains.js';

/** A module is hosted by our own subject; any other program answers `measure` itself. */
export function stressCommandOf(path: string, command: readonly string[]): readonly string[] {
  const isModule = /\.(mjs|cjs|js)$/.test(path);
  return isModule
    ? [process.execPath, join(DIST, 'stress', 'subject', 'main.js'), path, '--native', OWN_DRAINS['native']!]
    : command;
}
