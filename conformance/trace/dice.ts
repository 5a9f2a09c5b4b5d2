/** Numbers from a seed: the same for every drain that asks in the same order. */
import { mix32 } from '../../spec/records.js';

export class Dice {
  readonly #seed: number;
  #asked = 0;

  constructor(seed: number) {
    this.#seed = mix32(seed);
  }

  /** 0 to `below` - 1. */
  next(below: number): number {
    this.#asked += 1;
    return mix32(this.#seed ^ Math.imul(this.#asked, 0x9e3779b1)) % below;
  }

  /** True once in `times`, on average. */
  once(times: number): boolean {
    return this.next(times) === 0;
  }

  /** From `least` to `most`. */
  within(least: number, most: number): number {
    return least + this.next(most - least + 1);
  }
}

/** A running hash of numbers: two words of 32 bits, so that a chance match is none. */
export class RunningHash {
  #a = 0x811c9dc5;
  #b = 0x1b873593;

  add(...values: readonly number[]): void {
    for (const value of values) {
      this.#a = Math.imul(this.#a ^ (value | 0), 0x01000193);
      this.#b = mix32(this.#b ^ (value | 0));
    }
  }

  get text(): string {
    return [this.#a, this.#b].map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
  }
}
