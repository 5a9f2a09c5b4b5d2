/** The kill matrix on the page: broken drains by requirements, one narrow column each. */
import { killSummary, killsOf, percent, type BrokenRecord, type Kills } from './kills.js';
import type { Report, RequirementRecord } from './model.js';
import { html, plural } from './text.js';

/** Of a column, px. */
const PITCH = 6;
const BAR = 4;
const GAP = 10;
/** Of a letter in the header, px. */
const LETTER = 6.5;
const HEIGHT = 15;

interface Columns {
  readonly x: ReadonlyMap<string, number>;
  readonly families: readonly { readonly name: string; readonly from: number; readonly to: number }[];
  readonly width: number;
}

export function killsHtml(report: Report): string {
  const kills = killsOf(report);
  if (kills === undefined) return '';
  const { broken, racy } = kills;
  const columns = layOut(kills.requirements);
  const lead = killSummary(report).map(html).join(' ');
  const rows = kills.requirements.flatMap(({ id }) =>
    group(
      broken.filter((one) => one.requirement === id),
      columns,
    ),
  );
  const table = `<div class="full scroll" tabindex="0" role="region" aria-label="Kill matrix"><table class="kills">
<thead><tr><th scope="col">Requirement</th><th scope="col">Broken drain</th><th scope="col">${header(columns)}</th><th scope="col" class="n">Caught</th></tr></thead>
<tbody>${rows.join('\n')}</tbody></table></div>`;
  return `<section><h2 id="dp-kills">How the suite was tried</h2><p class="lead">${lead}</p>
${legend()}${racyTable(racy)}
<details class="box card"><summary>All ${plural(broken.length, 'broken drain')} by ${plural(kills.requirements.length, 'requirement')}</summary>${table}</details></section>`;
}

function layOut(requirements: readonly RequirementRecord[]): Columns {
  const x = new Map<string, number>();
  const families: { name: string; from: number; to: number }[] = [];
  let at = 0;
  for (const { id, family } of requirements) {
    const last = families.at(-1);
    if (last?.name !== family) {
      if (last !== undefined) at += GAP;
      families.push({ name: family, from: at, to: at });
    }
    x.set(id, at);
    at += PITCH;
    families.at(-1)!.to = at;
  }
  return { x, families, width: at };
}

const svg = (width: number, inner: string, label = ''): string =>
  `<svg class="kx" width="${width}" height="${HEIGHT}" ${label === '' ? 'aria-hidden="true"' : `aria-label="${label}"`}>${inner}</svg>`;

/** As much of the name as its columns have room for. */
function named({ name, from, to }: Columns['families'][number]): string {
  const letters = Math.floor((to - from + GAP) / LETTER);
  return `<text x="${from}" y="11"><title>${html(name)}</title>${html(name.slice(0, letters))}</text>`;
}

function header({ families, width }: Columns): string {
  return svg(width, families.map(named).join(''));
}

const bars = (kind: string, xs: readonly number[], y: number, height: number): string =>
  xs.length === 0
    ? ''
    : `<path class="${kind}" d="${xs.map((x) => `M${x} ${y}h${BAR}v${height}h-${BAR}z`).join('')}"/>`;

const lines = (xs: readonly number[]): string =>
  xs.length === 0 ? '' : `<path class="not" d="${xs.map((x) => `M${x} 7.5h${BAR}`).join('')}"/>`;

function strip(one: BrokenRecord, { x, width }: Columns): string {
  const failed = new Set(one.failedBy);
  const silent = new Set(one.notRun);
  const own: number[] = [];
  const hit: number[] = [];
  const not: number[] = [];
  const ran: number[] = [];
  for (const [id, at] of x) {
    const kind = silent.has(id) ? not : !failed.has(id) ? ran : id === one.requirement ? own : hit;
    kind.push(at);
  }
  const others = one.failedBy.filter((id) => id !== one.requirement);
  const label =
    others.length === 0 ? 'failed by no other requirement' : `also failed by ${others.map(html).join(', ')}`;
  const drawn = `${bars('ran', ran, 3, 9)}${lines(not)}${bars('hit', hit, 3, 9)}${bars('own', own, 0, HEIGHT)}`;
  return svg(width, `<title>${label}</title>${drawn}`, label);
}

function group(broken: readonly BrokenRecord[], columns: Columns): string[] {
  return broken.map((one, i) => {
    const id =
      i > 0
        ? ''
        : `<th scope="rowgroup" rowspan="${broken.length}"><a href="#${encodeURIComponent(one.requirement)}"><code>${html(one.requirement)}</code></a></th>`;
    const bug = one.bug === undefined ? '' : ` Stands for ${html(one.bug)}.`;
    const name = `<td class="tip" title="${html(one.what)}${bug}">${html(one.name)}</td>`;
    const caught = `<td class="n">${one.caught}/${one.runs}${one.racy ? ' ≈' : ''}</td>`;
    return `<tr${i === 0 ? ' class="first"' : ''}>${id}${name}<td>${strip(one, columns)}</td>${caught}</tr>`;
  });
}

function legend(): string {
  const sample = (drawn: string): string => svg(BAR, drawn);
  return `<p class="key"><span>${sample(bars('own', [0], 0, HEIGHT))}failed by its own requirement</span>
<span>${sample(bars('hit', [0], 3, 9))}failed by another one too</span><span>${sample(bars('ran', [0], 3, 9))}run, not failed</span>
<span>${sample(lines([0]))}not run</span><span>≈ needs a race</span></p>`;
}

function racyTable(racy: Kills['racy']): string {
  if (racy.length === 0) return '';
  const rows = racy.map((one) => {
    const bound = one.missAtMost === undefined ? 'not measured' : percent(one.missAtMost);
    return `<tr><td>${html(one.name)}<br><span class="muted">${html(one.what)}</span></td><td><code>${html(one.requirement)}</code></td><td class="n">${one.caught} of ${one.runs}</td><td class="n">${bound}</td></tr>`;
  });
  const where = racy.find(({ measured }) => measured !== undefined)?.measured;
  const note = where === undefined ? '' : ` Counted on ${html(where)}.`;
  return `<p class="muted">Broken drains that only racing threads give away, each run by its own check; a miss is rarer than the bound with 97.5 % confidence (Clopper-Pearson).${note}</p>
<div class="card scroll"><table class="racy"><thead><tr><th scope="col">Broken drain</th><th scope="col">Requirement</th><th scope="col" class="n">Caught</th><th scope="col" class="n">Misses at most</th></tr></thead><tbody>${rows.join('')}</tbody></table></div>`;
}
