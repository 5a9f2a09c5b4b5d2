import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { renderHtml, renderJunit, renderMarkdown, renderTerminal, writeReports } from './index.js';
import { hostileResults } from './sample-hostile.js';
import { NO_EXTRAS, sampleResults, sampleRun } from './sample-results.js';
import type { Results } from './results-file.js';

const folder = mkdtempSync(join(tmpdir(), 'drainproof-reports-'));
afterAll(() => rmSync(folder, { recursive: true }));

const sample = sampleResults();
const hostile = hostileResults();
const empty: Results = {
  run: { ...sampleRun(), drains: [], arguments: [] },
  requirements: [],
  verdicts: [],
  partial: true,
  ...NO_EXTRAS,
  problems: [],
};
// eslint-disable-next-line no-control-regex -- control characters are what is looked for
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u202e\ud800-\udfff]/u;

describe('HTML', () => {
  it('is one page that asks the network for nothing, the same each time', async () => {
    const page = await renderHtml(sample);
    expect(await renderHtml(sample)).toBe(page);
    expect(page).not.toMatch(/(?:src|href)="(?!#)|url\(|@import|<link/);
    expect(page).toContain("default-src 'none'");
    expect(page.match(/<details class="req/g)).toHaveLength(sample.requirements.length);
    expect(page.match(/<details class="req bad/g)).toHaveLength(7);
    expect(page).toContain('<h1>5 failures, 1 error of the suite, 1 inconclusive.</h1>');
    expect(page.match(/<svg role="img"/g)).toHaveLength(4);
    expect(page).toContain('The drain’s process crashed.');
    expect(page).toContain('id="SINK-THROW-KEEPS"');
    expect(page.match(/data-copy>/g)).toHaveLength(5);
    const ids = [...page.matchAll(/ id="([^"]*)"/g)].map((match) => match[1]);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, target] of page.matchAll(/href="#([^"]*)"/g)) expect(ids).toContain(decodeURIComponent(target!));
  });

  it('opens and closes every element', async () => {
    for (const results of [sample, hostile, empty]) {
      const page = (await renderHtml(results)).replace(/<(style|script)>[^]*?<\/\1>/g, '');
      const open: string[] = [];
      for (const [, close, name, rest] of page.matchAll(/<(\/?)([a-z][a-z0-9]*)\b([^>]*)>/g)) {
        if (/^(?:meta|input|br)$/.test(name!) || rest!.endsWith('/')) continue;
        if (close === '') open.push(name!);
        else expect(open.pop()).toBe(name);
      }
      expect(open).toEqual([]);
    }
  });

  it('lets no text act', async () => {
    const page = await renderHtml(hostile);
    expect(page.match(/<script/g)).toHaveLength(1);
    expect(page).not.toContain('<img');
    expect(page).not.toMatch(CONTROLS);
    expect(page).toContain('3 more are not shown');
  });

  it('shows empty, partial and crowded runs', async () => {
    const nothing = await renderHtml(empty);
    expect(nothing).toContain('<h1>No check ran.</h1>');
    expect(nothing).not.toContain('<script>');
    const partial = await renderHtml({ ...sample, verdicts: sample.verdicts.slice(0, 7), problems: [] });
    expect(partial).toContain('v-not-run');
    expect(partial).not.toContain('What did not pass');
    const drains = Array.from({ length: 6 }, (_, i) => ({
      ...sampleRun().drains[0]!,
      name: `d${i}`,
      capabilities: [],
    }));
    const verdicts = sample.requirements.map(({ id }) => ({
      ...sample.verdicts[0]!,
      id,
      drain: 'd0',
      verdict: 'fail' as const,
    }));
    const machine = { ...sampleRun().machine, memoryBytes: 2 ** 32 };
    const crowded = await renderHtml({ ...sample, run: { ...sampleRun(), drains, machine }, verdicts });
    expect(crowded).toContain('class="many"');
    expect(crowded).toContain('66 more are in the list below.');
    expect(crowded).toContain('4.0 GiB');
    expect(await renderHtml({ ...sample, run: { ...sampleRun(), drains: [] }, verdicts: [] })).toContain('--n:1');
  });

  it('says what is left out of a very long history', async () => {
    const failed = sample.verdicts.find((v) => v.failure && v.failure.history.length > 0)!;
    const record = failed.failure!.history[4]!;
    const crowd = Array.from({ length: 40 }, (_, i) => ({ ...record, thread: i }) as typeof record);
    const history = [...crowd, ...Array.from({ length: 460 }, () => record)];
    const failure = { ...failed.failure!, history, evidence: [], omitted: 0, replay: '' };
    const page = await renderHtml({ ...sample, verdicts: [{ ...failed, failure }] });
    expect(page).toContain('500 records, 100 more are not shown');
    expect(page).not.toContain('data-copy>');
    const front = { ...failure, history: crowd };
    expect(await renderHtml({ ...sample, verdicts: [{ ...failed, failure: front }] })).toContain(
      'more lanes are not drawn',
    );
  });
});

describe('JUnit', () => {
  it('has a suite for each drain and family, a case for each requirement', () => {
    const xml = renderJunit(sample);
    expect(xml.match(/<testsuite /g)).toHaveLength(33);
    expect(xml.match(/<testcase /g)).toHaveLength(sample.verdicts.length);
    expect(xml).toMatch(/<testsuites name="drainproof" tests="348" failures="6" errors="1" skipped="41">/);
    expect(xml).toContain('<failure message="The lane never wrapped in 20 scenarios." type="inconclusive">');
    expect(xml).toContain('type="crash"');
    expect(xml).toContain('<skipped message="not applicable: It does not claim: ');
    expect(xml).toContain('<skipped message="known deviation: Declared: ');
    expect(xml).toContain('> #21 the drain delivers index of thread 2');
    expect(xml).toContain('timestamp="2026-03-14T09:26:53.589Z"');
  });

  it('is sound XML whatever the texts', () => {
    const xml = renderJunit(hostile);
    expect(xml).not.toMatch(CONTROLS);
    const outside = xml.replace(/<!\[CDATA\[[^]*?\]\]>/g, '');
    expect(outside).not.toMatch(/<(?:script|img|\/script)/);
    expect(outside.match(/<skipped message="/g)).toHaveLength(2);
    expect(renderJunit({ ...sample, verdicts: sample.verdicts.slice(0, 2) })).toContain('<skipped message="not run: ');
    expect(renderJunit(empty)).toContain('<testsuites name="drainproof" tests="0"');
  });

  it('names a failure without details', () => {
    const verdicts = [{ ...sample.verdicts[0]!, verdict: 'fail' as const, reason: 'so it is' }];
    expect(renderJunit({ ...sample, verdicts })).toContain('<failure message="so it is" type="fail">');
  });
});

describe('Markdown', () => {
  it('has the matrix and the failures', () => {
    const text = renderMarkdown(sample);
    expect(text).toMatch(/^# drainproof: 5 failures/);
    expect(text).toContain('| `LANE-ORDER` | order within a thread | ✓ pass | ✓ pass | ✓ pass |');
    expect(text).toContain('### SINK-THROW-KEEPS on tracer: fail');
    expect(text).toContain('#21 the drain delivers index of thread 2');
    expect(text).toMatch(/```sh\nnpx drainproof replay/);
    for (const row of text.split('\n').filter((line) => line.startsWith('|'))) {
      expect(row.replaceAll('\\|', '').split('|')).toHaveLength(7);
    }
  });

  it('lets no text act', () => {
    const text = renderMarkdown(hostile);
    expect(text).not.toMatch(CONTROLS);
    const prose = text.replace(/(`{3,})(?:text|sh)\n[^]*?\n\1/g, '').replace(/(`{2,}) .*? \1/g, '');
    expect(prose).not.toMatch(/<(?:script|img)|[^\\]\[a\]|@all/);
  });

  it('shows empty runs, and only the first of many failures', () => {
    expect(renderMarkdown(empty)).toContain('No verdicts. Seed');
    const verdicts = sample.requirements.map(({ id }) => ({ ...sample.verdicts[0]!, id, verdict: 'fail' as const }));
    const requirements = sample.requirements.map((r) => ({ ...r, lookAt: '', text: '' }));
    expect(renderMarkdown({ ...sample, requirements, verdicts })).toContain('86 more are in the HTML report.');
  });
});

describe('all reports', () => {
  it('are written beside the results', async () => {
    const written = await writeReports(sample, join(folder, 'out'));
    expect(readFileSync(written.html, 'utf8')).toBe(await renderHtml(sample));
    expect(readFileSync(written.junit, 'utf8')).toBe(renderJunit(sample));
    expect(readFileSync(written.markdown, 'utf8')).toBe(renderMarkdown(sample));
  });

  it('stay small with 2,000 requirements on three drains', async () => {
    const base = sample.requirements;
    const requirements = Array.from({ length: 2000 }, (_, i) => ({ ...base[i % base.length]!, id: `LANE-${i}` }));
    const verdicts = requirements.flatMap((requirement, i) =>
      [0, 1, 2].map((j) => ({ ...sample.verdicts[(i * 3 + j) % sample.verdicts.length]!, id: requirement.id })),
    );
    const big = { ...sample, requirements, verdicts };
    expect((await renderHtml(big)).length).toBeLessThan(8_000_000);
    expect(renderJunit(big).length).toBeLessThan(8_000_000);
    expect(renderMarkdown(big).length).toBeLessThan(400_000);
    expect(renderTerminal(big, { color: true }).length).toBeLessThan(2_000_000);
  });
});
