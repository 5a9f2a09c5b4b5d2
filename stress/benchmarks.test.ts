import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { OWN_DRAINS } from '../conformance/runner/drains.js';
import { loadModule } from '../conformance/subject/load-module.js';
import type { Drain, DrainModule } from '../spec/index.js';
import { BENCHMARKS, CALIBRATION, MACHINE } from './benchmarks.js';
import { runBenchmarks } from './bench-rounds.js';
import { fill, measureCase, type Turns } from './case.js';

const folder = mkdtempSync(join(tmpdir(), 'drainproof-bench-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const reference = await loadModule(OWN_DRAINS['reference']!);
const tiny = { rounds: 2, timeMs: 1 };

function module(name: string, source: string): { name: string; path: string } {
  const path = join(folder, `${name}.mjs`);
  writeFileSync(path, `import ours from ${JSON.stringify(OWN_DRAINS['reference']!)};\n${source}`);
  return { name, path };
}

/** The reference drain with something of it replaced. */
const altered = (changes: Partial<Drain>): DrainModule => ({
  ...reference,
  createDrain: (options) =>
    new Proxy(reference.createDrain(options), {
      get: (drain, name): unknown => {
        const value = name in changes ? changes[name as keyof Drain] : (drain as never)[name];
        return typeof value === 'function' ? (value as () => unknown).bind(drain) : value;
      },
    }),
});
const caseOf = (name: string, drain: DrainModule) => BENCHMARKS.find((one) => one.name === name)!.make(drain);

test('every round measures every benchmark of both drains, and the machine', async () => {
  const told: string[] = [];
  const targets = Object.entries(OWN_DRAINS).map(([name, path]) => ({ name, path }));
  const onTurn = (round: number, drain: string): unknown => told.push(`${round} ${drain}`);
  const { benchmarks, problems } = await runBenchmarks(targets, { ...tiny, onTurn });
  expect(problems).toEqual([]);
  expect(told).toEqual(['1 reference', '1 native', '2 reference', '2 native']);
  expect(benchmarks.map(({ drain, name }) => `${drain} ${name}`)).toEqual([
    `${MACHINE} ${CALIBRATION.name}`,
    ...targets.flatMap(({ name: drain }) => BENCHMARKS.map(({ name }) => `${drain} ${name}`)),
  ]);
  for (const { median, samples, about } of benchmarks) {
    expect(samples).toHaveLength(2);
    expect(median).toBe(Math.max(...samples));
    expect(Math.min(...samples)).toBeGreaterThan(0);
    expect(about).not.toBe('');
  }
});

test('what a drain does not claim is skipped, what goes wrong is told and has no figures', async () => {
  const plain = module(
    'plain',
    `export const { contractVersion, name, version, openRegistry } = ours;
     export const capabilities = [];
     export const createDrain = (options) =>
       ours.createDrain({ ...options, config: { ...options.config, ...(options.config.slots === 4096 && { maxIterationVisits: 1 }) } });`,
  );
  const crash = module('crash', "export default { ...ours, createDrain: () => process.kill(process.pid, 'SIGKILL') };");
  const thrown = module('thrown', "export default { ...ours, createDrain() { throw 'no drain today'; } };");
  const missing = { name: 'missing', path: join(folder, 'nowhere.mjs') };
  const { benchmarks, problems } = await runBenchmarks([plain, crash, thrown, missing], tiny);
  expect(benchmarks.map(({ drain, name }) => `${drain} ${name}`)).toEqual([
    'machine calibration',
    'plain emit',
    'plain iteration',
    'plain idle',
  ]);
  expect(problems).toHaveLength(3 + BENCHMARKS.length);
  expect(problems).toContain('plain, select: 64 visits where 512 were due');
  expect(problems).toContain('crash: its process ended with SIGKILL in round 1; it was measured no further');
  expect(problems).toContain('thrown, emit: no drain today');
  expect(problems.at(-1)).toMatch(/^missing: its process ended with code 1 \(.+\) in round 1/);
});

test('a drain that hangs is ended', async () => {
  const hang = module('hang', 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0); export default ours;');
  const { benchmarks, problems } = await runBenchmarks([hang], { ...tiny, timeoutMs: 500 });
  expect(benchmarks).toEqual([]);
  expect(problems).toEqual(['hang: no answer within 500 ms in round 1; it was measured no further']);
});

test('a turn that does other than what is measured throws', () => {
  const busy = caseOf('visit', altered({ tryAcquireDrain: () => false }));
  expect(() => busy.turn()).toThrow('a submit queue was busy');
  const empty = caseOf('visit', reference);
  expect(() => empty.turn()).toThrow('0 events where 4096 were due');
  expect(() => caseOf('iteration', reference).turn()).toThrow('0 events where 1024 were due');
  const undrained = caseOf('submit', reference);
  expect(() => [1, 2, 3].forEach(() => undrained.turn())).toThrow('groups accepted where 64 were due');
  const idle = caseOf('idle', reference) as unknown as { handles: Parameters<typeof fill>[0]; turn(): void };
  fill(idle.handles, new Uint8Array(32), 1);
  expect(() => idle.turn()).toThrow('64 events where 0 were due');
  const full = CALIBRATION.make();
  full.turn();
  expect(() => full.turn()).toThrow('0 records where 1024 were due');
  expect(() => fill(idle.handles, new Uint8Array(32), 2000)).toThrow('not accepted but LANE_FULL');
});

test('the time of a case is of its operations, without what goes before them', () => {
  const wait = (ms: number): void => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
  const slow: Turns = { operations: 1000, prepare: () => wait(10), turn: () => wait(2) };
  const fast: Turns = { operations: 1000, prepare: () => wait(2), turn: () => undefined };
  expect(measureCase(slow, 1)).toBeGreaterThanOrEqual(1900);
  expect(measureCase(fast, 1)).toBeLessThan(measureCase(slow, 1));
});
