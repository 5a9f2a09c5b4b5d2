import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { checkLoad, type LoadInput } from './load.js';
import { NUMA_CASES, numaLoad, numaTable } from './numa-table.js';
import { simulate } from './simulate.js';

const costs = { visitNs: 100, eventNs: 2, sinkNs: 50, skipNs: 10 };
const numa = { nodes: 2, remoteVisitFactor: 3, remoteEventFactor: 1.5, moveNs: 700 };
/** One quantum of ten events, from the drain's own node and from the other one. */
const NEAR = 100 + 10 * 2 + 50;
const FAR = 3 * 100 + 10 * 2 * 1.5 + 50;
const load = (visits: number, groups: LoadInput['groups']) =>
  checkLoad({ version: 1, groups, costs, numa, config: { quantum: 10 }, visits }, 'test');
const two = [{ name: 'a', count: 2, arrivals: { kind: 'backlogged' } }] as const;

test('plain: every visit to the other node costs more', () => {
  expect(simulate(load(8, [...two]), 'round-robin').virtualNs).toBe(4 * (NEAR + FAR));
});

test('node-order: no visit does, but each change of node costs a move', () => {
  // it begins on node 0: 0, move, 1, move, 0, move, 1
  expect(simulate(load(4, [...two]), 'round-robin', 'node-order').virtualNs).toBe(4 * NEAR + 3 * 700);
});

test('per-node: the drains run at the same time', () => {
  const seen = simulate(load(8, [...two]), 'round-robin', 'per-node');
  expect(seen).toMatchObject({ visits: 8, virtualNs: 4 * NEAR, longestWaitVisits: 0, serviceLagWithinNode: 0 });
  expect(seen.eventsPerSecond).toBeCloseTo((2 * 10 * 1e9) / NEAR, 3);
});

test('node-order keeps the bounds of one order: everybody has one turn in each iteration', () => {
  const many = load(6400, [{ name: 'a', count: 64, arrivals: { kind: 'backlogged' } }]);
  const seen = simulate(many, 'round-robin', 'node-order');
  expect(seen).toMatchObject({ longestWaitVisits: 63, serviceLag: 10, jain: 1, minShare: 1 });
});

test('per-node: threads of a crowded node get less than those of another, and the lag between nodes grows', () => {
  const uneven: LoadInput['groups'] = [
    { name: 'near', count: 3, arrivals: { kind: 'backlogged' }, node: 0 },
    { name: 'far', count: 1, arrivals: { kind: 'backlogged' }, node: 1 },
  ];
  const seen = simulate(load(6000, uneven), 'round-robin', 'per-node');
  expect(seen.serviceLagWithinNode).toBe(10);
  expect(seen.serviceLag).toBeGreaterThan(1000);
  expect(seen.groups[0]!.share).toBeCloseTo(2 / 3, 2);
  expect(seen.groups[1]!.share).toBeCloseTo(2, 2);
  expect(simulate(load(6000, uneven), 'round-robin', 'plain').minShare).toBe(1);
});

test('a node without threads has no drain', () => {
  const one: LoadInput['groups'] = [{ name: 'a', count: 2, arrivals: { kind: 'backlogged' }, node: 1 }];
  for (const arrangement of ['node-order', 'per-node'] as const)
    expect(simulate(load(4, one), 'round-robin', arrangement).virtualNs).toBe(4 * NEAR);
});

test('the table has a row for each arrangement, by the plain one', () => {
  const rows = numaTable([
    { threads: 8, nodes: 2 },
    { threads: 8, nodes: 3, uneven: true },
  ]).split('\n');
  expect(rows[2]).toMatch(/^\| 8 \| 2 \| plain \| [\d.]+ M \| 1\.00 \| 7 \|/);
  expect(rows).toHaveLength(2 + 6 + 1);
  expect(rows[7]).toContain('| 3, uneven | per-node |');
  expect(numaLoad({ threads: 9, nodes: 3, uneven: true }).groups.map(({ count, node }) => [count, node])).toEqual([
    [7, 0],
    [1, 1],
    [1, 2],
  ]);
});

test('docs/numa.md has the figures that the command prints', () => {
  const page = readFileSync('docs/numa.md', 'utf8');
  const rows = numaTable(NUMA_CASES.filter(({ threads }) => threads <= 256))
    .trim()
    .split('\n');
  for (const row of rows) expect(page).toContain(row);
});
