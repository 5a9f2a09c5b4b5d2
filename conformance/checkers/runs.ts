/** Sets of sequences as disjoint ascending runs: a run of 10 million sequences costs as much as one. */
export interface Run {
  readonly from: number;
  readonly count: number;
}

/** Numbers in a chunk before it is cut in two: what an insertion in the middle moves at most. */
const CHUNK = 1024;

/** Kept flat (`from, to, from, to ...`) in chunks, so that millions of runs in any order stay small and quick. */
export class RunSet {
  #chunks: number[][] = [];

  /** The runs, ascending, none touching the next. */
  get runs(): readonly Run[] {
    const runs: Run[] = [];
    for (const chunk of this.#chunks)
      for (let at = 0; at < chunk.length; at += 2) runs.push({ from: chunk[at]!, count: chunk[at + 1]! - chunk[at]! });
    return runs;
  }

  get size(): number {
    let size = 0;
    for (const chunk of this.#chunks) for (let at = 0; at < chunk.length; at += 2) size += chunk[at + 1]! - chunk[at]!;
    return size;
  }

  add(from: number, count: number): void {
    if (count <= 0) return;
    const last = this.#chunks.at(-1);
    const top = last?.at(-1);
    if (last === undefined || top === undefined) this.#chunks.push([from, from + count]);
    else if (from === top) last[last.length - 1] = from + count;
    else if (from < top) this.#insert(from, from + count);
    else if (last.length < CHUNK) last.push(from, from + count);
    else this.#chunks.push([from, from + count]);
  }

  /** Puts a run before the end of the set, with all that it touches made one. */
  #insert(from: number, to: number): void {
    const place = this.#chunkEndingAt(from);
    const chunk = this.#chunks[place]!;
    const first = firstEndingAt(chunk, from);
    let end = first;
    let [start, stop] = [from, to];
    for (; end < chunk.length && chunk[end]! <= stop; end += 2) {
      start = Math.min(start, chunk[end]!);
      stop = Math.max(stop, chunk[end + 1]!);
    }
    if (end === chunk.length) stop = this.#absorbAfter(place, stop);
    chunk.splice(first, end - first, start, stop);
    if (chunk.length > CHUNK) this.#chunks.splice(place + 1, 0, chunk.splice(CHUNK / 2));
  }

  /** Takes out of the chunks after `place` what touches a run that ends at `stop`; the result is where it ends then. */
  #absorbAfter(place: number, stop: number): number {
    let end = stop;
    for (let next = this.#chunks[place + 1]; next !== undefined && next[0]! <= end; next = this.#chunks[place + 1]) {
      let taken = 0;
      for (; taken < next.length && next[taken]! <= end; taken += 2) end = Math.max(end, next[taken + 1]!);
      if (taken === next.length) this.#chunks.splice(place + 1, 1);
      else next.splice(0, taken);
    }
    return end;
  }

  /** The first run of sequences that are in the set and in `from ... from + count`. */
  common(from: number, count: number): Run | undefined {
    const chunk = this.#chunks[this.#chunkEndingAt(from + 1)];
    if (chunk === undefined || count <= 0) return undefined;
    const at = firstEndingAt(chunk, from + 1);
    if (chunk[at]! >= from + count) return undefined;
    const start = Math.max(chunk[at]!, from);
    return { from: start, count: Math.min(chunk[at + 1]!, from + count) - start };
  }

  /** The first run of sequences in `from ... from + count` that are not in the set. */
  missing(from: number, count: number): Run | undefined {
    const end = from + count;
    let start = from;
    for (let place = this.#chunkEndingAt(from + 1); place < this.#chunks.length && start < end; place += 1) {
      const chunk = this.#chunks[place]!;
      for (let at = firstEndingAt(chunk, start + 1); at < chunk.length && start < end; at += 2) {
        if (chunk[at]! > start) return { from: start, count: Math.min(chunk[at]!, end) - start };
        start = chunk[at + 1]!;
      }
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

  /** Place of the first chunk whose last run ends at or after `sequence`. */
  #chunkEndingAt(sequence: number): number {
    let low = 0;
    let high = this.#chunks.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#chunks[middle]!.at(-1)! < sequence) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Place of the first run in a chunk whose end is at or after `sequence`. */
function firstEndingAt(chunk: readonly number[], sequence: number): number {
  let low = 0;
  let high = chunk.length / 2;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (chunk[2 * middle + 1]! < sequence) low = middle + 1;
    else high = middle;
  }
  return 2 * low;
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
