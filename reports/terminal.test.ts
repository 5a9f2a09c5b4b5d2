import { describe, expect, it } from 'vitest';
import { createProgress, type ProgressOptions } from './progress.js';
import { HOSTILE, hostileResults } from './sample-hostile.js';
import { NO_EXTRAS, sampleResults, sampleRun } from './sample-results.js';
import { renderTerminal } from './terminal.js';
import { columns } from './text.js';

const sample = sampleResults();
// eslint-disable-next-line no-control-regex -- control characters are what is looked for
const CONTROLS = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u202e]/;

describe('terminal report', () => {
  const text = renderTerminal(sample, { color: false });

  it('prints one verdict per requirement and drain', () => {
    expect(text).toMatch(/^ {2}LANE-ORDER +order within a thread +✓ pass +✓ pass +✓ pass$/m);
    expect(text).toMatch(/^ {2}SINK-THROW-KEEPS .* ✓ pass +✓ pass +✗ FAIL$/m);
    for (const { id } of sample.requirements) expect(text).toContain(`  ${id} `);
    expect(text).toMatch(/^ {2}LANE +16\/16 ✓ +16\/16 ✓ +13\/15 ✗$/m);
  });

  it('tells failures whole, with a command that can be copied', () => {
    expect(text).toContain('✗ fail  SINK-THROW-KEEPS  tracer\n  required  When the sink throws');
    expect(text).toContain('#21 the drain delivers index of thread 2: 12–15; the sink took 0 of 4');
    expect(text).toMatch(/^ {2}replay {4}npx drainproof replay --impl \S+ \S+$/m);
    expect(text.trimEnd().split('\n').slice(-2).join(' ')).toMatch(/^5 failures, 1 error .* 300 pass/);
  });

  it.each([40, 80, 100, 500])('keeps within %d columns', (width) => {
    const lines = renderTerminal(sample, { color: false, width, verbose: true }).split('\n');
    const most = Math.min(width, 100);
    expect(lines.filter((line) => !line.includes(' replay ') && columns(line) > most)).toEqual([]);
  });

  it('colours only when asked', () => {
    expect(text).not.toContain('\u001b');
    expect(renderTerminal(sample, { color: true })).toContain('\u001b[32m');
    expect(renderTerminal(sample)).toContain('LANE-ORDER');
  });

  it('leaves out what was not asked for, and names files', () => {
    const short = renderTerminal(sample, { color: false, matrix: false, failures: 2, files: ['out/index.html'] });
    expect(short).not.toContain('order within a thread');
    expect(short).toContain('5 more are in the HTML report.');
    expect(short.endsWith('\n\n  out/index.html\n')).toBe(true);
    const verbose = renderTerminal(sample, { color: false, verbose: true });
    expect(verbose).toMatch(/^✓ LANE-ORDER native, \d+ ms: All of \d+ scenarios kept it\.$/m);
  });

  it('survives hostile texts, empty and partial runs', () => {
    expect(renderTerminal(hostileResults(), { color: false, verbose: true })).not.toMatch(CONTROLS);
    const run = sampleRun();
    const empty = renderTerminal(
      {
        run,
        requirements: [],
        verdicts: [],
        partial: true,
        ...NO_EXTRAS,
        problems: [],
      },
      { color: true },
    );
    expect(empty).toContain('No check ran.');
    const { requirements } = sample;
    const verdicts = sample.verdicts.slice(0, 4);
    const cut = renderTerminal(
      {
        run,
        requirements,
        verdicts,
        partial: true,
        ...NO_EXTRAS,
        problems: [],
      },
      { color: true, verbose: true },
    );
    expect(cut).toContain('The run was cut off; no failure until then. 4 pass, 344 not run');
    const ok = renderTerminal(
      {
        run,
        requirements: requirements.slice(0, 1),
        verdicts: sample.verdicts.slice(0, 3),
        partial: false,
        ...NO_EXTRAS,
        problems: [],
      },
      { color: false },
    );
    expect(ok).toContain('Every verdict is as declared. 3 pass');
    const none = renderTerminal({
      run: { ...run, drains: [] },
      requirements,
      verdicts: [],
      partial: false,
      ...NO_EXTRAS,
      problems: [],
    });
    expect(none).toContain('LANE-ORDER');
  });

  it('shows marks alone where there are many drains', () => {
    const drains = Array.from({ length: 9 }, (_, i) => ({ ...sampleRun().drains[0]!, name: `drain-${i}` }));
    const many = renderTerminal({ ...sample, run: { ...sampleRun(), drains } }, { color: false });
    expect(many).toContain('  column 1: drain-0');
    expect(many).toMatch(/^ {2}LANE-ORDER .* · · · · · · · · · ✓ ✓ ✓$/m);
  });

  it('shortens long evidence', () => {
    const text = renderTerminal(
      {
        ...sample,
        verdicts: sample.verdicts.map((v) =>
          v.failure ? { ...v, failure: { ...v.failure, evidence: v.failure.history.map((_, i) => i), replay: '' } } : v,
        ),
      },
      { color: false },
    );
    expect(text).toMatch(/and \d+ more records/);
    expect(text).not.toContain(' replay ');
  });
});

