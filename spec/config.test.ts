import { describe, expect, test } from 'vitest';
import {
  ARENA_FIELDS,
  DEFAULT_CONFIG,
  LEAST_COUNTS,
  changedConfig,
  checkPriority,
  checkWeight,
  impossibleCount,
  resolveConfig,
  type DrainConfig,
} from './config.js';
import { DrainError } from './errors.js';

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof DrainError) return error.code;
    throw error;
  }
  return 'accepted';
}

describe('a configuration', () => {
  test('is filled with the defaults, which are valid', () => {
    expect(resolveConfig()).toEqual(DEFAULT_CONFIG);
    expect(resolveConfig({ quantum: 7 })).toEqual({ ...DEFAULT_CONFIG, quantum: 7 });
  });

  const edges: [Partial<Record<keyof DrainConfig, number | string>>, string][] = [
    [{ slots: 0 }, 'INVALID_SLOTS'],
    [{ slots: 65537 }, 'INVALID_SLOTS'],
    [{ slots: 65536 }, 'accepted'],
    [{ indexCapacity: 0 }, 'INVALID_CAPACITY'],
    [{ indexCapacity: 1 }, 'INVALID_CAPACITY'],
    [{ indexCapacity: 12 }, 'INVALID_CAPACITY'],
    [{ indexCapacity: 2 ** 25 }, 'INVALID_CAPACITY'],
    [{ indexCapacity: 2 }, 'accepted'],
    [{ detailCapacity: 24 }, 'INVALID_CAPACITY'],
    [{ detailCapacity: 0 }, 'accepted'],
    [{ detailRecordBytes: 24 }, 'INVALID_RECORD_BYTES'],
    [{ detailRecordBytes: 36 }, 'INVALID_RECORD_BYTES'],
    [{ detailRecordBytes: 40 }, 'accepted'],
    [{ windowRecords: 64 }, 'INVALID_WINDOW'],
    [{ windowRecords: 3 }, 'INVALID_WINDOW'],
    [{ windowRecords: 32 }, 'accepted'],
    [{ preRoll: -1 }, 'INVALID_WINDOW'],
    [{ postRoll: 1.5 }, 'INVALID_WINDOW'],
    [{ initialCursor: 2 ** 32 }, 'INVALID_ARGUMENT'],
    [{ initialCursor: 2 ** 32 - 1 }, 'accepted'],
    [{ policy: 'fifo' }, 'UNKNOWN_POLICY'],
    [{ policy: 'weighted-fair' }, 'accepted'],
    [{ quantum: 0 }, 'INVALID_QUANTUM'],
    [{ quantum: 1 }, 'INVALID_QUANTUM'],
    [{ quantum: 1, detailCapacity: 0 }, 'accepted'],
    [{ maxSkips: -1 }, 'INVALID_ARGUMENT'],
    [{ maxSkips: 1025 }, 'INVALID_ARGUMENT'],
    [{ maxIterationVisits: NaN }, 'INVALID_ARGUMENT'],
    [{ maxIterationEvents: 0.5 }, 'INVALID_ARGUMENT'],
    [{ maxIterationNs: -1 }, 'INVALID_ARGUMENT'],
    [{ maxBackoffIterations: 0 }, 'INVALID_ARGUMENT'],
    [{ policy: 'priority' }, 'accepted'],
    [{ policy: 'adaptive' }, 'accepted'],
    [{ stuckAfterNs: -1 }, 'INVALID_ARGUMENT'],
    [{ stuckAfterNs: 0 }, 'accepted'],
    [{ fairnessWindowVisits: 0 }, 'INVALID_ARGUMENT'],
    [{ fairnessWindowVisits: 2 ** 24 + 1 }, 'INVALID_ARGUMENT'],
    [{ fairnessWindowVisits: 2 ** 24 }, 'accepted'],
    [{ ageAfter: 0 }, 'INVALID_ARGUMENT'],
    [{ ageAfter: 65536 }, 'accepted'],
    [{ ageAfter: 65537 }, 'INVALID_ARGUMENT'],
    [{ quantumMin: 1 }, 'INVALID_QUANTUM'],
    [{ quantumMin: 1, detailCapacity: 0 }, 'accepted'],
    [{ quantumMin: 8, quantumMax: 7 }, 'INVALID_QUANTUM'],
    [{ quantumMin: 8, quantumMax: 8 }, 'accepted'],
    [{ quantumMax: 2 ** 24 + 1 }, 'INVALID_QUANTUM'],
    [{ batchMin: 0 }, 'INVALID_ARGUMENT'],
    [{ batchMin: 8, batchMax: 7 }, 'INVALID_ARGUMENT'],
    [{ batchMin: 1, batchMax: 1 }, 'accepted'],
    [{ batchMax: 2 ** 24 + 1 }, 'INVALID_ARGUMENT'],
    [{ targetIterationNs: 0 }, 'INVALID_ARGUMENT'],
    [{ targetWriteNs: 0 }, 'INVALID_ARGUMENT'],
    [{ targetIterationNs: 2 ** 53 - 1, targetWriteNs: 1 }, 'accepted'],
  ];
  test.each(edges)('%j: %s', (partial, code) => {
    expect(codeOf(() => resolveConfig(partial as Partial<DrainConfig>))).toBe(code);
  });

  test('refuses a field that there is not, by name', () => {
    expect(() => resolveConfig({ quantumm: 1 } as Partial<DrainConfig>)).toThrow(/unknown field 'quantumm'/);
  });

  test('the message says what was wrong, what was expected and what to do', () => {
    expect(() => resolveConfig({ indexCapacity: 12 })).toThrow(
      'INVALID_CAPACITY: indexCapacity is 12; expected a power of two from 2 to 2^24; choose a power of two',
    );
  });
});

