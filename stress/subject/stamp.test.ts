import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fillStamped, isSameTime, isStamped, lateAt, sequenceAt, stampAt } from './stamp.js';

const u32 = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const times = fc.integer({ min: 0, max: 2 ** 53 - 1 });
const lateness = fc.integer({ min: 0, max: 10 ** 9 });

/** A record with a word of something else on either side. */
function stamped(thread: number, sequence: number, stampNs: number, lateNs: number): Uint32Array {
  const words = new Uint32Array(10).fill(0xdead_beef);
  fillStamped(words.subarray(1, 9), thread, sequence, stampNs, lateNs);
  return words;
}

describe('a stamped record', () => {
  test('tells what it was filled with', () => {
    fc.assert(
      fc.property(u32, u32, times, lateness, (thread, sequence, stampNs, lateNs) => {
        const words = stamped(thread, sequence, stampNs, lateNs);
        expect(isStamped(words, 1)).toBe(true);
        expect(sequenceAt(words, 1)).toBe(sequence);
        expect(stampAt(words, 1)).toBe(stampNs);
        expect(words[5]).toBe(thread);
        expect(lateAt(words, 1)).toBe(Math.min(65_535, Math.floor(lateNs / 10_000)) * 10_000);
      }),
    );
  });
  test('is laid out as an index record of kind 1 without detail', () => {
    const words = new Uint32Array(8);
    fillStamped(words, 7, 5, 2 ** 33 + 9, 30_000);
    expect([...words]).toEqual([9, 2, 5, words[3], 7, 1 | (3 << 16), 0xffff_ffff, 0xffff_ffff]);
  });
  test('holds times up to 2^53', () => {
    for (const stampNs of [0, 1, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 52 + 1, 2 ** 53 - 1, 2 ** 53]) {
      const words = stamped(1, 0, stampNs, 0);
      expect(stampAt(words, 1)).toBe(stampNs);
      expect(isStamped(words, 1)).toBe(true);
    }
  });
  test('is late in steps of 10 us, and never later than it can say', () => {
    const late = (ns: number): number => lateAt(stamped(1, 0, 0, ns), 1);
    expect([0, 9999, 10_000, 19_999, 20_000].map(late)).toEqual([0, 0, 10_000, 10_000, 20_000]);
    expect([655_350_000, 655_360_000, 1e12, 2 ** 53].map(late)).toEqual(new Array(4).fill(655_350_000));
  });
});

test('any flipped bit shows', () => {
  fc.assert(
    fc.property(u32, u32, times, lateness, (thread, sequence, stampNs, lateNs) => {
      const words = stamped(thread, sequence, stampNs, lateNs);
      for (let bit = 0; bit < 256; bit += 1) {
        const [word, flip] = [1 + (bit >>> 5), 1 << (bit & 31)];
        words[word]! ^= flip;
        expect(isStamped(words, 1), `bit ${bit}`).toBe(false);
        words[word]! ^= flip;
      }
    }),
  );
});

test('a record of zeros, and half of one and half of another, are none', () => {
  expect(isStamped(new Uint32Array(8), 0)).toBe(false);
  const [first, second] = [stamped(3, 41, 1e15, 0), stamped(3, 42, 1e15 + 5000, 0)];
  for (let words = 1; words < 8; words += 1) {
    const torn = new Uint32Array([...second.subarray(1, 1 + words), ...first.subarray(1 + words, 9)]);
    // both are of one thread and as late: from the check value on they are equal
    expect(isStamped(torn, 0), `${words} words`).toBe(words >= 4);
  }
});

test('times are the same only when moment and lateness are', () => {
  const words = new Uint32Array(8 * 5);
  const fill = (place: number, stampNs: number, lateNs: number): void =>
    fillStamped(words.subarray(place * 8, place * 8 + 8), 1, place, stampNs, lateNs);
  fill(0, 2 ** 40, 50_000);
  fill(1, 2 ** 40, 50_000);
  fill(2, 2 ** 40 + 1, 50_000);
  fill(3, 2 ** 41, 50_000);
  fill(4, 2 ** 40, 70_000);
  expect([1, 2, 3, 4].map((place) => isSameTime(words, 0, place * 8))).toEqual([true, false, false, false]);
});
