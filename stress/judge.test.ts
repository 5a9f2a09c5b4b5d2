import { describe, expect, test } from 'vitest';
import { StressLoad, type Calibration, type StressResult, type TargetVerdict } from '../spec/stress.js';
import { judgeTarget, marginOf, verdictOf } from './judge.js';
import type { Target } from './scenario.js';

const QUIET: Calibration = { slowdown: 1, sleepP50Ms: 0.05, sleepP99Ms: 0.5 };
const LOAD = StressLoad.parse({
  version: 1,
  durationMs: 1000,
  groups: [{ threads: 1, arrivals: { kind: 'closed' } }],
});

const result = (more: Partial<StressResult> = {}): StressResult => ({
  complete: true,
  wallMs: 1000,
  threads: 1,
  lives: 1,
  ledger: { attempted: 1, accepted: 1, rejected: 0, retries: 0, delivered: 1, lost: 0, duplicated: 0, wrong: 0 },
  eventsPerSecond: 0,
  recoveriesMs: [],
  windows: [],
  problems: [],
  ...more,
});
const cpu = (percent: number, waited = 0) => ({ drainMs: 10 * percent, waitedMs: 1000 * waited, wallMs: 1000 });
const latency = (p50: number, p99: number): StressResult['latency'] => ({
  count: 1,
  minMs: 0,
  meanMs: 0,
  maxMs: p99,
  percentiles: [
    [50, p50],
    [99, p99],
  ],
});
const lost = (events: number): StressResult => result({ ledger: { ...result().ledger, lost: events } });
const rejected = (events: number): StressResult => result({ ledger: { ...result().ledger, rejected: events } });

const judge = (
  target: Target,
  results: readonly StressResult[],
  noise: { before?: Partial<Calibration>; after?: Partial<Calibration> } = {},
): TargetVerdict =>
  judgeTarget(target, results, {
    load: LOAD,
    noise: { before: { ...QUIET, ...noise.before }, after: { ...QUIET, ...noise.after } },
    drain: 'mine',
  });

const JAIN: Target = { metric: 'jainIndex', relation: 'above', limit: 0.9 };
const SHARE: Target = { metric: 'minShare', relation: 'at least', limit: 0.5 };
const THROUGHPUT: Target = { metric: 'throughputEventsPerSecond', relation: 'at least', limit: 1000 };
const P50: Target = { metric: 'latencyP50Ms', relation: 'below', limit: 1 };
const P99: Target = { metric: 'latencyP99Ms', relation: 'below', limit: 10 };
const CPU: Target = { metric: 'cpuPercentSteady', relation: 'below', limit: 5 };
const RECOVERY: Target = { metric: 'burstRecoveryMs', relation: 'below', limit: 100 };
const LOST: Target = { metric: 'eventsLost', relation: 'exactly', limit: 0 };
const REJECTED: Target = { metric: 'eventsRejected', relation: 'exactly', limit: 0 };
const OVERLOAD: Target = { metric: 'eventsRejected', relation: 'above', limit: 0 };

test('the margin is the distance to the limit by the limit, positive on the good side', () => {
  const margin = (relation: Target['relation'], limit: number, measured: number) =>
    marginOf({ relation, limit }, measured);
  expect([margin('below', 10, 4), margin('at most', 10, 14)]).toEqual([0.6, -0.4]);
  expect([margin('above', 10, 4), margin('at least', 10, 14)]).toEqual([-0.6, 0.4]);
  expect([margin('at least', -10, -4), margin('below', 0, 3)]).toEqual([0.6, -3]);
  expect([margin('exactly', 4, 4), margin('exactly', 4, 5), margin('exactly', 4, 3), margin('exactly', 0, 7)]).toEqual([
    0, -0.25, -0.25, -7,
  ]);
});

describe('counts', () => {
  test('hold in every repeat', () => {
    expect(judge(LOST, [lost(0), lost(0)])).toMatchObject({ verdict: 'pass', measured: 0, reason: '0 events' });
  });
  test('fail by one repeat, whatever the noise, and say which count it was', () => {
    const noise = { before: { slowdown: 50, sleepP99Ms: 100 } };
    expect(judge(LOST, [lost(0), lost(3), lost(0)], noise)).toMatchObject({
      verdict: 'fail',
      measured: 3,
      margin: -3,
      samples: [0, 3, 0],
      reason: '3 events where 0 is due',
    });
  });
  test('of what found no room while the drain could not run is the machine’s, unless another measurement tells', () => {
    const waiting = { ...rejected(64), cpu: cpu(50, 0.2) };
    const running = (events: number) => ({ ...rejected(events), cpu: cpu(50, 0.01) });
    expect(judge(REJECTED, [waiting])).toMatchObject({ verdict: 'inconclusive', measured: 64 });
    expect(judge(REJECTED, [waiting]).reason).toContain('waited for a processor 20.0 % of the time');
    expect(judge(REJECTED, [waiting, running(0)])).toMatchObject({ verdict: 'pass', measured: 0 });
    expect(judge(REJECTED, [waiting, running(3)])).toMatchObject({ verdict: 'fail', measured: 3 });
    expect(judge(REJECTED, [rejected(1)])).toMatchObject({ verdict: 'fail' });
    // nothing excuses a loss
    expect(judge(LOST, [{ ...lost(1), cpu: cpu(50, 0.9) }])).toMatchObject({ verdict: 'fail' });
  });
  test('of what the load is about: without it there is no verdict', () => {
    expect(judge(OVERLOAD, [rejected(5), rejected(1)])).toMatchObject({ verdict: 'pass', measured: 5 });
    expect(judge(OVERLOAD, [rejected(5), rejected(0)])).toMatchObject({
      verdict: 'inconclusive',
      measured: 0,
      reason: 'what the load is about did not happen',
    });
  });
});

