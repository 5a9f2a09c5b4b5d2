import type { Fault } from '../fault.js';

/** Numbers, sizes and slots that are kept in fewer bits than the contract allows for. */
export const FAULTS: readonly Fault[] = [
  {
    name: 'credit-imul',
    what: 'What a turn adds to the credit is computed in 32 bits.',
    requirement: 'LOSS-EXACTLY-ONCE',
    phrase: 'accepted and never delivered',
    edits: [
      {
        file: 'scheduler.ts',
        find: 'thread.credit = Math.min(thread.credit + share * this.quantum, cap);',
        replace: 'thread.credit = Math.min(thread.credit + (Math.imul(share, this.quantum) >>> 0), cap);',
      },
    ],
  },
  {
    name: 'cap-u32',
    what: 'The most credit that is kept is computed in 32 bits.',
    requirement: 'LOSS-EXACTLY-ONCE',
    phrase: 'accepted and never delivered',
    edits: [
      {
        file: 'scheduler.ts',
        find: 'const cap = creditCap(share, this.quantum, this.#config.maxSkips);',
        replace: 'const cap = creditCap(share, this.quantum, this.#config.maxSkips) >>> 0;',
      },
    ],
  },
  {
    name: 'quantum-24bit',
    what: 'The quantum is kept in 24 bits.',
    requirement: 'LANE-INDEX-ALWAYS',
    phrase: 'accepted and none was delivered',
    edits: [
      {
        file: 'scheduler.ts',
        find: 'return this.#sizes?.quantum ?? this.#config.quantum;',
        replace: 'return this.#sizes?.quantum ?? (this.#config.quantum & 0xffffff);',
      },
    ],
  },
  {
    name: 'held-u32',
    what: 'How long a queue was held is told in 32 bits.',
    requirement: 'QUEUE-STUCK',
    phrase: 'was reported as stuck for',
    edits: [
      {
        file: 'turns.ts',
        find: 'Number(now - thread.skippedSince));',
        replace: 'Number(now - thread.skippedSince) >>> 0);',
      },
    ],
  },
  {
    name: 'stuck-after-u32',
    what: 'stuckAfterNs is taken in 32 bits.',
    requirement: 'QUEUE-STUCK',
    phrase: 'and no report was due',
    edits: [{ file: 'turns.ts', find: 'BigInt(stuckAfterNs))', replace: 'BigInt(stuckAfterNs >>> 0))' }],
  },
  {
    name: 'accepted-16bit',
    what: 'What was accepted between two looks is counted in 16 bits.',
    requirement: 'LEDGER-TRUE',
    phrase: 'the ledger says accepted',
    edits: [
      {
        file: 'thread-drain-state.ts',
        find: 'this.index.accepted += (indexTail - this.#seenIndexTail) | 0;',
        replace: 'this.index.accepted += ((indexTail - this.#seenIndexTail) << 16) >> 16;',
      },
    ],
  },
  {
    name: 'rejected-16bit',
    what: 'What was rejected is told in 16 bits.',
    requirement: 'LEDGER-TRUE',
    phrase: 'the ledger says rejected',
    edits: [
      {
        file: 'metrics.ts',
        find: 'return ledger(thread.index, thread.counter(SLOT.indexRejected), pending',
        replace: 'return ledger(thread.index, thread.counter(SLOT.indexRejected) & 0xffff, pending',
      },
    ],
  },
  {
    name: 'size-low-byte',
    what: 'The size of a record is compared in 8 bits.',
    requirement: 'LANE-RECORD-SIZE',
    phrase: 'a record of a wrong size',
    edits: [
      {
        file: 'thread-handle.ts',
        find: 'if (record.length !== bytes) {',
        replace: 'if ((record.length & 0xff) !== (bytes & 0xff)) {',
      },
    ],
  },
  {
    name: 'batch-slot-byte',
    what: 'A batch tells its slot in 8 bits.',
    requirement: 'LOSS-ATTRIBUTION',
    phrase: 'names slot',
    edits: [
      {
        file: 'visit.ts',
        find: 'const taken = offer(this.#sink, { threadId, slot, generation,',
        replace: 'const taken = offer(this.#sink, { threadId, slot: slot & 255, generation,',
      },
    ],
  },
  {
    name: 'event-slot-byte',
    what: 'A thread event tells its slot in 8 bits.',
    requirement: 'THREAD-EVENTS',
    phrase: 'the drain reported thread',
    edits: [
      {
        file: 'discovery.ts',
        find: 'this.#tell({ event, threadId, slot, generation,',
        replace: 'this.#tell({ event, threadId, slot: slot & 255, generation,',
      },
    ],
  },
];
