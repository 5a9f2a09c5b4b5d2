/** JavaScript: from what V8 counted (NODE_V8_COVERAGE) to lines, branches and functions of the sources, by c8. */
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Report } from 'c8';
import type { CoverageMap } from 'istanbul-lib-coverage';

/** What is measured of a drain that is a script. */
export interface ScriptScope {
  /** Folder of the drain's module; everything in it counts. */
  readonly folder: string;
  /** Files that were never loaded count too. */
  readonly all: boolean;
}

interface RawCoverage {
  readonly result?: readonly { readonly url: string }[];
  readonly 'source-map-cache'?: Readonly<Record<string, unknown>>;
}

/** Never part of a drain. */
const NEVER = ['**/node_modules/**', '**/*.test.*', '**/*.d.ts'];
const EXTENSIONS = ['.js', '.mjs', '.cjs'];

/**
 * Copies of the raw data in `from`, of the scripts in `folder` alone: each process and thread wrote one with
 * everything that it had loaded. Half a file (its process was killed) is left out.
 */
export function keepScriptsOf(folder: string, from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  const prefix = pathToFileURL(folder + sep).href;
  for (const name of filesIn(from)) {
    const raw = parsed(readFileSync(join(from, name), 'utf8'));
    const result = raw?.result?.filter(({ url }) => url.startsWith(prefix)) ?? [];
    if (result.length === 0) continue;
    const maps = Object.entries(raw?.['source-map-cache'] ?? {}).filter(([url]) => url.startsWith(prefix));
    writeFileSync(join(to, name), JSON.stringify({ result, 'source-map-cache': Object.fromEntries(maps) }));
  }
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => name.endsWith('.json'));
  } catch {
    return []; // no process wrote anything
  }
}

function parsed(text: string): RawCoverage | undefined {
  try {
    return JSON.parse(text) as RawCoverage;
  } catch {
    return undefined;
  }
}

/** What the raw data in a folder says of the drain's files. Paths are those of the sources, through source maps. */
export async function scriptCoverage(rawFolder: string, scope: ScriptScope): Promise<CoverageMap> {
  const report = new Report({
    reporter: [],
    tempDirectory: rawFolder,
    exclude: NEVER,
    excludeNodeModules: true,
    extension: EXTENSIONS,
    allowExternal: true,
    omitRelative: true,
    resolve: '',
    all: scope.all,
    src: [scope.folder],
  });
  return (
    report as unknown as { getCoverageMapFromAllCoverageFiles(): Promise<CoverageMap> }
  ).getCoverageMapFromAllCoverageFiles();
}