test.each([
  [1, 'accepted'],
  [1024, 'accepted'],
  [0, 'INVALID_WEIGHT'],
  [-1, 'INVALID_WEIGHT'],
  [1025, 'INVALID_WEIGHT'],
  [1.5, 'INVALID_WEIGHT'],
])('weight %d: %s', (weight, code) => {
  expect(codeOf(() => checkWeight(weight))).toBe(code);
});

test.each([
  [0, 'accepted'],
  [7, 'accepted'],
  [8, 'INVALID_PRIORITY'],
  [-1, 'INVALID_PRIORITY'],
  [0.5, 'INVALID_PRIORITY'],
  [NaN, 'INVALID_PRIORITY'],
])('priority %d: %s', (priority, code) => {
  expect(codeOf(() => checkPriority(priority))).toBe(code);
});

describe('a configuration that is changed', () => {
  const config = resolveConfig({ quantum: 7 });

  test('keeps what is not named', () => {
    expect(changedConfig(config, { policy: 'adaptive', maxSkips: 0 })).toEqual({
      ...config,
      policy: 'adaptive',
      maxSkips: 0,
    });
    expect(changedConfig(config, {})).toEqual(config);
  });

  test.each(ARENA_FIELDS)('refuses %s, which the arena fixes, unless it stays the same', (field) => {
    expect(codeOf(() => changedConfig(config, { [field]: config[field] + 1 }))).toBe('INVALID_ARGUMENT');
    expect(changedConfig(config, { [field]: config[field] })).toEqual(config);
  });

  test('is checked as a new one is, with what it was before', () => {
    expect(codeOf(() => changedConfig(config, { quantum: 1 }))).toBe('INVALID_QUANTUM');
    expect(codeOf(() => changedConfig(resolveConfig({ detailCapacity: 0 }), { quantum: 1 }))).toBe('accepted');
    expect(codeOf(() => changedConfig(config, { quantumMax: config.quantumMin - 1 }))).toBe('INVALID_QUANTUM');
    expect(codeOf(() => changedConfig(config, { policy: 'fifo' } as unknown as Partial<DrainConfig>))).toBe(
      'UNKNOWN_POLICY',
    );
    expect(codeOf(() => changedConfig(config, { quantumm: 1 } as Partial<DrainConfig>))).toBe('INVALID_ARGUMENT');
  });
});

describe('the counts of a recorded configuration', () => {
  test('may be what this spec allows, and beyond its limits', () => {
    expect(impossibleCount({ ...DEFAULT_CONFIG })).toBeUndefined();
    expect(impossibleCount({ ...LEAST_COUNTS })).toBeUndefined();
    expect(impossibleCount({ indexCapacity: 1000, slots: 1e6, windowRecords: 3, quantum: 2 ** 40 })).toBeUndefined();
    expect(impossibleCount({ policy: 'fifo', quantum: '0', ownField: -1, targetWriteNs: 0.5 })).toBeUndefined();
  });

  test.each(Object.entries(LEAST_COUNTS))('%s is an integer from %i', (field, least) => {
    for (const value of [least - 1, least + 0.5, -4, 2 ** 53])
      expect(impossibleCount({ ...DEFAULT_CONFIG, [field]: value })).toEqual({ field, value, least });
  });
});
