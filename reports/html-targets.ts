/** Targets of a stress scenario as a table: limit, what was measured, spread of the repeats, margin as a bar. */
import type { TargetVerdict } from '../spec/stress.js';
import { besideLimit, figure, limitSign, marginText, metricWords, samplesText, spreadText } from './figures.js';
import { chip } from './html-parts.js';
import type { StressRecord } from './stress.js';
import { html } from './text.js';

const HEADS = ['Target', 'Limit', 'Measured', 'Spread', 'Margin', 'Verdict'] as const;

/** Nothing for a record without targets. */
export function targetsHtml({ drain, targets }: StressRecord): string {
  if (targets.length === 0) return '';
  const heads = HEADS.map((head) => `<th scope="col">${head}</th>`).join('');
  return `<table class="targets"><caption class="vh">Targets of ${html(drain)}</caption><thead><tr>${heads}</tr></thead>
<tbody>${targets.map(rowHtml).join('')}</tbody></table>`;
}

function rowHtml(target: TargetVerdict): string {
  const { metric, goal, unit, verdict, reason } = target;
  const aim = goal === undefined ? '' : ` <span class="goal">goal ${html(figure(goal, unit))}</span>`;
  const why = verdict === 'pass' ? '' : `<span class="why-not">${html(reason)}</span>`;
  const samples = target.samples.length === 0 ? '' : ` title="${html(samplesText(target))}"`;
  const cells = [
    `<td data-l="Limit">${html(limitSign(target))}${aim}</td>`,
    `<td data-l="Measured"><strong>${html(besideLimit(target.measured, target))}</strong></td>`,
    `<td data-l="Spread"${samples}>${html(spreadText(target))}</td>`,
    `<td data-l="Margin">${marginText(target)}${barHtml(target)}</td>`,
    `<td data-l="Verdict">${chip(verdict)}</td>`,
  ];
  return `<tr><th scope="row">${html(metricWords(metric))}${why}</th>${cells.join('')}</tr>`;
}

/** Half of the bar is the bad side: 100 % of the limit at either end. */
function barHtml({ margin, limit }: TargetVerdict): string {
  if (margin === undefined || limit === 0) return '';
  const share = Math.min(1, Math.abs(margin)) * 50;
  const place = margin < 0 ? `right:50%;width:${share.toFixed(1)}%` : `left:50%;width:${share.toFixed(1)}%`;
  return `<span class="bar ${margin < 0 ? 'bad' : 'good'}" aria-hidden="true"><span style="${place}"></span></span>`;
}