describe('progress', () => {
  function watch(options: Partial<ProgressOptions> & { columns?: number } = {}): ReturnType<typeof createProgress> & {
    text: () => string;
    pass: (ms: number) => void;
  } {
    let text = '';
    let time = 0;
    const stream = { write: (s: string) => (text += s), ...(options.columns && { columns: options.columns }) };
    const progress = createProgress({ isTTY: true, total: 4, color: false, now: () => time, ...options, stream });
    return { ...progress, text: () => text, pass: (ms) => (time += ms) };
  }
  const verdict = { id: 'LANE-ORDER', drain: 'native', verdict: 'pass', durationMs: 12, reason: 'fine' } as const;

  it('keeps one line up to date on a terminal', () => {
    const p = watch();
    p.running('LANE-ORDER', 'native');
    p.pass(10);
    p.running('too-soon', 'native');
    p.pass(1990);
    p.verdict(verdict);
    expect(p.text()).toBe('\r\u001b[2K0/4  LANE-ORDER native  0 ms\r\u001b[2K1/4  too-soon native  2.0 s  6.0 s left');
    p.verdict({ ...verdict, verdict: 'fail', reason: HOSTILE });
    expect(p.text()).toContain('\r\u001b[2K✗ LANE-ORDER native  </script>');
    expect(p.text()).toContain('2/4  too-soon native  1 not passed  2.0 s  2.0 s left');
    p.problem('a worker died');
    expect(p.text()).toContain('! a worker died\n');
    p.finish();
    p.finish();
    p.running('x', 'y');
    expect(p.text().endsWith('\r\u001b[2K')).toBe(true);
  });

  it('writes one line per verdict elsewhere', () => {
    const p = watch({ isTTY: false });
    p.running('LANE-ORDER', 'native');
    p.verdict(verdict);
    p.verdict({ ...verdict, verdict: 'not-applicable', id: HOSTILE });
    p.problem('gone\u001b');
    p.finish();
    expect(p.text()).toMatch(/^pass {13}LANE-ORDER native {2}12 ms\nnot applicable {3}<\/script>/);
    expect(p.text()).not.toMatch(CONTROLS);
    expect(p.text().trimEnd().split('\n')).toHaveLength(3);
  });

  it('does without a total and on a narrow terminal', () => {
    const p = watch({ columns: 24 });
    p.running('A-VERY-LONG-REQUIREMENT-ID', 'reference');
    p.verdict({ ...verdict, verdict: 'error' });
    expect(p.text()).toContain('…');
    let text = '';
    const bare = createProgress({ stream: { write: (s) => (text += s) }, isTTY: true });
    bare.running('A-B', 'c');
    bare.finish();
    expect(text).toContain('0  A-B c');
    createProgress({ stream: { write: (s) => (text += s) }, isTTY: false }).verdict(verdict);
    expect(text).toContain('pass');
  });
});
