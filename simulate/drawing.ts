/** Draws runs beside each other as one SVG: share, wait and lag over time, a column for each policy. */
import { LineChart } from 'echarts/charts';
import { GridComponent, LegendComponent, TitleComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { large, span, trim } from './format.js';
import type { Load } from './load.js';
import type { WindowSeen } from './measure.js';
import type { SimulationResult } from './simulate.js';
import { nameOf } from './tables.js';

use([GridComponent, LegendComponent, LineChart, SVGRenderer, TitleComponent]);

/** Okabe and Ito's colours, told apart by nearly everybody. */
const COLORS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#000000', '#8c6d00'];
const TEXT = '#1b2230';
const MUTED = '#566072';
const LINE = '#d9dee6';
const FONT = 'system-ui, sans-serif';

const COLUMN = 268;
const ROW = 190;
const LEFT = 64;
const TOP = 86;
const GAP = { column: 30, row: 50 };
const BOTTOM = 64;
/** Points of a line at most: more would not be seen. */
const POINTS = 120;

interface Line {
  readonly name: string;
  readonly color: string;
  readonly of: (window: WindowSeen) => number | undefined;
  /** Of several windows that share a point: their mean, or the largest. */
  readonly merge: 'mean' | 'largest';
}

interface Row {
  readonly title: string;
  readonly lines: readonly Line[];
  /** A logarithmic axis: policies differ by orders of magnitude. What is less than 1 is drawn at 1. */
  readonly log: boolean;
}

const rowsOf = ({ groups }: Load): Row[] => [
  {
    title: 'share: delivered, by what the weights ask for',
    log: false,
    lines: groups.map(({ name }, i) => ({
      name,
      color: COLORS[i % COLORS.length]!,
      of: ({ share }) => share[i],
      merge: 'mean',
    })),
  },
  {
    title: 'longest wait, visits to others',
    log: true,
    lines: [{ name: 'longest wait', color: TEXT, of: ({ longestWait }) => longestWait, merge: 'largest' }],
  },
  {
    title: 'service lag, events per share',
    log: true,
    lines: [{ name: 'service lag', color: TEXT, of: ({ serviceLag }) => serviceLag, merge: 'largest' }],
  },
];

/** Points of a line: [time in ms, value]. */
export function pointsOf(
  windows: readonly WindowSeen[],
  { of, merge }: Pick<Line, 'of' | 'merge'>,
): [number, number][] {
  const each = Math.max(1, Math.ceil(windows.length / POINTS));
  const points: [number, number][] = [];
  for (let from = 0; from < windows.length; from += each) {
    const some = windows.slice(from, from + each);
    const values = some.map(of).filter((value) => value !== undefined);
    if (values.length === 0) continue;
    const value = merge === 'largest' ? Math.max(...values) : values.reduce((sum, one) => sum + one, 0) / values.length;
    points.push([some.at(-1)!.atNs / 1e6, Number(value.toPrecision(5))]);
  }
  return points;
}

export function drawSimulation(load: Load, results: readonly SimulationResult[]): string {
  const rows = rowsOf(load);
  const width = LEFT + results.length * COLUMN + (results.length - 1) * GAP.column + 24;
  const height = TOP + rows.length * ROW + (rows.length - 1) * GAP.row + BOTTOM;
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height });
  const grids: object[] = [];
  const xAxes: object[] = [];
  const yAxes: object[] = [];
  const series: object[] = [];
  const titles: object[] = [title(LEFT, 8, headline(load), { fontSize: 15, fontWeight: 'bold', color: TEXT })];
  results.forEach((result, column) => {
    const left = LEFT + column * (COLUMN + GAP.column);
    titles.push(title(left, 34, nameOf(result, load), { fontSize: 13, fontWeight: 'bold', color: TEXT }));
    const last = (result.windows.at(-1)?.atNs ?? 0) / 1e6;
    rows.forEach((row, r) => {
      const top = TOP + r * (ROW + GAP.row);
      const index = grids.length;
      if (column === 0) titles.push(title(left, top - 24, row.title, { fontSize: 12, color: MUTED }));
      grids.push({ left, top, width: COLUMN, height: ROW });
      xAxes.push(timeAxis(index, last, r === rows.length - 1));
      yAxes.push(valueAxis(index, row, largestOf(results, row), column === 0));
      for (const line of row.lines) {
        const data = pointsOf(result.windows, line).map(([at, value]) => [at, row.log ? Math.max(1, value) : value]);
        series.push({
          type: 'line',
          name: line.name,
          data,
          xAxisIndex: index,
          yAxisIndex: index,
          showSymbol: data.length < 2,
          lineStyle: { color: line.color, width: 1.6 },
          itemStyle: { color: line.color },
          animation: false,
        });
      }
    });
  });
  chart.setOption({
    animation: false,
    backgroundColor: '#ffffff',
    textStyle: { fontFamily: FONT },
    title: titles,
    legend: {
      left: LEFT - 8,
      bottom: 8,
      width: width - LEFT,
      data: rows[0]!.lines.map(({ name }) => name),
      icon: 'roundRect',
      itemWidth: 18,
      itemHeight: 4,
      itemGap: 18,
      textStyle: { fontSize: 12, color: TEXT, fontFamily: FONT },
      ...(rows[0]!.lines.length > 1 ? {} : { show: false }),
    },
    grid: grids,
    xAxis: xAxes,
    yAxis: yAxes,
    series,
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return tidy(svg, headline(load));
}

function headline({ groups, config, costs }: Load): string {
  const threads = groups.reduce((sum, { count }) => sum + count, 0);
  const quantum = config.quantum === undefined ? '' : `, quantum ${config.quantum}`;
  return `${threads} ${threads === 1 ? 'thread' : 'threads'}${quantum}; visit ${span(costs.visitNs)}, event ${span(costs.eventNs)}, sink write ${span(costs.sinkNs)}`;
}

/** Of all runs: one axis for a row, so that its pictures can be compared. */
function largestOf(results: readonly SimulationResult[], { lines }: Row): number {
  const values = results.flatMap(({ windows }) =>
    lines.flatMap((line) => pointsOf(windows, line).map(([, value]) => value)),
  );
  return Math.max(1, ...values);
}

function title(left: number, top: number, text: string, textStyle: object): object {
  return { left, top, padding: 0, text, textStyle: { fontFamily: FONT, fontWeight: 'normal', ...textStyle } };
}

function timeAxis(gridIndex: number, last: number, labelled: boolean): object {
  return {
    type: 'value',
    gridIndex,
    min: 0,
    max: last > 0 ? last : 1,
    splitNumber: 3,
    axisLine: { lineStyle: { color: MUTED } },
    axisTick: { show: false },
    splitLine: { show: false },
    axisLabel: {
      show: true,
      color: MUTED,
      fontSize: 11,
      fontFamily: FONT,
      showMaxLabel: false,
      formatter: (ms: number) => (ms === 0 ? '0' : span(ms * 1e6)),
    },
    ...(labelled
      ? {
          name: 'virtual time',
          nameLocation: 'middle',
          nameGap: 24,
          nameTextStyle: { color: MUTED, fontSize: 11, fontFamily: FONT },
        }
      : {}),
  };
}

function valueAxis(gridIndex: number, { log }: Row, largest: number, labelled: boolean): object {
  const limits = log
    ? { type: 'log', logBase: 10, min: 1, max: 10 ** Math.max(1, Math.ceil(Math.log10(largest * 1.02))) }
    : { type: 'value', min: 0, max: niceMost(largest), splitNumber: 4 };
  return {
    ...limits,
    gridIndex,
    axisLine: { show: false },
    axisTick: { show: false },
    minorSplitLine: { show: false },
    splitLine: { lineStyle: { color: LINE } },
    axisLabel: {
      show: labelled,
      color: MUTED,
      fontSize: 11,
      fontFamily: FONT,
      formatter: (value: number) => (log ? large(value) : trim(value, 2)),
    },
  };
}

/** The next of 1.25, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10 times a power of ten. */
export function niceMost(largest: number): number {
  const power = 10 ** Math.floor(Math.log10(largest * 1.05));
  const steps = [1.25, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10];
  return (steps.find((step) => step * power >= largest * 1.05) ?? 10) * power;
}

/** Takes out what a picture does not need and what differs from one drawing to the next. */
function tidy(svg: string, label: string): string {
  return svg
    .replace(/<style[^]*?<\/style>/g, '')
    .replace(/ (?:class|ecmeta_\w+|pointer-events|xml:space|xmlns:xlink|baseProfile)="[^"]*"/g, '')
    .replace(/zr\d+-/g, 'z-')
    .replace(/="[^"]*"/g, (value) => value.replace(/(\d+\.\d)\d+/g, '$1'))
    .replace(/\n+/g, '\n')
    .replace('<svg ', `<svg role="img" aria-label="${label}" `);
}
