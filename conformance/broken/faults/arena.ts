/** Faults that the ARENA requirements catch. */
import type { Fault } from '../fault.js';

export const FAULTS: readonly Fault[] = [
  {
    name: 'magic-not-read',
    what: 'attach() does not look at the magic bytes.',
    requirement: 'ARENA-FOREIGN',
    phrase: "the change 'magic'",
    edits: [
      {
        file: 'arena.ts',
        find: '  if (magic !== ARENA_MAGIC) throw',
        replace: "  if (magic === '') throw",
      },
    ],
  },
  {
    name: 'version-not-read',
    what: 'attach() takes any layout version.',
    requirement: 'ARENA-VERSION',
    phrase: "the change 'version'",
    edits: [
      {
        file: 'arena.ts',
        find: '  if (get(HEADER.layoutVersion) !== LAYOUT_VERSION) {',
        replace: '  if (get(HEADER.layoutVersion) < LAYOUT_VERSION) {',
      },
    ],
  },
  {
    name: 'checksum-not-read',
    what: 'attach() does not compare the checksum.',
    requirement: 'ARENA-CORRUPT',
    phrase: "the change 'checksum'",
    edits: [
      {
        file: 'arena.ts',
        find: '  if (get(HEADER.checksum) !== headerChecksum(buffer)) {',
        replace: '  if (headerChecksum(buffer) === -1) {',
      },
    ],
  },
  {
    name: 'geometry-believed',
    what: 'attach() believes an impossible geometry.',
    requirement: 'ARENA-CORRUPT',
    phrase: "the change 'geometry'",
    bug: 'bug 8',
    edits: [
      {
        file: 'arena.ts',
        find: '  checkGeometry(held, get);\n',
        replace: '',
      },
    ],
  },
  {
    name: 'length-not-compared',
    what: 'attach() does not compare the length with the header.',
    requirement: 'ARENA-TRUNCATED',
    phrase: "the change 'truncate'",
    edits: [
      {
        file: 'arena.ts',
        find: '  if (get(HEADER.arenaBytes) > bytes) {',
        replace: '  if (bytes === 0) {',
      },
    ],
  },
  {
    name: 'slots-believed',
    what: 'attach() takes a larger registry than the arena holds.',
    requirement: 'ARENA-SLOTS',
    phrase: "the change 'more-slots'",
    edits: [
      {
        file: 'arena.ts',
        find: "    if (field === 'slots' && asked > held.slots) {\n      throw new DrainError('ARENA_TOO_SMALL'",
        replace:
          "    if (field === 'slots' && asked > held.slots) {\n      continue;\n      throw new DrainError('ARENA_TOO_SMALL'",
      },
    ],
  },
  {
    name: 'weight-not-checked',
    what: 'register() takes any weight.',
    requirement: 'ARENA-CONFIG',
    phrase: 'was asked for and was told',
    edits: [
      {
        file: 'registry.ts',
        find: '    checkWeight(weight);\n',
        replace: '',
      },
    ],
  },
  {
    name: 'class-not-checked',
    what: 'register() takes any class.',
    requirement: 'ARENA-CONFIG',
    phrase: 'was asked for and was told',
    edits: [{ file: 'registry.ts', find: '    checkPriority(priority);\n', replace: '' }],
  },
  {
    name: 'new-weight-not-checked',
    what: 'setWeight() takes any weight.',
    requirement: 'ARENA-CONFIG',
    phrase: 'setWeight(0) was asked for',
    edits: [{ file: 'thread-handle.ts', find: '    checkWeight(weight);\n', replace: '' }],
  },
  {
    name: 'new-class-not-checked',
    what: 'setPriority() takes any class.',
    requirement: 'ARENA-CONFIG',
    phrase: 'was asked for and was told',
    edits: [{ file: 'thread-handle.ts', find: '    checkPriority(priority);\n', replace: '' }],
  },
  {
    name: 'policy-not-checked',
    what: 'createArena() replaces a policy that it does not know.',
    requirement: 'ARENA-CONFIG',
    phrase: 'was asked for and was told',
    edits: [
      {
        file: 'arena.ts',
        find: '  const config = resolveConfig(partial);\n  const geometry',
        replace: "  const config = resolveConfig({ ...partial, policy: 'round-robin' });\n  const geometry",
      },
    ],
  },
  {
    name: 'reads-one-too-few',
    what: 'Beside foreign producers the reader leaves the newest record of a lane, for ever.',
    requirement: 'ARENA-CROSS-NATIVE',
    phrase: 'accepted and never delivered',
    edits: [
      {
        file: 'index-lane.ts',
        find: '  get tail(): number {\n    return Atomics.load(this.#arena.words, this.#tailWord) >>> 0;',
        replace: '  get tail(): number {\n    return (Atomics.load(this.#arena.words, this.#tailWord) & ~1) >>> 0;',
      },
    ],
  },
  {
    name: 'slot-line-moved',
    what: 'The drain releases records in another word than the layout says.',
    requirement: 'ARENA-CROSS-WORKERS',
    phrase: 'delivered twice',
    edits: [
      {
        file: 'index-lane.ts',
        find: '    Atomics.store(this.#arena.words, this.#headWord, (head + count) | 0);',
        replace: '    Atomics.store(this.#arena.words, this.#headWord, (head + count - (count > 200 ? 1 : 0)) | 0);',
      },
    ],
  },
  {
    name: 'strangers-cut-off',
    what: 'A slot that a stranger leaves is freed before its last events are delivered.',
    requirement: 'ARENA-CROSS-CHURN',
    phrase: 'accepted and never delivered',
    edits: [
      {
        file: 'visit.ts',
        find: '    const pending = distance(this.#at.indexTail, thread.lane.head);',
        replace: '    const pending = this.#at.final ? 0 : distance(this.#at.indexTail, thread.lane.head);',
      },
      {
        file: 'visit.ts',
        find: '    this.result.finished = this.#at.final && this.#isDrained();',
        replace: '    this.result.finished = this.#at.final;',
      },
    ],
  },
  {
    name: 'capacity-rounded',
    what: 'createArena() rounds a capacity that is no power of two.',
    requirement: 'ARENA-CONFIG',
    phrase: 'was asked for and was told',
    bug: 'bug 8',
    edits: [
      {
        file: 'arena.ts',
        find: '  const config = resolveConfig(partial);\n  const geometry',
        replace: [
          '  const asked = partial?.indexCapacity;',
          '  const indexCapacity = asked > 0 ? 2 ** Math.round(Math.log2(asked)) : asked;',
          '  const config = resolveConfig(asked === undefined ? partial : { ...partial, indexCapacity });',
          '  const geometry',
        ].join('\n'),
      },
    ],
  },
];
