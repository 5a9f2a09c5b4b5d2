/** Coverage maps as records of the results. */
import { basename, dirname, relative, sep } from 'node:path';
import type { CoverageMap, FileCoverage, Totals } from 'istanbul-lib-coverage';
import type { Covered, ResultOf } from '../../spec/index.js';

export type CoverageRecord = ResultOf<'coverage'>;

/** The nearest folder above all of these files; of none, the root. */
export function commonFolder(files: readonly string[]): string {
  const paths = files.map((file) => dirname(file).split(sep));
  const first = paths[0] ?? [];
  let shared = first.length;
  for (const path of paths) {
    let same = 0;
    while (same < shared && path[same] === first[same]) same += 1;
    shared = same;
  }
  return first.slice(0, shared).join(sep) || sep;
}

/** A file's name in the results: relative to the drain's folder, with slashes. */
export function nameIn(folder: string, path: string): string {
  return relative(folder, path).split(sep).join('/') || basename(path);
}

/** One record for each file of the map, in the order of their names. */
export function coverageRecords(
  map: CoverageMap,
  about: { readonly drain: string; readonly folder: string; readonly family?: string },
): CoverageRecord[] {
  const { drain, folder, family } = about;
  return [...map.files()].sort().map((path) => {
    const file = map.fileCoverageFor(path);
    const { lines, branches, functions } = file.toSummary().data;
    return {
      type: 'coverage',
      drain,
      file: nameIn(folder, path),
      ...(family === undefined ? {} : { family }),
      lines: covered(lines),
      branches: covered(branches),
      functions: covered(functions),
      uncovered: uncoveredRanges(file),
    };
  });
}

const covered = ({ covered, total }: Totals): Covered => ({ covered, total });

/** First and last of each run of lines that nothing reached; lines without code lie in a run, they do not end it. */
export function uncoveredRanges(file: Pick<FileCoverage, 'getLineCoverage'>): [number, number][] {
  const ranges: [number, number][] = [];
  let open: [number, number] | undefined;
  const lines = Object.entries(file.getLineCoverage()).map(([line, count]) => [Number(line), count] as const);
  for (const [line, count] of lines.sort(([a], [b]) => a - b)) {
    if (count > 0) open = undefined;
    else if (open === undefined) ranges.push((open = [line, line]));
    else open[1] = line;
  }
  return ranges;
}
