import type { DrainConfig, Step } from '../../spec/index.js';
import { HEADER, fnv1a } from '../../spec/layout.js';

export type ArenaChange = Extract<Step, { op: 'attach' }>['change'];

/** A copy of the arena, `bytes` long. */
function copyOf(arena: SharedArrayBuffer, bytes: number = arena.byteLength): SharedArrayBuffer {
  const copy = new SharedArrayBuffer(bytes);
  new Uint8Array(copy).set(new Uint8Array(arena, 0, Math.min(bytes, arena.byteLength)));
  return copy;
}

/** A copy with one header word changed and the checksum made right again. */
function withHeaderWord(arena: SharedArrayBuffer, offset: number, value: number): SharedArrayBuffer {
  const copy = copyOf(arena);
  const view = new DataView(copy);
  view.setUint32(offset, value, true);
  view.setUint32(HEADER.checksum, fnv1a(new Uint8Array(copy, 0, HEADER.checksum)), true);
  return copy;
}

function withFlippedByte(arena: SharedArrayBuffer, offset: number): SharedArrayBuffer {
  const copy = copyOf(arena);
  const bytes = new Uint8Array(copy);
  bytes[offset] = bytes[offset]! ^ 0xff;
  return copy;
}

/** A byte of the header that belongs to no field: only the checksum tells that it was changed. */
const UNUSED_BYTE = HEADER.checksum - 4;

const CHANGED: Readonly<Partial<Record<ArenaChange, (arena: SharedArrayBuffer) => SharedArrayBuffer>>> = {
  magic: (arena) => withFlippedByte(arena, HEADER.magic),
  version: (arena) => withHeaderWord(arena, HEADER.layoutVersion, 99),
  checksum: (arena) => withFlippedByte(arena, UNUSED_BYTE),
  truncate: (arena) => copyOf(arena, arena.byteLength - 64),
  empty: (arena) => copyOf(arena, 16),
  geometry: (arena) => withHeaderWord(arena, HEADER.indexCapacity, 3),
};

/** What a second drain is given to attach to: a changed copy of the arena, or a configuration that differs. */
export function changedArena(
  change: ArenaChange,
  arena: SharedArrayBuffer,
  config: DrainConfig,
): { arena: SharedArrayBuffer; config: DrainConfig } {
  const changed = (CHANGED[change] ?? copyOf)(arena);
  if (change === 'more-slots') return { arena: changed, config: { ...config, slots: config.slots + 1 } };
  if (change === 'other-capacity')
    return { arena: changed, config: { ...config, indexCapacity: config.indexCapacity * 2 } };
  return { arena: changed, config };
}
