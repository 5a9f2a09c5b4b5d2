/** Draws a timeline as SVG through echarts on the server side. Colours are CSS variables, so one drawing suits light and dark. */
import { CustomChart } from 'echarts/charts';
import { GridComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { shapesOf, type Shape } from './glyphs.js';
import { columnWidth, type Timeline } from './lanes.js';
import { html } from './text.js';

use([CustomChart, GridComponent, SVGRenderer]);

export const ROW_HEIGHT = 36;
export const TOP = 24;
export const BOTTOM = 24;
const SIDE = 8;

/** Characters of a label that fit above a glyph. */
export function labelRoom(width: number): number {
  return width < 20 ? 0 : Math.floor(width / 6.2);
}

interface Api {
  coord: (at: [number, number]) => number[];
}

export function drawTimeline(timeline: Timeline): string {
  const records = Math.max(1, timeline.to - timeline.from);
  const column = columnWidth(records);
  const width = SIDE * 2 + column * records;
  const height = TOP + BOTTOM + ROW_HEIGHT * timeline.rows.length;
  const room = labelRoom(column);
  const evidence = new Set(timeline.evidence);
  const numbers = Array.from({ length: records }, (_, i) => timeline.from + i);
  const x = (api: Api, at: number): number => api.coord([at - timeline.from, 0])[0]!;
  const y = (api: Api, row: number): number => api.coord([0, row])[1]!;
  const layer = (z: number, n: number, draw: (api: Api, i: number) => Shape[]): object => ({
    type: 'custom',
    z,
    silent: true,
    animation: false,
    data: Array.from({ length: n }, (_, i) => [0, 0, i]),
    renderItem: (params: { dataIndex: number }, api: Api) => ({ type: 'group', children: draw(api, params.dataIndex) }),
  });
  const down = { y: TOP, height: height - TOP - BOTTOM };
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height });
  chart.setOption({
    animation: false,
    textStyle: { fontFamily: 'inherit' },
    grid: { left: SIDE, right: SIDE, top: TOP, bottom: BOTTOM },
    xAxis: {
      type: 'category',
      data: numbers.map(String),
      axisTick: { show: false },
      axisLine: { lineStyle: { color: 'var(--line)' } },
      axisLabel: {
        color: 'var(--muted)',
        fontSize: 10,
        interval: (i: number, value: string) =>
          evidence.has(Number(value)) || labelled(timeline.from + i, evidence, column),
      },
    },
    yAxis: {
      type: 'category',
      inverse: true,
      data: timeline.rows.map((_, i) => String(i)),
      axisTick: { show: false },
      axisLine: { show: false },
      axisLabel: { show: false },
    },
    series: [
      layer(1, timeline.evidence.length, (api, i) => {
        const left = x(api, timeline.evidence[i]!) - column / 2;
        return [{ type: 'rect', shape: { x: left, width: column, ...down }, style: { fill: 'var(--hit)' } }];
      }),
      layer(2, timeline.rows.length, (api, i) => {
        const at = Math.round(y(api, i) + 6);
        const top = Math.round(y(api, i) - ROW_HEIGHT / 2);
        const rail = straight(SIDE, at, width - SIDE, at, { stroke: 'var(--line)', lineWidth: 1 });
        const edge = straight(SIDE, top, width - SIDE, top, { stroke: 'var(--edge)', lineWidth: 1 });
        return timeline.rows[i]!.first ? [rail, edge] : [rail];
      }),
      layer(3, timeline.lines.length, (api, i) => {
        const { at, label, stop } = timeline.lines[i]!;
        const left = x(api, at);
        const style = { stroke: stop ? 'var(--text)' : 'var(--muted)', lineWidth: stop ? 2 : 1 };
        const dash = stop ? {} : { lineDash: [3, 3] };
        const line = straight(left, TOP - 4, left, height - BOTTOM, { ...style, ...dash });
        return label.length <= room ? [line, text(left, TOP - 13, label, 'var(--muted)')] : [line];
      }),
      layer(4, timeline.marks.length, (api, i) => {
        const { at, row, glyph, label } = timeline.marks[i]!;
        const [left, middle] = [x(api, at), y(api, row)];
        const shapes = shapesOf(glyph, left, middle + 6);
        return label !== '' && label.length <= room
          ? [...shapes, text(left, middle - 8, label, 'var(--text)')]
          : shapes;
      }),
    ],
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return tidy(svg, `Timeline of records ${timeline.from} to ${timeline.to - 1}`);
}

/** Every fifth record (tenth where it is narrow), unless its number would touch one of the evidence. */
function labelled(at: number, evidence: ReadonlySet<number>, column: number): boolean {
  if (at % (column < 20 ? 10 : 5) !== 0) return false;
  return column > 30 || !(evidence.has(at - 1) || evidence.has(at + 1));
}

function straight(x1: number, y1: number, x2: number, y2: number, style: object): Shape {
  return { type: 'line', shape: { x1, y1, x2, y2 }, style: { fill: 'none', ...style } };
}

function text(x: number, y: number, words: string, fill: string): Shape {
  const style = {
    text: words,
    x,
    y,
    fill,
    align: 'center',
    verticalAlign: 'middle',
    fontSize: 9.5,
    fontFamily: 'inherit',
  };
  return { type: 'text', style };
}

/** Takes out what the page does not need and what differs from one drawing to the next. */
function tidy(svg: string, label: string): string {
  return svg
    .replace(/<style[^]*?<\/style>/g, '')
    .replace(/ (?:class|ecmeta_\w+|pointer-events|xml:space|xmlns:xlink|version|baseProfile)="[^"]*"/g, '')
    .replace(/(\d+\.\d{2})\d+/g, '$1')
    .replace(/<rect [^>]*fill="none"><\/rect>/, '')
    .replace(/\n+/g, '')
    .replace('<svg ', `<svg role="img" aria-label="${html(label)}" `);
}
