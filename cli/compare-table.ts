/** Comparisons and benchmarks as tables for the terminal. */
import pc from 'picocolors';
import { cut, plain } from '../reports/text.js';
import { table } from '../simulate/tables.js';
import type { ResultOf } from '../spec/index.js';
import type { Comparison } from '../stress/compare.js';

export const COMPARED_VERDICTS = ['worse', 'better', 'same', 'cannot tell', 'only in A', 'only in B'] as const;
export type ComparedVerdict = (typeof COMPARED_VERDICTS)[number];

/** How many of each verdict. */
export function countsOf({ compared }: Comparison): Record<ComparedVerdict, number> {
  const counts = Object.fromEntries(COMPARED_VERDICTS.map((name) => [name, 0])) as Record<ComparedVerdict, number>;
  for (const { verdict } of compared) counts[verdict] += 1;
  return counts;
}

/** `1 worse, 2 better, 9 the same, 3 cannot be told`; what there is none of is left out, but for the first two. */
export function renderCounts(comparison: Comparison): string {
  const counts = countsOf(comparison);
  const words: Record<ComparedVerdict, string> = {
    worse: 'worse',
    better: 'better',
    same: 'the same',
    'cannot tell': 'cannot be told',
    'only in A': 'only in A',
    'only in B': 'only in B',
  };
  const told = COMPARED_VERDICTS.filter((name, i) => i < 2 || counts[name] > 0);
  const line = told.map((name) => `${counts[name]} ${words[name]}`).join(', ');
  return pc.bold(counts.worse > 0 ? pc.red(line) : counts.better > 0 ? pc.green(line) : line);
}

/** A row for everything but requirements that stayed as they were, what it is not sure of, and the counts. */
export function renderComparison(comparison: Comparison): string {
  const { compared, notes } = comparison;
  const rows = compared.filter(({ kind, verdict }) => kind !== 'requirement' || TOLD.includes(verdict));
  const blocks = notes.map((note) => `  ${pc.yellow(plain(note))}`);
  if (rows.length > 0) {
    const head = ['drain', 'what', 'A', 'B', 'change', '', ''];
    const lines = rows.map((row) => [
      plain(row.drain),
      plain(row.name),
      figure(row.before, row.unit),
      figure(row.after, row.unit),
      changeText(row.ratio),
      coloured(row.verdict),
      pc.dim(cut(plain(row.reason), REASON)),
    ]);
    blocks.push(table(head, lines, ['left', 'left', 'right', 'right', 'right', 'left', 'left']));
  }
  return `${[...blocks, `  ${renderCounts(comparison)}`].join('\n\n')}\n`;
}

/** Columns of a reason. */
const REASON = 90;
/** Of requirements: the others are counted. */
const TOLD: readonly ComparedVerdict[] = ['worse', 'better', 'cannot tell'];

/** A row for each benchmark and drain, beside what the baseline says of it. */
export function renderBenchmarks(benchmarks: readonly ResultOf<'benchmark'>[], comparison?: Comparison): string {
  const changes = new Map(comparison?.compared.map((one) => [JSON.stringify([one.drain, one.name]), one]));
  const names = [...new Set(benchmarks.map(({ name }) => name))];
  const rows = names.flatMap((name) =>
    benchmarks
      .filter((one) => one.name === name)
      .map(({ drain, median, samples }, i) => {
        const change = changes.get(JSON.stringify([drain, name]));
        return [
          i === 0 ? name : '',
          plain(drain),
          figure(median, 'ns'),
          pc.dim(`${figure(Math.min(...samples), '')} to ${figure(Math.max(...samples), 'ns')}`),
          ...(comparison === undefined
            ? []
            : [
                figure(change?.before, 'ns'),
                changeText(change?.ratio),
                change === undefined || change.verdict === 'only in B' ? pc.dim('new') : coloured(change.verdict),
                pc.dim(change?.reason ?? ''),
              ]),
        ];
      }),
  );
  const head = ['benchmark', 'drain', 'median', 'least to most'];
  const abouts = names.map((name) => [name, benchmarks.find((one) => one.name === name)!.about]);
  return `${[
    table(comparison === undefined ? head : [...head, 'baseline', 'change', '', ''], rows, [
      'left',
      'left',
      'right',
      'right',
      'right',
      'right',
      'left',
      'left',
    ]),
    pc.dim(abouts.map(([name, about]) => `  ${name}: ${about}`).join('\n')),
  ].join('\n\n')}\n`;
}

const COLOURS: Readonly<Record<ComparedVerdict, (text: string) => string>> = {
  worse: pc.red,
  better: pc.green,
  same: (text) => text,
  'cannot tell': pc.yellow,
  'only in A': pc.yellow,
  'only in B': pc.yellow,
};
const coloured = (verdict: ComparedVerdict): string => COLOURS[verdict](verdict);

/** Four digits, thousands set apart. */
function figure(value: number | string | undefined, unit: string): string {
  if (typeof value !== 'number') return value ?? '–';
  const [whole, part] = String(Number(value.toPrecision(4))).split('.');
  const text = `${whole!.replace(/\B(?=(\d{3})+$)/g, ',')}${part === undefined ? '' : `.${part}`}`;
  return unit === '' ? text : `${text} ${plain(unit)}`;
}

/** `+12.3 %`, `× 3.1` from twice as much on. */
function changeText(ratio: number | undefined): string {
  if (ratio === undefined) return '–';
  if (ratio >= 2 || ratio <= 0.5) return `× ${Number(ratio.toPrecision(3))}`;
  return `${ratio < 1 ? '−' : '+'}${(Math.abs(ratio - 1) * 100).toFixed(1)} %`;
}
