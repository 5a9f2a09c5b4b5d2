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
];
