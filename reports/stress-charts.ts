/** Which curves are drawn of stress results: latency, windows over time, saturation. What draws them is stress-svg.ts. */
import type { StressWindow } from '../spec/stress.js';
import { largest, number } from './figures.js';
import type { Chart, Line, Plot } from './stress-svg.js';
import { typicalResult, type SaturationRecord, type Scenario } from './stress.js';
import { curveOf, thinned } from './stress-windows.js';
import { threadsText } from './stress-words.js';

/** Which line is whose: the place of a drain in the report. */
export type SeriesOf = (drain: string) => number;

/** Percent beyond which a distribution of so many events tells nothing any more. */
const MOST_NINES = 6;

/** Where a percentile stands on its axis: so many nines. */
export const nines = (percent: number): number => -Math.log10(1 - percent / 100);

/** P50 to the last percentile, for every drain whose latency was measured; undefined without any. */
export function latencyChart({ name, records }: Scenario, seriesOf: SeriesOf): Chart | undefined {
  const lines = records.flatMap((record): Line[] => {
    const percentiles = typicalResult(record)?.latency?.percentiles ?? [];
    const points = percentiles
      .map(([percent, ms]): [number, number] => [nines(percent), ms])
      .filter(([x]) => x <= MOST_NINES);
    return points.length === 0 ? [] : [{ series: seriesOf(record.drain), points: thinned(points) }];
  });
  if (lines.length === 0) return undefined;
  const limit = records.flatMap(({ targets }) => targets.filter(({ metric }) => metric === 'latencyP99Ms'))[0]?.limit;
  const plot: Plot = { title: 'latency, ms', lines, log: true, ...(limit !== undefined && limit > 0 && { limit }) };
  return {
    label: `Latency under ${name}, by percentile`,
    x: 'percent',
    name: 'events that were delivered by then',
    plots: [plot],
    height: 320,
  };
}

/** Events per second, P99 and memory over time; undefined without windows. */
export function windowsChart({ name, records, interrupted }: Scenario, seriesOf: SeriesOf): Chart | undefined {
  const all = [
    ...records.map((record) => ({ drain: record.drain, windows: typicalResult(record)?.windows ?? [] })),
    ...interrupted,
  ].filter(({ windows }) => windows.length > 0);
  if (all.length === 0) return undefined;
  const plot = (
    title: string,
    log: boolean,
    of: (window: StressWindow) => number | undefined,
    merge: 'mean' | 'largest',
  ): Plot => ({
    title,
    log,
    lines: all.map(({ drain, windows }) => ({ series: seriesOf(drain), points: curveOf(windows, of, merge) })),
  });
  const plots = [
    plot('events/s', false, ({ eventsPerSecond }) => eventsPerSecond, 'mean'),
    plot('P99, ms', true, ({ p99Ms }) => p99Ms, 'largest'),
    plot('memory, MB', false, ({ rssBytes }) => rssBytes / 1e6, 'largest'),
  ].filter(({ lines }) => lines.some(({ points }) => points.length > 0));
  return {
    label: `Windows of ${name} over time`,
    x: 'time',
    name: 'since the load began',
    plots,
    height: plots.length > 2 ? 80 : 110,
  };
}

/** Delivered and P99 by what is offered, with the knee of each drain. */
export function saturationChart(threads: number, curves: readonly SaturationRecord[], seriesOf: SeriesOf): Chart {
  const delivered = curves.map(({ drain, steps, kneeEventsPerSecond: knee }): Line => {
    const points = thinned(steps).map((step): [number, number] => [
      step.offeredEventsPerSecond,
      step.deliveredEventsPerSecond,
    ]);
    const at = steps.find(({ offeredEventsPerSecond }) => offeredEventsPerSecond === knee);
    const y = at?.deliveredEventsPerSecond ?? knee;
    return { series: seriesOf(drain), points, ...(knee > 0 && { knee: [knee, y, number(knee, 'events')] as const }) };
  });
  const waits = curves.map(({ drain, steps }): Line => {
    const points = thinned(steps).map((step): [number, number] => [step.offeredEventsPerSecond, step.p99Ms]);
    return { series: seriesOf(drain), points };
  });
  const limit = largest(curves.map(({ limitP99Ms }) => limitP99Ms));
  return {
    label: `Saturation with ${threadsText(threads)}`,
    x: 'rate',
    name: 'offered, events/s',
    plots: [
      { title: 'delivered, events/s', lines: delivered, log: true },
      { title: 'P99, ms', lines: waits, log: true, ...(limit > 0 && { limit }) },
    ],
    height: 130,
  };
}
