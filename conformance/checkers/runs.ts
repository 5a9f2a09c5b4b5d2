/** Sets of sequences as disjoint ascending runs: a run of 10 million sequences costs as much as one. */
export interface Run {
  readonly from: number;
  readonly count: number;
}

export class RunSet {
  #runs: { from: number; to: number }[] = [];

  /** The runs, ascending, none touching the next. */
  get runs(): readonly Run[] {
    return this.#runs.map(({ from, to }) => ({ from, count: to - from }));
  }

  get size(): number {
    return this.#runs.reduce((sum, { from, to }) => sum + to - from, 0);
  }

  add(from: number, count: number): void {
    if (count <= 0) return;
    const at = this.#firstEndingAt(from);
    let last = at;
    let start = from;
    let end = from + count;
    for (; last < this.#runs.length && this.#runs[last]!.from <= end; last += 1) {
      start = Math.min(start, this.#runs[last]!.from);
      end = Math.max(end, this.#runs[last]!.to);
    }
    this.#runs.splice(at, last - at, { from: start, to: end });
  }

  /** The first run of sequences that are in the set and in `from ... from + count`. */
  common(from: number, count: number): Run | undefined {
    const run = this.#runs[this.#firstEndingAt(from + 1)];
    if (run === undefined || count <= 0 || run.from >= from + count) return undefined;
    const start = Math.max(run.from, from);
    return { from: start, count: Math.min(run.to, from + count) - start };
  }

  /** The first run of sequences in `from ... from + count` that are not in the set. */
  missing(from: number, count: number): Run | undefined {
    const end = from + count;
    let start = from;
    for (let at = this.#firstEndingAt(from + 1); at < this.#runs.length && start < end; at += 1) {
      const run = this.#runs[at]!;
      if (run.from > start) return { from: start, count: Math.min(run.from, end) - start };
      start = run.to;
    }
    return start < end ? { from: start, count: end - start } : undefined;
  }

  /** How many sequences in `from ... from + count` are not in the set. */
  absent(from: number, count: number): number {
    const end = from + count;
    let absent = 0;
    for (let at = from; at < end;) {
      const gap = this.missing(at, end - at);
      if (gap === undefined) break;
      absent += gap.count;
      at = gap.from + gap.count;
    }
    return absent;
  }

  /** Index of the first run whose end is at or after `sequence`. */
  #firstEndingAt(sequence: number): number {
    let low = 0;
    let high = this.#runs.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#runs[middle]!.to < sequence) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** A run in words: `7` or `7 to 9`. */
export function describeRun({ from, count }: Run): string {
  return count === 1 ? `${from}` : `${from} to ${from + count - 1}`;
}

/** The runs of `sorted` (ascending, disjoint) that share a sequence with `from ... from + count`. */
export function overlapping<T extends Run>(sorted: readonly T[], from: number, count: number): T[] {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]!.from + sorted[middle]!.count <= from) low = middle + 1;
    else high = middle;
  }
  const found: T[] = [];
  if (count <= 0) return found;
  for (; low < sorted.length && sorted[low]!.from < from + count; low += 1) found.push(sorted[low]!);
  return found;
}
