/** Rounds of micro-benchmarks: in each of them every drain has its turn, case by case, in a process of its own. */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { ResultOf } from '../spec/index.js';
import type { RoundMessage } from './bench-round.js';
import { BENCHMARKS, CALIBRATION, MACHINE } from './benchmarks.js';
import { median } from './case.js';

const ROUND = fileURLToPath(new URL('bench-round.js', import.meta.url));

/** A drain's module. */
export interface BenchTarget {
  readonly name: string;
  readonly path: string;
}

export interface BenchOptions {
  readonly rounds: number;
  /** Processor time of a case in a round, ms: two thirds of it to warm up. */
  readonly timeMs: number;
  /** A round of a drain that takes longer is ended; absent: thirty times what its cases should, and 30 s. */
  readonly timeoutMs?: number;
  /** Told before each turn. */
  readonly onTurn?: (round: number, drain: string) => void;
}

export interface Benchmarked {
  /** The machine's first, then drain by drain. */
  readonly benchmarks: readonly ResultOf<'benchmark'>[];
  /** What could not be measured, in words. */
  readonly problems: readonly string[];
}

/** Measures the drains and the machine. What failed in any round has no record, but a problem. */
export async function runBenchmarks(
  targets: readonly BenchTarget[],
  { rounds, timeMs, timeoutMs = 30 * BENCHMARKS.length * timeMs + 30_000, onTurn }: BenchOptions,
): Promise<Benchmarked> {
  const samples = new Map<string, number[]>();
  const add = (drain: string, name: string, ns: number): void => {
    const key = JSON.stringify([drain, name]);
    samples.set(key, [...(samples.get(key) ?? []), ns]);
  };
  const problems = new Set<string>();
  const ended = new Set<string>();
  for (let round = 1; round <= rounds; round += 1) {
    const calibrations: number[] = [];
    for (const { name: drain, path } of targets.filter(({ name }) => !ended.has(name))) {
      onTurn?.(round, drain);
      const told = await playRound(timeMs, path, timeoutMs);
      if (typeof told === 'string') {
        problems.add(`${drain}: ${told} in round ${round}; it was measured no further`);
        ended.add(drain);
        continue;
      }
      calibrations.push(told.calibration);
      for (const { name, why } of told.failed) problems.add(`${drain}, ${name}: ${why}`);
      for (const { name, ns } of told.measured) add(drain, name, ns);
    }
    if (calibrations.length > 0) add(MACHINE, CALIBRATION.name, median(calibrations));
  }
  const benchmarks = [MACHINE, ...targets.map(({ name }) => name)].flatMap((drain) =>
    [CALIBRATION, ...BENCHMARKS].flatMap(({ name, about }) => {
      const all = samples.get(JSON.stringify([drain, name])) ?? [];
      const whole = drain === MACHINE ? all.length > 0 : all.length === rounds;
      return whole ? [benchmarkOf({ drain, name, about }, all)] : [];
    }),
  );
  return { benchmarks, problems: [...problems] };
}

function benchmarkOf(
  of: Pick<ResultOf<'benchmark'>, 'drain' | 'name' | 'about'>,
  measured: readonly number[],
): ResultOf<'benchmark'> {
  const samples = measured.map((ns) => Number(ns.toPrecision(5)));
  return { type: 'benchmark', ...of, unit: 'ns', median: median(samples), samples };
}

/** What a round's process sent, or what became of it. */
function playRound(timeMs: number, path: string, timeoutMs: number): Promise<RoundMessage | string> {
  return new Promise((resolve) => {
    const child = fork(ROUND, [String(timeMs), path], {
      // compiled where it runs: whether another core is idle must not decide when the code is fast
      execArgv: ['--expose-gc', '--no-concurrent-recompilation'],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    let said = '';
    let late = false;
    let message: RoundMessage | undefined;
    const timer = setTimeout(() => {
      late = true;
      child.kill('SIGKILL');
    }, timeoutMs);
    child.stderr?.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-2000)));
    child.on('message', (told) => (message = told as RoundMessage));
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      if (message !== undefined) return resolve(message);
      if (late) return resolve(`no answer within ${timeoutMs} ms`);
      const last = said.trim().split('\n').at(-1) ?? '';
      resolve(`its process ended with ${signal ?? `code ${code}`}${last === '' ? '' : ` (${last})`}`);
    });
  });
}
