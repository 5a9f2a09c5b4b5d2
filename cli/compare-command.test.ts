import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { ResultsWriter } from '../reports/index.js';
import { VERDICTS, type ResultOf, type ResultRecord, type Verdict } from '../spec/index.js';
import { EXIT } from './program.js';
import { runText } from './testing.js';

const folder = mkdtempSync(join(tmpdir(), 'drainproof-compare-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run: ResultOf<'run'> = {
  type: 'run',
  version: 1,
  tool: { name: 'drainproof', version: '0' },
  startedAt: '',
  seed: 0,
  arguments: [],
  machine: { cpu: 'one', cores: 2, memoryBytes: 1, os: 'x 1', node: 'v20' },
  drains: [],
};
const end: ResultOf<'end'> = {
  type: 'end',
  endedAt: '',
  counts: Object.fromEntries(VERDICTS.map((name) => [name, 0])) as Record<Verdict, number>,
  ok: true,
  problems: [],
};

function file(name: string, records: readonly ResultRecord[], whole = true): string {
  const writer = new ResultsWriter(join(folder, name));
  for (const record of [run, ...records, ...(whole ? [end] : [])]) writer.append(record);
  writer.close();
  return writer.path;
}

const benchmark = (name: string, ns: number, drain = 'mine'): ResultRecord => ({
  type: 'benchmark',
  drain,
  name,
  about: '',
  unit: 'ns',
  median: ns,
  samples: [0.99, 1, 1.01, 1.02, 1, 0.98].map((part) => part * ns),
});
const verdict = (id: string, of: Verdict): ResultRecord => ({
  type: 'verdict',
  id,
  drain: 'mine',
  verdict: of,
  reason: `it is ${of}`,
  seed: 1,
  scenarios: 1,
  events: 1,
  durationMs: 1,
});

const A = file('a.jsonl', [
  benchmark('emit', 1234.5),
  benchmark('visit', 100),
  benchmark('idle', 50),
  benchmark('gone', 1),
  verdict('LANE-ORDER', 'pass'),
  verdict('SINK-THROWS', 'pass'),
]);
const B = file('b.jsonl', [
  benchmark('emit', 3333),
  benchmark('visit', 80),
  benchmark('idle', 50),
  verdict('LANE-ORDER', 'fail'),
  verdict('SINK-THROWS', 'pass'),
  verdict('LOSS-NO-PHANTOM', 'pass'),
]);

test('a table, and one line that counts', async () => {
  const { code, out, err } = await runText('compare', A, B);
  expect({ code, err }).toEqual({ code: EXIT.asDeclared, err: '' });
  const lines = out.split('\n').map((line) => line.trim().replace(/ {2,}/g, ' | '));
  expect(lines.filter((line) => line !== '')).toEqual([
    'drain | what | A | B | change',
    'mine | emit | 1,235 ns | 3,333 ns | × 2.7 | worse | between +162.0 % and +178.2 % (99 % sure)',
    'mine | visit | 100 ns | 80 ns | −20.0 % | better | between −22.4 % and −17.6 % (99 % sure)',
    'mine | idle | 50 ns | 50 ns | +0.0 % | same | between −2.9 % and +3.0 % (99 % sure)',
    'mine | gone | 1 ns | – | – | only in A | B does not have it',
    'mine | LANE-ORDER | pass | fail | – | worse | it is fail',
    '2 worse, 1 better, 2 the same, 1 only in A, 1 only in B',
  ]);
});

test('--fail-on-worse is exit code 1 only when something is worse', async () => {
  expect((await runText('compare', A, B, '--fail-on-worse')).code).toBe(EXIT.notAsDeclared);
  expect((await runText('compare', A, A, '--fail-on-worse')).code).toBe(EXIT.asDeclared);
  const better = await runText(
    'compare',
    file('slow.jsonl', [benchmark('emit', 9)]),
    file('fast.jsonl', [benchmark('emit', 3)]),
    '--fail-on-worse',
  );
  expect(better.code).toBe(EXIT.asDeclared);
  expect(better.out).toContain('× 0.333');
});

test('--json is the whole comparison with its counts', async () => {
  const { out } = await runText('compare', A, B, '--json');
  expect(JSON.parse(out)).toMatchObject({
    notes: [],
    counts: { worse: 2, better: 1, same: 2, 'cannot tell': 0, 'only in A': 1, 'only in B': 1 },
    compared: [
      { kind: 'benchmark', drain: 'mine', name: 'emit', before: 1234.5, after: 3333, verdict: 'worse' },
      {},
      {},
      {},
      {},
      {},
      {},
    ],
  });
});

test('verdicts that stayed leave no table, and a file that breaks off a note', async () => {
  const { code, out } = await runText(
    'compare',
    file('whole.jsonl', [verdict('LANE-ORDER', 'pass')]),
    file('cut.jsonl', [verdict('LANE-ORDER', 'pass')], false),
  );
  expect(code).toBe(EXIT.asDeclared);
  expect(out).toBe('\n  B was cut off before its end.\n\n  0 worse, 0 better, 1 the same\n');
});

test('what a file says of itself can do nothing to the terminal', async () => {
  const path = file('hostile.jsonl', [benchmark('\u001b[2J', 1, 'a\nb')]);
  expect((await runText('compare', path, path)).out).toMatch(/a\\nb +\\u001b\[2J/);
});

test.each([
  [[A], "missing required argument 'B'"],
  [[A, 'nowhere.jsonl'], 'nowhere.jsonl: there is no such file'],
  [['package.json', A], 'package.json:1: it is no JSON'],
  [[A, file('other.jsonl', [benchmark('emit', 1, 'other')])], 'have nothing in common'],
  [[file('empty.jsonl', []), file('void.jsonl', [])], 'have nothing in common'],
])('%j is answered with what is wrong, and exit code 2', async (args, words) => {
  const { code, out, err } = await runText('compare', ...args);
  expect(err).toContain(words);
  expect({ code, out }).toEqual({ code: EXIT.usage, out: '' });
});
