/** Sets of sequences as disjoint ascending runs: a run of 10 million sequences costs as much as one. */
export interface Run {
  readonly from: number;
  readonly count: number;
}

/** Numbers in a chunk before it is cut in two: what an insertion in the middle moves at most. */
const CHUNK = 1024;
const SMALLEST = 4;
const NARROW = 2 ** 32;

/** Ascending runs, kept flat: `from, to, from, to ...`. Four bytes a number as long as all numbers fit. */
class Chunk {
  length = 0;
  #numbers: Uint32Array | Float64Array = new Uint32Array(SMALLEST);

  /** @param at a place below `length` */
  at(at: number): number {
    return this.#numbers[at]!;
  }

  get end(): number {
    return this.#numbers[this.length - 1]!;
  }

  set end(to: number) {
    this.#room(this.length, to);
    this.#numbers[this.length - 1] = to;
  }

  push(from: number, to: number): void {
    this.#room(this.length + 2, to);
    this.#numbers[this.length] = from;
    this.#numbers[this.length + 1] = to;
    this.length += 2;
  }

  /** Puts one run in the place of those in `first ... until`. */
  replace(first: number, until: number, from: number, to: number): void {
    this.#room(this.length + 2, to);
    this.#numbers.copyWithin(first + 2, until, this.length);
    this.length += first + 2 - until;
    this.#numbers[first] = from;
    this.#numbers[first + 1] = to;
  }

  /** Drops the runs before `first`. */
  dropBefore(first: number): void {
    this.#numbers.copyWithin(0, first, this.length);
    this.length -= first;
  }

  /** Cuts the chunk at `first`: the result holds what follows. */
  cut(first: number): Chunk {
    const rest = new Chunk();
    for (let at = first; at < this.length; at += 2) rest.push(this.at(at), this.at(at + 1));
    this.length = first;
    return rest;
  }

  /** Place of the first run whose end is at or after `sequence`. */
  firstEndingAt(sequence: number): number {
    let low = 0;
    let high = this.length / 2;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#numbers[2 * middle + 1]! < sequence) low = middle + 1;
      else high = middle;
    }
    return 2 * low;
  }

  #room(length: number, largest: number): void {
    const old = this.#numbers;
    const wide = largest >= NARROW && old instanceof Uint32Array;
    if (length <= old.length && !wide) return;
    const size = length <= old.length ? old.length : Math.max(length, 2 * old.length);
    this.#numbers = wide || old instanceof Float64Array ? new Float64Array(size) : new Uint32Array(size);
    this.#numbers.set(old.subarray(0, this.length));
  }
}

/** Kept in chunks, so that millions of runs in any order stay small and quick: 8 bytes a run. */
export class RunSet {
  #chunks: Chunk[] = [];

  /** The runs, ascending, none touching the next. */
  get runs(): readonly Run[] {
    return [...this.walk()];
  }

  /** The runs one by one: there may be millions. */
  *walk(): Generator<Run> {
    for (const chunk of this.#chunks)
      for (let at = 0; at < chunk.length; at += 2) yield { from: chunk.at(at), count: chunk.at(at + 1) - chunk.at(at) };
  }

  get size(): number {
    let size = 0;
    for (const { count } of this.walk()) size += count;
    return size;
  }

  add(from: number, count: number): void {
    if (count <= 0) return;
    const last = this.#chunks.at(-1);
    if (last !== undefined && from < last.end) this.#insert(from, from + count);
    else if (last?.end === from) last.end = from + count;
    else if (last !== undefined && last.length < CHUNK) last.push(from, from + count);
    else {
      const fresh = new Chunk();
      fresh.push(from, from + count);
      this.#chunks.push(fresh);
    }
  }

  /** Puts a run before the end of the set, with all that it touches made one. */
  #insert(from: number, to: number): void {
    const place = this.#chunkEndingAt(from);
    const chunk = this.#chunks[place]!;
    const first = chunk.firstEndingAt(from);
    let end = first;
    let [start, stop] = [from, to];
    for (; end < chunk.length && chunk.at(end) <= stop; end += 2) {
      start = Math.min(start, chunk.at(end));
      stop = Math.max(stop, chunk.at(end + 1));
    }
    if (end === chunk.length) stop = this.#absorbAfter(place, stop);
    chunk.replace(first, end, start, stop);
    if (chunk.length > CHUNK) this.#chunks.splice(place + 1, 0, chunk.cut(CHUNK / 2));
  }

  /** Takes out of the chunks after `place` what touches a run that ends at `stop`; the result is where it ends then. */
  #absorbAfter(place: number, stop: number): number {
    let end = stop;
    let gone = place + 1;
    for (let next = this.#chunks[gone]; next !== undefined && next.at(0) <= end; next = this.#chunks[gone]) {
      let taken = 0;
      for (; taken < next.length && next.at(taken) <= end; taken += 2) end = Math.max(end, next.at(taken + 1));
      if (taken < next.length) {
        next.dropBefore(taken);
        break;
      }
      gone += 1;
    }
    this.#chunks.splice(place + 1, gone - place - 1);
    return end;
  }

  /** The first run of sequences that are in the set and in `from ... from + count`. */
  common(from: number, count: number): Run | undefined {
    const chunk = this.#chunks[this.#chunkEndingAt(from + 1)];
    if (chunk === undefined || count <= 0) return undefined;
    const at = chunk.firstEndingAt(from + 1);
    if (chunk.at(at) >= from + count) return undefined;
    const start = Math.max(chunk.at(at), from);
    return { from: start, count: Math.min(chunk.at(at + 1), from + count) - start };
  }

  /** The first run of sequences in `from ... from + count` that are not in the set. */
  missing(from: number, count: number): Run | undefined {
    const end = from + count;
    let start = from;
    for (let place = this.#chunkEndingAt(from + 1); place < this.#chunks.length && start < end; place += 1) {
      const chunk = this.#chunks[place]!;
      for (let at = chunk.firstEndingAt(start + 1); at < chunk.length && start < end; at += 2) {
        if (chunk.at(at) > start) return { from: start, count: Math.min(chunk.at(at), end) - start };
        start = chunk.at(at + 1);
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
      if (this.#chunks[middle]!.end < sequence) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** A run in words: `event 7` or `events 7 to 9`. */
export function describeRun({ from, count }: Run): string {
  return count === 1 ? `event ${from}` : `events ${from} to ${from + count - 1}`;
}

/** `event 7 was`, `events 7 to 9 were`. */
export const wasOrWere = (run: Run): string => `${describeRun(run)} ${run.count === 1 ? 'was' : 'were'}`;

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
