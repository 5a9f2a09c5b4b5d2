/** The model lets sound drains pass and stops broken ones, with a short sequence that replays. */
import { randomInt } from 'node:crypto';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { buildBroken } from '../broken/build.js';
import type { Fault } from '../broken/fault.js';
import { SubjectClient } from '../client/subject-client.js';
import { UNCOUNTED } from '../coverage/environment.js';
import { DIST, OWN_DRAINS, subjectCommand } from '../runner/drains.js';
import { MODEL_LIMITS, checkDifference, checkModel, type ModelFailure, type ModelOptions } from './check-model.js';
import { renderModelFailure, replayArguments } from './render.js';

const ROOT = dirname(DIST);
const SIMPLE = fileURLToPath(new URL('../../../docs/examples/simple-drain.mjs', import.meta.url));
const clients: SubjectClient[] = [];
afterAll(async () => {
  await Promise.all(clients.map((client) => client.close()));
});

function subjectOf(path: string): SubjectClient {
  const client = new SubjectClient(subjectCommand(path), { env: UNCOUNTED, limits: MODEL_LIMITS });
  clients.push(client);
  return client;
}

async function claimsOf(client: SubjectClient): Promise<readonly string[]> {
  const opened = await client.open();
  if (!opened.ok) throw new Error(opened.fault.message);
  return opened.value.capabilities;
}

const told = (failure: ModelFailure | undefined): string =>
  failure === undefined ? 'no failure' : renderModelFailure(failure, 'drainproof model');
const FRESH = randomInt(1, 2 ** 31 - 1);
const options = (seed: number, runs: number): ModelOptions => ({ seed, runs, commands: 30 });

describe('a sound drain passes', () => {
  test.each([
    ['reference', OWN_DRAINS['reference']!],
    ['native', OWN_DRAINS['native']!],
    ['an example that claims next to nothing', SIMPLE],
  ])('%s', async (_name, path) => {
    const client = subjectOf(path);
    const claims = await claimsOf(client);
    for (const seed of [42, FRESH]) {
      const result = await checkModel(client, claims, options(seed, 100));
      expect(told(result.failure)).toBe('no failure');
      expect(result.sequences).toBe(100);
    }
  });

  // Sequences that the model once refused.
  test.each([
    ['a slot taken anew inside a write of the same iteration', '838'],
    ['a settle that goes on because an iteration was cut short', '1065'],
  ])('%s', async (_name, path) => {
    const client = subjectOf(SIMPLE);
    const result = await checkModel(client, await claimsOf(client), { ...options(5, 1), path });
    expect(told(result.failure)).toBe('no failure');
    expect(result.sequences).toBe(1);
  });

  test('reference and native tell the same histories of the same sequences', async () => {
    const [reference, native] = [subjectOf(OWN_DRAINS['reference']!), subjectOf(OWN_DRAINS['native']!)];
    for (const seed of [43, FRESH]) {
      const result = await checkDifference(reference, native, await claimsOf(native), options(seed, 50));
      expect(told(result.failure)).toBe('no failure');
    }
  });
});

async function faultNamed(family: string, name: string): Promise<Fault> {
  const file = join(DIST, 'conformance', 'broken', 'faults', `${family}.js`);
  const { FAULTS } = (await import(pathToFileURL(file).href)) as { FAULTS: readonly Fault[] };
  return FAULTS.find((fault) => fault.name === name)!;
}

/** Faults in copies of their own: other tests build the same ones. */
async function brokenBy(family: string, name: string): Promise<SubjectClient> {
  return subjectOf(buildBroken({ ...(await faultNamed(family, name)), name: `model-${name}` }, ROOT));
}

describe('a broken drain is stopped by a short sequence, which replays:', () => {
  test.each([
    ['lane', 'evicted-not-counted', 'LEDGER-', 5],
    ['lane', 'short-records', 'LANE-RECORD-SIZE', 4],
    ['ledger', 'attempts-forget-rejections', 'LEDGER-BALANCE', 4],
    ['loss', 'one-record-too-many', 'LANE-FULL-REJECTS', 4],
    ['loss', 'thread-id-of-the-first', 'THREAD-EVENTS', 9],
    ['metric', 'quiet-threads-left-out', 'METRIC-PER-THREAD', 4],
    ['thread', 'second-leave-accepted', 'THREAD-DOUBLE-LEAVE', 5],
  ])('%s: %s (%s)', async (family, name, requirement, longest) => {
    const client = await brokenBy(family, name);
    const claims = await claimsOf(client);
    const { failure } = await checkModel(client, claims, options(1, 900));
    expect(told(failure)).toContain(requirement);
    expect(failure!.commands.length).toBeLessThanOrEqual(longest);
    const { seed, path, replayPath } = failure!;
    const again = await checkModel(client, claims, { ...options(seed, 1), path, replayPath });
    expect(again.sequences).toBe(1);
    expect(again.failure?.violation).toEqual(failure!.violation);
    expect(again.failure?.commands).toEqual(failure!.commands);
    expect(told(failure)).toContain(`Replay: drainproof model ${replayArguments(failure!)}`);
  });

  test('two drains that differ are told apart, with both records', async () => {
    const client = await brokenBy('queue', 'skip-takes-credit');
    const reference = subjectOf(OWN_DRAINS['reference']!);
    const { failure } = await checkDifference(reference, client, await claimsOf(client), options(1, 3000));
    expect(told(failure)).toContain('The two drains tell different histories');
    expect(failure!.difference!.first).not.toBe(failure!.difference!.second);
  });
});

describe('a drain that does not answer', () => {
  test('is told by what became of its process, whatever the sequence', async () => {
    const odd = fileURLToPath(new URL('../client/odd-subject.js', import.meta.url));
    const client = new SubjectClient([process.execPath, odd, 'exit'], { limits: MODEL_LIMITS });
    clients.push(client);
    const { failure } = await checkModel(client, await claimsOf(client), options(1, 20));
    expect(failure?.fault?.kind).toBe('exit');
    expect(told(failure)).toContain('exit: ');
    expect(failure!.commands).toEqual([]);
  });

  test('and one that tells of another scenario than it was given breaks off the model, not the suite', async () => {
    const odd = fileURLToPath(new URL('../client/odd-subject.js', import.meta.url));
    const client = new SubjectClient([process.execPath, odd, 'good'], { limits: MODEL_LIMITS });
    clients.push(client);
    const { failure } = await checkModel(client, await claimsOf(client), options(1, 20));
    expect(failure?.violation?.message).toContain("expected 'sink'");
  });
});
