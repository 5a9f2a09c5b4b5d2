import { describe, expect, it } from 'vitest';
import type { ResultRecord } from '../spec/results.js';
import { headline } from './marks.js';
import { buildReport } from './model.js';
import { parseResults, type Results } from './results-file.js';
import { sampleEnd, sampleRun, sampleText } from './sample-results.js';
import { sampleResult, sampleWindows } from './sample-measured.js';
import { sampleCheckpoints, sampleStress, stressRecords, target } from './sample-stress.js';
import { isBare, percentileOf, stressCells, typicalResult } from './stress.js';
import { curveOf, interruptedWords, POINTS, thinned, windowsOf } from './stress-windows.js';

const END = { ...sampleEnd([]), counts: { ...sampleEnd([]).counts, pass: 1 }, ok: true, problems: [] };

/** A file of a run with these records; with an end unless `cut`. */
function file(records: readonly ResultRecord[], { cut = false, end = END, run = sampleRun() } = {}): Results {
  return parseResults(sampleText([run, ...records, ...(cut ? [] : [end])]), 'stress');
}
const say = (results: Results): string => headline(buildReport(results));
const pass = sampleStress('throughput', 'native', 'pass', {});
const fail = sampleStress('throughput', 'native', 'fail', {});

describe('stress verdicts in the report', () => {
  const report = buildReport(file(stressRecords(), { cut: true }));

  it('count like those of requirements, the worst first', () => {
    expect(report.counts).toMatchObject({ pass: 5, fail: 1, error: 1, inconclusive: 1, 'not-run': 0 });
    expect(report.status).toBe('failed');
    const troubles = report.stress.troubles.map(({ scenario, drain }) => `${scenario} ${drain}`);
    expect(troubles).toEqual(['burst-recovery native', 'fairness native', 'fairness reference']);
    expect(stressCells(report.stress, 'tracer')).toEqual([]);
    expect(stressCells(report.stress, 'native')).toHaveLength(4);
    expect(report.stress.scenarios[0]).toMatchObject({ name: 'throughput', title: 'most events per second' });
  });

  it('decide how the run is told', () => {
    expect(say(file([pass]))).toBe('Every verdict is as declared.');
    expect(say(file([pass], { cut: true }))).toBe('The run was cut off; no failure until then.');
    expect(say(file([{ ...pass, partial: true }]))).toBe('The run was ended early; no failure until then.');
    expect(say(file([{ ...fail, partial: true }]))).toBe('1 failure; the run was ended early.');
    expect(say(file([fail]))).toBe('1 failure.');
    expect(say(file(sampleCheckpoints('native'), { cut: true }))).toBe('The run was cut off; no failure until then.');
    const end = { ...END, ok: false };
    expect(say(file([pass], { end }))).toBe('The verdicts are not as declared.');
    const run = { ...sampleRun(), mergedFrom: 2 };
    expect(say(file([pass], { end, run }))).toBe('The merged results are not whole, or not as declared.');
    const curves = stressRecords().filter(({ type }) => type !== 'stress');
    expect(say(file(curves))).toBe('No check ran.');
    expect(isBare(buildReport(file(curves)).stress)).toBe(false);
    expect(isBare(buildReport(file([])).stress)).toBe(true);
  });

  it('never let a pass hide a failure', () => {
    for (const pair of [
      [pass, fail],
      [fail, pass],
    ]) {
      const { counts, problems } = buildReport(file(pair));
      expect(counts).toMatchObject({ pass: 0, fail: 1 });
      expect(problems[0]).toBe('There are two verdicts on throughput for native; the worse counts.');
    }
  });

  it('know drains that the file does not introduce', () => {
    const known = buildReport(file([{ ...pass, drain: 'stranger' }, ...sampleCheckpoints('other')]));
    expect(known.drains.slice(-2).map(({ name }) => name)).toEqual(['stranger', 'other']);
  });

  it.each([
    ['at least', 5, 4, 1],
    ['at least', 5, 5, 0],
    ['above', 5, 5, 1],
    ['above', 5, 6, 0],
    ['at most', 5, 6, 1],
    ['at most', 5, 5, 0],
    ['below', 5, 5, 1],
    ['below', 5, 4, 0],
    ['exactly', 0, 1, 1],
    ['exactly', 0, 0, 0],
  ] as const)('miss a goal of %s %d with %d', (relation, goal, measured, missed) => {
    const goals = (more: object): number => {
      const targets = [target({ metric: 'x', relation, limit: 3, goal, measured, ...more })];
      return buildReport(file([{ ...pass, targets }])).stress.goals.length;
    };
    expect(goals({})).toBe(missed);
    expect(goals({ verdict: 'fail' })).toBe(0);
    expect(goals({ measured: undefined })).toBe(0);
  });
});

