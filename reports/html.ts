/** The report as one HTML page that needs nothing else: no network, no other file. */
import { createHash } from 'node:crypto';
import { coverageHtml } from './html-coverage.js';
import { headerHtml, knownHtml, overviewHtml, runHtml, wrongHtml } from './html-header.js';
import type { Draw } from './html-failure.js';
import { killsHtml } from './html-kills.js';
import { matrixHtml } from './html-matrix.js';
import { stressHtml } from './html-stress.js';
import type { DrawChart } from './html-figures.js';
import { isBare } from './stress.js';
import { SCRIPT } from './html-script.js';
import { STYLE } from './html-style.js';
import { headline } from './marks.js';
import { buildReport, type Report } from './model.js';
import type { Results } from './results-file.js';
import { html } from './text.js';

/** Asynchronous because the drawing library is loaded only when there is a history or a curve to draw. */
export async function renderHtml(results: Results): Promise<string> {
  const report = buildReport(results);
  const drawing = results.verdicts.some((verdict) => (verdict.failure?.history.length ?? 0) > 0);
  const draw: Draw = drawing ? (await import('./timeline-svg.js')).drawTimeline : () => '';
  return page(report, draw, isBare(report.stress) ? undefined : await import('./stress-svg.js'));
}

function page(report: Report, draw: Draw, charts: DrawChart | undefined): string {
  const { run } = report.results;
  const hash = createHash('sha256').update(SCRIPT).digest('base64');
  const policy = `default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`;
  const bare = report.groups.length === 0;
  const loaded = charts !== undefined;
  const script = bare && !loaded ? '' : `<script>${SCRIPT}</script>`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width,initial-scale=1"><meta name="color-scheme" content="light dark">
<title>${html(run.tool.name)}: ${html(headline(report))}</title>
<style>${STYLE}</style></head>
<body>${bare && loaded ? '<a class="skip" href="#dp-stress">To the scenarios</a>' : '<a class="skip" href="#dp-requirements">To the requirements</a>'}
<main>${[headerHtml(report), wrongHtml(report), knownHtml(report), overviewHtml(report), matrixHtml(report, draw), stressHtml(report, charts), coverageHtml(report.results), killsHtml(report), runHtml(report)].join('\n')}</main>
<footer>Made from results.jsonl by ${html(run.tool.name)} ${html(run.tool.version)}.</footer>
${script}</body></html>
`;
}
