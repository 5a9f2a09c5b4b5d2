/** Counts of durations, in classes at most 2.2 % wide, from 1 ns to centuries. */
const PER_OCTAVE = 32;
const CLASSES = 64 * PER_OCTAVE;

export class LatencyHistogram {
  readonly #counts = new Float64Array(CLASSES);
  #total = 0;

  get total(): number {
    return this.#total;
  }

  /** Adds `count` durations of `ns`. */
  add(ns: number, count = 1): void {
    const at = ns <= 1 ? 0 : Math.min(Math.ceil(Math.log2(ns) * PER_OCTAVE), CLASSES - 1);
    this.#counts[at]! += count;
    this.#total += count;
  }

  /** The upper end of the class that holds this part of all (0 to 1), ns; undefined without any. */
  quantile(part: number): number | undefined {
    if (this.#total === 0) return undefined;
    const wanted = Math.max(1, Math.ceil(part * this.#total));
    let seen = 0;
    let at = 0;
    for (; at < CLASSES - 1; at += 1) {
      seen += this.#counts[at]!;
      if (seen >= wanted) break;
    }
    return Math.round(2 ** (at / PER_OCTAVE));
  }
}
