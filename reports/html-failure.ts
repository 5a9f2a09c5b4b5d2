/** One failure, told whole: what was expected and seen, how to replay it, its timeline and its history. */
import type { Failure } from '../spec/results.js';
import { describeRecord } from './describe.js';
import { glyphSvg } from './glyphs.js';
import { buildTimeline, columnWidth, GLYPHS, shownPart, type Glyph, type Timeline } from './lanes.js';
import { html, plural } from './text.js';

/** Draws a timeline; handed in, because the drawing library is loaded only when there is something to draw. */
export type Draw = (timeline: Timeline) => string;

const LISTED = 400;

const KINDS: Readonly<Record<Failure['kind'], string>> = {
  violation: '',
  crash: 'The drain’s process crashed.',
  hang: 'The drain’s process did not answer in time.',
  exit: 'The drain’s process ended early.',
  garbage: 'The drain’s process wrote what is not of the protocol.',
  refused: 'The drain refused what the check asked.',
};

export function failureHtml(failure: Failure, draw: Draw): string {
  const { kind, message, expected, seen, replay, history } = failure;
  const parts = [
    KINDS[kind] === '' ? '' : `<p class="small">${KINDS[kind]}</p>`,
    `<p><strong>${html(message)}</strong></p>`,
    `<div class="pair"><div><h4>Expected</h4><p>${html(expected)}</p></div><div><h4>Seen</h4><p>${html(seen)}</p></div></div>`,
    replay === ''
      ? ''
      : `<h4>Replay</h4><div class="replay"><code>${html(replay)}</code><button type="button" data-copy>Copy</button></div>`,
    history.length === 0 ? '<p class="muted">There is no history: nothing was recorded before it happened.</p>' : '',
    history.length === 0 ? '' : timelineHtml(buildTimeline(history, failure.evidence), draw),
    history.length === 0 ? '' : historyHtml(failure),
  ];
  return parts.join('');
}

function timelineHtml(timeline: Timeline, draw: Draw): string {
  const labels = timeline.rows.map(({ label }) => `<li>${html(label)}</li>`).join('');
  const used = new Set<Glyph>(timeline.marks.map((mark) => mark.glyph));
  const legend = (Object.keys(GLYPHS) as Glyph[])
    .filter((glyph) => used.has(glyph))
    .map((glyph) => `<span>${glyphSvg(glyph)}${GLYPHS[glyph]}</span>`);
  if (timeline.lines.some((line) => !line.stop))
    legend.push('<span><b aria-hidden="true">┊</b>end of an iteration</span>');
  if (timeline.lines.some((line) => line.stop)) legend.push('<span><b aria-hidden="true">┃</b>stop</span>');
  if (timeline.evidence.length > 0) legend.push('<span><i class="hit" aria-hidden="true"></i>evidence</span>');
  if (timeline.hiddenRows > 0)
    legend.push(`<span>${plural(timeline.hiddenRows, 'more lane is', 'more lanes are')} not drawn</span>`);
  const title = `Timeline of records ${timeline.from} to ${timeline.to - 1}`;
  return `<div class="box"><div class="scroll" data-x="${evidenceAt(timeline)}" tabindex="0" role="region" aria-label="${title}"><div class="tl"><ul aria-hidden="true">${labels}</ul>${draw(timeline)}</div></div>
<div class="legend">${legend.join('')}</div></div>`;
}

/** Where the evidence begins, in pixels, so that the page can open there. */
function evidenceAt({ from, to, evidence }: Timeline): number {
  return columnWidth(to - from) * ((evidence[0] ?? from) - from);
}

function historyHtml({ history, evidence, omitted }: Failure): string {
  const { from, to } = shownPart(history.length, evidence, LISTED);
  const hits = new Set(evidence);
  const lines = history.slice(from, to).map((record, i) => {
    const at = from + i;
    const hit = hits.has(at);
    const mark = hit ? '<span class="vh">evidence: </span>' : '';
    return `<li${hit ? ' class="hit"' : ''}><span class="n">${at}</span><span>${mark}${html(describeRecord(record))}</span></li>`;
  });
  const missing = omitted + history.length - (to - from);
  const note = missing === 0 ? '' : `, ${plural(missing, 'more is', 'more are')} not shown`;
  return `<details class="box"><summary>History: ${plural(history.length, 'record')}${note}</summary>
<ol class="hist" tabindex="0" aria-label="History">${lines.join('')}</ol></details>`;
}
