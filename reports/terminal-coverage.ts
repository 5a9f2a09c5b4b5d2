/** Coverage for the terminal: a table of files for each drain, and one of families. */
import type { Colors } from 'picocolors/types.js';
import type { Covered } from '../spec/results.js';
import { coverageOf, familiesOf, percentOf, percentText, rangesText, type DrainCoverage } from './coverage.js';
import type { Results } from './results-file.js';
import { columns, cut, pad, plain } from './text.js';

const NUMBER = 10;
/** From here on it is told as good, percent. */
const GOOD = 95;
const FAIR = 80;

/** Nothing when nothing was measured. */
export function coverageTables(results: Results, colors: Colors, width: number): string[] {
  const drains = coverageOf(results);
  if (drains.length === 0) return [];
  return [...drains.map((drain) => fileTable(drain, colors, width)), familyTable(drains, colors, width)];
}

function share(covered: Covered, colors: Colors): string {
  const text = percentText(covered).padStart(NUMBER);
  const percent = percentOf(covered);
  return percent >= GOOD ? colors.green(text) : percent >= FAIR ? colors.yellow(text) : colors.red(text);
}

function fileTable({ drain, files, total }: DrainCoverage, colors: Colors, width: number): string {
  const nameWidth = Math.min(32, Math.max(9, ...files.map(({ file }) => columns(plain(file)))), width - 2 - 3 * NUMBER);
  const row = (name: string, one: DrainCoverage['total'], rest: string): string => {
    const shares = [one.lines, one.branches, one.functions].map((covered) => share(covered, colors)).join('');
    const room = width - 4 - nameWidth - 3 * NUMBER;
    const tail = rest === '' || room < 8 ? '' : `  ${colors.dim(cut(rest, room))}`;
    return `  ${pad(cut(plain(name), nameWidth), nameWidth)}${shares}${tail}`;
  };
  const heads = ['lines', 'branches', 'functions'].map((head) => head.padStart(NUMBER)).join('');
  return [
    colors.bold(cut(`Coverage of ${plain(drain)} by the checks alone`, width)),
    colors.bold(cut(`  ${' '.repeat(nameWidth)}${heads}  not reached`, width)),
    ...files.map((file) => row(file.file, file, rangesText(file.uncovered))),
    row('all files', total, ''),
  ].join('\n');
}

function familyTable(drains: readonly DrainCoverage[], colors: Colors, width: number): string {
  const cell = Math.max(9, Math.min(16, Math.floor((width - 12) / drains.length) - 2));
  const heads = drains.map(({ drain }) => `  ${cut(plain(drain), cell).padStart(cell)}`).join('');
  const rows = familiesOf(drains).map((family) => {
    const cells = drains.map(({ families }) => {
      const covered = families.get(family);
      return `  ${(covered === undefined ? '' : percentText(covered)).padStart(cell)}`;
    });
    return `  ${pad(cut(plain(family), 10), 10)}${cells.join('')}`.trimEnd();
  });
  return [
    colors.bold('Lines that one family alone exercises'),
    colors.bold(`  ${' '.repeat(10)}${heads}`),
    ...rows,
  ].join('\n');
}
