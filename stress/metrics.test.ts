import { describe, expect, test } from 'vitest';
import type { StressLedger, StressResult, StressWindow } from '../spec/stress.js';
import { METRICS, type MetricName } from './metrics.js';

const MB = 1024 * 1024;
const LEDGER: StressLedger = {
  attempted: 13,
  accepted: 10,
  rejected: 3,
  retries: 4,
  delivered: 9,
  lost: 1,
  duplicated: 2,
  wrong: 5,
};
const TOLD = { accepted: 10, rejected: 7, delivered: 9, pending: 0, evicted: 0, left: 0 };

const result = (more: Partial<StressResult> = {}): StressResult => ({
  complete: true,
  wallMs: 1000,
  threads: 2,
  lives: 2,
  ledger: LEDGER,
  eventsPerSecond: 77,
  recoveriesMs: [],
  windows: [],
  problems: [],
  ...more,
});
const window = (atMs: number, more: Partial<StressWindow> = {}): StressWindow => ({
  atMs,
  delivered: 1,
  eventsPerSecond: 1,
  rssBytes: 0,
  heapBytes: 0,
  lives: 2,
  ...more,
});
const of = (metric: MetricName, more: Partial<StressResult> = {}, warmupMs = 0): number | undefined =>
  METRICS[metric].of(result(more), { warmupMs });

describe('single figures', () => {
  test('are those of the result', () => {
    expect(of('throughputEventsPerSecond')).toBe(77);
    expect([of('jainIndex', { jain: 0.5 }), of('minShare', { minShare: 0.25 })]).toEqual([0.5, 0.25]);
    const counts = ['eventsLost', 'eventsDuplicated', 'eventsWrong', 'eventsRejected'] as const;
    expect(counts.map((metric) => of(metric))).toEqual([1, 2, 5, 3]);
  });
  test('are none where the result has none', () => {
    for (const metric of ['jainIndex', 'minShare', 'latencyP50Ms', 'latencyP99Ms', 'cpuPercentSteady'] as const)
      expect(of(metric), metric).toBeUndefined();
    expect([of('burstRecoveryMs'), of('ledgerDifference')]).toEqual([undefined, undefined]);
  });
  test('latencies are the percentiles they name', () => {
    const latency = {
      count: 1,
      minMs: 0,
      meanMs: 0,
      maxMs: 9,
      percentiles: [
        [50, 2],
        [99, 8],
        [99.9, 9],
      ],
    } as const;
    const told = {
      latency: { ...latency, percentiles: latency.percentiles.map(([p, ms]): [number, number] => [p, ms]) },
    };
    expect([of('latencyP50Ms', told), of('latencyP99Ms', told)]).toEqual([2, 8]);
    expect(of('latencyP50Ms', { latency: { ...told.latency, percentiles: [[0, 1]] } })).toBeUndefined();
  });
  test("processor time is the drain's thread's by wall time", () => {
    expect(of('cpuPercentSteady', { cpu: { drainMs: 5, waitedMs: 9, wallMs: 200 } })).toBe(2.5);
  });
  test('recovery is the middle burst', () => {
    const recovery = (...recoveriesMs: number[]) => of('burstRecoveryMs', { recoveriesMs });
    expect([recovery(9), recovery(9, 1, 2), recovery(100, 1, 4, 2)]).toEqual([9, 2, 3]);
  });
  test('only counts of events are exact', () => {
    const exact = Object.entries(METRICS).filter(([, metric]) => metric.exact);
    expect(exact.map(([name, { unit }]) => [name, unit])).toEqual(
      ['eventsLost', 'eventsDuplicated', 'eventsWrong', 'eventsRejected', 'ledgerDifference'].map((name) => [
        name,
        'events',
      ]),
    );
  });
});