describe('the repeat that is drawn', () => {
  it('is the one whose P99 is in the middle, or whose rate is', () => {
    const results = [9, 1, 4, 2].map((p99) => sampleResult(1000, p99));
    expect(typicalResult({ results })).toBe(results[3]);
    const rates = [30, 10, 20].map((rate) => {
      const { latency: _, ...rest } = sampleResult(rate, 1);
      return rest;
    });
    expect(typicalResult({ results: rates })).toBe(rates[2]);
    expect(typicalResult({ results: [] })).toBeUndefined();
  });

  it('tells a percentile that the distribution lacks by the next one', () => {
    const times = { count: 3, minMs: 0, meanMs: 1, maxMs: 7, percentiles: [[50, 1], [99, 5]] as [number, number][] }; // prettier-ignore
    expect([40, 50, 99, 99.9].map((percent) => percentileOf(times, percent))).toEqual([1, 1, 5, 7]);
  });
});

describe('windows of an interrupted scenario', () => {
  const windows = sampleWindows(1200, 400_000, 2.4);
  const results = file([...sampleCheckpoints('native', windows), ...sampleCheckpoints('reference')], { cut: true });

  it('are joined from its checkpoints, each once, in order of time', () => {
    expect(windowsOf(results, 'soak', 'native')).toEqual(windows);
    const backwards = { checkpoints: [...results.checkpoints].reverse() };
    expect(windowsOf(backwards, 'soak', 'native')).toEqual(windows);
    expect(windowsOf(results, 'soak', 'tracer')).toEqual([]);
  });

  it('are told with rates, P99 and memory', () => {
    const { interrupted } = buildReport(results).stress.scenarios[0]!;
    expect(interrupted.map(({ atMs }) => atMs)).toEqual([1_200_000, 1_200_000]);
    expect(interruptedWords(1_200_000, windows)).toMatch(
      /^interrupted after 20 min 0 s; 1,200 windows: 4\d\d k events\/s in the middle \(37\d k events\/s to 42\d k events\/s\); P99 2\.\d+ ms, at worst 8\.\d+ ms; memory from 110 MB to 118 MB, at most 118 MB$/,
    );
    expect(interruptedWords(400, [])).toBe('interrupted after 400 ms; no window had ended');
    const { p99Ms: _, ...bare } = windows[0]!;
    expect(interruptedWords(1000, [bare])).not.toContain('P99');
  });

  it('are no longer told once there is a verdict', () => {
    const ended = sampleStress('soak', 'native', 'pass', {});
    const [soak] = buildReport(file([...sampleCheckpoints('native'), ended])).stress.scenarios;
    expect(soak).toMatchObject({ records: [ended], interrupted: [] });
  });

  it('make curves of few points', () => {
    const many = sampleWindows(100_000, 1000, 2);
    const rate = curveOf(many, ({ eventsPerSecond }) => eventsPerSecond, 'mean');
    expect(rate.length).toBeLessThanOrEqual(POINTS);
    expect(rate.at(-1)![0]).toBe(many.at(-1)!.atMs);
    const worst = curveOf(many, ({ p99Ms }) => p99Ms, 'largest');
    expect(Math.max(...worst.map(([, ms]) => ms))).toBe(many.reduce((most, { p99Ms }) => Math.max(most, p99Ms!), 0));
    expect(curveOf(many, () => undefined, 'mean')).toEqual([]);
    expect(thinned([1, 2, 3])).toEqual([1, 2, 3]);
    const few = thinned(many.map(({ atMs }) => atMs));
    expect([few.length, few[0], few.at(-1)]).toEqual([POINTS, 1000, 100_000_000]);
  });
});
