import { describe, expect, test } from 'vitest';
import { StressLoad } from '../spec/stress.js';
import type { ResultOf } from '../spec/results.js';
import { judgeBrokenOff } from './broken-off.js';
import type { StressRecord } from './run.js';
import { SOAK } from './scenarios.js';

type Checkpoint = ResultOf<'checkpoint'>;

const HOUR_MS = 3_600_000;
const MB = 1024 * 1024;
const load = StressLoad.parse({
  version: 1,
  groups: [{ threads: 1, arrivals: { kind: 'open', rate: 10, tickMs: 100 } }],
  warmupMs: 60_000,
  durationMs: HOUR_MS,
});
const LEDGER = {
  attempted: 90,
  accepted: 90,
  rejected: 0,
  retries: 0,
  delivered: 80,
  lost: 0,
  duplicated: 0,
  wrong: 0,
};
const percentiles: [number, number][] = [
  [50, 0.2],
  [99, 2],
];

/** A checkpoint after so many minutes: memory grows by so much an hour. */
function checkpoint(minute: number, more: { mbPerHour?: number; ledger?: object; drain?: string } = {}): Checkpoint {
  const atMs = minute * 60_000;
  const window = (part: number) => ({
    atMs: atMs - (1 - part) * 60_000,
    delivered: 10,
    eventsPerSecond: 10,
    p50Ms: 0.2,
    rssBytes: Math.round(300 * MB + (((minute + part) * (more.mbPerHour ?? 0)) / 60) * MB),
    heapBytes: 9 * MB,
    lives: 1,
  });
  return {
    type: 'checkpoint',
    scenario: SOAK.id,
    drain: more.drain ?? 'mine',
    atMs,
    windows: [window(0.5), window(1)],
    ledger: { ...LEDGER, ...more.ledger },
    measured: {
      soFar: {
        complete: false,
        wallMs: atMs,
        threads: 1,
        lives: 1,
        eventsPerSecond: 10,
        latency: { count: 80, minMs: 0.1, maxMs: 3, meanMs: 0.3, percentiles },
        recoveriesMs: [],
        jain: 1,
        minShare: 1,
        problems: [],
      },
      load,
      seed: 7,
      noise: { slowdown: 1, sleepP50Ms: 0.1, sleepP99Ms: 0.2 },
      replay: 'again',
    },
  };
}

const minutes = (count: number, more: Parameters<typeof checkpoint>[1] = {}): Checkpoint[] =>
  Array.from({ length: count }, (_, i) => checkpoint(i + 1, more));
const verdicts = ({ targets }: StressRecord) => new Map(targets.map(({ metric, verdict }) => [metric, verdict]));

describe('a soak that was broken off', () => {
  test('is judged by its checkpoints, in whatever order they stand', () => {
    const [record, ...others] = judgeBrokenOff(minutes(30).toReversed(), []);
    expect(others).toEqual([]);
    expect(record).toMatchObject({ scenario: 'soak', drain: 'mine', partial: true, seed: 7, replay: 'again' });
    expect(record!.results[0]!.windows).toHaveLength(60);
    expect(record!.results[0]!.windows[0]!.atMs).toBe(30_000);
    const told = verdicts(record!);
    for (const metric of [
      'latencyP50Ms',
      'latencyP99Ms',
      'memorySlopeMbPerHour',
      'latencyDrift',
      'eventsLost',
      'jainIndex',
    ])
      expect(told.get(metric), metric).toBe('pass');
    // what the drain itself counts is asked at the end only
    expect(told.get('ledgerDifference')).toBe('inconclusive');
    expect(record!.verdict).toBe('inconclusive');
    expect(record!.reason).toContain('broken off after 30.0 min, judged by its checkpoints');
  });

  test('fails by what went wrong until then', () => {
    const [leaks] = judgeBrokenOff(minutes(30, { mbPerHour: 9 }), []);
    expect(leaks).toMatchObject({ verdict: 'fail' });
    expect(verdicts(leaks!).get('memorySlopeMbPerHour')).toBe('fail');
    const [twice] = judgeBrokenOff([...minutes(2), checkpoint(3, { ledger: { duplicated: 1 } })], []);
    expect(verdicts(twice!).get('eventsDuplicated')).toBe('fail');
  });

  test('is judged on each drain by itself, and not where there is a verdict', () => {
    const all = [...minutes(3), ...minutes(3, { drain: 'other' })];
    expect(judgeBrokenOff(all, []).map(({ drain }) => drain)).toEqual(['mine', 'other']);
    const [mine] = judgeBrokenOff(all, []);
    expect(judgeBrokenOff(all, [mine!]).map(({ drain }) => drain)).toEqual(['other']);
  });

  test('has no verdict while nothing was measured, or where nobody knows the scenario', () => {
    const early = minutes(2).map(({ measured: _, ...rest }) => rest);
    expect(judgeBrokenOff(early, [])).toEqual([]);
    expect(judgeBrokenOff([], [])).toEqual([]);
    expect(
      judgeBrokenOff(
        minutes(2).map((one) => ({ ...one, scenario: 'of-another-version' })),
        [],
      ),
    ).toEqual([]);
  });
});
