/** Drawings on the page with their legend. */
import type { Chart } from './stress-svg.js';
import { html } from './text.js';

/** What draws; handed in, because the drawing library is loaded only when there is something to draw. */
export interface DrawChart {
  readonly drawChart: (chart: Chart) => string;
  readonly sampleLine: (series: number) => string;
}

export function figuresHtml(
  charts: readonly { readonly chart: Chart; readonly caption: string }[],
  { drawChart }: DrawChart,
  kind = '',
): string {
  const figures = charts.map(
    ({ chart, caption }) => `<figure><figcaption>${html(caption)}</figcaption>${drawChart(chart)}</figure>`,
  );
  return `<div class="figs${kind}">${figures.join('')}</div>`;
}

export function legendHtml(
  drains: readonly string[],
  seriesOf: (drain: string) => number,
  { sampleLine }: DrawChart,
  charts: readonly { readonly chart: Chart }[],
): string {
  const names = [...new Set(drains)].map((drain) => `<span>${sampleLine(seriesOf(drain))}${html(drain)}</span>`);
  if (charts.some(({ chart }) => chart.plots.some(({ limit }) => limit !== undefined)))
    names.push('<span><i class="limit" aria-hidden="true"></i>limit of the P99</span>');
  return `<p class="key">${names.join('')}</p>`;
}
