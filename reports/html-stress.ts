/** The page's part on stress runs: each scenario with its targets and curves, then saturation and benchmarks. */
import { saturationHtml, benchmarksHtml } from './html-curves.js';
import { figuresHtml, legendHtml, type DrawChart } from './html-figures.js';
import { targetsHtml } from './html-targets.js';
import { anchorOf, chip } from './html-parts.js';
import type { Report } from './model.js';
import { latencyChart, windowsChart } from './stress-charts.js';
import { isBare, percentileOf, typicalResult, type Scenario, type StressRecord } from './stress.js';
import { goalWords, noiseWords, problemsOf } from './stress-words.js';
import { interruptedWords } from './stress-windows.js';
import { msText } from './figures.js';
import { duration, html, plural } from './text.js';

/** Nothing where there was no stress run. */
export function stressHtml(report: Report, drawing: DrawChart | undefined): string {
  const { stress, results, drains } = report;
  if (drawing === undefined || isBare(stress)) return '';
  const names = drains.map(({ name }) => name);
  const seriesOf = (drain: string): number => names.indexOf(drain);
  const { profile } = results.run;
  const about = profile === undefined ? '' : ` <span class="muted">profile ${html(profile)}</span>`;
  const scenarios = stress.scenarios.map((scenario) => scenarioHtml(scenario, seriesOf, drawing));
  const goals = stress.goals.map((missed) => `<li>${html(goalWords(missed))}</li>`);
  const missed =
    goals.length === 0
      ? ''
      : `<div class="card load"><h3>Goals missed</h3><p class="muted">These are no failures: every target is kept.</p><ul class="goals">${goals.join('')}</ul></div>`;
  return `<section><h2 id="dp-stress">Under load${about}</h2>
${scenarios.join('\n')}${missed}${saturationHtml(stress, seriesOf, drawing)}${benchmarksHtml(stress)}</section>`;
}

function scenarioHtml(scenario: Scenario, seriesOf: (drain: string) => number, drawing: DrawChart): string {
  const { name, title, about, records, interrupted } = scenario;
  const all = [
    { chart: latencyChart(scenario, seriesOf), caption: 'Latency, by percentile' },
    { chart: windowsChart(scenario, seriesOf), caption: 'Over time' },
  ];
  const charts = all.flatMap(({ chart, caption }) => (chart === undefined ? [] : [{ chart, caption }]));
  const shown = [...records, ...interrupted].map(({ drain }) => drain);
  const drawn = charts.length === 0 ? '' : legendHtml(shown, seriesOf, drawing, charts) + figuresHtml(charts, drawing);
  return `<article class="card load"><h3 id="${html(anchorOf(name))}"><code>${html(name)}</code> <span>${html(title)}</span></h3>
${about === '' ? '' : `<p class="muted">${html(about)}</p>`}
${records.map(recordHtml).join('\n')}${interrupted.map(interruptedHtml).join('\n')}${drawn}</article>`;
}

function recordHtml(record: StressRecord): string {
  const { drain, verdict, durationMs, partial, reason, replay, results, seed } = record;
  const early = partial ? '<span class="v v-inconclusive">ended early</span>' : '';
  const size = `${plural(results.length, 'repeat')}, seed ${seed}, ${duration(durationMs)}`;
  const problems = problemsOf(record).map((problem) => `<li>${html(problem)}</li>`);
  const command =
    verdict === 'pass' || replay === ''
      ? ''
      : `<h4>Replay</h4><div class="replay"><code>${html(replay)}</code><button type="button" data-copy>Copy</button></div>`;
  return `<div class="verdict"><div class="head"><strong>${html(drain)}</strong>${chip(verdict)}${early}<span class="small">${size}</span></div>
<p class="reason">${html(reason)}</p>${problems.length === 0 ? '' : `<ul class="banner">${problems.join('')}</ul>`}
${targetsHtml(record)}${timesHtml(record)}${command}</div>`;
}

/** Percentiles of what was measured in the repeat whose P99 is the middle one, and how quiet the machine was. */
function timesHtml(record: StressRecord): string {
  const result = typicalResult(record);
  const rows = (['latency', 'scheduled', 'lateness'] as const).flatMap((kind) => {
    const times = result?.[kind];
    if (times === undefined) return [];
    const cells = [50, 90, 99, 99.9].map((percent) => `<td>${msText(percentileOf(times, percent))}</td>`);
    return [`<tr><th scope="row">${KINDS[kind]}</th>${cells.join('')}<td>${msText(times.maxMs)}</td></tr>`];
  });
  const noise = noiseWords(record);
  const told = noise === '' ? '' : `<p class="small">Noise of the machine ${html(noise)}.</p>`;
  const heads = ['Times', 'P50', 'P90', 'P99', 'P99.9', 'most'].map((head) => `<th scope="col">${head}</th>`).join('');
  const table =
    rows.length === 0
      ? ''
      : `<div class="scroll" tabindex="0" role="region" aria-label="Times on ${html(record.drain)}"><table class="times"><thead><tr>${heads}</tr></thead><tbody>${rows.join('')}</tbody></table></div>`;
  if (table + told === '') return '';
  return `<details class="more"><summary>Times, and noise of the machine</summary>${table}${told}</details>`;
}

const KINDS = {
  latency: 'from an event to its delivery',
  scheduled: 'from when it was due to its delivery',
  lateness: 'how late the machine woke the threads',
} as const;

function interruptedHtml({ drain, atMs, windows }: Scenario['interrupted'][number]): string {
  return `<div class="verdict"><div class="head"><strong>${html(drain)}</strong>${chip('not-run')}<span class="v v-inconclusive">interrupted</span></div>
<p class="reason">${html(interruptedWords(atMs, windows))}.</p></div>`;
}
