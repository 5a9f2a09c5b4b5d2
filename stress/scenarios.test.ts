import { describe, expect, test } from 'vitest';
import { CAPABILITIES } from '../spec/contract.js';
import { resolveConfig } from '../spec/config.js';
import { StressLoad } from '../spec/stress.js';
import { METRICS } from './metrics.js';
import type { Scale, Scenario } from './scenario.js';
import { ALL_SCENARIOS, SCENARIOS, SOAK } from './scenarios.js';
import { isNativeLoad } from './subject/native-load.js';

const ALL = Object.keys(CAPABILITIES);
const DRAINS = [ALL, ['threads']];
const loadOf = ({ load }: Scenario, scale: Partial<Scale> = {}): StressLoad =>
  StressLoad.parse({
    version: 1,
    seed: 1,
    ...load({ seconds: 4, rate: 1, seed: 1, capabilities: ALL, ...scale }),
  });
const scenario = (id: string): Scenario => ALL_SCENARIOS.find((one) => one.id === id)!;
const name = ({ id }: Scenario): [string] => [id];

test('ids are unique and permanent in form; titles are unique too', () => {
  const ids = ALL_SCENARIOS.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids) expect(id).toMatch(/^[a-z]+(-[a-z]+)*$/);
  expect(new Set(ALL_SCENARIOS.map(({ title }) => title)).size).toBe(ids.length);
  expect(ALL_SCENARIOS).toEqual([...SCENARIOS, SOAK]);
});

describe.each(ALL_SCENARIOS.map(name))('%s', (id) => {
  const one = scenario(id);
  test('is about something that is measured, each thing once, and loses nothing', () => {
    const metrics = one.targets.map(({ metric }) => metric);
    expect(new Set(metrics).size).toBe(metrics.length);
    for (const metric of metrics) expect(Object.keys(METRICS)).toContain(metric);
    for (const metric of ['eventsLost', 'eventsDuplicated', 'eventsWrong', 'ledgerDifference'])
      expect(one.targets).toContainEqual({ metric, relation: 'exactly', limit: 0 });
    for (const capability of one.needs) expect(ALL).toContain(capability);
  });

  test('is a load that a drain takes, at every scale that a user may ask for', () => {
    for (const capabilities of DRAINS)
      for (const threads of [undefined, 1, 2, 63, 1024])
        for (const rate of [0.001, 0.5, 1, 1000])
          for (const seconds of [0.1, 1, 60, 7 * 24 * 3600]) {
            const scale = { capabilities, threads, rate, seconds };
            const load = loadOf(one, scale);
            expect(() => resolveConfig({ detailCapacity: 0, ...load.config }), JSON.stringify(scale)).not.toThrow();
            if (load.producers === 'native') expect(isNativeLoad(load), JSON.stringify(scale)).toBe(true);
          }
  });

  test('is for native threads only where the drain has some, or an arena for ours', () => {
    expect(loadOf(one, { capabilities: ['threads'] }).producers).toBe('workers');
  });
});

const threadsOf = ({ groups }: StressLoad): number => groups.reduce((sum, { threads }) => sum + threads, 0);
/** Offered by the open loops of a load, events/s. */
const offered = ({ groups }: StressLoad): number =>
  groups.reduce((sum, { threads, arrivals }) => sum + (arrivals.kind === 'open' ? threads * arrivals.rate : 0), 0);
const OPEN = [
  'alone',
  'steady',
  'processor-time',
  'idle',
  'light',
  'medium',
  'heavy',
  'dynamic',
  'uneven',
  'slow-sink',
];