describe('measurements', () => {
  const jain = (...values: number[]) =>
    judge(
      JAIN,
      values.map((one) => result({ jain: one })),
    );
  const events = (...values: number[]) =>
    judge(
      THROUGHPUT,
      values.map((one) => result({ eventsPerSecond: one })),
    );
  test('are told with the target, the unit, each sample and the margin of the middle one', () => {
    expect(events(1500, 3000, 2000)).toEqual({
      metric: 'throughputEventsPerSecond',
      unit: 'events/s',
      relation: 'at least',
      limit: 1000,
      measured: 2000,
      margin: 1,
      samples: [1500, 3000, 2000],
      verdict: 'pass',
      reason: 'clear of the limit',
    });
  });
  test('that waiting for a processor spoils count where the drain waited least', () => {
    const repeats = [
      [0.3, 30],
      [0.001, 4],
      [0.2, 2],
    ].map(([waited, p99]) => result({ latency: latency(0.1, p99!), cpu: cpu(1, waited) }));
    expect(judge(P99, repeats)).toMatchObject({ verdict: 'pass', measured: 4, samples: [30, 4, 2] });
    // one without an account: then the middle one
    expect(judge(P99, [...repeats.slice(0, 2), result({ latency: latency(0.1, 5) })]).measured).toBe(5);
  });
  test('beyond the limit fail', () => {
    expect(jain(0.5)).toMatchObject({ verdict: 'fail', reason: 'beyond the limit' });
    expect(events(100, 120, 110)).toMatchObject({ verdict: 'fail', measured: 110 });
  });
  test('nearer to the limit than 5 % tell nothing, on either side', () => {
    const near = 'too near to the limit to tell from noise';
    for (const value of [1049, 1000, 999, 951])
      expect(events(value)).toMatchObject({ verdict: 'inconclusive', reason: near });
    expect([events(1051).verdict, events(949).verdict]).toEqual(['pass', 'fail']);
  });
  test('that lie far apart have to be farther from the limit, unless all are on the good side', () => {
    expect(events(1100, 1200, 1900).verdict).toBe('pass'); // all of them hold
    expect(events(900, 1100, 1900).verdict).toBe('inconclusive'); // 10 % where they are 50 % apart
    expect(events(900, 1400, 1900).verdict).toBe('pass'); // 40 % are more than half of that
    expect(events(200, 900, 1100).verdict).toBe('inconclusive');
    expect(events(100, 500, 900).verdict).toBe('fail');
  });
  test('hold by their relation at the limit itself', () => {
    const far = (target: Target, value: number) => judge(target, [result({ jain: value, minShare: value })]).verdict;
    expect([far(JAIN, 0.99), far(JAIN, 0.8), far(SHARE, 0.6), far(SHARE, 0.4)]).toEqual([
      'pass',
      'fail',
      'pass',
      'fail',
    ]);
    const most: Target = { metric: 'minShare', relation: 'at most', limit: 0.5 };
    expect([far(most, 0.6), far(most, 0.4)]).toEqual(['fail', 'pass']);
  });
  test('a goal is that of the drain, and no verdict', () => {
    const target = { ...JAIN, goals: { mine: 0.99, other: 0.5 } };
    expect(judge(target, [result({ jain: 0.96 })])).toMatchObject({ goal: 0.99, verdict: 'pass' });
    expect(judge({ ...JAIN, goals: { other: 0.5 } }, [result({ jain: 0.96 })])).not.toHaveProperty('goal');
  });
});

describe('what was not measured', () => {
  test.each<[Target, string, RegExp]>([
    [{ metric: 'ledgerDifference', relation: 'exactly', limit: 0 }, 'not-applicable', /does not claim metrics/],
    [CPU, 'not-applicable', /does not account for threads/],
    [P99, 'inconclusive', /could not be measured/],
  ])('%o', (target, verdict, reason) => {
    const told = judge(target, [result()]);
    expect(told).toMatchObject({ verdict, samples: [], reason: expect.stringMatching(reason) as string });
    expect(told).not.toHaveProperty('measured');
    expect(told).not.toHaveProperty('margin');
  });
});

