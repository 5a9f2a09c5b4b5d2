/** The report as JUnit XML: a suite for each drain and family, a case for each requirement. */
import junit, { type Builder, type TestCase } from 'junit-report-builder';
import { describeRecord } from './describe.js';
import { MARKS } from './marks.js';
import { stressCases, type StressCase } from './junit-stress.js';
import { buildReport, type RequirementRecord, type VerdictRecord } from './model.js';
import type { Results } from './results-file.js';
import { stressCells } from './stress.js';
import { plain } from './text.js';

// The package's types describe its ES build; Node loads the CommonJS one, whose export is the builder itself.
const factory = junit as unknown as Builder;

export function renderJunit(results: Results): string {
  const { run } = results;
  const report = buildReport(results);
  const builder = factory.newBuilder().name(plain(run.tool.name));
  for (const [i, drain] of report.drains.entries()) {
    for (const { family, rows } of report.groups) {
      const name = plain(`${drain.name}.${family}`);
      const time = rows.reduce((sum, row) => sum + (row.cells[i]?.durationMs ?? 0), 0);
      const suite = builder.testSuite().name(name).timestamp(plain(run.startedAt)).time(seconds(time));
      suite.property('seed', String(run.seed)).property('drain', plain(drain.name));
      suite.property('version', plain(drain.version)).property('capabilities', plain(drain.capabilities.join(' ')));
      for (const { requirement, cells } of rows) fill(suite.testCase().className(name), requirement, cells[i]);
    }
    const loads = stressCases(report.stress, drain.name);
    if (loads.length === 0) continue;
    const name = plain(`${drain.name}.stress`);
    const time = loads.reduce((sum, { durationMs }) => sum + durationMs, 0);
    const suite = builder.testSuite().name(name).timestamp(plain(run.startedAt)).time(seconds(time));
    suite.property('seed', String(run.seed)).property('drain', plain(drain.name));
    suite.property('version', plain(drain.version)).property('profile', plain(run.profile ?? ''));
    const early = stressCells(report.stress, drain.name).flatMap((one) => (one?.partial === true ? one.scenario : []));
    if (early.length > 0) suite.property('ended early', plain(early.join(', ')));
    for (const load of loads) fillStress(suite.testCase().className(name), load);
  }
  // A run that is red is red here too, also when every check passed: a mended deviation, a capability that came or went.
  if (results.end?.ok === false && report.troubles.length + report.stress.troubles.length === 0) {
    const test = builder
      .testSuite()
      .name(`${plain(run.tool.name)}.run`)
      .testCase()
      .className('run');
    test.name('everything is as declared').failure(plain(results.end.problems.join('; ')), 'not as declared');
  }
  return `${builder.build().trimEnd()}\n`;
}

const seconds = (ms: number): number => Math.round(ms) / 1000;

function fill(test: TestCase, requirement: RequirementRecord, verdict: VerdictRecord | undefined): void {
  test.name(plain(`${requirement.id} ${requirement.title}`)).time(seconds(verdict?.durationMs ?? 0));
  if (verdict === undefined) {
    skip(test, 'not run: the run was cut off, or the check was left out');
    return;
  }
  const reason = plain(verdict.failure?.message ?? verdict.reason);
  switch (verdict.verdict) {
    case 'pass':
      return;
    case 'fail':
      test.failure(reason, verdict.failure?.kind ?? 'fail').stacktrace(textOf(requirement, verdict));
      return;
    case 'inconclusive':
      test.failure(reason, 'inconclusive').stacktrace(textOf(requirement, verdict));
      return;
    case 'error':
      test.error(reason, 'error', textOf(requirement, verdict));
      return;
    default:
      skip(
        test,
        plain(`${MARKS[verdict.verdict].word}: ${verdict.issue === undefined ? '' : `${verdict.issue}: `}${reason}`),
      );
  }
}

function fillStress(test: TestCase, { name, durationMs, verdict, reason, lines }: StressCase): void {
  test.name(plain(name)).time(seconds(durationMs));
  const text = lines.map(inCdata).join('\n');
  switch (verdict) {
    case 'pass':
      return;
    case 'fail':
    case 'inconclusive':
      test.failure(plain(reason), verdict).stacktrace(text);
      return;
    case 'error':
      test.error(plain(reason), 'error', text);
      return;
    default:
      skip(test, plain(`${MARKS[verdict].word}: ${reason}`));
  }
}

/** The package has no reason for a skip; the element gets it when it is built. */
function skip(test: TestCase, reason: string): void {
  test.skipped();
  const build = test.build.bind(test);
  test.build = (parent) => {
    const element = build(parent);
    const skipped = element.children.find((child) => (child as { name?: string }).name === 'skipped');
    (skipped as unknown as typeof element).att('message', reason);
    return element;
  };
}

function textOf(requirement: RequirementRecord, verdict: VerdictRecord): string {
  const { failure } = verdict;
  const lines = [`required: ${requirement.text}`, `reason: ${verdict.reason}`];
  if (failure !== undefined) {
    lines.push(`expected: ${failure.expected}`, `seen: ${failure.seen}`);
    const hits = new Set(failure.evidence);
    for (const [i, record] of failure.history.entries()) {
      lines.push(`${hits.has(i) ? '>' : ' '} #${i} ${describeRecord(record)}`);
    }
    if (failure.omitted > 0) lines.push(`${failure.omitted} more records were left out`);
    lines.push(`replay: ${failure.replay}`);
  }
  lines.push(`look at: ${requirement.lookAt}`);
  return lines.map(inCdata).join('\n');
}

/** A CDATA section cannot hold its own end. */
const inCdata = (line: string): string => plain(line).replaceAll(']]>', ']] >');
