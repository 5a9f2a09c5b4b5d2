/** The top of the page: how it went, with what, and what went wrong. */
import type { DrainInfo, Verdict } from '../spec/results.js';
import { countCells, worst, type Report } from './model.js';
import { headline, MARKS, occurring } from './marks.js';
import { anchorOf, chip, issueHtml } from './html-parts.js';
import { stressCells } from './stress.js';
import { duration, html, plain, plural, thousands } from './text.js';

const LISTED = 50;

export function headerHtml(report: Report): string {
  const { results, counts, problems, elapsedMs } = report;
  const { run } = results;
  const when = /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(run.startedAt)
    ? `${run.startedAt.slice(0, 10)} ${run.startedAt.slice(11, 16)}`
    : run.startedAt;
  const rows = report.groups.reduce((n, group) => n + group.rows.length, 0);
  const loads = report.stress.scenarios.length;
  const size = [
    rows > 0 || loads === 0 ? plural(rows, 'requirement') : '',
    loads > 0 ? plural(loads, 'stress scenario') : '',
    plural(report.drains.length, 'drain'),
  ].filter((part) => part !== '');
  const time = elapsedMs === undefined ? '' : `, ${duration(elapsedMs)}`;
  const totals = occurring(counts).map(({ cell, count }) => {
    const { mark, word } = MARKS[cell];
    return `<li class="v v-${cell}"><span aria-hidden="true">${mark}</span>${thousands(count)} ${word}</li>`;
  });
  const banner = problems.map((problem) => `<li>${html(problem)}</li>`).join('');
  return `<header><p class="brand">${html(run.tool.name)} ${html(run.tool.version)}</p>
<h1>${html(headline(report))}</h1>
<p class="lead">${html(when)}${time}. ${size.join(', ')}, seed <code>${run.seed}</code>.</p>
<ul class="counts" aria-label="Verdicts">${totals.join('')}</ul>
${banner === '' ? '' : `<ul class="banner" aria-label="Problems">${banner}</ul>`}</header>`;
}

/** Each check that did not pass, with a link to its evidence. */
export function wrongHtml({ troubles, stress }: Report): string {
  const loads = stress.troubles.map(({ scenario, drain, verdict, reason }) => {
    return itemHtml(verdict, anchorOf(scenario), scenario, drain, reason);
  });
  return listHtml('What did not pass', troubles, loads);
}

/** Each known deviation, with its issue. */
export function knownHtml({ known }: Report): string {
  return listHtml('Known deviations', known, []);
}

function listHtml(title: string, verdicts: Report['troubles'], more: readonly string[]): string {
  const all = [
    ...verdicts.map(({ row, verdict }) => {
      const { id } = row.requirement;
      const { drain, failure, reason, issue } = verdict;
      const link = issue === undefined ? '' : `<p class="small">${issueHtml(issue)}</p>`;
      return itemHtml(verdict.verdict, plain(id), id, drain, failure?.message ?? reason, link);
    }),
    ...more,
  ];
  if (all.length === 0) return '';
  const items = all.slice(0, LISTED);
  const left = all.length - LISTED;
  if (left > 0) items.push(`<li class="muted">${plural(left, 'more is', 'more are')} in the list below.</li>`);
  return `<section><h2>${title}</h2><ul class="card wrong">${items.join('')}</ul></section>`;
}

function itemHtml(verdict: Verdict, anchor: string, name: string, drain: string, said: string, issue = ''): string {
  const link = `<a href="#${encodeURIComponent(anchor)}"><code>${html(name)}</code></a>`;
  return `<li><div class="who">${chip(verdict)}${link}<span class="muted">${html(drain)}</span></div><p>${html(said)}</p>${issue}</li>`;
}

export function overviewHtml({ groups, drains, stress }: Report): string {
  if (groups.length + stress.scenarios.length === 0 || drains.length === 0) return '';
  const head = drains.map((drain) => `<th scope="col">${html(drain.name)}</th>`).join('');
  const body = groups.map(({ family, title, rows }) => {
    const about = title.includes(':') ? title.slice(0, title.indexOf(':')) : family;
    const cells = drains.map((_, i) => passedHtml(rows.map((row) => row.cells[i])));
    const rest = title.startsWith(`${about}:`)
      ? ` <span class="rest">${html(title.slice(about.length + 1).trim())}</span>`
      : '';
    const link = `<a href="#dp-family-${encodeURIComponent(plain(family))}">${html(about)}</a>${rest}`;
    return `<tr><th scope="row">${link}</th>${cells.join('')}</tr>`;
  });
  if (stress.scenarios.length > 0) {
    const cells = drains.map(({ name }) => passedHtml(stressCells(stress, name)));
    body.push(`<tr><th scope="row"><a href="#dp-stress">Under load</a></th>${cells.join('')}</tr>`);
  }
  return `<section><h2>Passed, by family</h2><div class="card scroll" tabindex="0" role="region" aria-label="Passed, by family">
<table class="overview"><thead><tr><th scope="col">Family</th>${head}</tr></thead><tbody>${body.join('')}</tbody></table></div></section>`;
}

function passedHtml(cells: Parameters<typeof countCells>[0]): string {
  if (cells.length === 0) return '<td class="t-not-run">–</td>';
  const counts = countCells(cells);
  const mark = worst(counts);
  const total = cells.length - counts['not-applicable'];
  const words = total === 0 ? 'n/a' : `${counts.pass}/${total}`;
  return `<td class="t-${mark}">${words} <span aria-hidden="true">${MARKS[mark].mark}</span><span class="vh">${MARKS[mark].word}</span></td>`;
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
  if (run.profile !== undefined) facts.push(['Profile', html(run.profile)]);
  if (run.shard !== undefined) facts.push(['Shard', `${run.shard.index} of ${run.shard.of}`]);
  if (run.mergedFrom !== undefined) facts.push(['Merged from', plural(run.mergedFrom, 'result')]);
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
