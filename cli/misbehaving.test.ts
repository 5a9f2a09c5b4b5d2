/** Drains that do nothing, or end in the middle: judged, named, and none of them ends the run. */
import { afterAll, describe, expect, test } from 'vitest';
import { REQUIREMENTS } from '../spec/index.js';
import { nothing, RunFolder } from './testing.js';

const folder = new RunFolder();
afterAll(() => folder.remove());

const FIVE = ['LANE-ORDER', 'LANE-FULL-REJECTS', 'THREAD-DOUBLE-LEAVE', 'METRIC-PEEK', 'LOSS-SINGLE-EVENT'];
/** Blocks the drain's thread for good, without a core of ours. */
const HANG = 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);';

// Most of their time is waiting for what never answers.
describe.concurrent('drainproof run', { timeout: 300_000 }, () => {
  test('earns a drain that does nothing no pass at all', async () => {
    const { code, results } = await folder.run('nothing', ['--impl', folder.write('nothing.mjs', nothing(''))]);
    expect(results.verdicts.filter(({ verdict }) => verdict === 'pass').map(({ id }) => id)).toEqual([]);
    expect(
      results.verdicts.filter(({ verdict }) => verdict === 'error').map(({ id, reason }) => `${id} ${reason}`),
    ).toEqual([]);
    expect(results.verdicts).toHaveLength(REQUIREMENTS.length);
    expect(code).toBe(1);
  });

  test.each([
    ['crash', "process.kill(process.pid, 'SIGSEGV'); for (;;);", 'SIGSEGV'],
    ['exit', 'process.exit(5)', 'code 5'],
    ['hang', HANG, 'no answer within'],
    ['garbage', "process.stdout.write('hello there\\n')", 'hello there'],
  ])('names a drain that ends in a %s, and judges every other check', async (kind, turn, phrase) => {
    const path = folder.write(`${kind}.mjs`, nothing(turn));
    const { code, results } = await folder.run(kind, ['--impl', path, ...FIVE.flatMap((id) => ['--id', id])]);
    expect(results.verdicts).toHaveLength(FIVE.length);
    const named = results.verdicts.filter(({ failure }) => failure?.kind === kind);
    expect(named.length).toBeGreaterThanOrEqual(3);
    for (const { failure } of named) expect(failure?.message).toContain(phrase);
    expect(results.verdicts.find(({ id }) => id === 'THREAD-DOUBLE-LEAVE')?.failure?.kind).not.toBeUndefined();
    expect(code).toBe(1);
  });
});
