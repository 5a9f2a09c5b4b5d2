/** Saturation and benchmarks on the page. */
import { figuresHtml, legendHtml, type DrawChart } from './html-figures.js';
import { saturationChart, type SeriesOf } from './stress-charts.js';
import type { StressReport } from './stress.js';
import { drainsOf, kneeLimits, kneeText, nsText, threadsText } from './stress-words.js';
import { html } from './text.js';

function table(label: string, heads: readonly string[], rows: readonly string[]): string {
  const columns = heads.map((head) => `<th scope="col">${head}</th>`).join('');
  return `<div class="scroll" tabindex="0" role="region" aria-label="${label}"><table class="times"><thead><tr>${columns}</tr></thead><tbody>${rows.join('')}</tbody></table></div>`;
}

const row = (name: string, cells: readonly string[]): string =>
  `<tr><th scope="row">${name}</th>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`;

/** The knees as a table, and for each number of threads the curves of all drains. */
export function saturationHtml(stress: StressReport, seriesOf: SeriesOf, drawing: DrawChart): string {
  const { saturation } = stress;
  if (saturation.length === 0) return '';
  const drains = drainsOf(saturation.flatMap(({ curves }) => curves));
  const rows = drains.map((drain) =>
    row(
      html(drain),
      saturation.map(({ curves }) => kneeText(curves.find((one) => one.drain === drain))),
    ),
  );
  const charts = saturation.map(({ threads, curves }) => ({
    chart: saturationChart(threads, curves, seriesOf),
    caption: threadsText(threads),
  }));
  const figures = `${legendHtml(drains, seriesOf, drawing, charts)}${figuresHtml(charts, drawing, ' three')}`;
  return `<article class="card load"><h3 id="dp-saturation">Saturation</h3>
<p class="muted">The load is stepped up until the P99 is no longer below ${kneeLimits(stress)}. The knee (◆) is the last step that held.</p>
${table('Knees', ['Drain', ...saturation.map(({ threads }) => threadsText(threads))], rows)}${figures}</article>`;
}

export function benchmarksHtml({ benchmarks }: StressReport): string {
  if (benchmarks.length === 0) return '';
  const drains = drainsOf(benchmarks);
  const rows = [...new Set(benchmarks.map(({ name }) => name))].map((name) => {
    const own = benchmarks.filter((one) => one.name === name);
    const about = `<span class="why-not">${html(own[0]!.about)}</span>`;
    return row(
      `${html(name)}${about}`,
      drains.map((drain) => nsText(own.find((one) => one.drain === drain)?.median)),
    );
  });
  return `<article class="card load"><h3 id="dp-benchmarks">Benchmarks</h3>
${table('Benchmarks', ['An operation takes', ...drains.map(html)], rows)}</article>`;
}
