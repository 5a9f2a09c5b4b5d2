import { describe, expect, it } from 'vitest';
import { HistoryRecord } from '../spec/history.js';
import { describeRecord, span, spans } from './describe.js';
import { glyphSvg } from './glyphs.js';
import { buildTimeline, columnWidth, GLYPHS, MAX_RECORDS, MAX_ROWS, shownPart, type Glyph } from './lanes.js';
import { batch, emit } from './sample-failures.js';
import { everyRecord } from './sample-records.js';
import { drawTimeline, labelRoom } from './timeline-svg.js';

const parse = (records: object[]): HistoryRecord[] => records.map((record) => HistoryRecord.parse(record));

describe('records in words', () => {
  it('says each in one line, none like another', () => {
    const lines = everyRecord().map(describeRecord);
    expect(new Set(lines).size).toBe(lines.length);
    expect(lines.every((line) => line.length > 2 && !line.includes('undefined') && !line.includes('[object'))).toBe(
      true,
    );
    expect(lines).toContain('thread 1 emits index 8–9: LANE_FULL, after 2 retries');
    expect(lines).toContain('drain 1 is made: CONFIG_SLOTS (no <slots>)');
    expect(lines).toContain('the drain delivers index of thread 1: 0, 2, 4, 6, 8, 10, 12, 14, 4 more');
    expect(lines).toContain('thread 1 takes its queue for index 0–1, detail none: accepted');
  });

  it('shortens sequences', () => {
    expect([span(4, 0), span(4, 1), span(4, 3)]).toEqual(['none', '4', '4–6']);
    expect(spans([])).toBe('nothing');
  });
});

describe('timeline', () => {
  it('gives each thread and lane a row, the drain first', () => {
    const timeline = buildTimeline(everyRecord(), [5, 5, 4, 999]);
    expect(timeline.rows.map((row) => row.label)).toEqual([
      'drain',
      'thread 1 index',
      'thread 1 detail',
      'thread 2 index',
    ]);
    expect(timeline.rows.map((row) => row.first)).toEqual([true, true, false, true]);
    expect(timeline.evidence).toEqual([4, 5]);
    expect(timeline.lines.map((line) => line.label)).toEqual(['it 1', 'it 2', 'stop', 'stop']);
    expect(new Set(timeline.marks.map((mark) => mark.glyph))).toEqual(new Set(Object.keys(GLYPHS)));
  });

  it('shows the part of a long history that holds the evidence', () => {
    expect(shownPart(10, [], 20)).toEqual({ from: 0, to: 10 });
    expect(shownPart(100, [], 20)).toEqual({ from: 80, to: 100 });
    expect(shownPart(100, [50], 20)).toEqual({ from: 33, to: 53 });
    expect(shownPart(100, [3], 20)).toEqual({ from: 0, to: 20 });
    expect(shownPart(100, [500], 20)).toEqual({ from: 80, to: 100 });
    const long = parse(Array.from({ length: 400 }, (_, i) => emit(1, i, 1)));
    const timeline = buildTimeline(long, [10, 300]);
    expect(timeline.to - timeline.from).toBe(MAX_RECORDS);
    expect(timeline.evidence).toEqual([300]);
    expect(timeline.marks).toHaveLength(MAX_RECORDS);
  });

  it('keeps the threads of the evidence when there are too many', () => {
    const crowd = parse(Array.from({ length: 50 }, (_, i) => emit(i + 1, 0, 1)));
    const timeline = buildTimeline(crowd, [49]);
    expect(timeline.rows).toHaveLength(MAX_ROWS);
    expect(timeline.rows.at(-1)?.label).toBe('thread 50 index');
    expect(timeline.hiddenRows).toBe(18);
  });

  it('gives a history of nothing one empty row', () => {
    const timeline = buildTimeline(parse([{ type: 'history', version: 1, mode: 'stepped', config: {} }]), []);
    expect(timeline.rows).toEqual([{ label: 'drain', first: true }]);
    expect(drawTimeline(timeline)).toContain('<svg role="img"');
  });
});

describe('drawing', () => {
  it('is the same each time, small, and of the page’s colours only', () => {
    const timeline = buildTimeline(everyRecord(), [5]);
    const svg = drawTimeline(timeline);
    expect(drawTimeline(timeline)).toBe(svg);
    expect(svg).not.toMatch(/<style|class=|ecmeta|zr\d|#[0-9a-f]{3,6}\b|NaN|undefined/);
    for (const color of ['--emit', '--fail', '--pass', '--warn', '--mark', '--hit'])
      expect(svg).toContain(`var(${color})`);
    expect(svg.length).toBeLessThan(30_000);
    expect(svg).toContain('aria-label="Timeline of records 0 to 39"');
  });

  it('leaves labels out where they would touch', () => {
    expect([60, 100, 101].map(columnWidth)).toEqual([34, 22, 14]);
    expect([34, 22, 14].map(labelRoom)).toEqual([5, 3, 0]);
    const wide = drawTimeline(buildTimeline(parse([emit(1, 100, 1), batch(1, 100, 50)]), []));
    expect(wide).toContain('>100<');
    expect(wide).not.toContain('100–149');
    const turn = { type: 'iteration', visits: 0, skips: 0, delivered: 0, batches: 0, sinkFailures: 0, reclaimed: 0 };
    const dense = [{ ...turn, truncated: 'no' }, ...Array.from({ length: 120 }, (_, i) => emit(1, i, 1))];
    const svg = drawTimeline(buildTimeline(parse(dense), [21]));
    expect(svg).not.toContain('>it 1<');
    const numbers = [...svg.matchAll(/<text[^>]*>(\d+)<\/text>/g)].map((match) => Number(match[1]));
    expect(numbers).toEqual([0, 10, 21, 30, 40, 50, 60, 70, 80, 90, 100, 110, 120]);
  });

  it('has a glyph for the legend of each kind', () => {
    const drawn = (Object.keys(GLYPHS) as Glyph[]).map(glyphSvg);
    expect(new Set(drawn).size).toBe(drawn.length);
    for (const svg of drawn) expect(svg).not.toMatch(/undefined|NaN/);
  });
});
