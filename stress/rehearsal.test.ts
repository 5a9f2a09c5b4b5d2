import { expect, test } from 'vitest';
import type { StressLoad } from '../spec/stress.js';
import type { StressClient } from './client.js';
import { scenarioOf } from './plan.js';
import { rehearse } from './rehearsal.js';

const scale = { seconds: 1, rate: 1, seed: 3 } as const;
const task = (id: string) => ({ scenario: scenarioOf(id)! });

/** The loads that a drain with these capabilities is given. */
async function rehearsed(tasks: Parameters<typeof rehearse>[1], capabilities: readonly string[] | undefined) {
  const loads: StressLoad[] = [];
  const client = {
    open: () =>
      Promise.resolve(
        capabilities === undefined
          ? { ok: false, fault: { kind: 'exit', message: 'gone' } }
          : { ok: true, value: { name: 'fake', version: '1', capabilities } },
      ),
    measure: (load: StressLoad) => Promise.resolve(void loads.push(load)),
  } as unknown as StressClient;
  await rehearse(client, tasks, scale);
  return loads;
}

test('all threads of the largest load start and live, and nothing is measured long', async () => {
  const loads = await rehearsed([task('light'), task('dynamic'), task('steady')], ['threads']);
  expect(loads).toHaveLength(1);
  const { groups, producers, durationMs, seed } = loads[0]!;
  expect(groups.map(({ threads, life }) => [threads, life !== undefined])).toEqual([
    [1, false],
    [64, true],
  ]);
  expect(producers).toBe('workers');
  expect(durationMs).toBeLessThanOrEqual(2000);
  expect(seed).toBe(3);
});

test('threads that are native need no rehearsal, a curve needs as many as it has', async () => {
  const native = ['threads', 'arena', 'producer-threads'];
  expect((await rehearsed([task('heavy')], native))[0]!.groups[1]!.threads).toBe(1);
  expect((await rehearsed([task('heavy')], ['threads']))[0]!.groups[1]!.threads).toBe(64);
  expect((await rehearsed([{ saturation: 8 }], ['threads']))[0]!.groups[1]!.threads).toBe(8);
});

test('a drain without threads, or one that does not open, is left to what is judged', async () => {
  expect(await rehearsed([task('light')], [])).toEqual([]);
  expect(await rehearsed([task('light')], undefined)).toEqual([]);
});
