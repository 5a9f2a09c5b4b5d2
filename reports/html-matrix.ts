/** The matrix, requirements by drains, each row opening to all that is known about it. */
import { chip, issueHtml, titled } from './html-parts.js';
import { failureHtml, type Draw } from './html-failure.js';
import { MARKS, occurring } from './marks.js';
import type { Group, Report, Row, VerdictRecord } from './model.js';
import { isBare } from './stress.js';
import { duration, html, plural } from './text.js';

/** More drains than this do not stand in columns. */
const MAX_COLUMNS = 5;

export function matrixHtml(report: Report, draw: Draw): string {
  const { groups, drains, stress } = report;
  if (groups.length === 0 && !isBare(stress)) return '';
  if (groups.length === 0)
    return '<section><h2>Requirements</h2><p class="muted">There are none in this file.</p></section>';
  const names = drains.map((drain) => drain.name);
  const many = drains.length > MAX_COLUMNS ? ' class="many"' : '';
  const sections = groups.map((group) => groupHtml(group, names, draw)).join('\n');
  return `<section style="--n:${Math.max(1, names.length)}"${many}><h2 id="dp-requirements">Requirements</h2>${filterHtml(report)}\n${sections}</section>`;
}

function filterHtml({ groups, counts }: Report): string {
  const option = (value: string, words: string): string => `<option value="${html(value)}">${html(words)}</option>`;
  const families = groups.map(({ family }) => option(family, family)).join('');
  const verdicts = occurring(counts).map(({ cell }) => option(cell, MARKS[cell].word));
  const select = (id: string, name: string, any: string, options: string): string =>
    `<select id="dp-${id}" aria-label="${name}"><option value="">${any}</option>${options}</select>`;
  return `<form id="dp-filter" class="filter" role="search" hidden>
<input type="search" id="dp-text" placeholder="Find a requirement" aria-label="Find a requirement" autocomplete="off">
${select('family', 'Family', 'All families', families)}
${select('verdict', 'Verdict', 'All verdicts', verdicts.join(''))}
${select('level', 'Level', 'All levels', option('MUST', 'MUST') + option('SHOULD', 'SHOULD'))}
<label><input type="checkbox" id="dp-bad">Only what did not pass</label>
<button type="button" id="dp-clear">Clear</button><output id="dp-shown" aria-live="polite"></output></form>`;
}

function groupHtml({ family, title, rows }: Group, names: readonly string[], draw: Draw): string {
  const columns = names.map((name) => `<span title="${html(name)}">${html(name)}</span>`).join('');
  return `<section class="family"><h3 id="dp-family-${html(family)}">${html(family)} <span>${html(title)}</span></h3>
<div class="cols" aria-hidden="true"><span></span>${columns}</div>
<div class="card">${rows.map((row) => rowHtml(row, names, draw)).join('\n')}</div></section>`;
}

function rowHtml({ requirement, cells }: Row, names: readonly string[], draw: Draw): string {
  const verdicts = cells.map((cell) => cell?.verdict ?? 'not-run');
  const bad = verdicts.some((v) => v === 'fail' || v === 'error' || v === 'inconclusive') ? ' bad' : '';
  const chips = verdicts.map((v, i) => {
    return `<span class="cell"><span class="vh">${html(names[i]!)}: </span>${chip(v, names[i]!)}</span>`;
  });
  const should = requirement.level === 'SHOULD' ? '<span class="should">SHOULD</span>' : '';
  const data = `data-family="${html(requirement.family)}" data-level="${requirement.level}" data-verdicts="${verdicts.join(' ')}"`;
  const name = `<span class="name"><code>${html(requirement.id)}</code><span>${html(requirement.title)}</span>${should}</span>`;
  const why = [
    titled('Why', html(requirement.rationale)),
    titled('Where to look', html(requirement.lookAt)),
    titled('Source', requirement.source.map(html).join(', ')),
    titled('Needs', requirement.needs.map(html).join(', ')),
  ].join('');
  const shown = cells.map((cell) => (cell === undefined ? '' : verdictHtml(cell, draw))).join('');
  return `<details class="req${bad}" id="${html(requirement.id)}" ${data}><summary>${name}${chips.join('')}</summary>
<div class="body"><p class="text"><strong>${requirement.level}.</strong> ${html(requirement.text)}</p>${why === '' ? '' : `<div class="why">${why}</div>`}
${shown}</div></details>`;
}

function verdictHtml(verdict: VerdictRecord, draw: Draw): string {
  const { scenarios, events, seed, durationMs, failure, issue, note } = verdict;
  const declared = [
    titled('Issue', issue === undefined ? '' : issueHtml(issue)),
    titled('Note', html(note ?? '')),
  ].join('');
  const size = `${plural(scenarios, 'scenario')}, ${plural(events, 'event')}, seed ${seed}, ${duration(durationMs)}`;
  return `<div class="verdict"><div class="head"><strong>${html(verdict.drain)}</strong>${chip(verdict.verdict)}<span class="small">${size}</span></div>
<p class="reason">${html(verdict.reason)}</p>${declared === '' ? '' : `<div class="why">${declared}</div>`}${failure === undefined ? '' : failureHtml(failure, draw)}</div>`;
}