describe('scaling', () => {
  test('by threads leaves what each of them does', () => {
    for (const id of ['steady', 'light', 'heavy', 'slow-sink', 'overload', 'sink-comes-and-goes', 'dynamic']) {
      const [plain, scaled] = [loadOf(scenario(id)), loadOf(scenario(id), { threads: 5 })];
      expect(threadsOf(scaled), id).toBe(5);
      expect(scaled.groups[0]!.arrivals, id).toEqual(plain.groups[0]!.arrivals);
    }
  });
  test('by threads leaves the whole of bursts, of lives and of what a closed loop emits', () => {
    const counts = [1, 10, 100].map((threads) => {
      const of = (id: string) => loadOf(scenario(id), { threads }).groups[0]!;
      const [burst, churn, throughput] = [of('burst'), of('churn'), of('throughput')];
      expect([burst, churn, throughput].map((group) => group.threads)).toEqual([threads, threads, threads]);
      return [
        threads * (burst.arrivals as { events: number }).events,
        threads * churn.lives,
        threads * (throughput.arrivals as { events: number }).events,
      ];
    });
    expect(counts).toEqual(new Array(3).fill([100_000, 100_000, 160_000_000]));
  });
  test('of uneven threads: 64 at most, 128 times apart, twice the sink in all', () => {
    for (const [threads, are] of [
      [undefined, 64],
      [1024, 64],
      [2, 2],
      [1, 1],
    ] as const) {
      const load = loadOf(scenario('uneven'), { threads });
      const rates = load.groups.map(({ arrivals }) => (arrivals as { rate: number }).rate);
      expect(rates).toHaveLength(are);
      expect(offered(load)).toBeCloseTo(500_000, 3);
      expect(Math.max(...rates) / Math.min(...rates)).toBeCloseTo(are === 1 ? 1 : 128, 6);
    }
  });
  test.each(OPEN)('%s: by rate multiplies what is offered', (id) => {
    const plain = offered(loadOf(scenario(id)));
    expect(offered(loadOf(scenario(id), { rate: 3 }))).toBeCloseTo(3 * plain, 6);
    expect(offered(loadOf(scenario(id), { rate: 0.25 }))).toBeCloseTo(plain / 4, 6);
  });
  test('by seconds is of the measured part, and of the warm-up only so far', () => {
    for (const { id } of ALL_SCENARIOS.filter(({ id }) => id !== 'churn' && id !== 'throughput'))
      for (const seconds of [0.1, 1, 40, 3600])
        expect(loadOf(scenario(id), { seconds }).durationMs, id).toBe(seconds * 1000);
    const warm = (one: Scenario, seconds: number): number => loadOf(one, { seconds }).warmupMs;
    expect([0.1, 1, 10, 50, 3600].map((seconds) => warm(scenario('steady'), seconds))).toEqual([
      250, 250, 1000, 5000, 5000,
    ]);
    expect([1, 60, 100_000].map((seconds) => warm(SOAK, seconds))).toEqual([100, 6000, 600_000]);
  });
  test('no thread wakes for less than an event, as long as one a minute comes', () => {
    const tick = (id: string, rate: number): number => {
      const { arrivals } = loadOf(scenario(id), { rate }).groups[0]!;
      return (arrivals as { tickMs: number }).tickMs;
    };
    expect([1, 0.1, 100, 1000].map((rate) => tick('light', rate))).toEqual([10, 100, 1, 1]);
    expect(tick('idle', 0.001)).toBe(60_000);
  });
});

describe('as they say of themselves', () => {
  test('the steady ones offer 10,000 events/s with 16 threads', () => {
    for (const id of ['steady', 'processor-time'])
      expect([threadsOf(loadOf(scenario(id))), offered(loadOf(scenario(id)))]).toEqual([16, 10_000]);
  });
  test('sinks are given half, twice and three times what they take', () => {
    const part = (id: string): number => {
      const load = loadOf(scenario(id));
      return (offered(load) * (load.sink as { nsPerEvent: number }).nsPerEvent) / 1e9;
    };
    expect(['slow-sink', 'uneven', 'overload'].map((id) => Math.round(part(id) * 1000) / 1000)).toEqual([0.5, 2, 3]);
  });
  test('in the dynamic one threads join in the first half and leave in the second', () => {
    const load = loadOf(scenario('dynamic'), { seconds: 10 });
    const { threads, stepMs, leaveMs } = load.groups[0]!;
    expect([threads, leaveMs]).toEqual([64, load.warmupMs + load.durationMs]);
    expect(threads * stepMs).toBeCloseTo((load.warmupMs + load.durationMs) / 2, 6);
  });
  test('a drain with native threads of its own plays throughput, one with an arena is played the heavy ones', () => {
    const native = (capabilities: string[]): string[] =>
      SCENARIOS.filter((one) => loadOf(one, { capabilities }).producers === 'native').map(({ id }) => id);
    expect(native(['threads', 'arena'])).toEqual(['heavy', 'burst']);
    expect(native(['threads', 'producer-threads'])).toContain('throughput');
    expect(native(['threads', 'producer-threads'])).not.toContain('churn');
  });
});
