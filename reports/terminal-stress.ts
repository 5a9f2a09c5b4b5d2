/** Stress runs for the terminal: verdicts with their targets, goals missed, knees of saturation, benchmarks. */
import type { Colors } from 'picocolors/types.js';
import type { TargetVerdict } from '../spec/stress.js';
import { besideLimit, limitSign, limitWords, marginText, metricWords } from './figures.js';
import { MARKS } from './marks.js';
import type { Report } from './model.js';
import { TROUBLE } from './severity.js';
import { missedTargets, type Scenario, type StressRecord, type StressReport } from './stress.js';
import {
  drainsOf,
  goalWords,
  kneeLimits,
  kneeText,
  measuredWords,
  noiseWords,
  nsText,
  problemsOf,
  threadsText,
} from './stress-words.js';
import { interruptedWords } from './stress-windows.js';
import { labelled, paint } from './terminal-matrix.js';
import { columns, cut, duration, pad, plain, wrap } from './text.js';

const NAME = 12;

/** Nothing where there was no stress run. */
export function stressTables({ stress, results }: Report, colors: Colors, width: number): string[] {
  const blocks: string[] = [];
  if (stress.scenarios.length > 0) {
    const { profile } = results.run;
    const head = colors.bold(cut(`Under load${profile === undefined ? '' : `, profile ${plain(profile)}`}`, width));
    const room = targetRoom(stress);
    blocks.push([head, ...stress.scenarios.flatMap((one) => scenarioLines(one, room, colors, width))].join('\n'));
  }
  if (stress.goals.length > 0) blocks.push(goalLines(stress, colors, width));
  if (stress.saturation.length > 0) blocks.push(kneeTable(stress, colors, width));
  if (stress.benchmarks.length > 0) blocks.push(benchmarkTable(stress, colors, width));
  return blocks;
}

type Cells = readonly [metric: string, measured: string, limit: string, margin: string];

const cellsOf = (target: TargetVerdict): Cells => [
  plain(metricWords(target.metric)),
  plain(besideLimit(target.measured, target)),
  plain(limitSign(target)),
  marginText(target),
];

/** Columns that the cells of all scenarios need, so that they stand below each other. */
function targetRoom({ scenarios }: StressReport): number[] {
  const all = scenarios.flatMap(({ records }) => records.flatMap(({ targets }) => targets.map(cellsOf)));
  return [0, 1, 2, 3].map((i) => Math.min(30, Math.max(0, ...all.map((cells) => columns(cells[i]!)))));
}

function scenarioLines({ name, title, records, interrupted }: Scenario, room: number[], colors: Colors, width: number) {
  const lines = [colors.bold(cut(`  ${plain(name)}${title === '' ? '' : `  ${plain(title)}`}`, width))];
  for (const record of records) {
    const { mark, word } = MARKS[record.verdict];
    const drain = pad(cut(plain(record.drain), NAME), NAME);
    const early = record.partial ? ', ended early' : '';
    const verdict = paint(colors, record.verdict, `${mark} ${word}`);
    const told = record.verdict === 'pass' || TROUBLE.has(record.verdict) ? '' : `: ${plain(record.reason)}`;
    const rest = cut(`${duration(record.durationMs)}${early}${told}`, width - NAME - word.length - 9);
    lines.push(`    ${drain} ${verdict}  ${colors.dim(rest)}`);
    for (const target of record.targets) lines.push(...targetLines(target, room, colors, width));
  }
  for (const { drain, atMs, windows } of interrupted) {
    const [first, ...rest] = wrap(`${MARKS['not-run'].mark} ${interruptedWords(atMs, windows)}`, width - NAME - 5);
    lines.push(`    ${pad(cut(plain(drain), NAME), NAME)} ${colors.yellow(first!)}`);
    for (const line of rest) lines.push(`    ${' '.repeat(NAME)} ${colors.yellow(line)}`);
  }
  return lines;
}

