import { describe, expect, it } from 'vitest';
import { renderHtml, renderJunit, renderMarkdown, renderTerminal } from './index.js';
import { parseResults, type Results } from './results-file.js';
import { HOSTILE, hostileStress } from './sample-hostile.js';
import { sampleRecords, sampleRun, sampleText } from './sample-results.js';
import { sampleResult, sampleWindows } from './sample-measured.js';
import { sampleCheckpoints, sampleStress, stressRecords, target } from './sample-stress.js';
import { columns } from './text.js';

const RUN = { ...sampleRun(), profile: 'standard' };
const file = (records: readonly object[], run: object = RUN): Results =>
  parseResults(sampleText([run, ...records]), 'stress');
const sample = file([...stressRecords(), ...sampleCheckpoints('native')]);
const both = parseResults(sampleText([...sampleRecords().slice(0, -1), ...stressRecords()]), 'both');
const hostile = hostileStress();
const known = file([
  sampleStress('throughput', 'native', 'known-deviation', {
    reason: 'declared in issue 9',
    targets: [target({ metric: 'jainIndex', relation: 'above', limit: 0.9, verdict: 'fail', reason: 'low' })],
  }),
  sampleStress('churn', 'native', 'not-applicable', { reason: 'it has no threads', replay: '' }),
]);
// eslint-disable-next-line no-control-regex -- control characters are what is looked for
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u202e\ud800-\udfff]/u;

describe('the terminal', () => {
  const text = renderTerminal(sample, { color: false });

  it('has each scenario and drain, each target with limit and margin', () => {
    expect(text).toContain(
      'Under load, profile standard\n  throughput  most events per second\n    reference    ✓ pass',
    );
    expect(text).toMatch(/^ {6}✓ throughput +41\.7 M events\/s {2}≥ 1 M events\/s {2}\+4,070 %$/m);
    expect(text).toMatch(/^ {6}✗ recovery from a burst +110\.04 ms {2}< 110 ms +−0\.1 %$/m);
    expect(text).toMatch(/^ {6}– processor time of the drain +– {2}< 5 %$/m);
    expect(text).toContain('ended early');
    expect(text).toMatch(/^ {4}native +· interrupted after 20 min 0 s; 1,200 windows: /m);
  });

  it('tells failures whole, with a command that can be copied', () => {
    expect(text).toContain('✗ fail  burst-recovery  native\n  load      32 threads emit 100,000 events at once');
    expect(text).toContain('  measured  110.04 ms, median of 109 ms, 110.04 ms, 143 ms\n  because   the median');
    expect(text).toContain('  problem   the sink stood still for 12 ms\n  noise     before: work took 1.02');
    expect(text).toMatch(/^ {2}replay {4}npx drainproof stress --impl native --scenario burst-recovery --seed \d+$/m);
    expect(renderTerminal(sample, { color: false, failures: 1 })).toContain('2 more are in the HTML report.');
  });

  it('tells goals missed, knees and benchmarks', () => {
    expect(text).toContain(
      'Goals missed (no failure)\n  throughput, native: throughput 41.7 M events/s, goal at least',
    );
    expect(text).toMatch(/^ {2}native +8\.55 M events\/s +11\.7 M events\/s +36\.9 M events\/s$/m);
    expect(text).toMatch(/^ {2}emit +41\.2 ns +9\.6 ns$/m);
  });

  it.each([40, 60, 80, 100])('keeps within %d columns', (width) => {
    const lines = [sample, hostile, known].flatMap((results) =>
      renderTerminal(results, { color: false, width }).split('\n'),
    );
    expect(lines.filter((line) => !line.includes(' replay ') && columns(line) > width)).toEqual([]);
  });

  it('shows both kinds of results, and says why there is no verdict', () => {
    const told = renderTerminal(both, { color: false });
    expect(told).toMatch(/^ {2}\(load\) +3\/4 \? +2\/4 ✗ +–$/m);
    expect(told).toContain('6 failures, 2 errors of the suite, 2 inconclusive');
    const declared = renderTerminal(known, { color: false });
    expect(declared).toContain('~ known deviation  1 min 36 s: declared in issue 9');
    expect(declared).toContain('– not applicable  1 min 36 s: it has no threads');
  });

  it('says where no step held and where nothing was measured', () => {
    const records = stressRecords().filter(({ type }) => type === 'saturation' || type === 'benchmark');
    const none = records.flatMap((one, i) =>
      i === 1 || one === records.at(-1)
        ? []
        : [one.type === 'saturation' && i === 0 ? { ...one, kneeEventsPerSecond: 0 } : one],
    );
    const bare = renderTerminal(file(none), { color: false });
    expect(bare).toMatch(/^ {2}reference +none held /m);
    expect(bare).toMatch(/^ {2}native +– /m);
    expect(bare).toMatch(/^ {2}iteration +5,120 ns +–$/m);
  });

  it('lets no text act', () => {
    expect(renderTerminal(hostile, { color: false }).replaceAll('\n', '')).not.toMatch(CONTROLS);
  });
});

