/**
 * Record formats, and the test pattern: every byte of a test record follows from its thread, lane,
 * sequence and join, so that a torn, stale or foreign byte shows. `native/load/pattern.hpp` is its twin.
 *
 * Index record (32 bytes): timestampNs u64 @0, functionId u64 @8, threadId u32 @16, kind u16 @20,
 * depth u16 @22, detailSequence u64 @24 (all ones: no detail).
 * Detail record: sequence u64 @0, timestampNs u64 @8, threadId u32 @16, payloadBytes u32 @20, payload @24.
 */
import type { Lane } from './contract.js';
import { INDEX_RECORD_BYTES } from './layout.js';

/** `join` of an index record that has no detail. */
export const NO_JOIN = -1;
const WORD_STEP = 0x9e3779b9;
const DETAIL_TAG = 0x5bd1e995;

/** The finalizer of MurmurHash3, 32 bit. */
export function mix32(value: number): number {
  let x = value | 0;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return (x ^ (x >>> 16)) >>> 0;
}

const indexHash = (thread: number, sequence: number, join: number): number =>
  mix32(sequence ^ mix32(thread ^ mix32(join + 1)));
const detailHash = (thread: number, sequence: number): number => mix32(sequence ^ mix32(thread ^ DETAIL_TAG));

/**
 * Fills `words` (the record as u32 words) with the index pattern.
 * In the pattern timestampNs is the sequence (u32), functionId the check value, detailSequence the join.
 */
export function fillIndexPattern(words: Uint32Array, thread: number, sequence: number, join: number = NO_JOIN): void {
  const hash = indexHash(thread, sequence, join);
  words[0] = sequence;
  words[1] = 0;
  words[2] = hash;
  words[3] = (hash + WORD_STEP) >>> 0;
  words[4] = thread;
  words[5] = 1 | ((sequence & 63) << 16);
  words[6] = join >>> 0;
  words[7] = join === NO_JOIN ? 0xffff_ffff : 0;
}

/** Fills `words` (a whole detail record) with the detail pattern. */
export function fillDetailPattern(words: Uint32Array, thread: number, sequence: number): void {
  const hash = detailHash(thread, sequence);
  words[0] = sequence;
  words[1] = 0;
  words[2] = hash;
  words[3] = 0;
  words[4] = thread;
  words[5] = (words.length - 6) * 4;
  for (let i = 6; i < words.length; i += 1) words[i] = hash + Math.imul(i, WORD_STEP);
}

/** What a record says of itself. */
export interface PatternIdentity {
  readonly thread: number;
  readonly sequence: number;
  readonly join: number;
}

/** True when the record at `at` (in words) is exactly the index pattern of the thread and sequence that it names. */
export function isIndexPattern(words: Uint32Array, at: number): boolean {
  const sequence = words[at]!;
  const joined = words[at + 7] === 0;
  const join = joined ? words[at + 6]! : NO_JOIN;
  const hash = indexHash(words[at + 4]!, sequence, join);
  return (
    words[at + 2] === hash &&
    words[at + 3] === (hash + WORD_STEP) >>> 0 &&
    words[at + 1] === 0 &&
    words[at + 5] === (1 | ((sequence & 63) << 16)) &&
    (joined || (words[at + 6] === 0xffff_ffff && words[at + 7] === 0xffff_ffff))
  );
}

/** True when the `length` words at `at` are exactly the detail pattern of the thread and sequence that they name. */
export function isDetailPattern(words: Uint32Array, at: number, length: number): boolean {
  const hash = detailHash(words[at + 4]!, words[at]!);
  if (words[at + 1] !== 0 || words[at + 2] !== hash || words[at + 3] !== 0 || words[at + 5] !== (length - 6) * 4)
    return false;
  for (let i = 6; i < length; i += 1) if (words[at + i] !== (hash + Math.imul(i, WORD_STEP)) >>> 0) return false;
  return true;
}

/** Thread, sequence and join that the record at `at` names (believe them only when the pattern holds). */
export function identityAt(words: Uint32Array, at: number, lane: Lane): PatternIdentity {
  const join = lane === 'index' && words[at + 7] === 0 ? words[at + 6]! : NO_JOIN;
  return { thread: words[at + 4]!, sequence: words[at]!, join };
}

/** A new record that holds the pattern. */
export function patternRecord(
  lane: Lane,
  recordBytes: number,
  thread: number,
  sequence: number,
  join: number = NO_JOIN,
): Uint8Array {
  const words = new Uint32Array((lane === 'index' ? INDEX_RECORD_BYTES : recordBytes) / 4);
  if (lane === 'index') fillIndexPattern(words, thread, sequence, join);
  else fillDetailPattern(words, thread, sequence);
  return new Uint8Array(words.buffer);
}
