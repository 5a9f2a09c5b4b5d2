import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  NO_JOIN,
  fillDetailPattern,
  fillIndexPattern,
  identityAt,
  isDetailPattern,
  isIndexPattern,
  mix32,
  patternRecord,
} from './records.js';

const u32 = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const join = fc.oneof(fc.constant(NO_JOIN), fc.integer({ min: 0, max: 2 ** 31 }));

test('the mixer is the finalizer of MurmurHash3', () => {
  expect(mix32(0)).toBe(0);
  expect(mix32(1)).toBe(0x514e28b7);
});

test('an index record says who it is, and any flipped bit shows', () => {
  fc.assert(
    fc.property(u32, u32, join, fc.nat(255), (thread, sequence, joined, bit) => {
      const words = new Uint32Array(10);
      fillIndexPattern(words.subarray(1, 9), thread, sequence, joined);
      expect(isIndexPattern(words, 1)).toBe(true);
      expect(identityAt(words, 1, 'index')).toEqual({ thread, sequence, join: joined });
      words[1 + (bit >> 5)]! ^= 1 << (bit & 31);
      expect(isIndexPattern(words, 1)).toBe(false);
    }),
  );
});

test('a detail record says who it is, and any flipped bit shows', () => {
  fc.assert(
    fc.property(u32, u32, fc.nat(40 * 8 - 1), (thread, sequence, bit) => {
      const words = new Uint32Array(10);
      fillDetailPattern(words, thread, sequence);
      expect(isDetailPattern(words, 0, 10)).toBe(true);
      expect(identityAt(words, 0, 'detail')).toEqual({ thread, sequence, join: NO_JOIN });
      words[bit >> 5]! ^= 1 << (bit & 31);
      expect(isDetailPattern(words, 0, 10)).toBe(false);
    }),
  );
});

test('a record is made in the size of its lane', () => {
  expect(patternRecord('index', 512, 1, 2)).toHaveLength(32);
  expect(patternRecord('detail', 512, 1, 2)).toHaveLength(512);
});

test('a record of zeros is no pattern', () => {
  expect(isIndexPattern(new Uint32Array(8), 0)).toBe(false);
  expect(isDetailPattern(new Uint32Array(8), 0, 8)).toBe(false);
});
