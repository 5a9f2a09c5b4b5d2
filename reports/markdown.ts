/** The report as Markdown, short enough for a pull request's comment. */
import { coverageOf, familiesOf, percentText, type DrainCoverage } from './coverage.js';
import { describeRecord } from './describe.js';
import { killsMarkdown } from './markdown-kills.js';
import { stressMarkdown, stressTrouble } from './markdown-stress.js';
import { headline, MARKS, occurring } from './marks.js';
import { buildReport, countCells, type Report, type RequirementRecord, type VerdictRecord } from './model.js';
import type { Results } from './results-file.js';
import { duration, plain } from './text.js';

const FAILURES = 30;
const EVIDENCE = 10;

export function renderMarkdown(results: Results): string {
  const report = buildReport(results);
  const { run } = results;
  const counts = occurring(report.counts).map(({ cell, count }) => `${count} ${MARKS[cell].word}`);
  const time = report.elapsedMs === undefined ? '' : `, ${duration(report.elapsedMs)}`;
  const blocks = [
    `# ${md(run.tool.name)}: ${headline(report)}`,
    `${counts.length === 0 ? 'No verdicts' : counts.join(', ')}. Seed ${run.seed}, ${md(run.startedAt)}${time}, ${md(run.machine.os)}, Node.js ${md(run.machine.node)}.`,
  ];
  if (report.problems.length > 0) blocks.push(report.problems.map((problem) => `- ${md(problem)}`).join('\n'));
  if (report.groups.length > 0) blocks.push(matrix(report));
  blocks.push(...stressMarkdown(report));
  const troubles = [
    ...report.troubles.map(
      ({ row, verdict }) =>
        () =>
          trouble(row.requirement, verdict),
    ),
    ...report.stress.troubles.map((record) => () => stressTrouble(record)),
  ];
  if (troubles.length > 0) blocks.push('## What did not pass');
  for (const tell of troubles.slice(0, FAILURES)) blocks.push(tell());
  const more = troubles.length - FAILURES;
  if (more > 0) blocks.push(`${more} more are in the HTML report.`);
  if (report.known.length > 0) blocks.push('## Known deviations', report.known.map(known).join('\n'));
  const measured = coverageOf(results);
  if (measured.length > 0) blocks.push('## Coverage of the drains, by the checks alone', coverage(measured));
  blocks.push(...killsMarkdown(report));
  return `${blocks.join('\n\n')}\n`;
}

/** One line: what fails, where it is discussed. */
function known({ row, verdict }: Report['known'][number]): string {
  const { drain, failure, reason, issue, note } = verdict;
  const more = [issue, note].filter((text) => text !== undefined).map((text) => ` (${md(text)})`);
  return `- ${code(row.requirement.id)} on ${md(drain)}: ${md(failure?.message ?? reason)}${more.join('')}`;
}

/** Text in Markdown: nothing in it is markup. */
export function md(text: string): string {
  return plain(text)
    .replace(/[\\`*_{}[\]#|~!]/g, '\\$&')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/@/g, '@\u200b');
}

/** Code in Markdown, fenced with more backticks than it holds. */
export function code(text: string): string {
  const clean = plain(text).replaceAll('|', '\\|');
  const fence = '`'.repeat(1 + Math.max(0, ...[...clean.matchAll(/`+/g)].map((run) => run[0].length)));
  return fence.length > 1 ? `${fence} ${clean} ${fence}` : `\`${clean}\``;
}

/** Lines as they are, fenced with more backticks than they hold. */
export function block(lines: readonly string[], language = 'text'): string {
  const text = lines.map(plain).join('\n');
  const fence = '`'.repeat(Math.max(3, 1 + Math.max(0, ...[...text.matchAll(/`+/g)].map((run) => run[0].length))));
  return `${fence}${language}\n${text}\n${fence}`;
}

function matrix({ groups, drains }: Report): string {
  const names = drains.map((drain) => md(drain.name));
  const rows = [
    `| Requirement | ${['Title', ...names].join(' | ')} |`,
    `| --- | --- |${names.map(() => ' --- |').join('')}`,
  ];
  for (const { family, rows: own } of groups) {
    const passed = drains.map((_, i) => {
      const counts = countCells(own.map((row) => row.cells[i]));
      return `${counts.pass} of ${own.length - counts['not-applicable']}`;
    });
    rows.push(`| **${md(family)}** | | ${passed.map((text) => `**${text}** |`).join(' ')}`);
    for (const { requirement, cells } of own) {
      const words = cells.map((verdict) => {
        const { mark, word } = MARKS[verdict?.verdict ?? 'not-run'];
        return `${mark.replace('~', '\\~').replace('!', '\\!')} ${word}`;
      });
      rows.push(`| ${code(requirement.id)} | ${[md(requirement.title), ...words].join(' | ')} |`);
    }
  }
  return rows.join('\n');
}

function coverage(drains: readonly DrainCoverage[]): string {
  const rows = drains.map(
    ({ drain, total, files }) =>
      `| ${md(drain)} | ${files.length} | ${percentText(total.lines)} | ${percentText(total.branches)} | ${percentText(total.functions)} |`,
  );
  const families = familiesOf(drains).map((family) => {
    const shares = drains.map(({ families }) => {
      const lines = families.get(family);
      return lines === undefined ? '' : percentText(lines);
    });
    return `| ${md(family)} | ${shares.join(' | ')} |`;
  });
  return [
    '| Drain | Files | Lines | Branches | Functions |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
    '',
    `| Lines by family alone | ${drains.map(({ drain }) => md(drain)).join(' | ')} |`,
    `| --- |${drains.map(() => ' --- |').join('')}`,
    ...families,
  ].join('\n');
}

function trouble(requirement: RequirementRecord, verdict: VerdictRecord): string {
  const { failure } = verdict;
  const lines = [
    `### ${md(requirement.id)} on ${md(verdict.drain)}: ${MARKS[verdict.verdict].word}`,
    md(requirement.text),
    `- Found: ${md(failure?.message ?? verdict.reason)}`,
  ];
  if (failure !== undefined) lines.push(`- Expected: ${md(failure.expected)}`, `- Seen: ${md(failure.seen)}`);
  if (requirement.lookAt !== '') lines.push(`- Look at: ${md(requirement.lookAt)}`);
  const [head, text, ...list] = lines as [string, string, ...string[]];
  const parts = [head, text, list.join('\n')].filter((part) => part !== '');
  const evidence = (failure?.evidence ?? []).flatMap((at) => {
    const record = failure?.history[at];
    return record === undefined ? [] : [`#${at} ${describeRecord(record)}`];
  });
  if (evidence.length > 0) parts.push(block(evidence.slice(0, EVIDENCE)));
  if (failure && failure.replay !== '') parts.push(block([failure.replay], 'sh'));
  return parts.join('\n\n');
}
