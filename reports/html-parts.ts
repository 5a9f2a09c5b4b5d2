/** Small pieces that several parts of the page share. */
import { MARKS } from './marks.js';
import type { Cell } from './model.js';
import { html, plain } from './text.js';

/** A verdict as mark and word. With `on`, the drain's name, shown where there are no columns. */
export function chip(cell: Cell, on?: string): string {
  const { mark, word } = MARKS[cell];
  const name = on === undefined ? '' : `<span class="on">${html(on)}:</span>`;
  return `<span class="v v-${cell}"><span aria-hidden="true">${mark}</span>${name}${word}</span>`;
}

/** Where something is discussed: a link when it is one. */
export function issueHtml(issue: string): string {
  return /^https?:\/\/\S+$/i.test(issue) ? `<a href="${html(issue)}" rel="noreferrer">${html(issue)}</a>` : html(issue);
}

/** A heading and a paragraph, or nothing. */
export function titled(title: string, text: string): string {
  return text === '' ? '' : `<div><h4>${title}</h4><p>${text}</p></div>`;
}

/** Where a stress scenario stands on the page. */
export const anchorOf = (scenario: string): string => `dp-load-${plain(scenario)}`;
