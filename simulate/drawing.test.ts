import { expect, test } from 'vitest';
import { POLICIES } from '../spec/index.js';
import { drawSimulation, niceMost, pointsOf } from './drawing.js';
import { checkLoad } from './load.js';
import type { WindowSeen } from './measure.js';
import { simulate } from './simulate.js';
import { renderSimulation } from './tables.js';

const load = checkLoad(
  {
    version: 1,
    groups: [
      { name: 'workers', count: 8, arrivals: { kind: 'steady', rate: 1e6 } },
      { name: 'busy', count: 2, weight: 3, arrivals: { kind: 'backlogged' } },
    ],
    config: { quantum: 64 },
    visits: 3000,
  },
  'test',
);
const results = POLICIES.map((policy) => simulate(load, policy));

/** Names of elements in the order they open. @throws when one is not closed in its place */
function elements(svg: string): string[] {
  const open: string[] = [];
  const seen: string[] = [];
  const outside = svg.replace(
    /<(\/?)([a-zA-Z]+)((?:\s+[a-zA-Z:-]+="[^"<&]*(?:&[#a-z0-9]+;[^"<&]*)*")*)\s*(\/?)>/g,
    (_, end, name: string, _attributes, alone) => {
      if (end === '/') expect(open.pop()).toBe(name);
      else {
        seen.push(name);
        if (alone !== '/') open.push(name);
      }
      return '';
    },
  );
  expect(open).toEqual([]);
  expect(outside).not.toMatch(/[<>]|&(?!#?\w+;)/);
  return seen;
}

test('the picture is well-formed, names every policy, row and group, and stays small', () => {
  const svg = drawSimulation(load, results);
  const names = elements(svg);
  expect(names[0]).toBe('svg');
  expect(names.filter((name) => name === 'svg')).toHaveLength(1);
  for (const words of [
    ...POLICIES,
    'share:',
    'longest wait',
    'service lag',
    'workers',
    'busy',
    'virtual time',
    'quantum 64',
  ])
    expect(svg).toContain(words);
  expect(svg.length).toBeLessThan(60_000);
  expect(drawSimulation(load, results)).toBe(svg);
});

test('one group needs no legend, and a run without windows can be drawn', () => {
  const empty = checkLoad(
    { version: 1, groups: [{ name: 'only', count: 1, arrivals: { kind: 'steady', rate: 1 } }], durationNs: 1 },
    'test',
  );
  const svg = drawSimulation(empty, [simulate(empty, 'round-robin')]);
  elements(svg);
  expect(svg).not.toContain('only');
  expect(svg).toContain('1 thread;');
});

test('many windows are drawn as few points: the mean share, the longest wait', () => {
  const windows = Array.from({ length: 1000 }, (_, i) => ({
    atNs: i * 1e6,
    longestWait: i,
    share: [i % 2],
  })) as unknown as WindowSeen[];
  const waits = pointsOf(windows, { of: ({ longestWait }) => longestWait, merge: 'largest' });
  expect(waits.length).toBeLessThanOrEqual(120);
  expect(waits[0]).toEqual([8, 8]);
  expect(pointsOf(windows, { of: ({ share }) => share[0], merge: 'mean' })[1]).toEqual([17, 0.55556]);
  expect(pointsOf(windows, { of: () => undefined, merge: 'mean' })).toEqual([]);
});

test('an axis ends at a round number', () => {
  expect([0.9, 1, 1.9, 7.8, 99].map(niceMost)).toEqual([1, 1.25, 2, 10, 125]);
});

test('the tables tell every policy and group, and what was assumed', () => {
  const text = renderSimulation(load, results);
  for (const policy of POLICIES) expect(text.match(new RegExp(`^  ${policy} `, 'gm'))).toHaveLength(2);
  expect(text).toContain('10 threads in 2 groups, seed 1');
  expect(text).toContain('a visit costs 100 ns, an event 5 ns, a sink write 200 ns, a skip 30 ns');
  expect(text).toMatch(/adaptive .* 16 to 64|adaptive .* 64/);
  expect(text).not.toContain('nodes:');
  for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(140);
});

test('with nodes the tables say so', () => {
  const spread = checkLoad({ ...load, groups: [load.groups[1]], numa: { nodes: 2 }, visits: 100 }, 'test');
  const text = renderSimulation(spread, [simulate(spread, 'round-robin', 'per-node')]);
  expect(text).toContain('round-robin, per-node');
  expect(text).toContain('2 nodes: from another one a visit costs 2.1 times as much');
  expect(text).toContain('2 threads in 1 group,');
});
