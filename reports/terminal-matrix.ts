/** Tables for the terminal: families by drains, and one verdict per requirement and drain. */
import Table from 'cli-table3';
import type { Colors } from 'picocolors/types.js';
import { MARKS } from './marks.js';
import { countCells, worst, type Cell, type Report } from './model.js';
import { stressCells } from './stress.js';
import { columns, cut, pad, plain, wrap } from './text.js';

/** Paints a verdict's words. */
export function paint(colors: Colors, cell: Cell, text: string): string {
  switch (cell) {
    case 'pass':
      return colors.green(text);
    case 'fail':
    case 'error':
      return colors.bold(colors.red(text));
    case 'inconclusive':
      return colors.yellow(text);
    case 'known-deviation':
      return colors.magenta(text);
    default:
      return colors.dim(text);
  }
}

const NO_LINES = Object.fromEntries(
  ['top', 'bottom', 'left', 'right', 'mid', 'middle'].flatMap((side) => {
    const names = side === 'mid' ? ['mid', 'left-mid', 'mid-mid', 'right-mid'] : [side];
    if (side === 'top' || side === 'bottom') names.push(`${side}-mid`, `${side}-left`, `${side}-right`);
    return names.map((name) => [name, '']);
  }),
);

/** Families by drains: passed of applicable, with the worst mark of all. */
export function familyTable({ groups, drains, stress }: Report, colors: Colors, width: number): string {
  const room = Math.max(4, Math.floor((width - 12) / Math.max(1, drains.length)) - 2);
  const heads = drains.map(({ name }) => cut(plain(name), Math.min(room, 20)));
  const table = new Table({
    head: ['  family', ...heads].map((head) => colors.bold(head)),
    colAligns: ['left', ...drains.map(() => 'right' as const)],
    chars: NO_LINES,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 2 },
  });
  const passed = (cells: Parameters<typeof countCells>[0]): string => {
    const counts = countCells(cells);
    const total = cells.length - counts['not-applicable'];
    const mark = worst(counts);
    return paint(colors, mark, `${total === 0 ? 'n/a' : `${counts.pass}/${total}`} ${MARKS[mark].mark}`);
  };
  for (const { family, rows } of groups) {
    const cells = drains.map((_, i) => passed(rows.map((row) => row.cells[i])));
    table.push([`  ${cut(plain(family), 16)}`, ...cells]);
  }
  if (stress.scenarios.length > 0) {
    const loads = drains.map(({ name }) => stressCells(stress, name));
    table.push(['  (load)', ...loads.map((cells) => (cells.length === 0 ? colors.dim('–') : passed(cells)))]);
  }
  return trimLines(table.toString());
}

/** One verdict per requirement and drain: id, title, then a mark and a word for each drain. */
export function verdictMatrix({ groups, drains }: Report, colors: Colors, width: number): string {
  const rows = groups.flatMap((group) => group.rows);
  const idWidth = Math.min(30, Math.max(2, ...rows.map((row) => columns(plain(row.requirement.id)))));
  const free = width - 2 - idWidth - 2;
  const longest = Math.min(16, Math.max(0, ...drains.map((drain) => columns(plain(drain.name)))));
  const words = drains.length * 11 <= free - 16;
  const cell = words ? Math.max(9, Math.min(longest, Math.floor((free - 40) / Math.max(1, drains.length)) - 2)) : 1;
  const gap = words ? 2 : 1;
  const titleWidth = Math.max(0, Math.min(52, free - drains.length * (cell + gap)));
  const lines: string[] = [];
  const names = drains.map((drain) => ' '.repeat(gap) + pad(cut(plain(drain.name), cell), cell)).join('');
  if (words) lines.push(colors.bold(`  ${' '.repeat(idWidth + 2 + titleWidth)}${names}`.trimEnd()));
  else
    for (const [i, drain] of drains.entries())
      lines.push(colors.dim(cut(`  column ${i + 1}: ${plain(drain.name)}`, width)));
  for (const { family, title, rows: own } of groups) {
    lines.push('', cut(`${plain(family)}${title === '' ? '' : `  ${title}`}`, width));
    lines[lines.length - 1] = colors.bold(lines.at(-1)!);
    for (const { requirement, cells } of own) {
      const marks = cells.map((verdict) => {
        const key = verdict?.verdict ?? 'not-run';
        const { mark, short } = MARKS[key];
        return ' '.repeat(gap) + paint(colors, key, words ? pad(`${mark} ${short}`, cell) : mark);
      });
      const id = pad(cut(plain(requirement.id), idWidth), idWidth);
      const level = requirement.level === 'SHOULD' ? ' (should)' : '';
      const name = pad(cut(plain(requirement.title) + level, titleWidth), titleWidth);
      lines.push(`  ${id}  ${name}${marks.join('')}`.trimEnd());
    }
  }
  return lines.join('\n');
}

/** A label, and text that wraps beside it. */
export function labelled(label: string, text: string, width: number, colors: Colors): string[] {
  const indent = 2 + 9 + 1;
  return wrap(text, width - indent).map((line, i) => `  ${colors.dim((i === 0 ? label : '').padEnd(9))} ${line}`);
}

function trimLines(text: string): string {
  return text
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}
