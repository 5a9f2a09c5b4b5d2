import type { DrainConfig, Step } from '../../spec/index.js';
import { ARENA_MAGIC, HEADER, LAYOUT_VERSION, fnv1a } from '../../spec/layout.js';

export type ArenaChange = Extract<Step, { op: 'attach' }>['change'];

/** What a second drain is given to attach to: a changed copy of the arena, or a configuration that differs. */
export interface ChangedArena {
  /** The change, and which of its kind it is. */
  readonly label: string;
  readonly arena: SharedArrayBuffer;
  readonly config: DrainConfig;
}

/** A copy of the arena, `bytes` long. */
function copyOf(arena: SharedArrayBuffer, bytes: number = arena.byteLength): SharedArrayBuffer {
  const copy = new SharedArrayBuffer(bytes);
  new Uint8Array(copy).set(new Uint8Array(arena, 0, Math.min(bytes, arena.byteLength)));
  return copy;
}

/** A copy with one header word changed and the checksum made right again. */
function withHeaderWord(arena: SharedArrayBuffer, offset: number, change: (held: number) => number): SharedArrayBuffer {
  const copy = copyOf(arena);
  const view = new DataView(copy);
  view.setUint32(offset, change(view.getUint32(offset, true)), true);
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

type Changes = Readonly<Record<string, (arena: SharedArrayBuffer) => SharedArrayBuffer>>;
const flipped = (...offsets: number[]): Changes =>
  Object.fromEntries(offsets.map((at) => [`byte ${at}`, (arena) => withFlippedByte(arena, at)]));
const versions = (...numbers: number[]): Changes =>
  Object.fromEntries(
    numbers.map((version) => [
      `number ${version}`,
      (arena) => withHeaderWord(arena, HEADER.layoutVersion, () => version),
    ]),
  );
const word = (field: keyof typeof HEADER, change: (held: number) => number): Changes => ({
  [field]: (arena) => withHeaderWord(arena, HEADER[field], change),
});
const shorter = (...bytes: number[]): Changes =>
  Object.fromEntries(bytes.map((less) => [`${less} less`, (arena) => copyOf(arena, arena.byteLength - less)]));
const long = (...bytes: number[]): Changes =>
  Object.fromEntries(bytes.map((length) => [`${length} long`, (arena) => copyOf(arena, length)]));

/** Each kind of change at its edges: a byte more or less, the first and the last one, what a narrower word does not hold. */
const CHANGED: Readonly<Partial<Record<ArenaChange, Changes>>> = {
  magic: flipped(HEADER.magic, HEADER.magic + ARENA_MAGIC.length - 1),
  version: versions(99, LAYOUT_VERSION - 1, LAYOUT_VERSION + 1, LAYOUT_VERSION + 2 ** 8, LAYOUT_VERSION + 2 ** 16),
  checksum: flipped(UNUSED_BYTE, HEADER.layoutVersion + 4, HEADER.checksum, HEADER.checksum + 3),
  truncate: shorter(64, 8, 1),
  empty: long(16, 0, HEADER.checksum + 4, HEADER.bytes - 1),
  geometry: {
    ...word('indexCapacity', () => 3),
    ...word('laneOffset', (held) => held + 64),
    ...word('laneBytes', (held) => held - 64),
    ...word('slotBytes', (held) => held * 2),
    ...word('indexRecordBytes', (held) => held * 2),
    ...word('arenaBytes', (held) => held - 64),
    ...word('slots', () => 0),
  },
};

/** Configurations that differ from the arena's. */
const ASKED: Readonly<Partial<Record<ArenaChange, (held: DrainConfig) => Partial<DrainConfig>[]>>> = {
  'more-slots': ({ slots }) => [{ slots: slots + 1 }, { slots: slots * 2 }],
  'other-capacity': ({ slots, indexCapacity, detailCapacity, detailRecordBytes, windowRecords }) => [
    { indexCapacity: indexCapacity * 2 },
    ...(indexCapacity > 2 ? [{ indexCapacity: indexCapacity / 2 }] : []),
    ...(slots > 1 ? [{ slots: slots - 1 }] : []),
    ...(detailCapacity === 0
      ? [] // a drain may have no detail lane, whatever is asked
      : [
          { detailCapacity: detailCapacity * 2 },
          { detailRecordBytes: detailRecordBytes + 8 },
          { windowRecords: windowRecords === 1 ? 2 : windowRecords / 2 },
        ]),
  ],
};

/** The ways in which the arena, or what is asked of it, is changed. */
export function changedArenas(change: ArenaChange, arena: SharedArrayBuffer, config: DrainConfig): ChangedArena[] {
  const changes = Object.entries(CHANGED[change] ?? { '': copyOf }).map(([name, changed]) => ({
    name,
    arena: changed(arena),
    config,
  }));
  const asked = ASKED[change]?.(config).map((differs) => ({
    name: JSON.stringify(differs),
    arena: copyOf(arena),
    config: { ...config, ...differs },
  }));
  // the first of a kind goes by its plain name
  return (asked ?? changes).map(({ name, ...rest }, i) => ({
    label: i === 0 ? change : `${change}: ${name}`,
    ...rest,
  }));
}
