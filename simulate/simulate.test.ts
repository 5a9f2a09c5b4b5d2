import { expect, test } from 'vitest';
import { POLICIES, longestWaitVisits, serviceLagBound } from '../spec/index.js';
import { checkLoad, type LoadInput } from './load.js';
import { simulate } from './simulate.js';

const backlogged = { kind: 'backlogged' } as const;
const load = (groups: LoadInput['groups'], rest: Partial<LoadInput> = {}) =>
  checkLoad({ version: 1, groups, ...rest }, 'test');

test('two equal threads, by hand: each visit is 256 events of 5 ns, a write and a visit', () => {
  const seen = simulate(load([{ name: 'a', count: 2, arrivals: backlogged }], { visits: 4 }), 'round-robin');
  const visitNs = 100 + 256 * 5 + 200;
  expect(seen).toMatchObject({ visits: 4, skips: 0, writes: 4, events: 1024, virtualNs: 4 * visitNs, ended: 'visits' });
  expect(seen).toMatchObject({ jain: 1, minShare: 1, serviceLag: 256, longestWaitVisits: 1, longestWaitNs: visitNs });
  expect(seen.eventsPerSecond).toBeCloseTo(256e9 / visitNs, 3);
  expect(seen.groups).toMatchObject([{ name: 'a', threads: 2, events: 1024, share: 1, longestWaitVisits: 1 }]);
  expect(seen.groups[0]).not.toHaveProperty('latencyP50Ns');
});

test('weights 1 and 3: weighted-fair gives a quarter and three, round-robin halves', () => {
  const weighted = load(
    [
      { name: 'one', count: 1, weight: 1, arrivals: backlogged },
      { name: 'three', count: 1, weight: 3, arrivals: backlogged },
    ],
    { visits: 2000, config: { quantum: 10 } },
  );
  const fair = simulate(weighted, 'weighted-fair');
  expect(fair.groups.map(({ events, share }) => [events, share])).toEqual([
    [10_000, 1],
    [30_000, 1],
  ]);
  expect(fair).toMatchObject({ jain: 1, minShare: 1, serviceLag: 10 });
  const robin = simulate(weighted, 'round-robin');
  expect(robin.groups.map(({ events }) => events)).toEqual([10_000, 10_000]);
  expect(robin.groups[0]!.share).toBe(2);
  expect(robin.groups[1]!.share).toBeCloseTo(2 / 3);
});

test('priority: the high class goes first, where an iteration has room for one', () => {
  const classes = load(
    [
      { name: 'low', count: 3, priority: 0, arrivals: backlogged },
      { name: 'high', count: 1, priority: 7, arrivals: backlogged },
    ],
    { visits: 1000, config: { maxIterationVisits: 1, ageAfter: 4 } },
  );
  const seen = simulate(classes, 'priority');
  const [low, high] = seen.groups;
  expect(high!.events).toBeGreaterThan(low!.events);
  expect(high!.longestWaitVisits).toBeLessThanOrEqual(3);
  // nobody starves: after seven rises of four iterations each a low one is in the top class
  expect(low!.events).toBeGreaterThan(0);
  expect(low!.longestWaitVisits).toBeLessThanOrEqual(4 * 7 + 2 * 4 + 1);
});

test('adaptive: the quantum stays within its limits, grows under load and shrinks when little comes', () => {
  const config = { quantum: 64, quantumMin: 32, quantumMax: 512 };
  const busy = simulate(load([{ name: 'a', count: 4, arrivals: backlogged }], { visits: 1000, config }), 'adaptive');
  expect(busy.quantum).toEqual({ least: 64, most: 512 });
  expect(busy.windows.at(-1)!.quantum).toBe(512);
  expect(busy.serviceLag).toBeLessThanOrEqual(512);
  const rare = { kind: 'steady', rate: 1000 } as const;
  const quiet = simulate(load([{ name: 'a', count: 4, arrivals: rare }], { visits: 1000, config }), 'adaptive');
  expect(quiet.quantum).toEqual({ least: 32, most: 64 });
});

