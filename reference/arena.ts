/**
 * The arena: one SharedArrayBuffer that holds the header, the slot table and every lane.
 *
 * Atomics in JavaScript are sequentially consistent. Every acquire or release in the C++ twin is therefore a
 * relaxation of what stands here, and needs an argument of its own there.
 */
import { resolveConfig, type DrainConfig } from '../spec/config.js';
import { DrainError } from '../spec/errors.js';
import {
  ARENA_MAGIC,
  HEADER,
  INDEX_RECORD_BYTES,
  LAYOUT_VERSION,
  SLOT,
  arenaGeometry,
  fnv1a,
  type ArenaGeometry,
} from '../spec/layout.js';

/** Configuration fields that the header fixes, with their place in it. */
const SIZES = {
  slots: HEADER.slots,
  indexCapacity: HEADER.indexCapacity,
  detailCapacity: HEADER.detailCapacity,
  detailRecordBytes: HEADER.detailRecordBytes,
  windowRecords: HEADER.windowRecords,
  preRoll: HEADER.preRoll,
  postRoll: HEADER.postRoll,
  initialCursor: HEADER.initialCursor,
} as const satisfies Partial<Record<keyof DrainConfig, number>>;
type SizeField = keyof typeof SIZES;
const SIZE_FIELDS = Object.keys(SIZES) as SizeField[];

/** A formatted arena and the views on it. */
export class Arena {
  readonly buffer: SharedArrayBuffer;
  /** Every u32 word, for Atomics. */
  readonly words: Int32Array;
  /** The same memory as u64 words: the close words. */
  readonly longs: BigInt64Array;
  readonly bytes: Uint8Array;
  readonly config: DrainConfig;
  readonly geometry: ArenaGeometry;

  constructor(buffer: SharedArrayBuffer, config: DrainConfig) {
    this.buffer = buffer;
    this.words = new Int32Array(buffer, 0, Math.floor(buffer.byteLength / 4));
    this.longs = new BigInt64Array(buffer, 0, Math.floor(buffer.byteLength / 8));
    this.bytes = new Uint8Array(buffer);
    this.config = config;
    this.geometry = arenaGeometry(config);
  }

  /** Index in `words` of a header field. */
  header(offset: number): number {
    return offset / 4;
  }

  /** Index in `words` of a field of a slot. */
  slot(slot: number, offset: number): number {
    return (HEADER.bytes + slot * SLOT.bytes + offset) / 4;
  }

  /** Index in `words` of the word with a slot's ready bit: bit slot mod 32 of it. */
  ready(slot: number): number {
    return this.geometry.readyOffset / 4 + (slot >>> 5);
  }

  /** Byte offset of a slot's lanes. */
  lanes(slot: number): number {
    return this.geometry.laneOffset + slot * this.geometry.laneBytes;
  }
}

/** Makes and formats an arena. @throws DrainError for a bad configuration */
export function createArena(partial: Partial<DrainConfig>): Arena {
  const config = resolveConfig(partial);
  const geometry = arenaGeometry(config);
  if (geometry.arenaBytes >= 2 ** 32) {
    throw new DrainError('INVALID_ARGUMENT', `the arena would need ${geometry.arenaBytes} bytes, not less than 2^32`);
  }
  const buffer = new SharedArrayBuffer(geometry.arenaBytes);
  const view = new DataView(buffer);
  for (let i = 0; i < ARENA_MAGIC.length; i += 1) view.setUint8(HEADER.magic + i, ARENA_MAGIC.charCodeAt(i));
  const put = (offset: number, value: number): void => view.setUint32(offset, value, true);
  put(HEADER.layoutVersion, LAYOUT_VERSION);
  put(HEADER.headerBytes, HEADER.bytes);
  put(HEADER.arenaBytes, geometry.arenaBytes);
  put(HEADER.indexRecordBytes, INDEX_RECORD_BYTES);
  put(HEADER.slotBytes, SLOT.bytes);
  put(HEADER.laneOffset, geometry.laneOffset);
  put(HEADER.laneBytes, geometry.laneBytes);
  for (const field of SIZE_FIELDS) put(SIZES[field], config[field]);
  put(HEADER.checksum, headerChecksum(buffer));
  return new Arena(buffer, config);
}

