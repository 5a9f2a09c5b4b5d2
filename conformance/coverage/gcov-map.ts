/** C++: from gcov's JSON to an istanbul coverage map, so that every reporter works for it too. */
import { resolve, sep } from 'node:path';
import type { BranchMapping, CoverageMapData, FunctionMapping, Range } from 'istanbul-lib-coverage';
import { z } from 'zod';

const count = z.number();

/** What is used of one object's data, as `gcov --json-format --branch-probabilities` states it. */
export const GcovData = z.object({
  current_working_directory: z.string(),
  files: z.array(
    z.object({
      file: z.string(),
      functions: z.array(
        z.object({ demangled_name: z.string(), start_line: count, end_line: count, execution_count: count }),
      ),
      lines: z.array(
        z.object({
          line_number: count,
          count,
          branches: z.array(z.object({ count, throw: z.boolean() })),
        }),
      ),
    }),
  ),
});
export type GcovData = z.output<typeof GcovData>;

/** Of one source: a line, function or branch that several objects have (headers, templates) counts as often as in all of them. */
interface Tally {
  readonly lines: Map<number, number>;
  /** By first line: gcov has one for each instance of a template and each kind of constructor. */
  readonly functions: Map<number, { readonly name: string; readonly end: number; count: number }>;
  readonly branches: Map<number, number[]>;
}

/** Coverage of the sources in `folder`; edges that only an exception takes are no branches. */
export function gcovCoverage(objects: readonly GcovData[], folder: string): CoverageMapData {
  const tallies = new Map<string, Tally>();
  for (const object of objects) {
    for (const file of object.files) {
      const path = resolve(object.current_working_directory, file.file);
      if (!path.startsWith(folder + sep) || path.includes(`${sep}node_modules${sep}`)) continue;
      let tally = tallies.get(path);
      if (tally === undefined)
        tallies.set(path, (tally = { lines: new Map(), functions: new Map(), branches: new Map() }));
      addFile(tally, file);
    }
  }
  return Object.fromEntries([...tallies].map(([path, tally]) => [path, fileCoverage(path, tally)]));
}

function addFile(tally: Tally, file: GcovData['files'][number]): void {
  for (const { demangled_name: name, start_line: start, end_line: end, execution_count } of file.functions) {
    const held = tally.functions.get(start);
    if (held === undefined) tally.functions.set(start, { name, end, count: execution_count });
    else held.count += execution_count;
  }
  for (const line of file.lines) {
    tally.lines.set(line.line_number, (tally.lines.get(line.line_number) ?? 0) + line.count);
    const taken = line.branches.filter((branch) => !branch.throw);
    if (taken.length < 2) continue; // the other way out of a call that may throw
    const sums = tally.branches.get(line.line_number) ?? [];
    for (const [i, branch] of taken.entries()) sums[i] = (sums[i] ?? 0) + branch.count;
    tally.branches.set(line.line_number, sums);
  }
}

const wholeLine = (line: number, end = line): Range => ({
  start: { line, column: 0 },
  end: { line: end, column: Number.MAX_SAFE_INTEGER },
});

function fileCoverage(path: string, { lines, functions, branches }: Tally): CoverageMapData[string] {
  const inOrder = <T>(map: ReadonlyMap<number, T>): [number, T][] => [...map].sort(([a], [b]) => a - b);
  const keyed = <T>(values: readonly T[]): Record<string, T> =>
    Object.fromEntries(values.map((value, i) => [String(i), value]));
  const lineList = inOrder(lines);
  const functionList = inOrder(functions);
  const branchList = inOrder(branches);
  return {
    path,
    statementMap: keyed(lineList.map(([line]) => wholeLine(line))),
    s: keyed(lineList.map(([, hits]) => hits)),
    fnMap: keyed(
      functionList.map(([line, { name, end }]): FunctionMapping => ({
        name,
        line,
        decl: wholeLine(line),
        loc: wholeLine(line, end),
      })),
    ),
    f: keyed(functionList.map(([, { count: hits }]) => hits)),
    branchMap: keyed(
      branchList.map(([line, hits]): BranchMapping => ({
        line,
        type: 'branch',
        loc: wholeLine(line),
        locations: hits.map(() => wholeLine(line)),
      })),
    ),
    b: keyed(branchList.map(([, hits]) => hits)),
  };
}
