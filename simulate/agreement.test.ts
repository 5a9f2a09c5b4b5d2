/** The simulator's claim: the reference drain, given the same load, makes the same visits and batches. */
import { expect, test } from 'vitest';
import { createDrain } from '../reference/index.js';
import { INDEX_RECORD_BYTES, POLICIES, type Environment, type Policy } from '../spec/index.js';
import { arrange } from './arrangement.js';
import { checkLoad, configOf, type LoadInput } from './load.js';
import { threadsOf } from './sim-thread.js';

const BATCHES = 3000;
const SINK_NS = 5000;
const PENDING = 100;
const load = checkLoad(
  {
    version: 1,
    groups: [
      { name: 'plain', count: 3, arrivals: { kind: 'backlogged', pending: PENDING } },
      { name: 'heavy', count: 2, weight: 4, priority: 2, arrivals: { kind: 'backlogged', pending: PENDING } },
      { name: 'high', count: 2, weight: 2, priority: 7, arrivals: { kind: 'backlogged', pending: PENDING } },
    ],
    costs: { visitNs: 1, eventNs: 0, sinkNs: SINK_NS },
    config: {
      quantum: 8,
      quantumMin: 4,
      quantumMax: 64,
      batchMin: 4,
      batchMax: 32,
      maxIterationVisits: 5,
      targetIterationNs: 170_000,
      targetWriteNs: 6000,
    },
  } satisfies LoadInput,
  'test',
);

function simulated(policy: Policy): string[] {
  const batches: string[] = [];
  const nothing = (): void => undefined;
  const threads = threadsOf(load.groups, 1, 1);
  const parts = { config: { ...configOf(load), policy }, costs: load.costs, numa: load.numa };
  const observer = {
    discovered: nothing,
    visited: nothing,
    skipped: nothing,
    caughtUp: nothing,
    iterationEnded: nothing,
    delivered: ({ slot }: { slot: number }, first: number, count: number) => batches.push(`${slot}:${first}+${count}`),
  };
  const { drains } = arrange('plain', threads, parts, observer);
  while (batches.length < BATCHES) drains[0]!.iterate();
  return batches.slice(0, BATCHES);
}

/** The same on a real drain: time passes in the sink, and whoever is written emits as much again, so that it stays as full. */
function drained(policy: Policy): string[] {
  const batches: string[] = [];
  let now = 0n;
  const environment: Environment = { now: () => now, pause: () => undefined };
  const threads = threadsOf(load.groups, 1, 1);
  const delivered = threads.map(() => 0);
  const record = new Uint8Array(INDEX_RECORD_BYTES);
  const drain = createDrain({
    config: { ...configOf(load), policy, slots: threads.length, indexCapacity: 1024 },
    environment,
    sink: {
      write({ slot, count }) {
        batches.push(`${slot}:${delivered[slot]!}+${count}`);
        delivered[slot]! += count;
        now += BigInt(SINK_NS);
        for (let i = 0; i < count; i += 1) expect(handles[slot]!.emitIndex(record)).toBe('accepted');
        return count;
      },
    },
  });
  const handles = threads.map(({ slot, weight, priority }) =>
    drain.registry.register({ threadId: slot + 1, weight, priority }),
  );
  for (const handle of handles) for (let i = 0; i < PENDING; i += 1) handle.emitIndex(record);
  while (batches.length < BATCHES) drain.drainIteration();
  drain.close();
  return batches.slice(0, BATCHES);
}

test.each(POLICIES)('%s: the reference drain makes the same visits and batches', (policy) => {
  expect(simulated(policy)).toEqual(drained(policy));
});
