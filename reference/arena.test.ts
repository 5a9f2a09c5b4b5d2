import { describe, expect, test } from 'vitest';
import { resolveConfig, type DrainConfig } from '../spec/config.js';
import { DrainError, type ErrorCode } from '../spec/errors.js';
import { HEADER, arenaBytes, fnv1a } from '../spec/layout.js';
import { attachArena, createArena } from './arena.js';
import { SMALL } from './testing-sink.js';

function codeOf(action: () => unknown): ErrorCode | undefined {
  try {
    action();
  } catch (error) {
    if (error instanceof DrainError) return error.code;
    throw error;
  }
  return undefined;
}

/** A formatted arena with one header field overwritten, and the checksum made right again. */
function forged(offset: number, value: number): SharedArrayBuffer {
  const { buffer } = createArena(SMALL);
  new DataView(buffer).setUint32(offset, value, true);
  new DataView(buffer).setUint32(HEADER.checksum, fnv1a(new Uint8Array(buffer, 0, HEADER.checksum)), true);
  return buffer;
}

/** The first bytes of an arena, or all of them and more behind. */
function resized(buffer: SharedArrayBuffer, bytes: number): SharedArrayBuffer {
  const other = new SharedArrayBuffer(bytes);
  new Uint8Array(other).set(new Uint8Array(buffer, 0, Math.min(bytes, buffer.byteLength)));
  return other;
}

describe('formatting', () => {
  test('an arena has exactly the bytes that its configuration needs', () => {
    expect(createArena(SMALL).buffer.byteLength).toBe(arenaBytes(resolveConfig(SMALL)));
  });

  test('an arena of 2^32 bytes or more is refused before it is allocated', () => {
    expect(codeOf(() => createArena({ slots: 65536, indexCapacity: 2 ** 24 }))).toBe('INVALID_ARGUMENT');
  });

  test('a bad configuration is refused with the code of its field', () => {
    expect(codeOf(() => createArena({ indexCapacity: 3 }))).toBe('INVALID_CAPACITY');
  });
});

describe('attaching', () => {
  test('fields that are left out come from the header', () => {
    const config = { ...SMALL, initialCursor: 0xffff_fffd, preRoll: 2, postRoll: 3 };
    expect(attachArena(createArena(config).buffer, { quantum: 4 }).config).toEqual(resolveConfig(config));
  });

  test('scheduling is the own choice of whoever attaches', () => {
    const attached = attachArena(createArena(SMALL).buffer, { policy: 'weighted-fair', quantum: 7 });
    expect(attached.config).toMatchObject({ policy: 'weighted-fair', quantum: 7, slots: 4 });
  });

  test('bytes behind the arena do no harm, whatever their number', () => {
    const { buffer } = createArena(SMALL);
    expect(attachArena(resized(buffer, buffer.byteLength + 13)).config.slots).toBe(4);
  });

  test.each([0, 1, HEADER.bytes - 1])('%i bytes are less than a header: ARENA_TRUNCATED', (bytes) => {
    expect(codeOf(() => attachArena(resized(createArena(SMALL).buffer, bytes)))).toBe('ARENA_TRUNCATED');
  });

  test('an arena that lost its last byte is ARENA_TRUNCATED', () => {
    const { buffer } = createArena(SMALL);
    expect(codeOf(() => attachArena(resized(buffer, buffer.byteLength - 1)))).toBe('ARENA_TRUNCATED');
  });

  test('anything but a SharedArrayBuffer is INVALID_ARGUMENT', () => {
    const copy = createArena(SMALL).buffer.slice(0);
    const plain = new Uint8Array(new Uint8Array(copy)).buffer as unknown as SharedArrayBuffer;
    expect(codeOf(() => attachArena(plain))).toBe('INVALID_ARGUMENT');
    expect(codeOf(() => attachArena(undefined as unknown as SharedArrayBuffer))).toBe('INVALID_ARGUMENT');
  });

  test('memory without the magic bytes is ARENA_FOREIGN', () => {
    expect(codeOf(() => attachArena(new SharedArrayBuffer(4096)))).toBe('ARENA_FOREIGN');
  });

  test('another layout version is ARENA_VERSION, whatever the checksum', () => {
    expect(codeOf(() => attachArena(forged(HEADER.layoutVersion, 3)))).toBe('ARENA_VERSION');
  });

  test.each([20, 44, 64, 100, 123, 124, 127])('a flipped bit in header byte %i is ARENA_CORRUPT', (at) => {
    const { buffer } = createArena(SMALL);
    new Uint8Array(buffer)[at]! ^= 1;
    expect(codeOf(() => attachArena(buffer))).toBe('ARENA_CORRUPT');
  });

  test.each<[keyof typeof HEADER, number]>([
    ['slots', 0],
    ['indexCapacity', 3],
    ['detailRecordBytes', 33],
    ['windowRecords', 8],
    ['headerBytes', 128],
    ['arenaBytes', 256],
    ['indexRecordBytes', 64],
    ['slotBytes', 128],
    ['laneOffset', 0],
    ['laneBytes', 64],
    ['slots', 3],
  ])('a header with the impossible %s = %i is ARENA_CORRUPT even with a right checksum', (field, value) => {
    expect(codeOf(() => attachArena(forged(HEADER[field], value)))).toBe('ARENA_CORRUPT');
  });

  test('more slots than the arena holds are ARENA_TOO_SMALL', () => {
    expect(codeOf(() => attachArena(createArena(SMALL).buffer, { slots: 5 }))).toBe('ARENA_TOO_SMALL');
  });

  test.each<Partial<DrainConfig>>([
    { slots: 3 },
    { indexCapacity: 16 },
    { detailCapacity: 0 },
    { detailRecordBytes: 64 },
    { windowRecords: 4 },
    { preRoll: 1 },
    { postRoll: 1 },
    { initialCursor: 1 },
  ])('a configuration other than the formatted one is ARENA_MISMATCH: %o', (partial) => {
    expect(codeOf(() => attachArena(createArena(SMALL).buffer, partial))).toBe('ARENA_MISMATCH');
  });

  test('a bad scheduling field is refused with its own code', () => {
    const partial = { policy: 'lottery' } as unknown as Partial<DrainConfig>;
    expect(codeOf(() => attachArena(createArena(SMALL).buffer, partial))).toBe('UNKNOWN_POLICY');
  });
});
