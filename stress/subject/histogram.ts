/**
 * Counts of times in log-linear buckets, as HDR histograms have them: each power of two in 128 equal parts, so that a value is told
 * within 0.8 %. Node's own takes one value a call, some 150 ns each; here the events of one tick, which share their time, are one call.
 */
import type { Distribution } from '../../spec/stress.js';

const PARTS = 128;
const PARTS_LOG2 = 7;
/** The longest time that is told, ns: 2^46 are 19 hours. */
const LONGEST_LOG2 = 46;
const BUCKETS = (LONGEST_LOG2 - PARTS_LOG2 + 1) * PARTS;
const PERCENTILES = [0, 1, 5, 10, 25, 50, 75, 90, 95, 99, 99.9, 99.99, 100] as const;

function bucketOf(ns: number): number {
  if (ns < PARTS) return ns;
  // the highest bit, of numbers beyond 32 bits too
  const high = ns < 2 ** 31 ? 31 - Math.clz32(ns) : Math.floor(Math.log2(ns));
  const shift = high - PARTS_LOG2;
  return Math.min(BUCKETS - 1, (shift + 1) * PARTS + Math.floor(ns / 2 ** shift) - PARTS);
}

/** The middle of a bucket, ns. */
function middleOf(bucket: number): number {
  if (bucket < 2 * PARTS) return bucket;
  const shift = Math.floor(bucket / PARTS) - 1;
  return ((bucket % PARTS) + PARTS + 0.5) * 2 ** shift;
}

export class Histogram {
  readonly #counts = new Float64Array(BUCKETS);
  #count = 0;
  #sum = 0;
  #min = Infinity;
  #max = 0;

  /** `times` events took so long each; less than 0 counts as 0. */
  record(ns: number, times = 1): void {
    const value = ns > 0 ? Math.floor(ns) : 0;
    this.#counts[bucketOf(value)]! += times;
    this.#count += times;
    this.#sum += value * times;
    if (value < this.#min) this.#min = value;
    if (value > this.#max) this.#max = value;
  }

  add(other: Histogram): void {
    for (let i = 0; i < BUCKETS; i += 1) this.#counts[i]! += other.#counts[i]!;
    this.#count += other.#count;
    this.#sum += other.#sum;
    this.#min = Math.min(this.#min, other.#min);
    this.#max = Math.max(this.#max, other.#max);
  }

  reset(): void {
    this.#counts.fill(0);
    [this.#count, this.#sum, this.#min, this.#max] = [0, 0, Infinity, 0];
  }

  /** In ms; undefined when nothing was recorded. */
  distribution(): Distribution | undefined {
    if (this.#count === 0) return undefined;
    return {
      count: this.#count,
      minMs: this.#min / 1e6,
      meanMs: this.#sum / this.#count / 1e6,
      maxMs: this.#max / 1e6,
      percentiles: PERCENTILES.map((at) => [at, this.#percentile(at) / 1e6]),
    };
  }

  /** The time that so many per cent of the events did not exceed, ns. */
  #percentile(at: number): number {
    if (at === 0) return this.#min;
    let left = Math.ceil((at / 100) * this.#count);
    for (let i = 0; i < BUCKETS; i += 1) {
      left -= this.#counts[i]!;
      if (left <= 0) return Math.min(this.#max, Math.max(this.#min, middleOf(i)));
    }
    return this.#max;
  }
}