describe('what the machine explains', () => {
  const slow = { slowdown: 1.25 };
  test('is no failure: throughput on a machine that was given to others, before or after', () => {
    const half = [result({ eventsPerSecond: 500 })];
    expect(judge(THROUGHPUT, half, { before: slow })).toMatchObject({
      verdict: 'inconclusive',
      reason: 'missed, but a lone thread had only 1/1.25 of a processor',
    });
    expect(judge(THROUGHPUT, half, { after: slow }).verdict).toBe('inconclusive');
    expect(judge(THROUGHPUT, half, { after: { slowdown: 1.24 } }).verdict).toBe('fail');
    expect(judge(JAIN, [result({ jain: 0.1 })], { before: slow, after: slow }).verdict).toBe('fail');
  });
  test('a good figure needs no excuse', () => {
    expect(judge(THROUGHPUT, [result({ eventsPerSecond: 9000 })], { before: slow }).verdict).toBe('pass');
  });
  test('the longest latencies where a lone thread slept too long', () => {
    const late = [result({ latency: latency(0.5, 20) })];
    expect(judge(P99, late, { after: { sleepP99Ms: 5 } })).toMatchObject({
      verdict: 'inconclusive',
      reason: 'missed, but a lone thread that slept was woken 5.00 ms late',
    });
    expect(judge(P99, late, { before: { sleepP99Ms: 5 } }).verdict).toBe('inconclusive');
    expect(judge(P99, late, { before: { sleepP99Ms: 4.9 }, after: slow }).verdict).toBe('fail');
    expect(judge(P50, [result({ latency: latency(3, 20) })], { before: { sleepP99Ms: 50 } }).verdict).toBe('fail');
  });
  test.each<[string, Target, Partial<StressResult>, number]>([
    ['median latency', P50, { latency: latency(3, 20) }, 0.25],
    ['P99', P99, { latency: latency(3, 20) }, 0.01],
    ['recovery', RECOVERY, { recoveriesMs: [300] }, 0.1],
    ['processor time', CPU, {}, 0.01],
  ])('%s, where the thread of the drain waited for a processor', (_, target, more, most) => {
    const verdict = (waited: number) => judge(target, [result({ ...more, cpu: cpu(10, waited) })]);
    expect(verdict(most).verdict).toBe('fail');
    expect(verdict(most + 0.001)).toMatchObject({
      verdict: 'inconclusive',
      reason: `missed, but the drain's thread was ready to run and waited for a processor ${((most + 0.001) * 100).toFixed(1)} % of the time`,
    });
  });
  test('is of the repeat with the least wait, and of none without an account', () => {
    const repeats = (...waited: number[]) =>
      judge(
        RECOVERY,
        waited.map((one) => result({ recoveriesMs: [300], cpu: cpu(1, one) })),
      );
    expect([repeats(0.9, 0, 0.9).verdict, repeats(0.9, 0.2, 0.9).verdict]).toEqual(['fail', 'inconclusive']);
    const empty = { drainMs: 0, waitedMs: 1, wallMs: 0 };
    expect(judge(RECOVERY, [result({ recoveriesMs: [300], cpu: empty })]).verdict).toBe('fail');
    expect(judge(RECOVERY, [result({ recoveriesMs: [300] })]).verdict).toBe('fail');
  });
  test('never so much processor time', () => {
    const used = (percent: number) => judge(CPU, [result({ cpu: cpu(percent, 0.5) })]).verdict;
    expect([used(15), used(15.1)]).toEqual(['inconclusive', 'fail']);
  });
});

describe('the verdict of a scenario', () => {
  const target = (verdict: TargetVerdict['verdict'], metric = 'jainIndex'): TargetVerdict => ({
    ...JAIN,
    metric,
    unit: '',
    samples: [],
    verdict,
    reason: `it was ${verdict}`,
  });
  test('is the worst of its targets, with the reasons for that', () => {
    const all = [target('pass'), target('inconclusive', 'a'), target('fail', 'b'), target('fail', 'c')];
    expect(verdictOf(all, [])).toEqual({ verdict: 'fail', reason: 'b: it was fail; c: it was fail' });
    expect(verdictOf(all.slice(0, 2), [])).toEqual({ verdict: 'inconclusive', reason: 'a: it was inconclusive' });
  });
  test('is a pass with those that are not applicable left out', () => {
    expect(verdictOf([target('pass'), target('not-applicable'), target('pass')], [])).toEqual({
      verdict: 'pass',
      reason: '2 targets met',
    });
  });
  test('is a failure when the run itself had a problem', () => {
    expect(verdictOf([target('pass')], ['it stood still'])).toEqual({ verdict: 'fail', reason: 'it stood still' });
    expect(verdictOf([target('fail', 'b')], ['it stood still']).reason).toBe('it stood still; b: it was fail');
  });
});
