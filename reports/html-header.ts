/** The top of the page: how it went, with what, and what went wrong. */
import type { DrainInfo } from '../spec/results.js';
import { countCells, worst, type Report } from './model.js';
import { headline, MARKS, occurring } from './marks.js';
import { chip, issueHtml } from './html-parts.js';
import { duration, html, plain, plural, thousands } from './text.js';

const LISTED = 50;

export function headerHtml(report: Report): string {
  const { results, counts, problems, elapsedMs } = report;
  const { run } = results;
  const when = /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(run.startedAt)
    ? `${run.startedAt.slice(0, 10)} ${run.startedAt.slice(11, 16)}`
    : run.startedAt;
  const rows = report.groups.reduce((n, group) => n + group.rows.length, 0);
  const size = `${plural(rows, 'requirement')}, ${plural(report.drains.length, 'drain')}`;
  const time = elapsedMs === undefined ? '' : `, ${duration(elapsedMs)}`;
  const totals = occurring(counts).map(({ cell, count }) => {
    const { mark, word } = MARKS[cell];
    return `<li class="v v-${cell}"><span aria-hidden="true">${mark}</span>${thousands(count)} ${word}</li>`;
  });
  const banner = problems.map((problem) => `<li>${html(problem)}</li>`).join('');
  return `<header><p class="brand">${html(run.tool.name)} ${html(run.tool.version)}</p>
<h1>${html(headline(report))}</h1>
<p class="lead">${html(when)}${time}. ${size}, seed <code>${run.seed}</code>.</p>
<ul class="counts" aria-label="Verdicts">${totals.join('')}</ul>
${banner === '' ? '' : `<ul class="banner" aria-label="Problems">${banner}</ul>`}</header>`;
}

/** Each check that did not pass, with a link to its evidence. */
export function wrongHtml({ troubles }: Report): string {
  return listHtml('What did not pass', troubles);
}

/** Each known deviation, with its issue. */
export function knownHtml({ known }: Report): string {
  return listHtml('Known deviations', known);
}

function listHtml(title: string, verdicts: Report['troubles']): string {
  if (verdicts.length === 0) return '';
  const items = verdicts.slice(0, LISTED).map(({ row, verdict }) => {
    const { id } = row.requirement;
    const link = `<a href="#${encodeURIComponent(plain(id))}"><code>${html(id)}</code></a>`;
    const said = html(verdict.failure?.message ?? verdict.reason);
    const issue = verdict.issue === undefined ? '' : `<p class="small">${issueHtml(verdict.issue)}</p>`;
    return `<li><div class="who">${chip(verdict.verdict)}${link}<span class="muted">${html(verdict.drain)}</span></div><p>${said}</p>${issue}</li>`;
  });
  const more = verdicts.length - LISTED;
  if (more > 0) items.push(`<li class="muted">${plural(more, 'more is', 'more are')} in the list below.</li>`);
  return `<section><h2>${title}</h2><ul class="card wrong">${items.join('')}</ul></section>`;
}

export function overviewHtml({ groups, drains }: Report): string {
  if (groups.length === 0 || drains.length === 0) return '';
  const head = drains.map((drain) => `<th scope="col">${html(drain.name)}</th>`).join('');
  const body = groups.map(({ family, title, rows }) => {
    const about = title.includes(':') ? title.slice(0, title.indexOf(':')) : family;
    const cells = drains.map((_, i) => {
      const counts = countCells(rows.map((row) => row.cells[i]));
      const mark = worst(counts);
      const total = rows.length - counts['not-applicable'];
      const words = total === 0 ? 'n/a' : `${counts.pass}/${total}`;
      return `<td class="t-${mark}">${words} <span aria-hidden="true">${MARKS[mark].mark}</span><span class="vh">${MARKS[mark].word}</span></td>`;
    });
    const rest = title.startsWith(`${about}:`)
      ? ` <span class="rest">${html(title.slice(about.length + 1).trim())}</span>`
      : '';
    const link = `<a href="#dp-family-${encodeURIComponent(plain(family))}">${html(about)}</a>${rest}`;
    return `<tr><th scope="row">${link}</th>${cells.join('')}</tr>`;
  });
  return `<section><h2>Passed, by family</h2><div class="card scroll" tabindex="0" role="region" aria-label="Passed, by family">
<table class="overview"><thead><tr><th scope="col">Family</th>${head}</tr></thead><tbody>${body.join('')}</tbody></table></div></section>`;
}

/** What was run, where, and on which drains. */
export function runHtml({ results, drains }: Report): string {
  const { run } = results;
  const { machine } = run;
  const gib = machine.memoryBytes / 2 ** 30;
  const facts: [string, string][] = [
    ['Processor', html(machine.cpu)],
    ['Cores and memory', `${plural(machine.cores, 'core')}, ${gib.toFixed(gib < 10 ? 1 : 0)} GiB`],
    ['System', html(machine.os)],
    ['Node.js', html(machine.node)],
    ['Started', html(run.startedAt)],
  ];
  const list = facts.map(([name, value]) => `<div><dt>${name}</dt><dd>${value}</dd></div>`);
  const words = run.arguments.map(html).join(' ');
  if (words !== '') list.push(`<div class="wide"><dt>Arguments</dt><dd><code>${words}</code></dd></div>`);
  return `<section><h2>The run</h2><dl class="card facts">${list.join('')}</dl>
<ul class="drains">${drains.map(drainHtml).join('')}</ul></section>`;
}

function drainHtml(drain: DrainInfo): string {
  const caps = drain.capabilities.map((name) => `<span>${html(name)}</span>`).join('');
  const path = drain.path === '' ? '' : `<p class="path"><code>${html(drain.path)}</code></p>`;
  const version = drain.version === '' ? '' : ` <span class="muted">${html(drain.version)}</span>`;
  const claims =
    caps === ''
      ? '<p class="muted">claims no capability</p>'
      : `<div class="caps" aria-label="Capabilities">${caps}</div>`;
  return `<li class="card"><strong>${html(drain.name)}</strong>${version}${path}${claims}</li>`;
}
