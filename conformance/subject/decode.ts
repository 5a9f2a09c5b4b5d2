/** From the bytes of a batch to runs: the sink's eyes. Nothing that the drain says of the bytes is believed. */
import type { BatchRun, Lane } from '../../spec/index.js';
import { INDEX_RECORD_BYTES } from '../../spec/layout.js';
import { NO_JOIN, isDetailPattern, isIndexPattern } from '../../spec/records.js';

const HEX_BYTES = 64;

/** A batch as far as it can be understood. */
export interface BatchHead {
  readonly thread: number;
  readonly slot: number;
  readonly generation: number;
  readonly lane: Lane;
  /** What the batch says; the number of whole records in the bytes when that is no count. */
  readonly count: number;
  readonly spans: readonly Uint32Array[];
  readonly recordBytes: number;
  /** What is wrong with the batch itself, in words. */
  readonly malformed: string | undefined;
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

/** Whole records as words: a view where the bytes are aligned, else a copy. */
function wordsOf(bytes: Uint8Array): Uint32Array {
  const whole = bytes.byteLength - (bytes.byteLength % 4);
  if (bytes.byteOffset % 4 === 0) return new Uint32Array(bytes.buffer, bytes.byteOffset, whole / 4);
  return new Uint32Array(new Uint8Array(bytes.subarray(0, whole)).buffer); // slice() of a Buffer is no copy
}

function joined(spans: readonly Uint8Array[], total: number): Uint8Array {
  const bytes = new Uint8Array(total);
  let at = 0;
  for (const span of spans) {
    bytes.set(span, at);
    at += span.byteLength;
  }
  return bytes;
}

/** Checks a batch's own claims against each other. */
export function readHead(batch: unknown, detailRecordBytes: number): BatchHead {
  const wrong: string[] = [];
  const given = (typeof batch === 'object' && batch !== null ? batch : {}) as Readonly<Record<string, unknown>>;
  const number = (name: string, fallback: number): number => {
    const value = given[name];
    if (isCount(value)) return value;
    wrong.push(`${name} is ${String(value)}`);
    return fallback;
  };
  const thread = number('threadId', 0);
  const slot = number('slot', -1);
  const generation = number('generation', -1);
  const lane: Lane = given['lane'] === 'detail' ? 'detail' : 'index';
  if (given['lane'] !== lane) wrong.push(`lane is ${String(given['lane'])}`);
  const recordBytes = lane === 'index' ? INDEX_RECORD_BYTES : detailRecordBytes;
  if (given['recordBytes'] !== recordBytes)
    wrong.push(`recordBytes is ${String(given['recordBytes'])} instead of ${recordBytes}`);
  const offered: readonly unknown[] = Array.isArray(given['spans']) ? given['spans'] : [];
  const spans = offered.filter((span): span is Uint8Array => span instanceof Uint8Array);
  if (spans.length !== offered.length || spans.length < 1 || spans.length > 2)
    wrong.push(
      `spans are ${Array.isArray(given['spans']) ? `${offered.length} (${spans.length} of them Uint8Array)` : 'no array'} instead of 1 or 2 Uint8Array`,
    );
  let total = 0;
  let whole = true;
  for (const span of spans) {
    total += span.byteLength;
    if (span.byteLength % recordBytes !== 0) {
      whole = false;
      wrong.push(`a span of ${span.byteLength} bytes is no multiple of ${recordBytes}`);
    }
  }
  const held = Math.floor(total / recordBytes);
  const count = number('count', held);
  if (count === 0) wrong.push('count is 0');
  if (count * recordBytes !== total) wrong.push(`${count} records of ${recordBytes} bytes in spans of ${total} bytes`);
  const words = whole ? spans.map(wordsOf) : [wordsOf(joined(spans, total))];
  return {
    thread,
    slot,
    generation,
    lane,
    count,
    spans: words,
    recordBytes,
    malformed: wrong.length === 0 ? undefined : wrong.join('; '),
  };
}

type SoundRun = Extract<BatchRun, { from: number }>;

/** Joins records into runs of consecutive sequences (and consecutive joins). */
export class RunBuilder {
  readonly runs: BatchRun[] = [];
  /** Records seen, torn ones too. */
  records = 0;
  readonly #thread: number;
  #open: SoundRun | undefined;
  #openThread = -1;
  #nextSequence = -1;
  #nextJoin = NO_JOIN;

  /** `thread`: the one that the batch is attributed to. */
  constructor(thread: number) {
    this.#thread = thread;
  }

  addBatch(head: BatchHead): void {
    for (const words of head.spans) {
      if (head.lane === 'index') this.addIndex(words);
      else this.addDetail(words, head.recordBytes / 4);
    }
  }

  addIndex(words: Uint32Array): void {
    const size = INDEX_RECORD_BYTES / 4;
    for (let at = 0; at + size <= words.length; at += size) {
      if (!isIndexPattern(words, at)) {
        this.#torn(words, at, size);
        continue;
      }
      const sequence = words[at]!;
      const thread = words[at + 4]!;
      if (words[at + 7] === 0) {
        const join = words[at + 6]!;
        if (sequence === this.#nextSequence && thread === this.#openThread && join === this.#nextJoin) {
          this.#open!.count += 1;
        } else this.#start(thread, sequence, join);
        this.#nextJoin = join + 1;
      } else if (sequence === this.#nextSequence && thread === this.#openThread && this.#nextJoin === NO_JOIN) {
        this.#open!.count += 1;
      } else this.#start(thread, sequence, NO_JOIN);
      this.#nextSequence = sequence + 1;
      this.records += 1;
    }
  }

  /** `size`: words of a record. */
  addDetail(words: Uint32Array, size: number): void {
    for (let at = 0; at + size <= words.length; at += size) {
      if (!isDetailPattern(words, at, size)) {
        this.#torn(words, at, size);
        continue;
      }
      const sequence = words[at]!;
      const thread = words[at + 4]!;
      if (sequence === this.#nextSequence && thread === this.#openThread) this.#open!.count += 1;
      else this.#start(thread, sequence, NO_JOIN);
      this.#nextSequence = sequence + 1;
      this.records += 1;
    }
  }

  #start(thread: number, sequence: number, join: number): void {
    this.#open = {
      from: sequence,
      count: 1,
      ...(thread === this.#thread ? {} : { thread }),
      ...(join === NO_JOIN ? {} : { join }),
    };
    this.runs.push(this.#open);
    this.#openThread = thread;
    this.#nextJoin = NO_JOIN;
  }

  #torn(words: Uint32Array, at: number, size: number): void {
    const copy = words.slice(at, at + Math.min(size, HEX_BYTES / 4));
    this.runs.push({ torn: true, at: this.records, hex: Buffer.from(copy.buffer).toString('hex') });
    this.records += 1;
    this.#open = undefined;
    this.#openThread = -1;
    this.#nextSequence = -1;
  }
}
