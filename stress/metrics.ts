/** What is judged of a measurement: one number each, or nothing where it could not be measured. */
import type { StressResult, StressWindow } from '../spec/stress.js';
import { slopeOf } from './slope.js';

const MB = 1024 * 1024;

export interface Metric {
  readonly unit: string;
  /** Counts are exact: the machine's noise excuses nothing. */
  readonly exact: boolean;
  readonly of: (result: StressResult, load: { readonly warmupMs: number }) => number | undefined;
}

const percentile = (result: StressResult, at: number): number | undefined =>
  result.latency?.percentiles.find(([p]) => p === at)?.[1];

/** Windows of the measured part, and the last one before it: what memory is held against. */
function memoryWindows({ windows }: StressResult, warmupMs: number): readonly StressWindow[] {
  const first = windows.findIndex(({ atMs }) => atMs > warmupMs + 1);
  return first < 0 ? [] : windows.slice(Math.max(0, first - 1));
}

/** Growth of the heap from the first of these windows to the last, MB. */
function heapGrowthMb(windows: readonly StressWindow[]): number | undefined {
  return windows.length < 2 ? undefined : (windows.at(-1)!.heapBytes - windows[0]!.heapBytes) / MB;
}

/** Growth of resident memory, MB: the threads of a load have heaps of their own, which find their size in the first half. */
function residentGrowthMb(windows: readonly StressWindow[]): number | undefined {
  if (windows.length < 2) return undefined;
  const first = windows.slice(0, Math.ceil(windows.length / 2)).map(({ rssBytes }) => rssBytes);
  return (windows.at(-1)!.rssBytes - Math.max(...first)) / MB;
}

const medianOf = (values: readonly number[]): number | undefined => {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted.length === 0
    ? undefined
    : (sorted[Math.floor((sorted.length - 1) / 2)]! + sorted[Math.ceil((sorted.length - 1) / 2)]!) / 2;
};

/** Median of the windows' medians, last quarter by first. */
function drift(result: StressResult, warmupMs: number): number | undefined {
  const p50 = result.windows
    .filter(({ atMs }) => atMs > warmupMs + 1)
    .flatMap(({ p50Ms }) => (p50Ms === undefined ? [] : [p50Ms]));
  const quarter = Math.floor(p50.length / 4);
  if (quarter === 0) return undefined;
  return medianOf(p50.slice(-quarter))! / medianOf(p50.slice(0, quarter))!;
}

export const METRICS = {
  throughputEventsPerSecond: { unit: 'events/s', exact: false, of: ({ eventsPerSecond }) => eventsPerSecond },
  latencyP50Ms: { unit: 'ms', exact: false, of: (result) => percentile(result, 50) },
  latencyP99Ms: { unit: 'ms', exact: false, of: (result) => percentile(result, 99) },
  jainIndex: { unit: '', exact: false, of: ({ jain }) => jain },
  minShare: { unit: '', exact: false, of: ({ minShare }) => minShare },
  cpuPercentSteady: {
    unit: '%',
    exact: false,
    of: ({ cpu }) => (cpu && cpu.wallMs > 0 ? (100 * cpu.drainMs) / cpu.wallMs : undefined),
  },
  burstRecoveryMs: { unit: 'ms', exact: false, of: ({ recoveriesMs }) => medianOf(recoveriesMs) },
  memoryGrowthMb: {
    unit: 'MB',
    exact: false,
    of: (result, { warmupMs }) => residentGrowthMb(memoryWindows(result, warmupMs)),
  },
  memoryGrowthMbPerChurn: {
    unit: 'MB',
    exact: false,
    of: (result, { warmupMs }) => residentGrowthMb(memoryWindows(result, warmupMs)),
  },
  heapGrowthMbPerChurn: {
    unit: 'MB',
    exact: false,
    of: (result, { warmupMs }) => heapGrowthMb(memoryWindows(result, warmupMs)),
  },
  memorySlopeMbPerHour: {
    unit: 'MB/h',
    exact: false,
    of: (result, { warmupMs }) =>
      slopeOf(memoryWindows(result, warmupMs).map(({ atMs, rssBytes }) => [atMs / 3_600_000, rssBytes / MB]))?.upper,
  },
  latencyDrift: { unit: '', exact: false, of: (result, { warmupMs }) => drift(result, warmupMs) },
  eventsLost: { unit: 'events', exact: true, of: ({ ledger }) => ledger.lost },
  eventsDuplicated: { unit: 'events', exact: true, of: ({ ledger }) => ledger.duplicated },
  eventsWrong: { unit: 'events', exact: true, of: ({ ledger }) => ledger.wrong },
  eventsRejected: { unit: 'events', exact: true, of: ({ ledger }) => ledger.rejected },
  /** How far the drain's own counts are from what producers were told and the sink was handed. */
  ledgerDifference: { unit: 'events', exact: true, of: ledgerDifference },
} as const satisfies Record<string, Metric>;
export type MetricName = keyof typeof METRICS;

function ledgerDifference({ ledger }: StressResult): number | undefined {
  const { told, accepted, rejected, retries, delivered } = ledger;
  if (told === undefined) return undefined;
  return (
    Math.abs(told.accepted - accepted) +
    Math.abs(told.rejected - rejected - retries) +
    Math.abs(told.delivered - delivered) +
    told.pending +
    told.evicted +
    told.left
  );
}
