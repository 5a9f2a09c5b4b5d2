import { describe, expect, it } from 'vitest';
import type { Verdict } from '../spec/results.js';
import { buildReport, countCells, worst, type Cell } from './model.js';
import { headline, MARKS, occurring } from './marks.js';
import type { Results } from './results-file.js';
import { NO_EXTRAS, sampleEnd, sampleRequirements, sampleResults, sampleRun } from './sample-results.js';

const sample = sampleResults();
const verdict = (kind: Verdict, id = 'LANE-ORDER', drain = 'native'): Results['verdicts'][number] => {
  const zero = { seed: 1, scenarios: 1, events: 1, durationMs: 1 };
  return { type: 'verdict', id, drain, verdict: kind, reason: 'because', ...zero };
};
function withVerdicts(verdicts: Results['verdicts'], more: Partial<Results> = {}): Results {
  return {
    run: sampleRun(),
    requirements: sampleRequirements(),
    verdicts,
    partial: true,
    ...NO_EXTRAS,
    problems: [],
    ...more,
  };
}

describe('report', () => {
  it('groups by family, with a cell for each drain', () => {
    const report = buildReport(sample);
    expect(report.groups.map((group) => group.family).sort()).toEqual(
      ['LANE', 'LOSS', 'QUEUE', 'THREAD', 'FAIR', 'ITER', 'SINK', 'STOP', 'LEDGER', 'METRIC', 'ARENA'].sort(),
    );
    expect(report.counts).toMatchObject({ fail: 5, error: 1, inconclusive: 1, 'known-deviation': 1, 'not-run': 0 });
    expect(report.troubles.map(({ verdict: { verdict: kind } }) => kind).slice(4)).toEqual([
      'fail',
      'error',
      'inconclusive',
    ]);
    expect(report).toMatchObject({ status: 'failed', elapsedMs: 47_531 });
  });

  it('never lets a pass hide a failure', () => {
    for (const pair of [
      [verdict('pass'), verdict('fail')],
      [verdict('fail'), verdict('pass')],
    ]) {
      const report = buildReport(withVerdicts(pair));
      expect(report.counts.fail).toBe(1);
      expect(report.counts.pass).toBe(0);
      expect(report.problems[0]).toContain('two verdicts on LANE-ORDER');
    }
  });

  it('shows requirements and drains that the file does not introduce', () => {
    const report = buildReport(withVerdicts([verdict('pass', 'NEW-ONE', 'stranger'), verdict('pass', 'odd')]));
    expect(report.drains.at(-1)).toMatchObject({ name: 'stranger', capabilities: [] });
    expect(report.groups.slice(-2).map((group) => [group.family, group.title])).toEqual([
      ['NEW', ''],
      ['OTHER', ''],
    ]);
    expect(report.problems).toHaveLength(2);
  });

  it('notes doubled requirements and wrong counts', () => {
    const twice = sampleRequirements().slice(0, 1);
    const end = sampleEnd([verdict('fail')]);
    const report = buildReport(
      withVerdicts([verdict('pass')], { requirements: [...twice, ...twice], end, partial: false }),
    );
    expect(report.problems).toEqual([
      'Requirement LANE-INDEX-ALWAYS stands in the file twice.',
      expect.stringContaining('LANE-ORDER, but no such requirement'),
      expect.stringContaining('The counts of the `end` record'),
    ]);
    expect(report.status).toBe('failed');
    expect(headline(report)).toBe('The verdicts are not as declared.');
  });

  it('says how it went', () => {
    const say = (verdicts: Results['verdicts'], more?: Partial<Results>): string =>
      headline(buildReport(withVerdicts(verdicts, more)));
    const end = (verdicts: Results['verdicts']): Partial<Results> => ({ end: sampleEnd(verdicts), partial: false });
    expect(say([])).toBe('No check ran.');
    expect(say([verdict('pass')])).toBe('The run was cut off; no failure until then.');
    expect(say([verdict('pass')], end([verdict('pass')]))).toBe('Every verdict is as declared.');
    expect(say([verdict('fail')])).toBe('1 failure; the run was cut off.');
    expect(headline(buildReport(sample))).toBe('5 failures, 1 error of the suite, 1 inconclusive.');
  });

  it('does not tell a duration that it cannot know', () => {
    const run = { ...sampleRun(), startedAt: 'yesterday' };
    expect(buildReport({ ...sample, run }).elapsedMs).toBeUndefined();
  });
});

describe('marks', () => {
  it.each<[Verdict[], Cell]>([
    [['pass', 'pass'], 'pass'],
    [['pass', 'fail', 'error'], 'fail'],
    [['pass', 'error', 'inconclusive'], 'error'],
    [['pass', 'inconclusive'], 'inconclusive'],
    [['pass', 'known-deviation'], 'known-deviation'],
    [['pass', 'not-applicable'], 'pass'],
    [['not-applicable'], 'not-applicable'],
    [[], 'not-run'],
  ])('%j is shown as %s', (kinds, cell) => {
    expect(worst(countCells(kinds.map((kind) => verdict(kind))))).toBe(cell);
  });

  it('has no two alike', () => {
    expect(worst(countCells([verdict('pass'), undefined]))).toBe('not-run');
    const all = Object.values(MARKS);
    for (const part of ['mark', 'short', 'word'] as const)
      expect(new Set(all.map((m) => m[part])).size).toBe(all.length);
    expect(occurring(countCells([undefined]))).toEqual([{ cell: 'not-run', count: 1 }]);
  });
});
