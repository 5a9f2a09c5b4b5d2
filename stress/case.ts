/** A case of a micro-benchmark, and how one is measured. */
import { performance } from 'node:perf_hooks';
import { Bench } from 'tinybench';
import type { ThreadHandle } from '../spec/index.js';

/** What is measured: turns of so many operations each, and what goes before each of them unmeasured. */
export interface Turns {
  /** Of one turn: enough of them for the clock. */
  readonly operations: number;
  prepare(): void;
  /** @throws Error when the drain did other than what is measured */
  turn(): void;
}

/** Turns of something that is to be closed. */
export interface Case extends Turns {
  close(): void;
}

/** A machine that gives this process less than such a part of its time is not waited for any longer. */
const LEAST_PART = 1 / 16;

/**
 * ns of one operation: the median of the turns that a third of `timeMs` of processor time has room for, preparations included, but of 8 at
 * least. The other two thirds go before, to warm up. @throws Error when a turn does
 */
export function measureCase(one: Turns, timeMs: number): number {
  const bench = new Bench({
    time: timeMs / 3,
    iterations: 8,
    warmupTime: (2 * timeMs) / 3,
    warmupIterations: 4,
    throws: true,
  });
  bench.add('case', () => turnOf(one), { async: false });
  const { result } = bench.runSync()[0]!;
  if (result.state !== 'completed') throw new Error(`the benchmark ended as ${result.state}`);
  return result.latency.p50 * 1e6;
}

/** Times in ms. What the whole of it took of the processor counts as spent, the turn alone as measured. */
function turnOf(one: Turns): { overriddenDuration: number; overriddenIterationCost: number } {
  const spent = process.cpuUsage();
  const prepares = performance.now();
  one.prepare();
  const begins = performance.now();
  one.turn();
  const ends = performance.now();
  const { user, system } = process.cpuUsage(spent);
  return {
    overriddenDuration: (ends - begins) / one.operations,
    overriddenIterationCost: Math.max((user + system) / 1000, (ends - prepares) * LEAST_PART),
  };
}

/** Emits so many index events with each handle. @throws Error when one is not accepted */
export function fill(handles: readonly ThreadHandle[], record: Uint8Array, each: number): void {
  for (const handle of handles) {
    for (let i = 0; i < each; i += 1) {
      const outcome = handle.emitIndex(record);
      if (outcome !== 'accepted') throw new Error(`an event was not accepted but ${outcome}: the lane must have room`);
    }
  }
}

/** The middle one, or the upper of two. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}
