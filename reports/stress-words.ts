/** Stress results in words that several reports share. */
import type { TargetVerdict } from '../spec/stress.js';
import { besideLimit, figure, limitWords, metricWords, samplesText } from './figures.js';
import type { MissedGoal, StressRecord, StressReport } from './stress.js';

/** `143 ms, median of 120 ms, 143 ms, 160 ms`. */
export function measuredWords(target: TargetVerdict): string {
  const samples = target.samples.length < 2 ? '' : `, median of ${samplesText(target)}`;
  return besideLimit(target.measured, target) + samples;
}

/** What was wrong in any repeat, each once. */
export function problemsOf({ results }: StressRecord): string[] {
  return [...new Set(results.flatMap(({ problems }) => problems))];
}

/** Noise of the machine before and after; empty when it was not measured. */
export function noiseWords({ noise }: StressRecord): string {
  if (noise === undefined) return '';
  const words = ({ slowdown, sleepP99Ms }: typeof noise.before): string =>
    `work took ${figure(slowdown, '')} of its time, a sleep of 1 ms came at worst (P99) ${figure(sleepP99Ms, 'ms')} late`;
  return `before: ${words(noise.before)}; after: ${words(noise.after)}`;
}

/** The knee of a curve: `1.2 M events/s`, `none held`, or `–` without a curve. */
export function kneeText(curve: { readonly kneeEventsPerSecond: number } | undefined): string {
  if (curve === undefined) return '–';
  return curve.kneeEventsPerSecond === 0 ? 'none held' : figure(curve.kneeEventsPerSecond, 'events/s');
}

/** `120 ns`; `–`: not measured. */
export function nsText(ns: number | undefined): string {
  return ns === undefined ? '–' : figure(ns, 'ns');
}

/** What was aimed at beyond the limit, and what came of it. */
export function goalWords({ record, target }: MissedGoal): string {
  const { measured, goal, relation, unit } = target;
  const aim = { limit: goal, relation, unit };
  return `${record.scenario}, ${record.drain}: ${metricWords(target.metric)} ${besideLimit(measured, aim)}, goal ${limitWords(aim)}`;
}

/** The limits that the curves were held to: `10 ms`. */
export function kneeLimits({ saturation }: StressReport): string {
  const limits = saturation.flatMap(({ curves }) => curves.map(({ limitP99Ms }) => figure(limitP99Ms, 'ms')));
  return [...new Set(limits)].join(' or ');
}

/** `1 thread`, `8 threads`. */
export const threadsText = (threads: number): string => `${threads} ${threads === 1 ? 'thread' : 'threads'}`;

/** Each drain of these records once, in their order. */
export function drainsOf(records: readonly { readonly drain: string }[]): string[] {
  return [...new Set(records.map(({ drain }) => drain))];
}
