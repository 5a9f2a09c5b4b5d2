/** For the tests of comparisons: results to compare. */
import type { ResultOf } from '../spec/index.js';
import type { ComparedResults } from './compare.js';

type Machine = ResultOf<'run'>['machine'];

const MACHINE: Machine = { cpu: 'one', cores: 2, memoryBytes: 1, os: 'x 1', node: 'v20' };
/** About 1. */
export const NOISE = [0.99, 1.01, 1, 1.02, 0.98, 1, 1.01, 0.99];
export const about = (middle: number): number[] => NOISE.map((one) => one * middle);

/** Results that hold only these parts. */
export function results(parts: Partial<ComparedResults> = {}, machine: Partial<Machine> = {}): ComparedResults {
  const run: ResultOf<'run'> = {
    type: 'run',
    version: 1,
    tool: { name: 'drainproof', version: '0' },
    startedAt: '',
    seed: 0,
    arguments: [],
    machine: { ...MACHINE, ...machine },
    drains: [],
  };
  return { run, verdicts: [], stress: [], benchmarks: [], partial: false, ...parts };
}
