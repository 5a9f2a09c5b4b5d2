/** Draws stress results as SVG through echarts on the server side. Colours are CSS variables, so one drawing suits light and dark. */
import { LineChart } from 'echarts/charts';
import { GridComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { number } from './figures.js';
import { duration, html } from './text.js';

use([GridComponent, LineChart, SVGRenderer]);

/** Drains told apart by colour and by dashes; further ones take turns. */
export const SERIES = 6;
const DASHES: readonly (number[] | 'solid')[] = ['solid', [7, 4], [2, 3], [9, 3, 2, 3], [5, 2], [1, 2]];

/** Px; the page stretches or shrinks the drawing. */
const WIDTH = 390;
const LEFT = 54;
const RIGHT = 14;
const TOP = 26;
const BOTTOM = 42;
const GAP = 40;
const FONT = 12;

export interface Line {
  /** Which colour and dashes. */
  readonly series: number;
  readonly points: readonly (readonly [number, number])[];
  /** A point of its own, with words beside it. */
  readonly knee?: readonly [x: number, y: number, label: string];
}

export interface Plot {
  readonly title: string;
  readonly lines: readonly Line[];
  /** A logarithmic axis; what is not above 0 is left out. */
  readonly log: boolean;
  /** A limit: drawn across, and always on the axis. */
  readonly limit?: number;
}

export interface Chart {
  /** For those who cannot see it. */
  readonly label: string;
  /** Of the axis that all plots share. */
  readonly x: 'percent' | 'time' | 'rate';
  readonly name: string;
  readonly plots: readonly Plot[];
  /** Of each plot, px. */
  readonly height: number;
}

export function drawChart(chart: Chart): string {
  const { plots, height, x } = chart;
  const total = TOP + plots.length * height + (plots.length - 1) * GAP + BOTTOM;
  const drawn = plots.map((plot) => ({
    ...plot,
    lines: plot.lines.map((line) => ({ ...line, points: fit(line, plot, x) })),
  }));
  const xs = drawn.flatMap(({ lines }) => lines.flatMap(({ points }) => points.map(([at]) => at)));
  const [least, most] = [xs.reduce((a, b) => Math.min(a, b), Infinity), xs.reduce((a, b) => Math.max(a, b), -Infinity)];
  const picture = init(null, null, { renderer: 'svg', ssr: true, width: WIDTH, height: total });
  const grid = plots.map((_, i) => ({ left: LEFT, right: RIGHT, top: TOP + i * (height + GAP), height }));
  picture.setOption({
    animation: false,
    textStyle: { fontFamily: 'inherit' },
    grid,
    xAxis: plots.map((_, i) => xAxis(chart, i, least, most)),
    yAxis: drawn.map((plot, i) => yAxis(plot, i)),
    series: drawn.flatMap((plot, i) => seriesOf(plot, i, x === 'time' ? 0 : least, most)),
  });
  const svg = picture.renderToSVGString();
  picture.dispose();
  return tidy(svg, chart.label);
}

/** Points that the axis can show, rounded: no more digits than can be seen. */
function fit({ points }: Line, { log }: Plot, axis: Chart['x']): [number, number][] {
  return points
    .filter(([x, y]) => (!log || y > 0) && (axis !== 'rate' || x > 0))
    .map(([x, y]) => [Number(x.toPrecision(5)), Number(y.toPrecision(4))]);
}

function seriesOf({ lines, limit }: Plot, index: number, least: number, most: number): object[] {
  const base = { type: 'line', xAxisIndex: index, yAxisIndex: index, silent: true, animation: false };
  const across =
    limit === undefined || !Number.isFinite(most)
      ? []
      : [
          {
            ...base,
            data: [
              [least, limit],
              [most, limit],
            ],
            showSymbol: false,
            lineStyle: { color: 'var(--fail)', width: 1, type: [3, 3] },
          },
        ];
  const curves = lines.flatMap(({ series, points, knee }) => {
    const color = `var(--s${series % SERIES})`;
    const lineStyle = { color, width: 1.8, type: DASHES[series % SERIES] };
    const curve = {
      ...base,
      data: points,
      lineStyle,
      itemStyle: { color },
      symbol: 'circle',
      symbolSize: 5,
      showSymbol: points.length < 2,
    };
    return knee === undefined ? [curve] : [curve, kneeOf(base, color, knee, most)];
  });
  return [...across, ...curves];
}

/** The label stands beside the curve, on the side that has room. */
function kneeOf(base: object, color: string, [x, y, words]: NonNullable<Line['knee']>, most: number): object {
  const right = x < most / 8;
  const label = {
    ...{ show: true, formatter: words, color: 'var(--text)', fontSize: FONT, fontFamily: 'inherit' },
    ...{ position: right ? 'right' : 'left', distance: 6, offset: [0, right ? 12 : -12] },
  };
  return {
    ...base,
    data: [[x, y]],
    symbol: 'diamond',
    symbolSize: 13,
    showSymbol: true,
    itemStyle: { color },
    label,
    z: 5,
  };
}

const LABEL = { color: 'var(--muted)', fontSize: FONT, fontFamily: 'inherit' };

function xAxis({ x, name, plots }: Chart, gridIndex: number, least: number, most: number): object {
  const last = gridIndex === plots.length - 1;
  const percent = (value: number): string =>
    value === 0 ? '0 %' : `${100 - Number((100 * 10 ** -value).toPrecision(1))} %`;
  const formatter = {
    percent,
    time: (ms: number) => (ms === 0 ? '0' : timeLabel(ms)),
    rate: short,
  }[x];
  return {
    ...(x === 'rate' ? decades(least, most) : { type: 'value', min: 0, max: most > 0 ? most : 1 }),
    ...(x === 'percent' ? { interval: 1 } : { splitNumber: 4 }),
    gridIndex,
    minorSplitLine: { show: false },
    axisLine: { lineStyle: { color: 'var(--edge)' } },
    axisTick: { show: false },
    splitLine: { show: false },
    axisLabel: {
      ...LABEL,
      show: last,
      formatter,
      showMaxLabel: false,
      hideOverlap: true,
    },
    ...(last ? { name, nameLocation: 'middle', nameGap: 25, nameTextStyle: LABEL } : {}),
  };
}

/** `0.01`, `800`, `1.2 k`, `3 M`. */
function short(value: number): string {
  const step = [' k', ' M', ' G'][Math.floor(Math.log10(Math.max(1, value)) / 3 + 1e-9) - 1];
  return step === undefined ? number(value) : number(value / 1000 ** ([' k', ' M', ' G'].indexOf(step) + 1)) + step;
}

function timeLabel(ms: number): string {
  return duration(ms)
    .replace(/ 0 (?:s|min)$/, '')
    .replace('.0 s', ' s');
}

function yAxis({ title, lines, log, limit }: Plot, gridIndex: number): object {
  const values = [...lines.flatMap(({ points }) => points.map(([, y]) => y)), ...(limit === undefined ? [] : [limit])];
  const most = values.reduce((a, b) => Math.max(a, b), 0);
  const least = values.reduce((a, b) => Math.min(a, b), Infinity);
  const range = log ? decades(least, most) : { type: 'value', ...steps(most) };
  return {
    ...range,
    gridIndex,
    name: title,
    nameLocation: 'end',
    nameGap: 8,
    nameTextStyle: { ...LABEL, align: 'left', padding: [0, 0, 0, 8 - LEFT] },
    axisLine: { show: false },
    axisTick: { show: false },
    minorSplitLine: { show: false },
    splitLine: { lineStyle: { color: 'var(--line)' } },
    axisLabel: { ...LABEL, formatter: short, hideOverlap: true },
  };
}

/** A logarithmic axis from one power of ten to another, eight apart at most. */
function decades(least: number, most: number): object {
  const up = most > 0 ? Math.ceil(Math.log10(most * 1.05)) : 0;
  const down = Number.isFinite(least) ? Math.floor(Math.log10(least)) : up - 1;
  return { type: 'log', logBase: 10, min: 10 ** Math.max(down, up - 8), max: 10 ** Math.max(up, down + 1) };
}

/** From 0, in three or four round steps. */
function steps(most: number): { min: number; max: number; interval: number } {
  const rough = most > 0 ? (most * 1.04) / 3.5 : 0.25;
  const power = 10 ** Math.floor(Math.log10(rough));
  const interval = ([1, 2, 2.5, 5].find((step) => step * power >= rough) ?? 10) * power;
  return { min: 0, max: interval * Math.max(1, Math.ceil((most * 1.04) / interval)), interval };
}

/** Takes out what the page does not need and what differs from one drawing to the next. */
function tidy(svg: string, label: string): string {
  return svg
    .replace(/<(style|defs)[^]*?<\/\1>/g, '')
    .replace(/ (?:class|clip-path|ecmeta_\w+|pointer-events|xml:space|xmlns:xlink|version|baseProfile)="[^"]*"/g, '')
    .replace(/="[^"]*"/g, (value) => value.replace(/(\d+\.\d)\d+/g, '$1'))
    .replace(/<rect [^>]*fill="none"><\/rect>/, '')
    .replace(/\n+/g, '')
    .replace('<svg ', `<svg role="img" aria-label="${html(label)}" `);
}

/** A piece of the line that a series is drawn with, for the legend. */
export function sampleLine(series: number): string {
  const dash = DASHES[series % SERIES]!;
  const dashes = dash === 'solid' ? '' : ` stroke-dasharray="${(dash as number[]).join(' ')}"`;
  return `<svg width="26" height="8" viewBox="0 0 26 8" aria-hidden="true"><path d="M0 4H26" fill="none" stroke="var(--s${series % SERIES})" stroke-width="2"${dashes}/></svg>`;
}
