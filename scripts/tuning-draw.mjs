// Draws curves beside each other: panels over the same points, a line for each drain.
import { LineChart } from 'echarts/charts';
import { GridComponent, LegendComponent, TitleComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';

use([GridComponent, LegendComponent, LineChart, SVGRenderer, TitleComponent]);

const COLORS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7'];
const FONT = 'system-ui, sans-serif';
const WIDTH = 420;
const HEIGHT = 230;
const LEFT = 62;
const TOP = 74;

export function drawCurves({ title, x, panels }) {
  const width = panels.length * (WIDTH + LEFT) + 24;
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height: TOP + HEIGHT + 84 });
  const text = (left, top, words, style) => ({
    left,
    top,
    padding: 0,
    text: words,
    textStyle: { fontFamily: FONT, color: '#1b2230', ...style },
  });
  const names = panels[0].lines.map(({ name }) => name);
  const left = (i) => LEFT + i * (WIDTH + LEFT);
  const label = { color: '#566072', fontSize: 11, fontFamily: FONT };
  chart.setOption({
    animation: false,
    backgroundColor: '#ffffff',
    color: COLORS,
    textStyle: { fontFamily: FONT },
    title: [
      text(LEFT, 10, title, { fontSize: 15 }),
      ...panels.map((panel, i) =>
        text(left(i), 46, panel.title, { fontSize: 12, fontWeight: 'normal', color: '#566072' }),
      ),
    ],
    legend: {
      left: LEFT - 8,
      bottom: 8,
      data: names,
      icon: 'roundRect',
      itemWidth: 18,
      itemHeight: 4,
      itemGap: 18,
      textStyle: { fontSize: 12, fontFamily: FONT },
    },
    grid: panels.map((_, i) => ({ left: left(i), top: TOP, width: WIDTH, height: HEIGHT })),
    xAxis: panels.map((panel, i) => ({
      type: 'category',
      gridIndex: i,
      data: panel.lines[0].points.map(([at]) => String(at)),
      name: x,
      nameLocation: 'middle',
      nameGap: 26,
      nameTextStyle: label,
      axisTick: { show: false },
      axisLabel: { ...label, interval: 0 },
    })),
    yAxis: panels.map((panel, i) => ({
      gridIndex: i,
      ...(panel.log ? { type: 'log', logBase: 10 } : { type: 'value', min: 0 }),
      axisLabel: { ...label, formatter: (value) => (value >= 1000 ? `${value / 1000} k` : String(value)) },
      splitLine: { lineStyle: { color: '#d9dee6' } },
    })),
    series: panels.flatMap((panel, i) =>
      panel.lines.map(({ name, points }) => ({
        type: 'line',
        name,
        xAxisIndex: i,
        yAxisIndex: i,
        data: points.map(([, value]) => Number(value.toPrecision(4))),
        symbolSize: 5,
        itemStyle: { color: COLORS[names.indexOf(name)] },
        lineStyle: {
          width: 1.8,
          color: COLORS[names.indexOf(name)],
          ...(name.endsWith('asleep') ? { type: 'dashed' } : {}),
        },
      })),
    ),
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return svg
    .replace(/<style[^]*?<\/style>/g, '')
    .replace(/ (?:class|ecmeta_\w+|pointer-events|xml:space|xmlns:xlink|baseProfile)="[^"]*"/g, '')
    .replace(/zr\d+-/g, 'z-')
    .replace(/="[^"]*"/g, (value) => value.replace(/(\d+\.\d)\d+/g, '$1'))
    .replace(/\n+/g, '\n')
    .replace('<svg ', `<svg role="img" aria-label="${title}" `);
}