/**
 * Looks at an arena that somebody else formatted, and reads nothing from it before the header is sound.
 * Fields that `partial` leaves out come from the header.
 * @throws DrainError ARENA_FOREIGN, ARENA_VERSION, ARENA_CORRUPT, ARENA_TRUNCATED, ARENA_TOO_SMALL, ARENA_MISMATCH;
 * INVALID_ARGUMENT for anything but a SharedArrayBuffer
 */
export function attachArena(buffer: SharedArrayBuffer, partial: Partial<DrainConfig> = {}): Arena {
  if (!(buffer instanceof SharedArrayBuffer)) {
    throw new DrainError('INVALID_ARGUMENT', 'the arena is not a SharedArrayBuffer');
  }
  const bytes = buffer.byteLength;
  if (bytes < HEADER.bytes) throw new DrainError('ARENA_TRUNCATED', `the arena has ${bytes} bytes, less than a header`);
  const view = new DataView(buffer);
  const magic = String.fromCharCode(...new Uint8Array(buffer, HEADER.magic, ARENA_MAGIC.length));
  if (magic !== ARENA_MAGIC) throw new DrainError('ARENA_FOREIGN', `the arena begins with ${JSON.stringify(magic)}`);
  const get = (offset: number): number => view.getUint32(offset, true);
  if (get(HEADER.layoutVersion) !== LAYOUT_VERSION) {
    throw new DrainError('ARENA_VERSION', `the arena has layout version ${get(HEADER.layoutVersion)}`);
  }
  if (get(HEADER.checksum) !== headerChecksum(buffer)) {
    throw new DrainError('ARENA_CORRUPT', 'the checksum does not match the header');
  }
  if (get(HEADER.arenaBytes) > bytes) {
    throw new DrainError('ARENA_TRUNCATED', `the arena has ${bytes} of ${get(HEADER.arenaBytes)} bytes`);
  }
  const held = Object.fromEntries(SIZE_FIELDS.map((field) => [field, get(SIZES[field])])) as Pick<
    DrainConfig,
    SizeField
  >;
  checkGeometry(held, get);
  for (const field of SIZE_FIELDS) {
    const asked = partial[field];
    if (asked === undefined || asked === held[field]) continue;
    if (field === 'slots' && asked > held.slots) {
      throw new DrainError('ARENA_TOO_SMALL', `${asked} slots were asked for and the arena holds ${held.slots}`);
    }
    throw new DrainError('ARENA_MISMATCH', `${field} is ${asked} and the arena was formatted with ${held[field]}`);
  }
  return new Arena(buffer, resolveConfig({ ...partial, ...held }));
}

function checkGeometry(held: Pick<DrainConfig, SizeField>, get: (offset: number) => number): void {
  try {
    resolveConfig(held);
  } catch (error) {
    throw new DrainError('ARENA_CORRUPT', `the header is impossible (${(error as Error).message})`);
  }
  const geometry = arenaGeometry(held);
  const fits =
    get(HEADER.headerBytes) === HEADER.bytes &&
    get(HEADER.indexRecordBytes) === INDEX_RECORD_BYTES &&
    get(HEADER.slotBytes) === SLOT.bytes &&
    get(HEADER.laneOffset) === geometry.laneOffset &&
    get(HEADER.laneBytes) === geometry.laneBytes &&
    get(HEADER.arenaBytes) === geometry.arenaBytes;
  if (!fits) throw new DrainError('ARENA_CORRUPT', 'the offsets of the header do not follow from its sizes');
}

function headerChecksum(buffer: SharedArrayBuffer): number {
  return fnv1a(new Uint8Array(buffer, 0, HEADER.checksum));
}
