import type { Fault } from '../fault.js';

/** One broken drain, or more, for each requirement of the family LOSS. */
export const FAULTS: readonly Fault[] = [
  {
    name: 'partial-releases-all',
    what: 'A batch that the sink took in part is released whole.',
    requirement: 'LOSS-EXACTLY-ONCE',
    phrase: 'accepted and never delivered',
    edits: [
      {
        file: 'visit.ts',
        find: 'if (taken > 0) lane.release(head, taken);',
        replace: 'if (taken > 0) lane.release(head, count);',
      },
    ],
  },
  {
    name: 'release-to-the-tail',
    what: 'A visit releases up to the tail of now, not of its snapshot.',
    requirement: 'LOSS-EXACTLY-ONCE',
    phrase: 'accepted and never delivered',
    edits: [
      {
        file: 'visit.ts',
        find: 'if (taken > 0) lane.release(head, taken);',
        replace: 'if (taken > 0) lane.release(head, taken < count ? taken : distance(lane.tail, head));',
      },
    ],
  },
  {
    name: 'partial-releases-nothing',
    what: 'Of a batch that the sink took in part nothing is released.',
    requirement: 'LOSS-NO-DUPLICATE',
    phrase: 'delivered twice',
    bug: 'bug 28',
    edits: [
      {
        file: 'visit.ts',
        find: 'if (taken > 0) lane.release(head, taken);',
        replace: 'if (taken === count) lane.release(head, taken);',
      },
    ],
  },
  {
    name: 'rejected-staged',
    what: 'A rejected record is written beyond the tail, and the next emit publishes it.',
    requirement: 'LOSS-NO-PHANTOM',
    phrase: 'though it was rejected with LANE_FULL',
    edits: [
      {
        file: 'thread-handle.ts',
        find: "if (!this.#index.fits(1)) return 'LANE_FULL';",
        replace: "if (!this.#index.fits(1)) {\n      this.#index.stage(record);\n      return 'LANE_FULL';\n    }",
      },
    ],
  },
  {
    name: 'published-before-written',
    what: 'The tail is published before the record is written.',
    requirement: 'LOSS-NOT-TORN',
    phrase: 'visible before it was written',
    racy: true,
    edits: [
      {
        file: 'index-lane.ts',
        find: 'this.#arena.bytes.set(record, this.#start + (this.#staged & this.#mask) * INDEX_RECORD_BYTES);',
        replace: [
          'Atomics.store(this.#arena.words, this.#tailWord, (this.#staged + 1) | 0);',
          'for (let i = 0; i < 300; i += 1) Atomics.load(this.#arena.words, this.#headWord);',
          'this.#arena.bytes.set(record, this.#start + (this.#staged & this.#mask) * INDEX_RECORD_BYTES);',
        ].join('\n    '),
      },
    ],
  },
  {
    name: 'thread-id-of-the-first',
    what: 'A slot that is used again keeps the id of its first thread.',
    requirement: 'LOSS-ATTRIBUTION',
    phrase: 'was delivered in a batch of thread',
    edits: [
      {
        file: 'registry.ts',
        find: 'put(SLOT.threadId, threadId);',
        replace: 'if (Atomics.load(arena.words, arena.slot(slot, SLOT.threadId)) === 0) put(SLOT.threadId, threadId);',
      },
    ],
  },
  {
    name: 'watermark',
    what: 'A visit delivers nothing below two events.',
    requirement: 'LOSS-SINGLE-EVENT',
    phrase: 'one event alone',
    bug: 'bug 15',
    edits: [
      {
        file: 'visit.ts',
        find: 'const index = Math.min(pending,',
        replace: 'const index = Math.min(pending < 2 ? 0 : pending,',
      },
    ],
  },
  {
    name: 'release-to-the-racing-tail',
    what: 'A visit releases up to the tail of now: what came during the visit is lost.',
    requirement: 'LOSS-64-THREADS',
    phrase: 'accepted and never delivered',
    racy: true,
    edits: [
      {
        file: 'visit.ts',
        find: 'if (taken > 0) lane.release(head, taken);',
        replace: 'if (taken > 0) lane.release(head, taken < pendingOf(lane) ? taken : distance(lane.tail, head));',
      },
      {
        file: 'visit.ts',
        find: '/** What a visit did. */',
        replace:
          'const pendingOf = (lane: { tail: number; head: number }): number => distance(lane.tail, lane.head) - 8;\n/** What a visit did. */',
      },
    ],
  },
  {
    name: 'batch-cut-at-the-wrap',
    what: 'What of a batch lies beyond 2^32 is released, and the one record after it.',
    requirement: 'LOSS-64-THREADS-AGED',
    phrase: 'accepted and never delivered',
    bug: 'bug 7',
    edits: [
      {
        file: 'visit.ts',
        find: 'if (taken > 0) lane.release(head, taken);',
        replace: [
          'const over = head + taken > 0xffff_ffff && distance(lane.tail, head) > taken;',
          'if (taken > 0) lane.release(head, over ? taken + 1 : taken);',
        ].join('\n    '),
      },
    ],
  },
  {
    name: 'one-record-too-many',
    what: 'A producer writes one record more than the lane holds.',
    requirement: 'LOSS-TINY-LANES',
    phrase: 'accepted and never delivered',
    edits: [
      {
        file: 'index-lane.ts',
        find: 'const free = this.#mask + 1 - count;',
        replace: 'const free = this.#mask + 2 - count;',
      },
    ],
  },
];
