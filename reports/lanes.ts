/** A history as a drawing: rows (the drain, then each thread's lanes), glyphs on them, and lines across them. */
import type { HistoryRecord } from '../spec/history.js';
import { span } from './describe.js';

export const GLYPHS = {
  emit: 'emit accepted',
  rejected: 'turned away',
  group: 'group submitted',
  mark: 'mark',
  seal: 'seal',
  batch: 'batch delivered',
  part: 'batch taken in part or broken',
  life: 'thread comes or goes',
  death: 'thread dies',
  note: 'anything else',
} as const;
export type Glyph = keyof typeof GLYPHS;

export interface Row {
  readonly label: string;
  /** The first row of a thread, or the drain's: a line stands above it. */
  readonly first: boolean;
}
export interface Drawn {
  /** Record number. */
  readonly at: number;
  readonly row: number;
  readonly glyph: Glyph;
  readonly label: string;
}
export interface Timeline {
  /** Record numbers: from (inclusive) to (exclusive). */
  readonly from: number;
  readonly to: number;
  readonly rows: readonly Row[];
  readonly marks: readonly Drawn[];
  readonly lines: readonly { readonly at: number; readonly label: string; readonly stop: boolean }[];
  readonly evidence: readonly number[];
  /** Lanes that there was no room for. */
  readonly hiddenRows: number;
}

export const MAX_RECORDS = 160;
export const MAX_ROWS = 32;
const DRAIN = 'drain';
type Lane = 'index' | 'detail';

/** Pixels for one record: wide enough for labels while there are few. */
export function columnWidth(records: number): number {
  return records <= 60 ? 34 : records <= 100 ? 22 : 14;
}

/** The part of a long history to show: all that fits, up to a little after the last evidence. */
export function shownPart(length: number, evidence: readonly number[], limit: number): { from: number; to: number } {
  if (length <= limit) return { from: 0, to: length };
  const last = evidence.length === 0 ? length - 1 : Math.min(length - 1, Math.max(...evidence.slice(0, 1000)));
  const to = Math.min(length, Math.max(limit, last + 1 + Math.floor(limit / 10)));
  return { from: to - limit, to };
}

export function buildTimeline(history: readonly HistoryRecord[], evidence: readonly number[]): Timeline {
  const { from, to } = shownPart(history.length, evidence, MAX_RECORDS);
  const places: { at: number; key: string; glyph: Glyph; label: string }[] = [];
  const lines: { at: number; label: string; stop: boolean }[] = [];
  let turns = 0;
  for (const [at, record] of history.entries()) {
    if (record.type === 'iteration') turns += 1;
    if (at < from || at >= to) continue;
    if (record.type === 'iteration') lines.push({ at, label: `it ${turns}`, stop: false });
    else if (record.type === 'stop') lines.push({ at, label: 'stop', stop: true });
    else for (const place of placesOf(record)) places.push({ at, ...place });
  }
  const inside = evidence.filter((at) => at >= from && at < to);
  const keys = chooseRows(places, new Set(inside));
  const rowOf = new Map(keys.shown.map((key, row) => [key, row]));
  return {
    from,
    to,
    rows: keys.shown.map((key, i) => ({
      label: labelOf(key),
      first: ownerOf(key) !== ownerOf(keys.shown[i - 1] ?? ''),
    })),
    marks: places.flatMap(({ key, ...mark }) => {
      const row = rowOf.get(key);
      return row === undefined ? [] : [{ ...mark, row }];
    }),
    lines,
    evidence: [...new Set(inside)].sort((a, b) => a - b),
    hiddenRows: keys.hidden,
  };
}

const laneKey = (thread: number, lane: Lane): string => `${thread}/${lane}`;
const ownerOf = (key: string): string => key.split('/')[0]!;
const labelOf = (key: string): string => (key === DRAIN ? 'drain' : `thread ${key.replace('/', ' ')}`);

function rank(key: string): number {
  if (key === DRAIN) return -1;
  return Number(ownerOf(key)) * 2 + (key.endsWith('detail') ? 1 : 0);
}

/** Threads of the evidence stay when there are too many; the order is always drain, then threads by number. */
function chooseRows(
  places: readonly { at: number; key: string }[],
  evidence: ReadonlySet<number>,
): { shown: string[]; hidden: number } {
  const all = new Set(places.map((place) => place.key));
  if (all.size === 0) all.add(DRAIN);
  const named = new Set(places.filter((place) => evidence.has(place.at)).map((place) => place.key));
  const byNeed = [...all].sort((a, b) => Number(named.has(b)) - Number(named.has(a)) || rank(a) - rank(b));
  const shown = byNeed.slice(0, MAX_ROWS).sort((a, b) => rank(a) - rank(b));
  return { shown, hidden: all.size - shown.length };
}

const count = (n: number): string => (n > 1 ? `×${n}` : '');

function placesOf(r: HistoryRecord): { key: string; glyph: Glyph; label: string }[] {
  switch (r.type) {
    case 'emit': {
      const accepted = r.outcome === 'accepted';
      return [{ key: laneKey(r.thread, r.lane), glyph: accepted ? 'emit' : 'rejected', label: span(r.from, r.count) }];
    }
    case 'submit': {
      const lanes: Lane[] = r.detail[1] > 0 ? ['index', 'detail'] : ['index'];
      const taken = r.outcome === 'accepted';
      const glyph = !taken ? 'rejected' : r.phase === 'begin' ? 'note' : 'group';
      const label = r.phase === 'begin' ? 'begin' : '';
      return lanes.map((lane) => ({ key: laneKey(r.thread, lane), glyph, label: label || span(...r[lane]) }));
    }
    case 'batch': {
      const sound = r.malformed === undefined && r.acknowledged === r.count && r.runs.every((run) => 'from' in run);
      const [run, ...others] = r.runs;
      const label = others.length === 0 && run && 'from' in run ? span(run.from, run.count) : count(r.count);
      return [{ key: laneKey(r.thread, r.lane), glyph: sound ? 'batch' : 'part', label }];
    }
    case 'mark':
    case 'seal':
      return [{ key: laneKey(r.thread, 'detail'), glyph: r.outcome === 'accepted' ? r.type : 'rejected', label: '' }];
    case 'register':
    case 'leave': {
      const taken = r.outcome === 'accepted';
      const label = r.type === 'register' ? 'join' : 'leave';
      return [{ key: laneKey(r.thread, 'index'), glyph: taken ? 'life' : 'rejected', label }];
    }
    case 'kill':
    case 'dead':
      return [{ key: laneKey(r.thread, 'index'), glyph: 'death', label: r.type }];
    case 'acquire':
    case 'release':
    case 'visit':
    case 'life':
    case 'thread-event':
      return [{ key: laneKey(r.thread, 'index'), glyph: 'note', label: r.type === 'thread-event' ? '' : r.type }];
    case 'threw':
      return [{ key: DRAIN, glyph: 'rejected', label: 'threw' }];
    case 'sink':
      return [{ key: DRAIN, glyph: 'note', label: 'sink' }];
    case 'joins':
    case 'history':
    case 'iteration':
    case 'stop':
      return [];
    default:
      return [{ key: DRAIN, glyph: 'note', label: '' }];
  }
}
