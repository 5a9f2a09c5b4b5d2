import { describe, expect, it } from 'vitest';
import { renderHtml, renderJunit, renderMarkdown, renderTerminal } from './index.js';
import { NO_EXTRAS, sampleEnd, sampleRequirements, sampleRun } from './sample-results.js';
import type { Results } from './results-file.js';

const LINK = 'https://tracker.example/41?a=1&b="2"';

/** FAIR-JAIN is declared on one drain; all else passes. */
function results(issue: string, more: Partial<Results> = {}): Results {
  const run = { ...sampleRun(), drains: sampleRun().drains.slice(0, 1) };
  const base = { type: 'verdict', drain: 'reference', seed: 1, scenarios: 1, events: 1, durationMs: 1 } as const;
  const known = {
    ...base,
    id: 'FAIR-JAIN',
    verdict: 'known-deviation',
    reason: 'shares follow load <b>',
    issue,
    note: 'by design, *so* far',
  } as const;
  const verdicts = [known, { ...base, id: 'FAIR-LAG', verdict: 'pass', reason: '' } as const];
  const requirements = sampleRequirements().filter(({ id }) => verdicts.some((verdict) => verdict.id === id));
  const end = { ...sampleEnd(verdicts), ok: true, problems: [] };
  return {
    run,
    requirements,
    verdicts,
    ...NO_EXTRAS,
    end,
    partial: false,
    problems: [],
    ...more,
  };
}

describe('a known deviation', () => {
  it('is told in the terminal with its issue and note, and the run is as declared', () => {
    const text = renderTerminal(results(LINK), { color: false });
    expect(text).toContain('~ known  FAIR-JAIN  reference\n  found     shares follow load <b>\n');
    expect(text).toContain(`  issue     ${LINK}\n  note      by design, *so* far`);
    expect(text).toContain('Every verdict is as declared. 1 pass, 1 known deviation');
  });

  it('is listed in the page with a link to its issue, which cannot break out of it', async () => {
    const page = await renderHtml(results(LINK));
    expect(page).toContain('<h2>Known deviations</h2>');
    expect(page.match(/<a href="https:\/\/tracker\.example\/41\?a=1&#38;b=&#34;2&#34;"/g)).toHaveLength(2);
    expect(page).toContain('by design, *so* far');
    expect(page).not.toContain('<h2>What did not pass</h2>');
  });

  it('has no link where the issue is none', async () => {
    for (const issue of ['DRAIN-41', 'javascript:alert(1)', 'https://a b']) {
      const page = await renderHtml(results(issue));
      expect(page).toContain(issue);
      expect(page).not.toContain(`href="${issue}`);
    }
  });

  it('stands in the Markdown with its issue', () => {
    const text = renderMarkdown(results('DRAIN-41'));
    expect(text).toContain(
      '## Known deviations\n\n- `FAIR-JAIN` on reference: shares follow load &lt;b&gt; (DRAIN-41) (',
    );
  });

  it('is skipped in JUnit, with its issue', () => {
    const xml = renderJunit(results('DRAIN-41'));
    expect(xml).toContain('<skipped message="known deviation: DRAIN-41: shares follow load');
    expect(xml).toContain('failures="0"');
  });
});

it('a run that is red though every check passed is red in JUnit too', () => {
  const end = { ...results('x').end!, ok: false, problems: ['FAIR-LAG is mended', 'and more'] };
  const xml = renderJunit(results('x', { end }));
  expect(xml).toContain('failures="1"');
  expect(xml).toContain('<failure message="FAIR-LAG is mended; and more" type="not as declared"');
});
