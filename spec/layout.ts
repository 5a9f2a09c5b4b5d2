/**
 * The arena's byte layout, version 2: normative, and the only home of offsets in TypeScript.
 * `native/core/layout.hpp` is its twin; a test holds the two equal.
 *
 * All integers are little-endian. Cursors are free-running u32 counters, compared by difference only.
 *
 *     header (256) | slot table (slots x 256) | lanes of slot 0 | lanes of slot 1 | ... | ready bits
 *     lanes of a slot = index records | window descriptors | detail records, each part 64-byte aligned
 *     ready bits: bit s mod 32 of word s / 32 is set while slot s may have work (algorithm.md, "Ready bits")
 */
import type { DrainConfig } from './config.js';

export const LAYOUT_VERSION = 2;
export const ARENA_MAGIC = 'DRNPROOF';
export const CACHE_LINE = 64;
export const INDEX_RECORD_BYTES = 32;

/** Byte offsets in the header. Lines 0 and 1 (bytes 0 to 127) never change after formatting. */
export const HEADER = {
  bytes: 256,
  magic: 0,
  layoutVersion: 8,
  headerBytes: 12,
  arenaBytes: 16,
  slots: 20,
  indexCapacity: 24,
  indexRecordBytes: 28,
  detailCapacity: 32,
  detailRecordBytes: 36,
  windowRecords: 40,
  preRoll: 44,
  postRoll: 48,
  slotBytes: 52,
  laneOffset: 56,
  laneBytes: 60,
  initialCursor: 64,
  /** FNV-1a (32 bit) over bytes 0 to 123. */
  checksum: 124,
  /** 1 while a drain sleeps (written by the drain, cleared by whoever wakes it). */
  sleeping: 128,
  /** Counts wake-ups; the word a sleeping drain waits on. */
  wakeSequence: 132,
  /** A value of STOP_STATE (written by the drain). */
  stopState: 192,
  /** Counts changes of slot states (u32, free-running): whoever changes one adds 1 afterwards. */
  registryVersion: 196,
} as const;

/** Byte offsets in a slot; each cache line has one kind of writer. */
export const SLOT = {
  bytes: 256,
  /** generation << 8 | SLOT_STATE; every transition is a compare-and-swap. */
  state: 0,
  threadId: 4,
  /** Changed while the thread lives: the drain reads it at each turn. */
  weight: 8,
  /** 0 to 7; changed and read as the weight. */
  priority: 12,
  /** u64: 0 while open, else 2^32 | the index tail at which the lane was closed. */
  indexClose: 16,
  /** u64: 0 while open, else 2^32 | the detail tail at which the lane was closed. */
  detailClose: 24,
  /** A value of QUEUE_STATE: the submit queue's ownership word. */
  queue: 64,
  /** Producer: index records published. */
  indexTail: 128,
  /** Producer: detail records published. */
  detailTail: 132,
  /** Producer: sequence of the window that will be opened next. */
  nextWindow: 136,
  /** Producer: how many windows still to be opened are marked already. */
  postRollLeft: 140,
  /** Producer: emits that the index lane rejected. */
  indexRejected: 144,
  /** Producer: emits that the detail lane rejected. */
  detailRejected: 148,
  /** Producer: unmarked detail records evicted. */
  detailEvicted: 152,
  /** Drain: index records released. */
  indexHead: 192,
} as const;

/** Byte offsets in a window descriptor. */
export const WINDOW = {
  bytes: 64,
  /** A value of WINDOW_STATE. */
  state: 0,
  /** Producer: which window of the lane this is (u32, free-running). */
  sequence: 4,
  /** Producer: the detail tail when the window was opened. */
  firstRecord: 8,
  /** Producer: records written; those not yet below the detail tail are not visible. */
  count: 12,
  /** Drain: records of this window that the sink acknowledged. */
  released: 32,
} as const;

export const SLOT_STATE = { free: 0, claimed: 1, active: 2, leaving: 3, drained: 4 } as const;
export const QUEUE_STATE = { free: 0, producer: 1, drain: 2, revoked: 3 } as const;
export const STOP_STATE = { running: 0, stopping: 1, stopped: 2 } as const;
export const WINDOW_STATE = { free: 0, open: 1, openMarked: 2, sealed: 3, sealedMarked: 4 } as const;

/** Generations are 24 bits wide and start at 1. */
export const GENERATION_MASK = 0xff_ffff;

const align = (bytes: number): number => Math.ceil(bytes / CACHE_LINE) * CACHE_LINE;

/** Sizes and offsets that follow from a configuration, in bytes. */
export interface ArenaGeometry {
  readonly windows: number;
  readonly windowsOffset: number;
  readonly detailOffset: number;
  readonly laneBytes: number;
  readonly laneOffset: number;
  readonly readyOffset: number;
  /** Words of ready bits: one for 32 slots. */
  readonly readyWords: number;
  readonly arenaBytes: number;
}

/** The fields of a configuration that sizes follow from. */
export type Sizes = Pick<
  DrainConfig,
  'slots' | 'indexCapacity' | 'detailCapacity' | 'detailRecordBytes' | 'windowRecords'
>;

/** The geometry of an arena; `windowsOffset` and `detailOffset` count from the start of a slot's lanes. */
export function arenaGeometry(config: Sizes): ArenaGeometry {
  const windows = config.detailCapacity === 0 ? 0 : config.detailCapacity / config.windowRecords;
  const windowsOffset = align(config.indexCapacity * INDEX_RECORD_BYTES);
  const detailOffset = windowsOffset + windows * WINDOW.bytes;
  const laneBytes = detailOffset + align(config.detailCapacity * config.detailRecordBytes);
  const laneOffset = HEADER.bytes + config.slots * SLOT.bytes;
  const readyOffset = laneOffset + config.slots * laneBytes;
  const readyWords = Math.ceil(config.slots / 32);
  return {
    windows,
    windowsOffset,
    detailOffset,
    laneBytes,
    laneOffset,
    readyOffset,
    readyWords,
    arenaBytes: readyOffset + align(readyWords * 4),
  };
}

/** Bytes that an arena of this configuration needs (must stay below 2^32). */
export function arenaBytes(config: Sizes): number {
  return arenaGeometry(config).arenaBytes;
}

/** FNV-1a, 32 bit. */
export function fnv1a(bytes: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}
