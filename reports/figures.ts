/** Measured numbers and their limits as text, the same on every machine. */
import { TARGETS } from '../spec/targets.js';
import type { TargetVerdict } from '../spec/stress.js';
import { thousands } from './text.js';

/** Of every field of spec/targets.ts, and of the other counts; what else is measured goes by the name that it has. */
const METRICS: Readonly<
  Record<keyof typeof TARGETS | 'eventsDuplicated' | 'eventsWrong' | 'eventsRejected' | 'ledgerDifference', string>
> = {
  throughputEventsPerSecond: 'throughput',
  latencyP50Ms: 'latency, P50',
  latencyP99Ms: 'latency, P99',
  jainIndex: 'Jain index',
  minShare: 'smallest share',
  cpuPercentSteady: 'processor time of the drain',
  eventsLost: 'events lost',
  eventsDuplicated: 'events that came twice',
  eventsWrong: 'events torn or foreign',
  eventsRejected: 'events rejected',
  ledgerDifference: 'difference of the ledgers',
  burstRecoveryMs: 'recovery from a burst',
  memorySlopeMbPerHour: 'slope of memory',
  latencyDrift: 'drift of the latency',
  memoryGrowthMb: 'growth of memory',
  memoryGrowthMbPerChurn: 'growth of memory',
  heapGrowthMbPerChurn: 'growth of the heap',
};

/** What is measured, in words. */
export function metricWords(metric: string): string {
  return Object.hasOwn(METRICS, metric) ? METRICS[metric as keyof typeof METRICS] : metric;
}

export const SIGNS: Readonly<Record<TargetVerdict['relation'], string>> = {
  'at least': '≥',
  above: '>',
  'at most': '≤',
  below: '<',
  exactly: '=',
};

const MOST_DIGITS = 15;
const STEPS = [
  [1e9, ' G'],
  [1e6, ' M'],
  [1e3, ' k'],
] as const;

/** `0.987`, `1,234`; events in `12.3 k`, `4.56 M`. At least so many significant digits. */
export function number(value: number, unit = '', digits = 3): string {
  const size = Math.abs(value);
  const step = unit.startsWith('events') && size >= 10_000 ? STEPS.find(([least]) => size >= least) : undefined;
  const scaled = value / (step?.[0] ?? 1);
  const whole = Math.abs(scaled) < 1 ? 1 : Math.floor(Math.log10(Math.abs(scaled))) + 1;
  const [before, after] = String(Number(scaled.toPrecision(Math.min(MOST_DIGITS, Math.max(digits, whole))))).split('.');
  return `${thousandsOf(before!)}${after === undefined ? '' : `.${after}`}${step?.[1] ?? ''}`;
}

function thousandsOf(digits: string): string {
  return /^-?\d+$/.test(digits) ? digits.replace(/\B(?=(\d{3})+$)/g, ',') : digits;
}

/** The number with its unit: `1.23 M events/s`; a ratio has none. */
export function figure(value: number, unit: string, digits = 3): string {
  return unit === '' ? number(value, unit, digits) : `${number(value, unit, digits)} ${unit}`;
}

/** `1.2 ms`. */
export const msText = (ms: number): string => figure(ms, 'ms');
/** Bytes as MB of a million. */
export const megabytes = (bytes: number): string => figure(bytes / 1e6, 'MB');

type Judged = Pick<TargetVerdict, 'relation' | 'limit' | 'unit' | 'measured' | 'samples' | 'margin'>;

/** A value beside its limit: never rounded so that it reads like the limit when it is not. `–`: not measured. */
export function besideLimit(value: number | undefined, { limit, unit }: Pick<Judged, 'limit' | 'unit'>): string {
  if (value === undefined) return '–';
  for (let digits = 3; digits < MOST_DIGITS; digits += 1) {
    const text = figure(value, unit, digits);
    if (value === limit || text !== figure(limit, unit, digits)) return text;
  }
  return figure(value, unit, MOST_DIGITS);
}

/** `≥ 1 M events/s`. */
export function limitSign({ relation, limit, unit }: Pick<Judged, 'relation' | 'limit' | 'unit'>): string {
  return `${SIGNS[relation]} ${figure(limit, unit)}`;
}

/** `at least 1 M events/s`. */
export function limitWords({ relation, limit, unit }: Pick<Judged, 'relation' | 'limit' | 'unit'>): string {
  return `${relation} ${figure(limit, unit)}`;
}

/** `+23 %` of the limit on the good side, `−4.1 %` on the bad one; of a limit of 0 the bare distance. Empty: not measured. */
export function marginText({ margin, limit }: Pick<Judged, 'margin' | 'limit'>): string {
  if (margin === undefined) return '';
  const sign = margin < 0 ? '−' : margin > 0 ? '+' : '±';
  const size = Math.abs(margin);
  if (limit === 0) return `${sign}${number(size)}`;
  const percent = size * 100;
  // never told better than it is
  const round = margin < 0 ? (n: number): number => Math.ceil(n - 1e-9) : (n: number): number => Math.floor(n + 1e-9);
  const text = percent < 10 ? (round(percent * 10) / 10).toFixed(1) : thousands(round(percent));
  return percent > 0 && text === '0.0' ? `${sign}<0.1 %` : `${sign}${text} %`;
}

/** `120, 143 and 160 ms`: every repeat; the unit once. */
export function samplesText({ samples, limit, unit }: Pick<Judged, 'samples' | 'limit' | 'unit'>, most = 12): string {
  const shown = samples.slice(0, most).map((sample) => besideLimit(sample, { limit, unit }));
  const more = samples.length - shown.length;
  return shown.join(', ') + (more > 0 ? ` and ${thousands(more)} more` : '');
}

/** `1.02–1.31`, or one value when all are alike; empty without samples. */
export function spreadText({ samples, limit, unit }: Pick<Judged, 'samples' | 'limit' | 'unit'>): string {
  if (samples.length < 2) return '';
  const least = besideLimit(smallest(samples), { limit, unit });
  const most = besideLimit(largest(samples), { limit, unit });
  return least === most ? least : `${least} to ${most}`;
}

/** Of any number of values; spreading them into Math.max would not do for very many. */
export const largest = (values: readonly number[]): number => values.reduce((a, b) => Math.max(a, b), -Infinity);
export const smallest = (values: readonly number[]): number => values.reduce((a, b) => Math.min(a, b), Infinity);

/** The middle one, the lower of two; NaN of none. */
export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? NaN;
}
