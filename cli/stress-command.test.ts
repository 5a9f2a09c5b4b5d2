import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { DIST } from '../conformance/runner/drains.js';
import { readResults, type Results } from '../reports/index.js';
import { SCENARIOS } from '../stress/scenarios.js';
import { runCli, EXIT } from './program.js';
import { Text, runText } from './testing.js';

const folder = mkdtempSync(join(tmpdir(), 'drainproof-stress-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const resultsIn = (out: string): Results => readResults(join(out, 'results.jsonl'));
/** Counts that no load on the machine excuses. */
const EXACT = ['eventsLost', 'eventsDuplicated', 'eventsWrong', 'ledgerDifference'];

test('every scenario is measured on both drains, and nothing is lost', async () => {
  const out = join(folder, 'quick');
  const { code, out: text } = await runText(
    'stress',
    '--seconds',
    '0.3',
    '--repeats',
    '1',
    '--seed',
    '5',
    '--out',
    out,
  );
  const results = resultsIn(out);
  expect(results.partial).toBe(false);
  expect(results.run).toMatchObject({ profile: 'quick', seed: 5 });
  for (const drain of ['reference', 'native']) {
    const own = results.stress.filter((record) => record.drain === drain);
    expect(own.map(({ scenario }) => scenario)).toEqual(SCENARIOS.map(({ id }) => id));
    for (const { scenario, targets, results: measured } of own) {
      expect(measured[0]!.problems, `${scenario} on ${drain}`).toEqual([]);
      const exact = targets.filter(({ metric }) => EXACT.includes(metric));
      expect(exact, scenario).toHaveLength(EXACT.length);
      for (const { metric, verdict, reason } of exact) expect(verdict, `${scenario} ${metric}: ${reason}`).toBe('pass');
    }
  }
  // how fast this machine is here and now is no matter of a unit test
  expect(code).toBe(results.end!.ok ? EXIT.asDeclared : EXIT.notAsDeclared);
  expect(results.end!.ok).toBe(results.stress.every(({ verdict }) => verdict === 'pass'));
  for (const name of ['index.html', 'junit.xml', 'report.md']) expect(existsSync(join(out, name))).toBe(true);
  for (const { id } of SCENARIOS) expect(text).toContain(id);
});

test('the saturation curve, and what a terminal shows meanwhile', async () => {
  const out = join(folder, 'saturation');
  const screen = Object.assign(new Text(), { isTTY: true, columns: 120 });
  const args = ['stress', '--impl', 'native', '--saturation', '--shard', '1/3', '--seconds', '0.2', '--out', out];
  const code = await runCli(['node', 'drainproof', ...args], { out: screen, err: new Text() });
  const { saturation, stress, run } = resultsIn(out);
  expect(stress).toEqual([]);
  expect(run.shard).toEqual({ index: 1, of: 3 });
  expect(saturation).toHaveLength(1);
  const [{ threads, steps, kneeEventsPerSecond }] = saturation as [Results['saturation'][number]];
  expect(threads).toBe(1);
  expect(steps.length).toBeGreaterThan(0);
  const held = steps.filter(({ holds }) => holds).map(({ offeredEventsPerSecond }) => offeredEventsPerSecond);
  expect(kneeEventsPerSecond).toBe(held.at(-1) ?? 0);
  expect(steps.map(({ offeredEventsPerSecond: rate }) => rate)).toEqual(
    steps.map(({ offeredEventsPerSecond: rate }) => rate).toSorted((a, b) => a - b),
  );
  expect(screen.text).toContain('saturation, 1 threads, native');
  expect(screen.text).toContain('P99');
  expect([EXIT.asDeclared, EXIT.notAsDeclared]).toContain(code);
});

test('Ctrl-C ends it with a partial report that says so', async () => {
  const out = join(folder, 'interrupted');
  const args = [
    'stress',
    '--impl',
    'native',
    '--scenario',
    'light',
    '--scenario',
    'idle',
    '--seconds',
    '600',
    '--out',
    out,
  ];
  const ended = await new Promise<{ code: unknown; text: string }>((resolve) => {
    const child = execFile(
      process.execPath,
      [join(DIST, 'cli', 'main.js'), ...args],
      { timeout: 120_000 },
      (error, stdout, stderr) => resolve({ code: error?.code ?? 0, text: stdout + stderr }),
    );
    const started = setInterval(() => {
      if (!existsSync(join(out, 'results.jsonl'))) return;
      clearInterval(started);
      setTimeout(() => child.kill('SIGINT'), 3000);
    }, 100);
  });
  expect(ended.code).toBe(EXIT.notAsDeclared);
  expect(ended.text).toContain('it was interrupted');
  const { stress, end } = resultsIn(out);
  expect(stress.map(({ scenario, partial }) => [scenario, partial])).toEqual([['light', true]]);
  const counts = stress[0]!.targets.filter(({ metric }) => EXACT.includes(metric));
  for (const { verdict } of counts) expect(verdict).toBe('pass');
  expect(end!.ok).toBe(false);
});

test('loads are scaled by flags, and a replay says them again', async () => {
  const out = join(folder, 'scaled');
  const args = ['--impl', 'reference', '--scenario', 'medium', '--threads', '2', '--rate', '0.5', '--seconds', '0.2'];
  await runText('stress', ...args, '--repeats', '2', '--seed', '3', '--out', out);
  const [record] = resultsIn(out).stress;
  expect(record!.load).toMatchObject({
    seed: 3,
    durationMs: 200,
    groups: [{ threads: 2, arrivals: { kind: 'open', rate: 500 } }],
  });
  expect(record!.results).toHaveLength(2);
  expect(record!.replay).toMatch(
    /stress --impl reference --profile quick --scenario medium --seconds 0.2 --threads 2 --rate 0.5 --repeats 2 --seed 3$/,
  );
});

test('a drain that cannot be measured is told so; one that is no drain is the user’s mistake', async () => {
  const out = join(folder, 'simple');
  const simple = join(DIST, '..', 'docs', 'examples', 'simple-drain.mjs');
  const { code } = await runText('stress', '--impl', simple, '--scenario', 'light', '--out', out);
  expect(resultsIn(out).stress[0]).toMatchObject({ verdict: 'not-applicable', reason: 'it does not claim threads' });
  expect(code).toBe(EXIT.notAsDeclared); // nothing passed
  const nothing = join(folder, 'nothing.mjs');
  writeFileSync(nothing, 'export const name = 1;');
  const refused = await runText('stress', '--impl', nothing, '--out', out);
  expect(refused).toMatchObject({ code: EXIT.usage, err: expect.stringContaining('is missing') as string });
  const program = join(folder, 'mute');
  writeFileSync(program, '#!/bin/sh\nexit 3\n', { mode: 0o755 });
  await runText('stress', '--impl', program, '--scenario', 'light', '--out', out);
  expect(resultsIn(out).stress[0]).toMatchObject({
    verdict: 'fail',
    reason: expect.stringContaining('exit code 3') as string,
  });
});

test.each([
  [['--scenario', 'heavi'], "There is no scenario 'heavi'. Did you mean 'heavy'?"],
  [['--scenario', 'zzzzzzzzzzzzzzz'], "There is no scenario 'zzzzzzzzzzzzzzz'. There are throughput"],
  [['--profile', 'long'], 'Allowed choices are quick, standard, soak'],
  [['--shard', '3/2'], 'Expected i/n'],
  [['--shard', '2'], 'Expected i/n'],
  [['--seconds', '0'], 'Expected a number from 0.1'],
  [['--threads', '1.5'], 'Expected a whole number from 1 to 1024'],
  [['--rate', 'fast'], 'Expected a number from 0.001'],
  [['--impl', './no-such-drain.js'], 'neither reference nor native nor a file'],
  [['--scenario', 'light', '--shard', '2/2'], 'There is nothing to do in this part'],
])('%j is refused in words', async (args, message) => {
  const { code, err } = await runText('stress', ...args);
  expect(code).toBe(EXIT.usage);
  expect(err).toContain(message);
});
