/**
 * The index record of a stress run: timestampNs @0 is the event's own time, functionId @8 its sequence and a check value over all
 * of it, threadId @16, kind 1 @20, depth @22 how late the machine woke the thread for it (steps of 10 us, at most 65,535).
 */
import { mix32 } from '../../spec/records.js';

const LATE_STEP_NS = 10_000;
const MOST_STEPS = 0xffff;

const checkOf = (thread: number, sequence: number, low: number, high: number, word5: number): number =>
  mix32(sequence ^ Math.imul(low, 0x9e3779b9) ^ Math.imul(high, 0xc2b2ae35) ^ Math.imul(thread, 0x85ebca6b) ^ word5);

/** Fills the 8 words of a record. `stampNs`: at most 2^53. */
export function fillStamped(
  words: Uint32Array,
  thread: number,
  sequence: number,
  stampNs: number,
  lateNs: number,
): void {
  const low = stampNs >>> 0;
  const high = Math.floor(stampNs / 2 ** 32);
  const word5 = 1 | (Math.min(MOST_STEPS, Math.floor(lateNs / LATE_STEP_NS)) << 16);
  words[0] = low;
  words[1] = high;
  words[2] = sequence;
  words[3] = checkOf(thread, sequence, low, high, word5);
  words[4] = thread;
  words[5] = word5;
  words[6] = 0xffff_ffff;
  words[7] = 0xffff_ffff;
}

/** True when nothing of the record at `at` (in words) is torn or foreign. */
export function isStamped(words: Uint32Array, at: number): boolean {
  return (
    words[at + 3] === checkOf(words[at + 4]!, words[at + 2]!, words[at]!, words[at + 1]!, words[at + 5]!) &&
    words[at + 6] === 0xffff_ffff &&
    words[at + 7] === 0xffff_ffff
  );
}

export const sequenceAt = (words: Uint32Array, at: number): number => words[at + 2]!;
export const stampAt = (words: Uint32Array, at: number): number => words[at + 1]! * 2 ** 32 + words[at]!;
export const lateAt = (words: Uint32Array, at: number): number => (words[at + 5]! >>> 16) * LATE_STEP_NS;

/** True when both records have one time and were equally late. */
export const isSameTime = (words: Uint32Array, a: number, b: number): boolean =>
  words[a] === words[b] && words[a + 1] === words[b + 1] && words[a + 5] === words[b + 5];