describe('the page', () => {
  it('has targets with their margins, curves and knees, and asks the network for nothing', async () => {
    const page = await renderHtml(sample);
    expect((await renderHtml(sample)) === page).toBe(true);
    expect(page).not.toMatch(/(?:src|href)="(?!#)|url\(|@import|<link/);
    expect(page.match(/<article class="card load">/g)).toHaveLength(7);
    expect(page.match(/<svg role="img"/g)).toHaveLength(4 * 2 + 1 + 3);
    expect(page).toContain('<strong>110.04 ms</strong>');
    expect(page).toContain('class="bar bad"');
    expect(page).toContain('109 ms to 143 ms');
    expect(page).toContain('goal 60 M events/s');
    expect(page).toContain('Noise of the machine before: work took 1.02');
    expect(page).toContain('interrupted after 20 min 0 s');
    expect(page).toMatch(/<dt>Profile<\/dt><dd>standard<\/dd>/);
    expect(page.match(/data-copy>/g)).toHaveLength(3);
    expect(page).not.toContain('<h2>Requirements</h2>');
    expect(page).not.toContain('<defs');
  });

  it('has every target of its links, and each id once', async () => {
    for (const results of [sample, both, hostile]) {
      const page = await renderHtml(results);
      const ids = [...page.matchAll(/ id="([^"]*)"/g)].map((match) => match[1]);
      expect(new Set(ids).size).toBe(ids.length);
      if (results === hostile) continue;
      for (const [, to] of page.matchAll(/href="#([^"]*)"/g)) expect(ids).toContain(decodeURIComponent(to!));
    }
  });

  it('opens and closes every element, and lets no text act', async () => {
    for (const results of [sample, both, hostile, known]) {
      const whole = await renderHtml(results);
      expect(whole.match(/<script/g)).toHaveLength(1);
      expect(whole).not.toContain('<img');
      expect(whole).not.toMatch(CONTROLS);
      const page = whole.replace(/<(style|script)>[^]*?<\/\1>/g, '');
      const open: string[] = [];
      for (const [, close, name, rest] of page.matchAll(/<(\/?)([a-zA-Z][a-zA-Z0-9]*)\b([^>]*)>/g)) {
        if (/^(?:meta|input|br)$/.test(name!) || rest!.endsWith('/')) continue;
        if (close === '') open.push(name!);
        else expect(open.pop()).toBe(name);
      }
      expect(open).toEqual([]);
    }
  });

  it('stays small however long the run was', async () => {
    const windows = sampleWindows(250_000, 400_000, 2);
    const percentiles = Array.from({ length: 5000 }, (_, i): [number, number] => [i / 50, 0.01 + i]);
    const times = { count: 1, minMs: 0, meanMs: 1, maxMs: 1, percentiles };
    const results = [sampleResult(400_000, 2, { windows, latency: times })];
    const page = await renderHtml(file([sampleStress('soak', 'native', 'pass', { results })]));
    expect(page.length).toBeLessThan(120_000);
    for (const [curve] of page.matchAll(/ d="M[^"]*"/g)) expect(curve.match(/[ML ]/g)!.length).toBeLessThan(1300);
  });

  it('does with what was measured', async () => {
    const { latency: _, scheduled: __, lateness: ___, ...bare } = sampleResult(10, 1, { windows: [] });
    const { noise: _noise, ...quiet } = sampleStress('a', 'native', 'pass', { results: [bare] });
    const none = await renderHtml(file([quiet]));
    expect(none).not.toContain('<figure>');
    expect(none).not.toContain('Times, and noise');
    const one = sampleWindows(1, 0, 0).map(({ p99Ms: _p, ...window }) => ({ ...window, rssBytes: 0 }));
    const still = await renderHtml(
      file([sampleStress('a', 'native', 'pass', { results: [{ ...bare, windows: one }] })]),
    );
    expect(still.match(/<svg role="img"/g)).toHaveLength(1);
    expect(still).not.toContain('P99, ms');
    const zero = { count: 1, minMs: 0, meanMs: 0, maxMs: 0, percentiles: [[0, 0], [99, 0]] as [number, number][] }; // prettier-ignore
    const flat = await renderHtml(
      file([sampleStress('a', 'native', 'pass', { results: [{ ...bare, latency: zero }] })]),
    );
    expect(flat).toContain('Latency, by percentile');
    const silent = { ...bare, latency: { ...zero, percentiles: [] } };
    expect(await renderHtml(file([sampleStress('a', 'native', 'pass', { results: [silent] })]))).not.toContain(
      '<figure>',
    );
  });

  it('says of which part it is, and from how many it was put together', async () => {
    const shard = await renderHtml(file(stressRecords(), { ...RUN, shard: { index: 2, of: 3 } }));
    expect(shard).toContain('<dt>Shard</dt><dd>2 of 3</dd>');
    const merged = await renderHtml(file(stressRecords(), { ...sampleRun(), mergedFrom: 3 }));
    expect(merged).toContain('<dt>Merged from</dt><dd>3 results</dd>');
    expect(merged).not.toContain('<dt>Profile</dt>');
  });

  it('draws a knee that is no step, and steps without any', async () => {
    const curve = { type: 'saturation', drain: 'native', threads: 1, kneeEventsPerSecond: 7, limitP99Ms: 0, steps: [] };
    const page = await renderHtml(file([curve, { ...curve, drain: 'reference', kneeEventsPerSecond: 0 }]));
    expect(page).toContain('none held');
    expect(page).not.toContain('limit of the P99');
  });
});

describe('JUnit', () => {
  const xml = renderJunit(sample);

  it('has a suite for each drain, a case for each scenario and target', () => {
    expect(xml.match(/<testsuite name="(?:reference|native)\.stress"/g)).toHaveLength(2);
    expect(xml).toMatch(/<testsuites name="drainproof" tests="15" failures="2" errors="1" skipped="3">/);
    expect(xml).toContain(
      '<testcase classname="native.stress" name="throughput throughputEventsPerSecond" time="96"/>',
    );
    expect(xml).toMatch(/<failure message="recovery from a burst 110\.04 ms, below 110 ms: [^"]*" type="fail">/);
    expect(xml).toContain('(ended early)" type="inconclusive">');
    expect(xml.match(/<property name="ended early" value="fairness"\/>/g)).toHaveLength(1);
    expect(xml).toContain('<error message="the subject’s process could not be started" type="error">');
    expect(xml).toContain('<skipped message="not run: interrupted after 20 min 0 s');
    expect(renderJunit(both).match(/<testsuite /g)).toHaveLength(35);
  });

  it('skips what is declared or does not apply', () => {
    const told = renderJunit(known);
    expect(told).toContain('failures="0" errors="0" skipped="3"');
    expect(told).toContain('name="throughput jainIndex"');
    expect(told).toContain('<skipped message="known deviation: declared in issue 9"');
  });

  it('is sound XML whatever the texts', () => {
    const attacked = renderJunit(hostile);
    expect(attacked).not.toMatch(CONTROLS);
    expect(attacked.replace(/<!\[CDATA\[[^]*?\]\]>/g, '')).not.toMatch(/<(?:script|img|\/script)/);
  });
});

describe('Markdown', () => {
  it('has a table for each drain, goals, knees, benchmarks and what did not pass', () => {
    const text = renderMarkdown(sample);
    expect(text).toContain('## Under load: native, profile standard\n\n| Scenario | Target | Limit |');
    expect(text).toContain('|  | recovery from a burst | &lt; 110 ms | 110.04 ms | −0.1 % | ✗ fail |');
    expect(text).toContain('| `fairness` | shares of 64 threads |  |  |  | **? inconclusive** (ended early) |');
    expect(text).toContain('| `soak` | interrupted after 20 min 0 s;');
    expect(text).toContain('- throughput, native: throughput 41.7 M events/s, goal at least 60 M events/s');
    expect(text).toContain('| native | 8.55 M events/s | 11.7 M events/s | 36.9 M events/s |');
    expect(text).toContain('| emit | one index event into its lane | 41.2 ns | 9.6 ns |');
    expect(text).toContain('### burst-recovery on native: fail\n\n32 threads emit');
    expect(text).toContain('### fairness on reference: inconclusive, ended early');
    expect(text).toMatch(/```sh\nnpx drainproof stress --impl native/);
    expect(renderMarkdown(both)).not.toContain(', profile');
    expect(renderMarkdown(known)).toContain('**\\~ known deviation**');
  });

  it('lets no text act', () => {
    const text = renderMarkdown(hostile);
    expect(text).not.toMatch(CONTROLS);
    const prose = text.replace(/(`{3,})(?:text|sh)\n[^]*?\n\1/g, '').replace(/(`{2,}) .*? \1/g, '');
    expect(prose).not.toMatch(/<(?:script|img)|[^\\]\[a\]|@all/);
    expect(HOSTILE).toContain('@all');
    const { noise: _, ...quiet } = sampleStress('x', 'native', 'error', { replay: '', about: '' });
    expect(renderMarkdown(file([quiet]))).not.toContain('Noise');
  });
});
