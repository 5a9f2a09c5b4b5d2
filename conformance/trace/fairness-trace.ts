/**
 * The same trace through both drains, under each policy: `npm run fairness-trace -- --visits 1000000 --seed 1`. Prints the
 * largest lag, waits and credits beside their bounds; exit code 1 when a bound is exceeded or the drains differ.
 */
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { POLICIES, type DrainModule } from '../../spec/index.js';
import { loadModule } from '../subject/load-module.js';
import { OWN_DRAINS } from '../runner/drains.js';
import type { Extreme, Extremes } from './monitors.js';
import { runTrace, type TraceResult } from './trace.js';

const NAMES: Readonly<Record<keyof Extremes, string>> = {
  lag: 'service lag',
  waitVisits: 'wait, visits',
  waitEvents: 'wait, events of one other',
  credit: 'credit',
  finalVisits: 'visits of a final drain',
};

/** Bounds that were exceeded, in words. */
export function exceeded({ extremes }: TraceResult): string[] {
  return Object.entries(NAMES).flatMap(([name, words]) => {
    const { value, bound } = extremes[name as keyof Extremes];
    return value > bound ? [`${words} ${value}, its bound is ${bound}`] : [];
  });
}

/** Where two traces part, in words; undefined: nowhere. */
export function parting(one: TraceResult, other: TraceResult): string | undefined {
  if (one.hash === other.hash) return undefined;
  const at = one.checkpoints.findIndex((hash, i) => hash !== other.checkpoints[i]);
  return at < 0
    ? 'the traces part at their end'
    : `the traces part before checkpoint ${at} (a checkpoint is 256 iterations)`;
}

const nearest = ({ value, bound }: Extreme): string => (bound === 0 ? 'not judged' : `${value} of ${bound}`);

/** @returns the process's exit code */
export async function main(args: readonly string[], write: (text: string) => void): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: { visits: { type: 'string', default: '100000' }, seed: { type: 'string', default: '1' } },
  });
  const drains = await Promise.all(
    Object.entries(OWN_DRAINS).map(async ([name, path]): Promise<[string, DrainModule]> => [
      name,
      await loadModule(path),
    ]),
  );
  let sound = true;
  for (const policy of POLICIES) {
    let first: TraceResult | undefined;
    for (const [name, module] of drains) {
      const started = performance.now();
      const result = runTrace(module, { policy, seed: Number(values.seed), visits: Number(values.visits) });
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      write(
        `${policy} ${name}: ${result.visits} visits, ${result.iterations} iterations, ${result.events} events in ${seconds} s, hash ${result.hash}\n`,
      );
      if (first === undefined)
        for (const [key, words] of Object.entries(NAMES))
          write(`  ${words.padEnd(26)} ${nearest(result.extremes[key as keyof Extremes])}\n`);
      const problems = [...exceeded(result), ...(first === undefined ? [] : [parting(first, result) ?? []].flat())];
      for (const problem of problems) write(`  WRONG: ${problem}\n`);
      sound &&= problems.length === 0;
      first ??= result;
    }
  }
  write(
    sound ? 'Every bound holds, and the drains select alike.\n' : 'Some bound does not hold, or the drains differ.\n',
  );
  return sound ? 0 : 1;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href)
  process.exitCode = await main(process.argv.slice(2), (text) => process.stdout.write(text));
