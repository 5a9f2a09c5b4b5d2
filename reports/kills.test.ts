import { describe, expect, test } from 'vitest';
import type { ResultOf } from '../spec/results.js';
import { renderHtml, renderMarkdown, renderTerminal } from './index.js';
import { killSummary } from './kills.js';
import { buildReport } from './model.js';
import { parseResults, type Results } from './results-file.js';
import { sampleRecords, sampleText } from './sample-results.js';

const sure: ResultOf<'broken'> = {
  type: 'broken',
  name: 'spans-swapped',
  what: 'Where a batch wraps, its <second> span comes first.',
  base: 'reference',
  requirement: 'LANE-ORDER',
  phrase: 'stands after event',
  racy: false,
  runs: 3,
  caught: 3,
  bug: 'bug 7',
  failedBy: ['LANE-ORDER', 'LANE-WRAP'],
  notRun: ['LOSS-64-THREADS'],
};
const racy: ResultOf<'broken'> = {
  ...sure,
  name: 'published-before-written',
  base: 'native',
  requirement: 'LOSS-NOT-TORN',
  racy: true,
  runs: 100,
  caught: 97,
  missAtMost: 0.0852,
  measured: '2 cores, Node.js v20, 2026-01-02',
  failedBy: ['LOSS-NOT-TORN'],
};
const unmeasured: ResultOf<'broken'> = { ...sure, name: 'second', racy: true, failedBy: ['LANE-ORDER'], notRun: [] };

function resultsWith(...broken: readonly ResultOf<'broken'>[]): Results {
  const records: object[] = sampleRecords();
  return parseResults(sampleText([...records.slice(0, -1), ...broken, records.at(-1)!]), 'sample');
}

describe('the summary', () => {
  test('counts broken drains and requirements, and names the weakest', () => {
    expect(killSummary(buildReport(resultsWith(sure, racy)))).toEqual([
      'The suite was tried on 2 broken drains: each failed by its own requirement; 3 of 116 requirements fail at least one.',
      '1 needs a race; weakest: published-before-written, caught 97 of 100, misses at most 8.5 %.',
    ]);
    expect(killSummary(buildReport(resultsWith()))).toEqual([]);
  });

  test('names what escaped', () => {
    const escaped = { ...sure, caught: 2 };
    const [line] = killSummary(buildReport(resultsWith(escaped, { ...racy, runs: 0, caught: 0 })));
    expect(line).toContain('2 not always failed by their own requirement (spans-swapped, published-before-written)');
  });
});

describe('reports', () => {
  const results = resultsWith(sure, unmeasured, racy);

  test('the page has a strip for each broken drain, its own requirement marked, what was not run told apart', async () => {
    const page = await renderHtml(results);
    expect(page.match(/<tr class="first"|<tr><td class="tip"/g)).toHaveLength(3);
    expect(page).toContain('aria-label="also failed by LANE-WRAP"');
    expect(page).toContain('aria-label="failed by no other requirement"');
    expect(page).toContain('its &#60;second&#62; span comes first. Stands for bug 7.');
    expect(page).toMatch(/<td class="n">97 of 100<\/td><td class="n">8.5 %<\/td>/);
    expect(page).toContain('not measured');
    expect(page).toContain('2 cores, Node.js v20, 2026-01-02');
    expect(page.match(/class="not"/g)).toHaveLength(3);
    expect(await renderHtml(resultsWith())).not.toContain('dp-kills');
  });

  test('Markdown and terminal say the same in short', () => {
    const text = renderMarkdown(results);
    expect(text).toContain('## How the suite was tried');
    expect(text).toContain('| `LANE-ORDER` | spans-swapped | Where a batch wraps');
    expect(text).toContain('| 3 of 3 | 1 of 114 |');
    expect(text).toContain('published-before-written (needs a race)');
    expect(renderTerminal(results, { color: false })).toContain('The suite was tried on 3 broken drains');
  });
});
