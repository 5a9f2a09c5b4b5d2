import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { resolveConfig, type DrainConfig } from '../spec/config.js';
import { AdaptiveSizes, type IterationLoad } from './adaptive.js';

const CONFIG: Partial<DrainConfig> = {
  policy: 'adaptive',
  quantum: 64,
  quantumMin: 16,
  quantumMax: 256,
  batchMin: 8,
  batchMax: 128,
  targetIterationNs: 1000,
  targetWriteNs: 100,
};
const sizes = (changes: Partial<DrainConfig> = {}): AdaptiveSizes =>
  new AdaptiveSizes(resolveConfig({ ...CONFIG, ...changes }));

/** One visit of an iteration that took no time and wrote nothing. */
const load = (pending: number, more: Partial<IterationLoad> = {}): IterationLoad => ({
  ...{ visits: 1, pending, tookNs: 0, writeNs: 0, acknowledged: 0 },
  ...more,
});
const writes = (acknowledged: number, writeNs: number): IterationLoad => load(64, { acknowledged, writeNs });
const times = (count: number, act: () => void): void => {
  for (let i = 0; i < count; i += 1) act();
};

describe('the quantum', () => {
  test('begins as configured, within its limits', () => {
    expect(sizes().quantum).toBe(64);
    expect(sizes({ quantum: 4 }).quantum).toBe(16);
    expect(sizes({ quantum: 5000 }).quantum).toBe(256);
  });

  test('doubles at the second iteration in a row whose visits found more than it', () => {
    const adaptive = sizes();
    adaptive.observe(load(65));
    expect(adaptive.quantum).toBe(64);
    adaptive.observe(load(65));
    expect(adaptive.quantum).toBe(128);
    times(20, () => adaptive.observe(load(10_000)));
    expect(adaptive.quantum).toBe(256);
  });

  test('does not grow once iterations take more than half of their target', () => {
    const adaptive = sizes();
    times(20, () => adaptive.observe(load(10_000, { tookNs: 501 })));
    expect(adaptive.quantum).toBe(64);
    times(2, () => adaptive.observe(load(10_000, { tookNs: 500 })));
    expect(adaptive.quantum).toBe(128);
  });

  test('halves at the eighth iteration in a row that found less than a quarter, or took too long', () => {
    const quiet = sizes();
    times(7, () => quiet.observe(load(15)));
    expect(quiet.quantum).toBe(64);
    quiet.observe(load(15));
    expect(quiet.quantum).toBe(32);
    times(80, () => quiet.observe(load(0)));
    expect(quiet.quantum).toBe(16);
    const slow = sizes();
    times(8, () => slow.observe(load(10_000, { tookNs: 1001 })));
    expect(slow.quantum).toBe(32);
  });

  test('is halved rounding down', () => {
    const adaptive = sizes({ quantum: 33 });
    times(8, () => adaptive.observe(load(0)));
    expect(adaptive.quantum).toBe(16);
  });

  test('stays in the dead zone, where every count begins anew', () => {
    const adaptive = sizes();
    times(40, () => {
      adaptive.observe(load(65));
      adaptive.observe(load(64));
    });
    times(10, () => {
      times(7, () => adaptive.observe(load(15)));
      adaptive.observe(load(16));
    });
    expect(adaptive.quantum).toBe(64);
  });

  test('a change begins the count anew', () => {
    const adaptive = sizes({ quantum: 16 });
    times(3, () => adaptive.observe(load(1000)));
    expect(adaptive.quantum).toBe(32);
  });

  test('learns nothing from an iteration without visits', () => {
    const adaptive = sizes();
    adaptive.observe(load(65));
    times(20, () => adaptive.observe(load(0, { visits: 0 })));
    adaptive.observe(load(65));
    expect(adaptive.quantum).toBe(128);
  });
});

describe('the batch', () => {
  test('begins as the quantum, within its own limits', () => {
    expect(sizes().batch).toBe(64);
    expect(sizes({ quantum: 256 }).batch).toBe(128);
    expect(sizes({ batchMin: 100 }).batch).toBe(100);
  });

  test('halves at the second iteration in a row whose writes were too slow for it', () => {
    const adaptive = sizes();
    adaptive.observe(writes(63, 100));
    expect(adaptive.batch).toBe(64);
    adaptive.observe(writes(63, 100));
    expect(adaptive.batch).toBe(32);
    times(20, () => adaptive.observe(writes(1, 100)));
    expect(adaptive.batch).toBe(8);
  });

  test('doubles at the eighth in a row in which twice as many would be in time', () => {
    const adaptive = sizes();
    times(8, () => adaptive.observe(writes(127, 100)));
    expect(adaptive.batch).toBe(64);
    times(7, () => adaptive.observe(writes(128, 100)));
    expect(adaptive.batch).toBe(64);
    adaptive.observe(writes(128, 100));
    expect(adaptive.batch).toBe(128);
    times(20, () => adaptive.observe(writes(10_000, 0)));
    expect(adaptive.batch).toBe(128);
  });

  test('learns nothing from an iteration that delivered nothing', () => {
    const adaptive = sizes();
    adaptive.observe(writes(1, 100));
    adaptive.observe(writes(0, 100_000));
    expect(adaptive.batch).toBe(64);
    adaptive.observe(writes(1, 100));
    expect(adaptive.batch).toBe(32);
  });
});

test('under a steady load and a steady sink both settle, and stay', () => {
  const steady = fc.record({
    quantum: fc.integer({ min: 1, max: 300 }),
    backlog: fc.nat(2000),
    nsPerRecord: fc.nat(50),
    visits: fc.integer({ min: 1, max: 9 }),
  });
  fc.assert(
    fc.property(steady, ({ quantum, backlog, nsPerRecord, visits }) => {
      const adaptive = sizes({ quantum, detailCapacity: 0 });
      const seen: string[] = [];
      times(200, () => {
        // every visit finds the same backlog, and delivers what it may of it
        const acknowledged = visits * Math.min(backlog, adaptive.quantum);
        const writeNs = acknowledged * nsPerRecord;
        adaptive.observe({ visits, pending: visits * backlog, acknowledged, writeNs, tookNs: writeNs });
        seen.push(`${adaptive.quantum} ${adaptive.batch}`);
      });
      expect(new Set(seen.slice(150)).size).toBe(1);
    }),
  );
});
