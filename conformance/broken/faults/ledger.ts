/** Faults that the LEDGER requirements catch. */
import type { Fault } from '../fault.js';

export const FAULTS: readonly Fault[] = [
  {
    name: 'attempts-forget-rejections',
    what: 'attempted counts only what was accepted.',
    requirement: 'LEDGER-BALANCE',
    phrase: 'the ledger does not balance',
    edits: [
      {
        file: 'metrics.ts',
        find: '  return { attempted: accepted + rejected, accepted,',
        replace: '  return { attempted: accepted, accepted,',
      },
    ],
  },
  {
    name: 'rejections-not-counted',
    what: 'A full lane is not counted.',
    requirement: 'LEDGER-TRUE',
    phrase: 'the ledger says rejected',
    bug: 'bug 27',
    edits: [
      {
        file: 'thread-handle.ts',
        find: "    if (outcome === 'LANE_FULL' || outcome === 'TIMED_OUT') this.#count(SLOT.indexRejected, 1);\n",
        replace: '',
      },
    ],
  },
  {
    name: 'evictions-at-the-end-forgotten',
    what: 'What is given up with its thread is not counted.',
    requirement: 'LEDGER-EVICTED',
    phrase: 'are counted as evicted',
    edits: [
      {
        file: 'metrics.ts',
        find: 'thread.counter(SLOT.detailEvicted) + thread.evictedAtEnd;',
        replace: 'thread.counter(SLOT.detailEvicted);',
      },
    ],
  },
  {
    name: 'left-stays-pending',
    what: 'What stop() left stays pending.',
    requirement: 'LEDGER-LEFT',
    phrase: 'the ledger says left 0',
    edits: [
      {
        file: 'metrics.ts',
        find: 'pending, thread.isStopped ? pending : 0, 0);',
        replace: 'pending, 0, 0);',
      },
    ],
  },
];
