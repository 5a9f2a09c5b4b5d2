import { InvalidArgumentError } from 'commander';
import type { Shard } from '../stress/plan.js';

/** `--shard i/n`. */
export function shardOf(text: string): Shard {
  const [, index, of] = /^([1-9]\d{0,3})\/([1-9]\d{0,3})$/.exec(text) ?? [];
  if (index === undefined || Number(index) > Number(of))
    throw new InvalidArgumentError('Expected i/n, the i-th of n parts: 2/3.');
  return { index: Number(index), of: Number(of) };
}
