import { LAYOUT_VERSION } from '../../../spec/layout.js';
import type { Fault } from '../fault.js';

/** Faults of an arena that show only in one field, one byte or one size. */
export const FAULTS: readonly Fault[] = [
  {
    name: 'magic-but-last',
    what: 'attach() does not look at the last of the magic bytes.',
    requirement: 'ARENA-FOREIGN',
    phrase: "the change 'magic: byte 7'",
    edits: [
      {
        file: 'arena.ts',
        find: 'if (magic !== ARENA_MAGIC)',
        replace: 'if (magic.slice(0, -1) !== ARENA_MAGIC.slice(0, -1))',
      },
    ],
  },
  {
    name: 'older-version-taken',
    what: 'attach() takes an older layout version.',
    requirement: 'ARENA-VERSION',
    phrase: `the change 'version: number ${LAYOUT_VERSION - 1}'`,
    edits: [
      {
        file: 'arena.ts',
        find: 'if (get(HEADER.layoutVersion) !== LAYOUT_VERSION)',
        replace: 'if (get(HEADER.layoutVersion) > LAYOUT_VERSION)',
      },
    ],
  },
  {
    name: 'version-in-a-byte',
    what: 'attach() compares the low byte of the layout version.',
    requirement: 'ARENA-VERSION',
    phrase: `the change 'version: number ${LAYOUT_VERSION + 256}'`,
    edits: [
      {
        file: 'arena.ts',
        find: 'if (get(HEADER.layoutVersion) !== LAYOUT_VERSION)',
        replace: 'if ((get(HEADER.layoutVersion) & 0xff) !== LAYOUT_VERSION)',
      },
    ],
  },
  {
    name: 'checksum-low-half',
    what: 'attach() compares the low half of the checksum.',
    requirement: 'ARENA-CORRUPT',
    phrase: "the change 'checksum: byte 127'",
    edits: [
      {
        file: 'arena.ts',
        find: 'if (get(HEADER.checksum) !== headerChecksum(buffer))',
        replace: 'if ((get(HEADER.checksum) & 0xffff) !== (headerChecksum(buffer) & 0xffff))',
      },
    ],
  },
  {
    name: 'lane-offset-believed',
    what: 'attach() believes the offset of the lanes.',
    requirement: 'ARENA-CORRUPT',
    phrase: "the change 'geometry: laneOffset'",
    edits: [{ file: 'arena.ts', find: 'get(HEADER.laneOffset) === geometry.laneOffset &&', replace: '' }],
  },
  {
    name: 'record-bytes-believed',
    what: 'attach() believes the size of an index record.',
    requirement: 'ARENA-CORRUPT',
    phrase: "the change 'geometry: indexRecordBytes'",
    edits: [{ file: 'arena.ts', find: 'get(HEADER.indexRecordBytes) === INDEX_RECORD_BYTES &&', replace: '' }],
  },
  {
    name: 'arena-bytes-believed',
    what: 'attach() believes the length that the header states.',
    requirement: 'ARENA-CORRUPT',
    phrase: "the change 'geometry: arenaBytes'",
    edits: [{ file: 'arena.ts', find: ' &&\n    get(HEADER.arenaBytes) === geometry.arenaBytes;', replace: ';' }],
  },
  {
    name: 'truncated-by-eight',
    what: 'attach() takes an arena that lacks its last eight bytes.',
    requirement: 'ARENA-TRUNCATED',
    phrase: "the change 'truncate: 8 less'",
    edits: [
      {
        file: 'arena.ts',
        find: 'if (get(HEADER.arenaBytes) > bytes)',
        replace: 'if (get(HEADER.arenaBytes) > bytes + 8)',
      },
    ],
  },
  {
    name: 'fewer-slots-taken',
    what: 'attach() takes fewer slots than the arena holds.',
    requirement: 'ARENA-SLOTS',
    phrase: '{"slots":63}',
    edits: [
      {
        file: 'arena.ts',
        find: 'if (asked === undefined || asked === held[field]) continue;',
        replace:
          "if (asked === undefined || asked === held[field] || (field === 'slots' && asked < held.slots)) continue;",
      },
    ],
  },
  {
    name: 'smaller-capacity-taken',
    what: 'attach() takes a smaller index capacity than the arena has.',
    requirement: 'ARENA-SLOTS',
    phrase: '{"indexCapacity":512}',
    edits: [
      {
        file: 'arena.ts',
        find: 'if (asked === undefined || asked === held[field]) continue;',
        replace:
          "if (asked === undefined || asked === held[field] || (field === 'indexCapacity' && asked < held[field])) continue;",
      },
    ],
  },
  {
    name: 'window-size-ignored',
    what: 'attach() does not compare the size of a window.',
    requirement: 'ARENA-SLOTS',
    phrase: '{"windowRecords":2}',
    edits: [
      {
        file: 'arena.ts',
        find: 'if (asked === undefined || asked === held[field]) continue;',
        replace: "if (asked === undefined || asked === held[field] || field === 'windowRecords') continue;",
      },
    ],
  },
];
