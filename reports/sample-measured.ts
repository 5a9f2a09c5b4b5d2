/** What stress scenarios measure, made up: windows, distributions, whole results. Deterministic. */
import type { Distribution, StressResult, StressWindow } from '../spec/stress.js';

/** Numbers from 0 to 1, the same each time. */
function sequence(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 16807) % 2147483647) / 2147483647;
}

export function sampleWindows(count: number, rate: number, p99Ms: number, seed = 7): StressWindow[] {
  const next = sequence(seed);
  return Array.from({ length: count }, (_, i) => {
    const eventsPerSecond = Math.round(rate * (0.94 + 0.12 * next()));
    const late = next() > 0.97 ? 3 : 1;
    return {
      atMs: (i + 1) * 1000,
      delivered: eventsPerSecond,
      eventsPerSecond,
      jain: 0.998,
      minShare: 0.97,
      p50Ms: p99Ms / 6,
      p99Ms: Number((p99Ms * (0.8 + 0.4 * next()) * late).toFixed(3)),
      rssBytes: 110_000_000 + Math.round(8_000_000 * (1 - Math.exp(-i / 20)) + 400_000 * next()),
      heapBytes: 20_000_000,
      lives: 64,
    };
  });
}

export function sampleDistribution(p99Ms: number): Distribution {
  const percents = [1, 10, 25, 50, 75, 90, 95, 99, 99.5, 99.9, 99.95, 99.99, 99.999];
  const at = (percent: number): number =>
    Number(((p99Ms * -Math.log10(1 - percent / 100.0001)) / 2 + 0.004).toFixed(4));
  const percentiles = percents.map((percent): [number, number] => [percent, at(percent)]);
  const maxMs = p99Ms * 4;
  return { count: 5_000_000, minMs: 0.004, meanMs: p99Ms / 5, maxMs, percentiles: [...percentiles, [100, maxMs]] };
}

export function sampleResult(rate: number, p99Ms: number, more: Partial<StressResult> = {}): StressResult {
  const delivered = rate * 30;
  const ledger = { attempted: delivered, accepted: delivered, rejected: 0, retries: 12, delivered };
  return {
    complete: true,
    wallMs: 30_000,
    threads: 64,
    lives: 64,
    ledger: { ...ledger, lost: 0, duplicated: 0, wrong: 0 },
    eventsPerSecond: rate,
    latency: sampleDistribution(p99Ms),
    scheduled: sampleDistribution(p99Ms * 1.2),
    lateness: sampleDistribution(0.3),
    recoveriesMs: [],
    cpu: { drainMs: 12_000, waitedMs: 150, wallMs: 30_000 },
    jain: 0.998,
    minShare: 0.97,
    windows: sampleWindows(30, rate, p99Ms, 3 + (Math.round(rate) % 97)),
    problems: [],
    ...more,
  };
}
