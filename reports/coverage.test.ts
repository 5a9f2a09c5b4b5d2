import { describe, expect, it } from 'vitest';
import { coverageOf, percentText, rangesText, type CoverageRecord } from './coverage.js';
import { coverageHtml } from './html-coverage.js';
import { renderHtml, renderMarkdown, renderTerminal } from './index.js';
import { sampleResults } from './sample-results.js';
import { columns } from './text.js';

const NOTHING = { covered: 0, total: 0 };

function record(drain: string, file: string, covered: number, more: Partial<CoverageRecord> = {}): CoverageRecord {
  return {
    type: 'coverage',
    drain,
    file,
    lines: { covered, total: 200 },
    branches: { covered, total: 210 },
    functions: NOTHING,
    uncovered: covered === 200 ? [] : [[covered + 1, 200]],
    ...more,
  };
}

const coverage: readonly CoverageRecord[] = [
  record('reference', 'arena.ts', 200),
  record('reference', 'visit.ts', 170),
  record('reference', 'arena.ts', 150, { family: 'LANE' }),
  record('reference', 'visit.ts', 20, { family: 'LANE' }),
  record('reference', 'arena.ts', 10, { family: 'LOSS' }),
  record('native', 'core/<b>visit</b>.cpp', 199, { uncovered: Array.from({ length: 40 }, (_, i) => [i * 5, i * 5]) }),
  record('native', 'core/<b>visit</b>.cpp', 20, { family: 'LANE' }),
];
const results = { ...sampleResults(), verdicts: [], coverage }; // no failures: nothing to draw

describe('coverage in the reports', () => {
  it('is summed by drain and by family', () => {
    const [reference, native] = coverageOf(results);
    expect(reference!.files.map(({ file }) => file)).toEqual(['arena.ts', 'visit.ts']);
    expect(reference!.total).toEqual({
      lines: { covered: 370, total: 400 },
      branches: { covered: 370, total: 420 },
      functions: NOTHING,
    });
    expect([...reference!.families]).toEqual([
      ['LANE', { covered: 170, total: 400 }],
      ['LOSS', { covered: 10, total: 200 }],
    ]);
    expect([...native!.families.keys()]).toEqual(['LANE']);
  });

  it('tells 100 % only of what is whole', () => {
    expect(percentText({ covered: 9999, total: 10_000 })).toBe('99.9 %');
    expect(percentText({ covered: 2, total: 2 })).toBe('100 %');
    expect(percentText(NOTHING)).toBe('100 %');
    expect(rangesText([[1, 3], [7, 7], [9, 12]], 2)).toBe('1-3, 7, 1 more'); // prettier-ignore
  });

  it.each([40, 100])('stands in the terminal within %d columns', (width) => {
    const text = renderTerminal(results, { color: false, matrix: false, width });
    expect(text).toContain('Coverage of reference');
    expect(text).toMatch(/^ {2}arena\S* +100 % +95\.2 % +100 %$/m);
    expect(text).toMatch(/^ {2}all \S+ +92\.5 % /m);
    expect(text).toMatch(/^ {2}LOSS +5\.0 %$/m);
    const own = text.slice(text.indexOf('Coverage of'), text.indexOf('Problems'));
    expect(own.split('\n').filter((line) => columns(line) > width)).toEqual([]);
  });

  it('stands in the page and in Markdown', async () => {
    const page = await renderHtml(results);
    expect(page).toContain('id="dp-coverage"');
    expect(page).not.toContain('<b>visit');
    expect(page).toContain('not reached: 171-200');
    expect(page).toContain('28 more');
    const markdown = renderMarkdown(results);
    expect(markdown).toContain('| reference | 2 | 92.5 % | 88.0 % | 100 % |');
    expect(markdown).toContain('| LOSS | 5.0 % |  |');
  });

  it('leaves no trace where nothing was measured', async () => {
    expect(coverageHtml(sampleResults())).toBe('');
    expect(await renderHtml({ ...results, coverage: [] })).not.toContain('dp-coverage');
    expect(renderMarkdown(sampleResults())).not.toContain('Coverage of the drains');
  });
});
