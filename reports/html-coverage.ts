/** The page's part on coverage: what the checks alone exercise of each drain, by file and by family. */
import type { Covered } from '../spec/results.js';
import { coverageOf, familiesOf, percentOf, percentText, rangesText, type DrainCoverage } from './coverage.js';
import type { Results } from './results-file.js';
import { html } from './text.js';

const RANGES = 12;

/** Nothing when nothing was measured. */
export function coverageHtml(results: Results): string {
  const drains = coverageOf(results);
  if (drains.length === 0) return '';
  const tables = drains.map((drain) => fileTable(drain)).join('');
  return `<section id="dp-coverage"><h2>Coverage of the drains, by the checks alone</h2>
<p class="muted">What the conformance checks exercise of each drain’s files; no unit test is counted. Line by line: <a href="coverage/index.html">coverage/index.html</a>.</p>
${familyTable(drains)}${tables}</section>`;
}

/** `judged`: coloured as good or poor; one family alone is neither. */
function cell(covered: Covered, judged = true): string {
  const percent = percentOf(covered);
  const level = !judged ? 'part' : percent >= 95 ? 'good' : percent >= 80 ? 'fair' : 'poor';
  const meter = `<span class="meter" aria-hidden="true"><span style="width:${percent.toFixed(1)}%"></span></span>`;
  return `<td class="c-${level}" title="${covered.covered} of ${covered.total}">${percentText(covered)}${meter}</td>`;
}

function region(label: string, table: string): string {
  return `<div class="card scroll cover" tabindex="0" role="region" aria-label="${html(label)}"><table class="overview">${table}</table></div>`;
}

function familyTable(drains: readonly DrainCoverage[]): string {
  const heads = drains.map(({ drain }) => `<th scope="col">${html(drain)}</th>`).join('');
  const row = (name: string, cells: readonly (Covered | undefined)[], judged: boolean): string =>
    `<tr><th scope="row">${name}</th>${cells.map((one) => (one === undefined ? '<td></td>' : cell(one, judged))).join('')}</tr>`;
  const rows = familiesOf(drains).map((family) =>
    row(
      html(family),
      drains.map(({ families }) => families.get(family)),
      false,
    ),
  );
  const all = row(
    '<strong>All together</strong>',
    drains.map(({ total }) => total.lines),
    true,
  );
  return region(
    'Lines, by family',
    `<thead><tr><th scope="col">Lines that one family alone exercises</th>${heads}</tr></thead><tbody>${rows.join('')}${all}</tbody>`,
  );
}

function fileTable({ drain, files, total }: DrainCoverage): string {
  const row = (name: string, one: DrainCoverage['total'], rest: string): string =>
    `<tr><th scope="row">${name}${rest === '' ? '' : `<span class="left">${html(rest)}</span>`}</th>${cell(one.lines)}${cell(one.branches)}${cell(one.functions)}</tr>`;
  const rows = files.map((file) => {
    const rest = file.uncovered.length === 0 ? '' : `not reached: ${rangesText(file.uncovered, RANGES)}`;
    return row(`<code>${html(file.file)}</code>`, file, rest);
  });
  return `<details class="card cover"><summary><strong>${html(drain)}</strong> <span class="muted">${percentText(total.lines)} of the lines, ${percentText(total.branches)} of the branches, ${percentText(total.functions)} of the functions</span></summary>
${region(
  `Coverage of ${drain}, by file`,
  `<thead><tr><th scope="col">File</th><th scope="col">Lines</th><th scope="col">Branches</th><th scope="col">Functions</th></tr></thead><tbody>${rows.join('')}${row('<strong>All files</strong>', total, '')}</tbody>`,
)}</details>`;
}

/** Rules of this part. */
export const COVERAGE_STYLE = `
.cover{margin-top:14px}details.cover>summary{padding:12px 16px;cursor:pointer}
details.cover .card{border:0;border-top:1px solid var(--line);border-radius:0;margin:0}
.cover .left{display:block;font-size:.8rem;color:var(--muted)}
.meter{display:block;height:3px;margin-top:3px;border-radius:2px;background:var(--soft);min-width:64px}
.meter span{display:block;height:3px;border-radius:2px;background:currentColor}
.c-good{color:var(--pass)}.c-fair{color:var(--warn)}.c-poor{color:var(--fail)}`;
