/**
 * Golden vectors: arena images and what they mean, for whoever implements the layout in another language.
 * The files in spec/golden/ are the vectors; this module says what is in one, and decodes an image by layout.ts alone.
 */
import { z } from 'zod';
import {
  ARENA_MAGIC,
  HEADER,
  INDEX_RECORD_BYTES,
  QUEUE_STATE,
  SLOT,
  SLOT_STATE,
  WINDOW,
  WINDOW_STATE,
  arenaGeometry,
} from './layout.js';
import { NO_JOIN, identityAt, isDetailPattern, isIndexPattern } from './records.js';

const count = z.int().nonnegative();

/** A window place that is not free. `records`: sequences of its visible records that are not released. */
export const GoldenWindow = z.strictObject({
  place: count,
  state: z.string(),
  sequence: count,
  records: z.array(count),
});

/** A slot that is not free. `index`: sequences (and joins) of the records that wait in the index lane, oldest first. */
export const GoldenSlot = z.strictObject({
  slot: count,
  state: z.string(),
  generation: count,
  thread: count,
  weight: count,
  priority: count,
  /** Its ready bit. */
  ready: z.boolean(),
  queue: z.string(),
  indexTail: count,
  indexHead: count,
  detailTail: count,
  index: z.array(z.strictObject({ sequence: count, join: z.int() })),
  windows: z.array(GoldenWindow),
});
export type GoldenSlot = z.output<typeof GoldenSlot>;

export const GoldenVector = z.strictObject({
  name: z.string(),
  /** What the image shows, in a sentence. */
  what: z.string(),
  bytes: count,
  /** Non-zero stretches of the image: [offset, hex]. All else is zero. */
  image: z.array(z.tuple([count, z.string()])),
  /** The code with which attach refuses it; absent: it attaches. */
  refused: z.string().optional(),
  /** What the slots hold (absent when it is refused). */
  slots: z.array(GoldenSlot).optional(),
  /** What a drain that attaches and iterates until nothing is left delivers: by thread and lane, in order. */
  delivers: z
    .array(z.strictObject({ thread: count, lane: z.enum(['index', 'detail']), sequences: z.array(count) }))
    .optional(),
});
export type GoldenVector = z.output<typeof GoldenVector>;

/** The image's bytes in a new arena. */
export function imageOf(vector: GoldenVector): SharedArrayBuffer {
  const buffer = new SharedArrayBuffer(vector.bytes);
  const bytes = new Uint8Array(buffer);
  for (const [offset, hex] of vector.image) bytes.set(Buffer.from(hex, 'hex'), offset);
  return buffer;
}

/** The non-zero stretches of an image, cut at runs of 16 zero bytes. */
export function stretchesOf(bytes: Uint8Array): [number, string][] {
  const found: [number, string][] = [];
  for (let at = 0; at < bytes.length; at += 16) {
    const part = bytes.subarray(at, at + 16);
    if (part.every((byte) => byte === 0)) continue;
    const last = found.at(-1);
    const hex = Buffer.from(part).toString('hex');
    if (last !== undefined && last[0] + last[1].length / 2 === at) last[1] += hex;
    else found.push([at, hex]);
  }
  return found;
}

const nameOf = (states: Readonly<Record<string, number>>, value: number): string =>
  Object.keys(states).find((name) => states[name] === value) ?? `unknown (${value})`;

/** What an image means, read by the layout alone. The records must hold the test pattern. */
export function decodeImage(buffer: ArrayBufferLike): GoldenSlot[] {
  const view = new DataView(buffer);
  const u32 = (offset: number): number => view.getUint32(offset, true);
  const magic = String.fromCharCode(...new Uint8Array(buffer, 0, ARENA_MAGIC.length));
  if (magic !== ARENA_MAGIC) throw new RangeError(`no arena: it begins with ${JSON.stringify(magic)}`);
  const sizes = {
    slots: u32(HEADER.slots),
    indexCapacity: u32(HEADER.indexCapacity),
    detailCapacity: u32(HEADER.detailCapacity),
    detailRecordBytes: u32(HEADER.detailRecordBytes),
    windowRecords: u32(HEADER.windowRecords),
  };
  const geometry = arenaGeometry(sizes);
  const words = new Uint32Array(buffer, 0, Math.floor(buffer.byteLength / 4));
  const decoded: GoldenSlot[] = [];
  for (let slot = 0; slot < sizes.slots; slot += 1) {
    const at = HEADER.bytes + slot * SLOT.bytes;
    const state = u32(at + SLOT.state);
    if ((state & 0xff) === SLOT_STATE.free) continue;
    const lanes = geometry.laneOffset + slot * geometry.laneBytes;
    const [indexTail, indexHead, detailTail] = [
      u32(at + SLOT.indexTail),
      u32(at + SLOT.indexHead),
      u32(at + SLOT.detailTail),
    ];
    const index = [];
    for (let cursor = indexHead; cursor !== indexTail; cursor = (cursor + 1) >>> 0) {
      const word = (lanes + (cursor & (sizes.indexCapacity - 1)) * INDEX_RECORD_BYTES) / 4;
      if (!isIndexPattern(words, word)) throw new RangeError(`slot ${slot}: index record at cursor ${cursor} is torn`);
      const { sequence, join } = identityAt(words, word, 'index');
      index.push({ sequence, join: join === NO_JOIN ? -1 : join });
    }
    const windows = [];
    for (let place = 0; place < geometry.windows; place += 1) {
      const descriptor = lanes + geometry.windowsOffset + place * WINDOW.bytes;
      if (u32(descriptor + WINDOW.state) === WINDOW_STATE.free) continue;
      const below = (detailTail - u32(descriptor + WINDOW.firstRecord)) >>> 0;
      const visible = below > 2 ** 31 ? 0 : Math.min(u32(descriptor + WINDOW.count), below);
      const records = [];
      for (let record = u32(descriptor + WINDOW.released); record < visible; record += 1) {
        const offset = lanes + geometry.detailOffset + (place * sizes.windowRecords + record) * sizes.detailRecordBytes;
        if (!isDetailPattern(words, offset / 4, sizes.detailRecordBytes / 4)) {
          throw new RangeError(`slot ${slot}: detail record ${record} of window place ${place} is torn`);
        }
        records.push(identityAt(words, offset / 4, 'detail').sequence);
      }
      const name = nameOf(WINDOW_STATE, u32(descriptor + WINDOW.state));
      windows.push({ place, state: name, sequence: u32(descriptor + WINDOW.sequence), records });
    }
    decoded.push({
      slot,
      state: nameOf(SLOT_STATE, state & 0xff),
      generation: state >>> 8,
      thread: u32(at + SLOT.threadId),
      weight: u32(at + SLOT.weight),
      priority: u32(at + SLOT.priority),
      ready: ((u32(geometry.readyOffset + (slot >>> 5) * 4) >>> (slot & 31)) & 1) === 1,
      queue: nameOf(QUEUE_STATE, u32(at + SLOT.queue)),
      indexTail,
      indexHead,
      detailTail,
      index,
      windows,
    });
  }
  return decoded;
}
