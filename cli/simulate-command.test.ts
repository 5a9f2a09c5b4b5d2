import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { Load, SimulationResult } from '../simulate/index.js';
import { EXIT } from './program.js';
import { runText } from './testing.js';

const folder = mkdtempSync(join(tmpdir(), 'drainproof-simulate-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = (...args: string[]) => runText('simulate', ...args);

async function json(...args: string[]): Promise<{ load: Load; results: SimulationResult[] }> {
  const { code, out, err } = await run('--json', ...args);
  expect({ code, err }).toEqual({ code: EXIT.asDeclared, err: '' });
  return JSON.parse(out) as { load: Load; results: SimulationResult[] };
}

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

test('without anything: 64 backlogged threads under all four policies', async () => {
  const { load, results } = await json('--visits', '640');
  expect(load.groups).toMatchObject([{ name: 'threads', count: 64, arrivals: { kind: 'backlogged' } }]);
  expect(results.map(({ policy }) => policy)).toEqual(['round-robin', 'weighted-fair', 'priority', 'adaptive']);
  expect(results[0]).toMatchObject({ visits: 640, events: 640 * 256, longestWaitVisits: 63 });
});

test('flags describe the load', async () => {
  const args = ['--threads', '5', '--weights', '1,4', '--priorities', '0,0,7', '--rate', '2e5', '--skip-chance', '0.1'];
  const { load } = await json(...args, '--visits', '50', '--seed', '9', '--quantum', '32', '--max-skips', '2');
  expect(load.groups.map(({ name, count, weight, priority }) => [name, count, weight, priority])).toEqual([
    ['weight 1 class 0', 2, 1, 0],
    ['weight 4 class 0', 2, 4, 0],
    ['weight 1 class 7', 1, 1, 7],
  ]);
  expect(load.groups[0]).toMatchObject({ heldChance: 0.1, arrivals: { kind: 'steady', rate: 200_000 } });
  expect(load).toMatchObject({ visits: 50, seed: 9, config: { quantum: 32, maxSkips: 2 } });
});

test('flags replace what a file says, and leave the rest', async () => {
  const path = file(
    'load.json',
    JSON.stringify({
      version: 1,
      groups: [{ name: 'a', count: 3, arrivals: { kind: 'backlogged' } }],
      costs: { visitNs: 50, eventNs: 1 },
      config: { quantum: 8, maxSkips: 1 },
      visits: 30,
    }),
  );
  const args = [
    '--policy',
    'priority,adaptive',
    '--quantum',
    '16',
    '--visit-ns',
    '70',
    '--age-after',
    '3',
    '--duration',
    '1',
  ];
  const { load, results } = await json(path, ...args);
  expect(load).toMatchObject({
    visits: 30,
    durationNs: 1e6,
    costs: { visitNs: 70, eventNs: 1 },
    config: { quantum: 16, maxSkips: 1, ageAfter: 3 },
  });
  expect(results.map(({ policy, visits }) => [policy, visits])).toEqual([
    ['priority', 30],
    ['adaptive', 30],
  ]);
});

test('a duration alone ends the run', async () => {
  const { load, results } = await json('--threads', '2', '--duration', '5', '--policy', 'round-robin');
  expect(load).toMatchObject({ durationNs: 5e6, visits: 20_000_000 });
  expect(results[0]).toMatchObject({ ended: 'duration' });
});

test('nodes: one policy, three arrangements', async () => {
  const args = [
    '--threads',
    '8',
    '--nodes',
    '2',
    '--visits',
    '64',
    '--remote-visit',
    '3',
    '--remote-event',
    '2',
    '--move-ns',
    '10',
  ];
  const { load, results } = await json(...args);
  expect(load.numa).toEqual({ nodes: 2, remoteVisitFactor: 3, remoteEventFactor: 2, moveNs: 10 });
  expect(results.map(({ policy, arrangement }) => `${policy} ${arrangement}`)).toEqual([
    'round-robin plain',
    'round-robin node-order',
    'round-robin per-node',
  ]);
  const two = await json(...args, '--arrangement', 'per-node', '--policy', 'weighted-fair', '--policy', 'adaptive');
  expect(two.results.map(({ policy }) => policy)).toEqual(['weighted-fair', 'adaptive']);
});

test('tables, and the picture where it was asked for', async () => {
  const path = join(folder, 'deep', 'picture.svg');
  const { code, out } = await run('--threads', '4', '--backlog', '500', '--visits', '400', '--out', path);
  expect(code).toBe(EXIT.asDeclared);
  expect(out).toContain('4 threads in 1 group');
  expect(out).toMatch(/^ {2}weighted-fair +256 /m);
  expect(out).toContain(path);
  expect(readFileSync(path, 'utf8')).toMatch(/^<svg [^]*<\/svg>\s*$/);
});

test.each([
  [['--policy', 'weighed-fair'], "There is no policy 'weighed-fair'. Did you mean 'weighted-fair'?"],
  [['--policy', 'zzzzzzzzzzz'], 'There are round-robin, weighted-fair'],
  [['--arrangement', 'per-nod'], "Did you mean 'per-node'?"],
  [['--rate', '5', '--backlog'], 'exclude each other'],
  [['--threads', 'many'], 'Expected a number from 0'],
  [['--weights', '1,,2'], 'Expected a number from 0'],
  [['--threads', '0'], '--threads is 0'],
  [['--threads', '1.5'], '--threads is 1.5'],
  [['--weights', '2000'], 'groups.0.weight'],
  [['--quantum', '0'], 'quantum is 0'],
  [['--nodes', '65'], 'numa.nodes'],
  [['--out', 'package.json/picture.svg', '--visits', '64'], 'cannot be written'],
  [['nowhere.json'], 'nowhere.json: it cannot be read (ENOENT)'],
])('%j is answered with what is wrong, and exit code 2', async (args, words) => {
  const { code, out, err } = await run(...args);
  expect(err).toContain(words);
  expect({ code, out }).toEqual({ code: EXIT.usage, out: '' });
});

test.each([
  ['{', 'it is no JSON'],
  ['{"version":1}', 'groups'],
  ['{"version":1,"groups":[],"costs":7}', 'groups'],
  ['{"version":1,"groups":[{"name":"a","count":1,"arrivals":{"kind":"backlogged"}}],"costs":7}', 'costs'],
])('a file that holds %s is refused: %s', async (text, words) => {
  const { code, err } = await run(file('bad.json', text), '--visit-ns', '5');
  expect(err).toMatch(/bad\.json: /);
  expect(err).toContain(words);
  expect(code).toBe(EXIT.usage);
});

test('a file and flags that describe threads exclude each other', async () => {
  const { code, err } = await run('load.json', '--threads', '4');
  expect(err).toContain('load.json describes the threads');
  expect(code).toBe(EXIT.usage);
});