test('an event alone: it is written after a visit, an event and a write, whenever it comes', () => {
  const rare = { kind: 'steady', rate: 1000 } as const;
  const seen = simulate(load([{ name: 'a', count: 1, arrivals: rare }], { visits: 100 }), 'round-robin');
  expect(seen).toMatchObject({ visits: 100, events: 100, longestWaitVisits: 0, longestWaitNs: 0 });
  expect(seen.groups[0]!.latencyP50Ns! / 305).toBeCloseTo(1, 1);
  expect(seen.groups[0]!.latencyP99Ns).toBe(seen.groups[0]!.latencyP50Ns);
});

test('held queues: skipped, credit kept, and the bounds hold while no run of skips is longer than K', () => {
  const held = load(
    [
      { name: 'free', count: 6, arrivals: backlogged },
      { name: 'held', count: 2, arrivals: backlogged, heldChance: 0.2 },
    ],
    { visits: 20_000, config: { quantum: 16, maxSkips: 8 } },
  );
  for (const policy of POLICIES.filter((name) => name !== 'adaptive')) {
    const seen = simulate(held, policy);
    expect(seen.skips).toBeGreaterThan(500);
    expect(seen.longestWaitVisits).toBeLessThanOrEqual(longestWaitVisits(8, 8));
    expect(seen.serviceLag).toBeGreaterThan(16);
    expect(seen.serviceLag).toBeLessThanOrEqual(serviceLagBound(16, 8));
    expect(seen.groups[1]!.share).toBeCloseTo(1, 2);
  }
});

test('a queue that is always held stops nobody, and gets nothing', () => {
  const stuck = load(
    [
      { name: 'free', count: 1, arrivals: backlogged },
      { name: 'stuck', count: 1, arrivals: backlogged, heldChance: 1 },
    ],
    { visits: 1000 },
  );
  const seen = simulate(stuck, 'round-robin');
  expect([seen.visits, seen.skips, seen.minShare]).toEqual([500, 500, 0]);
});

test.each(POLICIES)('%s: threads join and leave, and what they had is delivered', (policy) => {
  const groups: LoadInput['groups'] = [
    { name: 'early', count: 2, arrivals: { kind: 'backlogged', pending: 1000 }, leaveNs: 50_000, priority: 3 },
    {
      name: 'late',
      count: 1,
      arrivals: { kind: 'burst', events: 500, everyNs: 10_000 },
      joinNs: 20_000,
      leaveNs: 90_000,
    },
    { name: 'sparse', count: 1, arrivals: { kind: 'steady', rate: 1e5 }, leaveNs: 200_000 },
  ];
  const seen = simulate(load(groups), policy);
  expect(seen.ended).toBe('load');
  expect(seen.groups[0]!.events).toBeGreaterThanOrEqual(2000);
  expect(seen.groups[1]!.events).toBe(3500); // seven bursts begin in 70,000 ns
  expect(seen.groups[2]!.events).toBe(20);
  expect(seen.minShare).toBe(1);
});

test('limits of an iteration, and the end by time', () => {
  const groups: LoadInput['groups'] = [{ name: 'a', count: 8, arrivals: backlogged }];
  for (const config of [{ maxIterationVisits: 2 }, { maxIterationEvents: 300 }, { maxIterationNs: 2000 }]) {
    const seen = simulate(load(groups, { config, durationNs: 100_000 }), 'round-robin');
    expect(seen.ended).toBe('duration');
    expect(seen.virtualNs).toBeLessThan(104_000);
    expect(seen.longestWaitVisits).toBe(7);
  }
});

test('the same load gives the same figures; another seed gives others', () => {
  const groups: LoadInput['groups'] = [
    { name: 'a', count: 8, arrivals: { kind: 'steady', rate: 2e6 }, heldChance: 0.1 },
    { name: 'b', count: 2, weight: 5, arrivals: { kind: 'burst', events: 300, everyNs: 1e5 } },
  ];
  for (const policy of POLICIES) {
    const first = simulate(load(groups, { visits: 5000 }), policy);
    expect(simulate(load(groups, { visits: 5000 }), policy)).toEqual(first);
    expect(simulate(load(groups, { visits: 5000, seed: 2 }), policy)).not.toEqual(first);
  }
});
