/** The report for the terminal: the verdicts, then every failure told whole, then one line that says it all. */
import pc from 'picocolors';
import type { Colors } from 'picocolors/types.js';
import { describeRecord } from './describe.js';
import { killSummary } from './kills.js';
import { headline, MARKS, occurring } from './marks.js';
import { buildReport, type Report, type RequirementRecord, type VerdictRecord } from './model.js';
import type { Results } from './results-file.js';
import { coverageTables } from './terminal-coverage.js';
import { familyTable, labelled, paint, verdictMatrix } from './terminal-matrix.js';
import { stressTables, stressTrouble } from './terminal-stress.js';
import { cut, duration, plain, plural, wrap } from './text.js';

export interface TerminalOptions {
  /** Absent: as the terminal and NO_COLOR say. */
  readonly color?: boolean;
  /** Columns, 40 to 100; absent: 100. */
  readonly width?: number;
  /** One verdict per requirement and drain as a table; absent: yes. */
  readonly matrix?: boolean;
  /** One line per verdict, with its reason. */
  readonly verbose?: boolean;
  /** Paths of written reports, to name at the end. */
  readonly files?: readonly string[];
  /** Failures told whole; absent: 20. */
  readonly failures?: number;
}

const EVIDENCE = 6;

export function renderTerminal(results: Results, options: TerminalOptions = {}): string {
  const report = buildReport(results);
  const colors = options.color === undefined ? pc : pc.createColors(options.color);
  const width = Math.max(40, Math.min(100, options.width ?? 100));
  const { run } = results;
  const about = `${run.tool.name} ${run.tool.version}, seed ${run.seed}, ${run.machine.os}, Node.js ${run.machine.node}`;
  const blocks = [colors.dim(cut(plain(about), width))];
  if (report.groups.length > 0) {
    if (options.matrix ?? true) blocks.push(verdictMatrix(report, colors, width));
    blocks.push(familyTable(report, colors, width));
    if (options.verbose === true) blocks.push(verdictLines(report, colors, width));
  }
  blocks.push(...stressTables(report, colors, width));
  blocks.push(...coverageTables(results, colors, width));
  const limit = options.failures ?? 20;
  for (const { row, verdict } of report.troubles.slice(0, limit)) {
    blocks.push(troubleText(row.requirement, verdict, colors, width));
  }
  const { troubles: loads } = report.stress;
  const left = Math.max(0, limit - report.troubles.length);
  for (const record of loads.slice(0, left)) blocks.push(stressTrouble(record, colors, width));
  const more = report.troubles.length + loads.length - limit;
  if (more > 0) blocks.push(`${plural(more, 'more is', 'more are')} in the HTML report.`);
  if (report.known.length > 0) blocks.push(knownText(report, colors, width));
  if (report.problems.length > 0) {
    const lines = report.problems.flatMap((problem) => labelled('', plain(problem), width, colors));
    blocks.push([colors.yellow('Problems'), ...lines].join('\n'));
  }
  const kills = killSummary(report);
  if (kills.length > 0) blocks.push(kills.flatMap((line) => wrap(line, width)).join('\n'));
  blocks.push(summary(report, colors, width));
  if (options.files?.length) blocks.push(options.files.map((file) => `  ${plain(file)}`).join('\n'));
  return `${blocks.join('\n\n')}\n`;
}

/** One line per verdict: mark, requirement, drain, time, reason. */
function verdictLines(report: Report, colors: Colors, width: number): string {
  const verdicts = report.groups.flatMap((group) => group.rows.flatMap((row) => row.cells));
  return verdicts
    .flatMap((verdict) => {
      if (verdict === undefined) return [];
      const { mark } = MARKS[verdict.verdict];
      const rest = `${verdict.id} ${verdict.drain}, ${duration(verdict.durationMs)}: ${verdict.reason}`;
      return [`${paint(colors, verdict.verdict, mark)} ${cut(plain(rest), width - 2)}`];
    })
    .join('\n');
}

function troubleText(requirement: RequirementRecord, verdict: VerdictRecord, colors: Colors, width: number): string {
  const { failure } = verdict;
  const { mark, word } = MARKS[verdict.verdict];
  const lines = [
    `${paint(colors, verdict.verdict, `${mark} ${word}`)}  ${colors.bold(plain(requirement.id))}  ${plain(verdict.drain)}`,
  ];
  const add = (label: string, text: string): void => {
    if (text !== '') lines.push(...labelled(label, plain(text), width, colors));
  };
  add('required', requirement.text);
  add('found', failure?.message ?? verdict.reason);
  if (failure !== undefined) {
    add('expected', failure.expected);
    add('seen', failure.seen);
    for (const [i, line] of evidenceOf(failure).entries()) add(i === 0 ? 'evidence' : '', line);
  }
  add('look at', requirement.lookAt);
  // The command stays on one line, so that it can be copied.
  if (failure && failure.replay !== '') lines.push(`  ${colors.dim('replay'.padEnd(9))} ${plain(failure.replay)}`);
  return lines.join('\n');
}

/** Every known deviation: what fails, and where it is discussed. */
function knownText({ known }: Report, colors: Colors, width: number): string {
  const { mark } = MARKS['known-deviation'];
  return known
    .flatMap(({ row, verdict }) => {
      const head = `${paint(colors, 'known-deviation', `${mark} known`)}  ${colors.bold(plain(row.requirement.id))}  ${plain(verdict.drain)}`;
      const { failure, reason, issue, note } = verdict;
      const rows = [
        ['found', failure?.message ?? reason],
        ['issue', issue],
        ['note', note],
      ] as const;
      return [head, ...rows.flatMap(([label, text]) => (text ? labelled(label, plain(text), width, colors) : []))];
    })
    .join('\n');
}

/** Records of the history that show it, shortened. */
export function evidenceOf(failure: NonNullable<VerdictRecord['failure']>): string[] {
  const lines = failure.evidence.flatMap((at) => {
    const record = failure.history[at];
    return record === undefined ? [] : [`#${at} ${describeRecord(record)}`];
  });
  return lines.length > EVIDENCE
    ? [...lines.slice(0, EVIDENCE), `and ${plural(lines.length - EVIDENCE, 'more record')}`]
    : lines;
}

/** The headline has the failures; the other counts follow. */
function summary(report: Report, colors: Colors, width: number): string {
  const { status, counts, elapsedMs } = report;
  const color = { ok: colors.green, partial: colors.yellow, failed: colors.red, empty: colors.red }[status];
  const told = status === 'failed' ? { ...counts, fail: 0, error: 0, inconclusive: 0 } : counts;
  const parts = occurring(told).map(({ cell, count }) => `${count} ${MARKS[cell].word}`);
  const time = elapsedMs === undefined ? '' : ` in ${duration(elapsedMs)}`;
  const rest = parts.length === 0 ? '' : ` ${parts.join(', ')}${time}`;
  return wrap(headline(report) + rest, width)
    .map((line) => color(colors.bold(line)))
    .join('\n');
}
