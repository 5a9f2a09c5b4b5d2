/** Both drains select alike over long traces, and no bound is exceeded; a drain that is wrong is seen to be. */
import { dirname } from 'node:path';
import { describe, expect, test } from 'vitest';
import { POLICIES, type Drain, type DrainModule } from '../../spec/index.js';
import { buildBroken } from '../broken/build.js';
import { DIST, OWN_DRAINS } from '../runner/drains.js';
import { loadModule } from '../subject/load-module.js';
import { Dice, RunningHash } from './dice.js';
import { exceeded, main, parting } from './fairness-trace.js';
import { Monitors, type Standing } from './monitors.js';
import { quietWaits } from './quiet.js';
import { runTrace } from './trace.js';

const reference = await loadModule(OWN_DRAINS['reference']!);
const native = await loadModule(OWN_DRAINS['native']!);
const VISITS = 100_000;

describe('both drains', () => {
  test.each(POLICIES)('select alike for 100,000 visits under %s, within every bound', (policy) => {
    const [one, other] = [reference, native].map((module) => runTrace(module, { policy, seed: 20_26, visits: VISITS }));
    expect(one!.visits).toBeGreaterThanOrEqual(VISITS);
    expect(one!.events).toBeGreaterThan(VISITS);
    expect(parting(one!, other!)).toBeUndefined();
    expect(other).toEqual(one);
    expect(exceeded(one!)).toEqual([]);
    const judged = Object.values(one!.extremes).filter(({ bound }) => bound > 0).length;
    expect(judged).toBe(policy === 'priority' ? 3 : 5);
  });

  test('deliver one quiet event beside 63 threads with 100,000 pending each within n visits, under every policy', () => {
    for (const module of [reference, native]) {
      const waits = quietWaits(module, { threads: 64, backlog: 100_000, policies: POLICIES });
      expect([...waits.keys()]).toEqual([...POLICIES]);
      for (const wait of waits.values()) expect(wait).toBeLessThanOrEqual(64);
    }
  });
});

test('the command prints every bound, and says when all hold', async () => {
  const lines: string[] = [];
  expect(await main(['--visits', '2000', '--seed', '5'], (text) => lines.push(text))).toBe(0);
  for (const policy of POLICIES) expect(lines.join('')).toContain(`${policy} native: 20`);
  expect(lines.join('')).toMatch(/service lag +\d+ of \d+/);
  expect(lines.at(-1)).toContain('Every bound holds');
});

describe('a drain that is wrong', () => {
  /** The reference with some lines replaced. */
  const broken = async (name: string, find: string, replace: string): Promise<DrainModule> => {
    const edits = [{ file: 'scheduler.ts' as const, find, replace }];
    return loadModule(buildBroken({ name: `trace-${name}`, what: 'for this test', edits }, dirname(DIST)));
  };

  test('selects otherwise, and exceeds a bound', async () => {
    const first = runTrace(reference, { policy: 'round-robin', seed: 3, visits: 20_000 });
    const twice = await broken(
      'double-turns',
      'thread.credit = Math.min(thread.credit + share * this.quantum, cap);',
      'thread.credit = thread.credit + (thread.slot % 2 === 0 ? 2 : 1) * share * this.quantum;',
    );
    const result = runTrace(twice, { policy: 'round-robin', seed: 3, visits: 20_000 });
    expect(parting(first, result)).toMatch(/^the traces part before checkpoint \d+/);
    expect(exceeded(result).join('; ')).toMatch(/service lag \d+, its bound is \d+.*events of one other/);
  });

  test('parts at the end when only the last iterations differ', () => {
    const first = runTrace(reference, { policy: 'round-robin', seed: 3, visits: 500 });
    expect(parting(first, { ...first, hash: 'other' })).toBe('the traces part at their end');
  });

  test('makes a quiet event wait for ever when it forgets it', () => {
    const deaf: DrainModule = {
      ...reference,
      createDrain: (options): Drain =>
        reference.createDrain({
          ...options,
          sink: { write: (batch) => (batch.threadId === 3 ? 0 : options.sink.write(batch)) },
        }),
    };
    const waits = quietWaits(deaf, { threads: 3, backlog: 2000, policies: ['round-robin'] });
    expect(waits.get('round-robin')).toBe(Infinity);
  });
});

describe('the monitors', () => {
  const standing = (more: Partial<Standing> = {}): Standing => ({
    ...{ policy: 'round-robin', quantum: 4, leastQuantum: 4, maxSkips: 1, slots: 2, ageAfter: 1 },
    share: () => 1,
    priority: () => 0,
    ...more,
  });

  test('a wait is exact: of visits of others, the unseen ones too', () => {
    const monitors = new Monitors(standing());
    monitors.begins(1);
    monitors.begins(2);
    for (let i = 0; i < 3; i += 1) monitors.visited(2, 1, false, 9);
    monitors.iterated(4, false);
    monitors.visited(1, 1, false, 9);
    expect(monitors.extremes.waitVisits).toEqual({ value: 4, bound: 4 });
    expect(monitors.extremes.waitEvents).toEqual({ value: 3, bound: 12 });
  });

  test('a final drain is judged by what it had when it left', () => {
    const monitors = new Monitors(standing());
    monitors.begins(1);
    monitors.leaves(1, 9);
    for (const [served, left] of [
      [4, 5],
      [4, 1],
      [0, 1],
      [1, 0],
    ] as const)
      monitors.visited(1, served, served === 0, left);
    monitors.reclaimed(1);
    expect(monitors.extremes.finalVisits).toEqual({ value: 4, bound: 4 });
    monitors.reclaimed(2);
  });

  test('a credit is judged by the largest cap since the last turn, and never below 0', () => {
    let weight = 3;
    const monitors = new Monitors(standing({ policy: 'weighted-fair', share: () => weight }));
    const looks = (credit: number): void => {
      monitors.looked({ threads: [{ threadId: 1, credit }] } as never);
    };
    monitors.begins(1);
    looks(1000);
    expect(monitors.extremes.credit.bound).toBe(0);
    monitors.visited(1, 1, false, 5);
    weight = 1;
    monitors.reweighed(1);
    looks(24);
    expect(monitors.extremes.credit).toEqual({ value: 24, bound: 24 });
    looks(-1);
    expect(monitors.extremes.credit.value).toBe(Infinity);
  });
});

test('dice and hashes are the same for the same seed, and others for another', () => {
  const rolls = (seed: number): number[] => {
    const dice = new Dice(seed);
    return Array.from({ length: 40 }, () => dice.within(3, 6));
  };
  expect(rolls(1)).toEqual(rolls(1));
  expect(rolls(1)).not.toEqual(rolls(2));
  expect(new Set(rolls(1))).toEqual(new Set([3, 4, 5, 6]));
  const hash = new RunningHash();
  hash.add(1, 2);
  const other = new RunningHash();
  other.add(2, 1);
  expect(hash.text).toMatch(/^[0-9a-f]{16}$/);
  expect(hash.text).not.toBe(other.text);
});