describe("the ledger's difference", () => {
  const differs = (more: Partial<typeof TOLD>) =>
    of('ledgerDifference', { ledger: { ...LEDGER, told: { ...TOLD, ...more } } });
  test('is 0 where the drain says what both ends saw; it counts each attempt that it turned away', () => {
    expect(differs({})).toBe(0);
  });
  test.each(Object.keys(TOLD) as (keyof typeof TOLD)[])('is as much as %s is off', (field) => {
    expect(differs({ [field]: TOLD[field] + 6 })).toBe(6);
  });
  test('adds up what is too much here and too little there', () => {
    expect(differs({ accepted: 12, delivered: 5, rejected: 6 })).toBe(2 + 4 + 1);
  });
});

describe('memory', () => {
  const windows = [
    window(500, { rssBytes: 900 * MB, heapBytes: 90 * MB }),
    window(1000, { rssBytes: 100 * MB, heapBytes: 10 * MB }),
    window(1500, { rssBytes: 500 * MB, heapBytes: 11 * MB }),
    window(2000, { rssBytes: 140 * MB, heapBytes: 8 * MB }),
  ];
  test('of the heap grows from the end of the warm-up to the end of all', () => {
    expect(of('heapGrowthMbPerChurn', { windows }, 1000)).toBe(-2);
  });
  test('of the process grows from the most of the first half to the end', () => {
    const resident = [900, 100, 130, 110, 120, 125, 160].map((mb, i) => window(1000 * i, { rssBytes: mb * MB }));
    for (const metric of ['memoryGrowthMb', 'memoryGrowthMbPerChurn'] as const) {
      // the warm-up had 900, but what came after it counts
      expect(of(metric, { windows: resident }, 1000), metric).toBe(30);
      expect(of(metric, { windows: resident }, 0), metric).toBe(-740);
    }
  });
  test('is unknown with fewer than two windows to compare', () => {
    for (const metric of ['memoryGrowthMb', 'heapGrowthMbPerChurn'] as const) {
      expect(of(metric, { windows: [] }), metric).toBeUndefined();
      expect(of(metric, { windows: windows.slice(0, 1) }), metric).toBeUndefined();
      expect(of(metric, { windows }, 5000), metric).toBeUndefined();
    }
  });
  test('has a slope: the upper end of what it may be, an hour', () => {
    const rising = (count: number, mbPerHour: number) =>
      Array.from({ length: count }, (_, i) => window(i * 60_000, { rssBytes: (100 + (mbPerHour * i) / 60) * MB }));
    expect(of('memorySlopeMbPerHour', { windows: rising(60, 3) })).toBeCloseTo(3, 6);
    expect(of('memorySlopeMbPerHour', { windows: rising(7, 3) })).toBeUndefined();
    const noisy = rising(60, 3).map((one, i) => ({ ...one, rssBytes: one.rssBytes + ((i * 7) % 5) * MB }));
    expect(of('memorySlopeMbPerHour', { windows: noisy })).toBeGreaterThan(3.2);
  });
  test('has no slope of what came before the end of the warm-up', () => {
    const windows = Array.from({ length: 40 }, (_, i) => window(i * 1000, { rssBytes: (i < 20 ? i * 50 : 950) * MB }));
    expect(of('memorySlopeMbPerHour', { windows }, 19_000)).toBeCloseTo(0, 6);
  });
});

describe('drift of latency', () => {
  const drift = (p50: readonly (number | undefined)[], warmupMs = 0) =>
    of(
      'latencyDrift',
      { windows: p50.map((p50Ms, i) => window(1000 * (i + 1), p50Ms === undefined ? {} : { p50Ms })) },
      warmupMs,
    );
  test('is the last quarter by the first, by the middle of each', () => {
    expect(drift([1, 7, 7, 3])).toBe(3);
    expect(drift([2, 2, 100, 9, 9, 9, 9, 9, 9, 4, 4, 400])).toBe(2);
    expect(drift([1, 3, 9, 9, 9, 9, 8, 8])).toBe(4);
  });
  test('leaves out the warm-up and windows without a median', () => {
    expect(drift([50, 50, 1, undefined, 7, 7, undefined, 2], 2000)).toBe(2);
  });
  test('is unknown with fewer than four', () => {
    expect(drift([1, 2, 3])).toBeUndefined();
    expect(drift([1, 2, 3, undefined])).toBeUndefined();
    expect(drift([])).toBeUndefined();
  });
});
