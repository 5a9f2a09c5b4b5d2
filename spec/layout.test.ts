import { expect, test } from 'vitest';
import { DEFAULT_CONFIG } from './config.js';
import { CACHE_LINE, HEADER, SLOT, WINDOW, arenaBytes, arenaGeometry, fnv1a } from './layout.js';

test('the default arena has the documented geometry', () => {
  const geometry = arenaGeometry(DEFAULT_CONFIG);
  expect(geometry).toEqual({
    windows: 8,
    windowsOffset: 32768,
    detailOffset: 32768 + 8 * 64,
    laneBytes: 32768 + 512 + 64 * 512,
    laneOffset: 256 + 64 * 256,
    readyOffset: 256 + 64 * 256 + 64 * 66048,
    readyWords: 2,
    arenaBytes: 256 + 64 * 256 + 64 * 66048 + 64,
  });
  expect(arenaBytes(DEFAULT_CONFIG)).toBe(geometry.arenaBytes);
});

test('the ready bits have a word for each 32 slots, and lines of their own', () => {
  const bits = [1, 32, 33, 512, 513, 65536].map((slots) => {
    const { readyOffset, readyWords, arenaBytes: bytes } = arenaGeometry({ ...DEFAULT_CONFIG, slots });
    expect(readyOffset % CACHE_LINE).toBe(0);
    return [readyWords, bytes - readyOffset];
  });
  expect(bits).toEqual([
    [1, 64],
    [1, 64],
    [2, 64],
    [16, 64],
    [17, 128],
    [2048, 8192],
  ]);
});

test('without a detail lane there are no windows and no detail bytes', () => {
  const geometry = arenaGeometry({ ...DEFAULT_CONFIG, detailCapacity: 0 });
  expect(geometry.windows).toBe(0);
  expect(geometry.laneBytes).toBe(32768);
});

test('every lane and every part of it begins on a cache line', () => {
  const geometry = arenaGeometry({
    slots: 3,
    indexCapacity: 2,
    detailCapacity: 2,
    windowRecords: 1,
    detailRecordBytes: 40,
  });
  for (const value of [geometry.laneOffset, geometry.windowsOffset, geometry.detailOffset, geometry.laneBytes]) {
    expect(value % CACHE_LINE).toBe(0);
  }
});

test('words that different sides write share no cache line', () => {
  const line = (offset: number): number => Math.floor(offset / CACHE_LINE);
  const groups = [
    [SLOT.state, SLOT.threadId, SLOT.weight, SLOT.priority, SLOT.indexClose, SLOT.detailClose],
    [SLOT.queue],
    [
      SLOT.indexTail,
      SLOT.detailTail,
      SLOT.nextWindow,
      SLOT.postRollLeft,
      SLOT.indexRejected,
      SLOT.detailRejected,
      SLOT.detailEvicted,
    ],
    [SLOT.indexHead],
  ];
  expect(groups.map((group) => new Set(group.map(line)).size)).toEqual([1, 1, 1, 1]);
  expect(new Set(groups.map((group) => line(group[0]!))).size).toBe(4);
  expect(line(HEADER.registryVersion)).not.toBe(line(HEADER.sleeping));
  expect([SLOT.bytes, HEADER.bytes, WINDOW.bytes].every((bytes) => bytes % CACHE_LINE === 0)).toBe(true);
});

test('the checksum is FNV-1a', () => {
  expect(fnv1a(new Uint8Array())).toBe(0x811c9dc5);
  expect(fnv1a(new TextEncoder().encode('foobar'))).toBe(0xbf9cf968);
});
