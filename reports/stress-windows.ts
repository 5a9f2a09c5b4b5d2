/** What the windows of a stress scenario show: joined from checkpoints, thinned for drawing, summed up in words. */
import type { StressWindow } from '../spec/stress.js';
import { figure, largest, median, megabytes, msText, smallest } from './figures.js';
import type { Results } from './results-file.js';
import { duration, plural } from './text.js';

/** Points of a curve at most: more would not be seen. */
export const POINTS = 300;

/** The windows that the checkpoints of a scenario on a drain hold, each once, in order of time. */
export function windowsOf(results: Pick<Results, 'checkpoints'>, scenario: string, drain: string): StressWindow[] {
  const windows = new Map<number, StressWindow>();
  for (const checkpoint of results.checkpoints) {
    if (checkpoint.scenario !== scenario || checkpoint.drain !== drain) continue;
    for (const window of checkpoint.windows) windows.set(window.atMs, window);
  }
  return [...windows.values()].sort((a, b) => a.atMs - b.atMs);
}

/** Points of a curve over time: [ms, value], at most POINTS of them. Windows that share a point give their mean, or the largest. */
export function curveOf(
  windows: readonly StressWindow[],
  of: (window: StressWindow) => number | undefined,
  merge: 'mean' | 'largest',
): [number, number][] {
  const each = Math.max(1, Math.ceil(windows.length / POINTS));
  const points: [number, number][] = [];
  for (let from = 0; from < windows.length; from += each) {
    const some = windows.slice(from, from + each);
    const values = some.map(of).filter((value) => value !== undefined);
    if (values.length === 0) continue;
    const value = merge === 'largest' ? largest(values) : values.reduce((sum, one) => sum + one, 0) / values.length;
    points.push([some.at(-1)!.atMs, value]);
  }
  return points;
}

/** At most `most` of them, evenly, with the first and the last. */
export function thinned<T>(all: readonly T[], most = POINTS): T[] {
  if (all.length <= most) return [...all];
  return Array.from({ length: most }, (_, i) => all[Math.round((i * (all.length - 1)) / (most - 1))]!);
}

/** What windows show, in words: rates, P99 and memory. */
export function windowsWords(windows: readonly StressWindow[]): string {
  if (windows.length === 0) return 'no window had ended';
  const rates = windows.map(({ eventsPerSecond }) => eventsPerSecond);
  const p99s = windows.map(({ p99Ms }) => p99Ms).filter((value) => value !== undefined);
  const memory = windows.map(({ rssBytes }) => rssBytes);
  const rate = `${figure(median(rates), 'events/s')} in the middle (${figure(smallest(rates), 'events/s')} to ${figure(largest(rates), 'events/s')})`;
  const parts = [`${plural(windows.length, 'window')}: ${rate}`];
  if (p99s.length > 0) parts.push(`P99 ${msText(median(p99s))}, at worst ${msText(largest(p99s))}`);
  parts.push(
    `memory from ${megabytes(memory[0]!)} to ${megabytes(memory.at(-1)!)}, at most ${megabytes(largest(memory))}`,
  );
  return parts.join('; ');
}

/** `interrupted after 2 h 3 min; 7,380 windows: …`. */
export function interruptedWords(atMs: number, windows: readonly StressWindow[]): string {
  return `interrupted after ${duration(atMs)}; ${windowsWords(windows)}`;
}
