/** Stress results in Markdown: a table for each drain, then what did not pass, goals, knees and benchmarks. */
import { besideLimit, limitSign, limitWords, marginText, metricWords } from './figures.js';
import { block, code, md } from './markdown.js';
import { MARKS } from './marks.js';
import type { Cell, Report } from './model.js';
import { missedTargets, type StressRecord, type StressReport } from './stress.js';
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

/** Nothing where there was no stress run. */
export function stressMarkdown({ stress, results }: Report): string[] {
  const { scenarios, goals, saturation, benchmarks } = stress;
  const blocks: string[] = [];
  const profile = results.run.profile === undefined ? '' : `, profile ${md(results.run.profile)}`;
  for (const drain of drainsOf(scenarios.flatMap((one) => [...one.records, ...one.interrupted]))) {
    blocks.push(`## Under load: ${md(drain)}${profile}`, drainTable(stress, drain));
  }
  if (goals.length > 0) {
    blocks.push('## Goals missed', 'These are no failures: every target is kept.');
    blocks.push(goals.map((missed) => `- ${md(goalWords(missed))}`).join('\n'));
  }
  if (saturation.length > 0)
    blocks.push('## Saturation', `The most that holds P99 below ${kneeLimits(stress)}:`, kneeTable(stress));
  if (benchmarks.length > 0) blocks.push('## Benchmarks', benchmarkTable(stress));
  return blocks;
}

const told = (cell: Cell): string => `${MARKS[cell].mark.replace(/[~!]/, '\\$&')} ${MARKS[cell].word}`;
const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
const head = (names: readonly string[]): string[] => [row(names), row(names.map(() => '---'))];

function drainTable({ scenarios }: StressReport, drain: string): string {
  const rows = head(['Scenario', 'Target', 'Limit', 'Measured', 'Margin', 'Verdict']);
  for (const { name, records, interrupted } of scenarios) {
    for (const record of records.filter((one) => one.drain === drain)) {
      const early = record.partial ? ' (ended early)' : '';
      rows.push(row([code(name), md(record.title), '', '', '', `**${told(record.verdict)}**${early}`]));
      for (const target of record.targets) {
        const measured = md(besideLimit(target.measured, target));
        const cells = [md(metricWords(target.metric)), md(limitSign(target)), measured, marginText(target)];
        rows.push(row(['', ...cells, told(target.verdict)]));
      }
    }
    for (const { atMs, windows } of interrupted.filter((one) => one.drain === drain))
      rows.push(row([code(name), md(interruptedWords(atMs, windows)), '', '', '', told('not-run')]));
  }
  return rows.join('\n');
}

/** A scenario that did not pass, told whole. */
export function stressTrouble(record: StressRecord): string {
  const early = record.partial ? ', ended early' : '';
  const list = [`- Found: ${md(record.reason)}`];
  for (const target of missedTargets(record)) {
    const { metric, reason } = target;
    list.push(
      `- Target: ${md(metricWords(metric))} ${md(limitWords(target))}; measured ${md(measuredWords(target))}: ${md(reason)}`,
    );
  }
  for (const problem of problemsOf(record)) list.push(`- Problem: ${md(problem)}`);
  const noise = noiseWords(record);
  if (noise !== '') list.push(`- Noise of the machine: ${md(noise)}`);
  const parts = [
    `### ${md(record.scenario)} on ${md(record.drain)}: ${MARKS[record.verdict].word}${early}`,
    md(record.about),
    list.join('\n'),
    record.replay === '' ? '' : block([record.replay], 'sh'),
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

function kneeTable({ saturation }: StressReport): string {
  const rows = drainsOf(saturation.flatMap(({ curves }) => curves)).map((drain) =>
    row([md(drain), ...saturation.map(({ curves }) => kneeText(curves.find((one) => one.drain === drain)))]),
  );
  return [...head(['Drain', ...saturation.map(({ threads }) => threadsText(threads))]), ...rows].join('\n');
}

function benchmarkTable({ benchmarks }: StressReport): string {
  const drains = drainsOf(benchmarks);
  const rows = [...new Set(benchmarks.map(({ name }) => name))].map((name) => {
    const own = benchmarks.filter((one) => one.name === name);
    const medians = drains.map((drain) => nsText(own.find((one) => one.drain === drain)?.median));
    return row([md(name), md(own[0]!.about), ...medians]);
  });
  return [...head(['Operation', 'What it is', ...drains.map(md)]), ...rows].join('\n');
}
