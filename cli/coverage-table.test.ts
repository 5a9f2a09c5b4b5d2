/** docs/coverage.md: what our drains' checks do not reach, and why they need not. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { DIST } from '../conformance/runner/drains.js';

interface Row {
  readonly file: string;
  readonly code: string;
  readonly reason: string;
}
interface Place {
  readonly file: string;
  readonly line: number;
  readonly code: string;
}
interface CoverageTable {
  unreached(lcov: string, readSource: (file: string) => string): Place[];
  tableRows(markdown: string): Row[];
  unexplained(places: readonly Place[], rows: readonly Row[]): Place[];
}

const ROOT = dirname(DIST);
const { unreached, tableRows, unexplained } = (await import(
  pathToFileURL(join(ROOT, 'scripts/coverage-table.mjs')).href
)) as CoverageTable;

const LCOV = `TN:
SF:core/a.cpp
FN:1,half(int, int)
FN:9,never
FNDA:4,half(int, int)
FNDA:0,never
DA:1,4
BRDA:2,0,0,4
BRDA:2,0,1,0
BRDA:3,1,0,1
BRDA:9,2,0,-
end_of_record
SF:b.ts
BRDA:1,0,0,0
end_of_record
`;
const SOURCES: Record<string, string> = {
  'core/a.cpp': 'int half(int a, int b) {\n  if (a || b) {\n\n\n\n\n\n\nint never() {',
  'b.ts': 'if (x) {',
};

describe('the table of what no check reaches', () => {
  const rows = tableRows(readFileSync(join(ROOT, 'docs/coverage.md'), 'utf8'));

  test('speaks of code that is there', () => {
    expect(rows.length).toBeGreaterThan(10);
    const stale = rows.filter(
      ({ file, code }) => !existsSync(join(ROOT, file)) || !readFileSync(join(ROOT, file), 'utf8').includes(code),
    );
    expect(stale).toEqual([]);
  });

  test('must have each place of a branch or function that nothing reached', () => {
    const places = unreached(LCOV, (file) => SOURCES[file]!);
    expect(places).toEqual([
      { file: 'core/a.cpp', line: 2, code: 'if (a || b) {' },
      { file: 'core/a.cpp', line: 9, code: 'int never() {' },
      { file: 'b.ts', line: 1, code: 'if (x) {' },
    ]);
    const table =
      '| File | Code | Reason |\n| --- | --- | --- |\n| `core/a.cpp` | `a \\|\\| b` | none can | no |\n| `b.ts` | `y` | odd | - |';
    expect(unexplained(places, tableRows(table)).map(({ file, line }) => `${file}:${line}`)).toEqual([
      'core/a.cpp:9',
      'b.ts:1',
    ]);
  });
});