function targetLines(target: TargetVerdict, room: readonly number[], colors: Colors, width: number): string[] {
  const [metric, measured, limit, margin] = cellsOf(target);
  const mark = paint(colors, target.verdict, MARKS[target.verdict].mark);
  if (room.reduce((sum, one) => sum + one + 2, 6) > width) {
    const words = [metric, `${measured}, ${limit}${margin === '' ? '' : `, ${margin}`}`].flatMap((part) =>
      wrap(part, width - 10),
    );
    return words.map((line, i) => (i === 0 ? `      ${mark} ${line}` : `          ${line}`));
  }
  const row = [
    pad(cut(metric, room[0]!), room[0]!),
    cut(measured, room[1]!).padStart(room[1]!),
    pad(cut(limit, room[2]!), room[2]!),
    cut(margin, room[3]!).padStart(room[3]!),
  ];
  return [`      ${mark} ${row.join('  ')}`.trimEnd()];
}

/** A scenario that did not pass, told whole: the load, each target with its samples, why, and how to replay it. */
export function stressTrouble(record: StressRecord, colors: Colors, width: number): string {
  const { mark, word } = MARKS[record.verdict];
  const verdict = `${mark} ${word}${record.partial ? ', ended early' : ''}`;
  const name = cut(plain(`${record.scenario}  ${record.drain}`), width - columns(verdict) - 2);
  const lines = [`${paint(colors, record.verdict, verdict)}  ${colors.bold(name)}`];
  const add = (label: string, text: string): void => {
    if (text !== '') lines.push(...labelled(label, plain(text), width, colors));
  };
  add('load', record.about);
  for (const target of missedTargets(record)) {
    add('target', `${metricWords(target.metric)} ${limitWords(target)}`);
    add('measured', measuredWords(target));
    add('because', target.reason);
  }
  add('found', record.reason);
  for (const problem of problemsOf(record)) add('problem', problem);
  add('noise', noiseWords(record));
  // The command stays on one line, so that it can be copied.
  if (record.replay !== '') lines.push(`  ${colors.dim('replay'.padEnd(9))} ${plain(record.replay)}`);
  return lines.join('\n');
}

function goalLines({ goals }: StressReport, colors: Colors, width: number): string {
  const lines = goals.map((missed) =>
    wrap(plain(goalWords(missed)), width - 4).map((line, i) => (i === 0 ? `  ${line}` : `    ${line}`)),
  );
  return [colors.bold('Goals missed (no failure)'), ...lines.flat()].join('\n');
}

function kneeTable(stress: StressReport, colors: Colors, width: number): string {
  const { saturation } = stress;
  const heads = saturation.map(({ threads }) => threadsText(threads));
  const rows = drainsOf(saturation.flatMap(({ curves }) => curves)).map((drain) => {
    const knees = saturation.map(({ curves }) => kneeText(curves.find((one) => one.drain === drain)));
    return [plain(drain), ...knees];
  });
  const title = `Saturation: the most that holds P99 below ${kneeLimits(stress)}`;
  return table(title, ['', ...heads], rows, colors, width);
}

function benchmarkTable({ benchmarks }: StressReport, colors: Colors, width: number): string {
  const drains = drainsOf(benchmarks);
  const rows = [...new Set(benchmarks.map(({ name }) => name))].map((name) => {
    const own = benchmarks.filter((one) => one.name === name);
    return [plain(name), ...drains.map((drain) => nsText(own.find((one) => one.drain === drain)?.median))];
  });
  return table('Benchmarks, an operation takes', ['', ...drains.map(plain)], rows, colors, width);
}

function table(title: string, heads: readonly string[], rows: readonly string[][], colors: Colors, width: number) {
  const cell = Math.max(9, Math.min(18, Math.floor((width - 2 - NAME) / Math.max(1, heads.length - 1)) - 2));
  const line = ([name, ...cells]: readonly string[]): string =>
    `  ${pad(cut(name!, NAME), NAME)}${cells.map((one) => `  ${cut(one, cell).padStart(cell)}`).join('')}`;
  return [
    ...wrap(title, width).map(colors.bold),
    colors.bold(cut(line(heads), width)),
    ...rows.map((row) => cut(line(row), width)),
  ].join('\n');
}
