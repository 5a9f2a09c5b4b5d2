import type { Fault } from '../fault.js';

/** Faults of what begins or ends beside something else: slots, handles, books, back-off, stops, looks. */
export const FAULTS: readonly Fault[] = [
  {
    name: 'detail-close-kept',
    what: 'A slot that is used again keeps the close word of its detail lane.',
    requirement: 'THREAD-LEAVE-DELIVERS',
    phrase: 'with threads that leave',
    edits: [
      {
        file: 'registry.ts',
        find: 'Atomics.store(arena.longs, arena.slot(slot, SLOT.detailClose) / 2, 0n);',
        replace: '',
      },
    ],
  },
  {
    name: 'stale-seal',
    what: "seal() of a thread that was declared dead seals its successor's window.",
    requirement: 'THREAD-STALE-HANDLE',
    phrase: 'through the stale handle',
    edits: [
      {
        file: 'thread-handle.ts',
        find: `seal(): EmitOutcome {
    const refusal = this.#refusal();
    if (refusal !== undefined) return refusal;`,
        replace: `seal(): EmitOutcome {
    if (this.#left) return 'THREAD_LEFT';`,
      },
    ],
  },
  {
    name: 'stale-seal-in-secret',
    what: "seal() of a thread that was declared dead tells STALE_HANDLE, and seals its successor's window.",
    requirement: 'THREAD-STALE-HANDLE',
    phrase: 'was drained while it was open',
    edits: [
      {
        file: 'thread-handle.ts',
        find: `seal(): EmitOutcome {
    const refusal = this.#refusal();
    if (refusal !== undefined) return refusal;`,
        replace: `seal(): EmitOutcome {
    const refusal = this.#refusal();
    if (refusal === 'STALE_HANDLE') this.#detail.seal();
    if (refusal !== undefined) return refusal;`,
      },
    ],
  },
  {
    name: 'detail-emit-after-dead',
    what: 'emitDetail() of a thread that was declared dead tells STALE_HANDLE, and moves the tail of its successor.',
    requirement: 'THREAD-STALE-HANDLE',
    phrase: 'never delivered',
    edits: [
      {
        file: 'thread-handle.ts',
        find: `#emitDetail(record: Uint8Array): EmitOutcome {
    const refusal = this.#refusal();
    if (refusal !== undefined) return refusal;`,
        replace: `#emitDetail(record: Uint8Array): EmitOutcome {
    if (this.#left) return 'THREAD_LEFT';`,
      },
    ],
  },
  {
    name: 'stale-set-weight',
    what: 'setWeight() and setPriority() of a thread that left change its successor.',
    requirement: 'THREAD-EMIT-AFTER-LEAVE',
    phrase: 'came after leave()',
    edits: [
      {
        file: 'thread-handle.ts',
        find: `const absence = this.#absence();
    if (absence !== undefined) return absence;
    Atomics`,
        replace: 'Atomics',
      },
    ],
  },
];
