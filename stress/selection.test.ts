import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { DIST, OWN_DRAINS } from '../conformance/runner/drains.js';
import type { DrainModule } from '../spec/index.js';
import { median } from './case.js';
import { renderCost, selectionCost } from './selection.js';

test('the benchmark measures both drains and tells the ratio', () => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(DIST, 'stress/selection.bench.js'), '--time', '20'],
    {
      encoding: 'utf8',
    },
  );
  expect(stderr).toBe('');
  const lines = stdout.trim().split('\n');
  expect(lines).toHaveLength(2);
  expect(lines[0]).toMatch(
    /^[✓✗] reference: a visit costs \d+ ns with 8 threads registered, \d+ ns with 4096: \d+\.\d\d times/,
  );
  expect(lines[1]).toMatch(/^[✓✗] native: /);
  expect(status).toBe(stdout.includes('✗') ? 1 : 0); // how fast it is here and now is no matter of a unit test
});

test('a drain that does not make the visits is no measurement', async () => {
  const module = (await import(OWN_DRAINS['reference']!)) as DrainModule;
  const lazy: DrainModule = {
    ...module,
    createDrain: (options) => module.createDrain({ ...options, config: { ...options.config, maxIterationVisits: 1 } }),
  };
  expect(() => selectionCost('lazy', lazy, { rounds: 1, timeMs: 5 })).toThrow('visits where 512 were due');
  const small: DrainModule = {
    ...module,
    createDrain: (options) => module.createDrain({ ...options, config: { ...options.config, indexCapacity: 2 } }),
  };
  expect(() => selectionCost('small', small)).toThrow('not accepted but LANE_FULL');
});

test('medians, and the line that says it', () => {
  expect([median([3, 1, 2]), median([4, 1]), median([])]).toEqual([2, 4, NaN]);
  expect(renderCost({ drain: 'mine', few: 100, many: 250, ratio: 2.5 })).toMatch(/^✗ mine: .* 2\.50 times/);
  expect(renderCost({ drain: 'mine', few: 100, many: 110, ratio: 1.1 })).toMatch(/^✓ mine/);
});
