import type { Fault } from '../fault.js';

/** Faults of the detail lane that show only at its edges: long rolls, many windows, large records, reused slots, failing sinks. */
export const FAULTS: readonly Fault[] = [
  {
    name: 'evict-order-raw',
    what: 'The oldest window is found by comparing sequences that wrapped.',
    requirement: 'LANE-EVICT-OLDEST',
    phrase: 'not the oldest windows were evicted',
    edits: [
      {
        file: 'window.ts',
        find: 'const older = distance(next, this.sequence(window));',
        replace: 'const older = 2 ** 33 - this.sequence(window) + 0 * next;',
      },
    ],
  },
  {
    name: 'record-bytes-16',
    what: 'recordBytes in 16 bits.',
    requirement: 'LANE-MARKED-ONCE',
    phrase: 'recordBytes is 0',
    edits: [
      {
        file: 'visit.ts',
        find: 'const recordBytes = spans.reduce((bytes, span) => bytes + span.length, 0) / count;',
        replace: 'const recordBytes = (spans.reduce((bytes, span) => bytes + span.length, 0) / count) & 0xffff;',
      },
    ],
  },
  {
    name: 'windows-32',
    what: 'Only 32 windows are looked at.',
    requirement: 'LANE-MARKED-ONCE',
    phrase: 'never delivered',
    edits: [
      {
        file: 'visit.ts',
        find: 'for (let window = 0; window < windows.count; window += 1) {',
        replace: 'for (let window = 0; window < Math.min(32, windows.count); window += 1) {',
      },
      {
        file: 'thread-drain-state.ts',
        find: '    let due = 0;\n    for (let window = 0; window < this.windows.count;',
        replace: '    let due = 0;\n    for (let window = 0; window < Math.min(32, this.windows.count);',
      },
    ],
  },
  {
    name: 'post-roll-byte',
    what: 'The windows still to be marked are counted in a byte.',
    requirement: 'LANE-POST-ROLL',
    phrase: 'the windows after a mark',
    edits: [
      {
        file: 'detail-writer.ts',
        find: 'const { preRoll, postRoll } = this.#arena.config;',
        replace: 'const { preRoll, postRoll: given } = this.#arena.config; const postRoll = given & 255;',
      },
    ],
  },
  {
    name: 'mark-repeats-ignored',
    what: 'A mark on a window that is marked does nothing.',
    requirement: 'LANE-POST-ROLL',
    phrase: 'the windows after a mark',
    edits: [
      {
        file: 'detail-writer.ts',
        find: 'if (isOpen) this.#windows.setState(this.#open, WINDOW_STATE.openMarked);',
        replace:
          'if (isOpen && this.#windows.state(this.#open) === WINDOW_STATE.openMarked) return;\n if (isOpen) this.#windows.setState(this.#open, WINDOW_STATE.openMarked);',
      },
    ],
  },
  {
    name: 'pre-roll-four',
    what: 'At most four windows of pre-roll.',
    requirement: 'LANE-PRE-ROLL',
    phrase: 'the windows before a mark',
    edits: [
      {
        file: 'detail-writer.ts',
        find: 'for (let back = Math.min(preRoll, this.#windows.count);',
        replace: 'for (let back = Math.min(preRoll, 4);',
      },
    ],
  },
  {
    name: 'pre-roll-wrap',
    what: 'Pre-roll stops at sequence 0.',
    requirement: 'LANE-PRE-ROLL',
    phrase: 'the windows before a mark',
    edits: [
      {
        file: 'detail-writer.ts',
        find: 'this.#markSealed((marked - back) >>> 0);',
        replace: 'this.#markSealed(marked - back);',
      },
    ],
  },
  {
    name: 'post-roll-inherited',
    what: 'A slot that is reused keeps the windows still to be marked.',
    requirement: 'LANE-UNMARKED-KEPT',
    phrase: 'which was never marked',
    edits: [
      {
        file: 'registry.ts',
        find: 'for (const zero of [SLOT.postRollLeft, SLOT.indexRejected',
        replace: 'for (const zero of [SLOT.indexRejected',
      },
    ],
  },
  {
    name: 'visible-no-half',
    what: 'Staged records of a new window are visible.',
    requirement: 'THREAD-DEAD-IN-SUBMIT',
    phrase: 'it was never committed',
    edits: [
      {
        file: 'window.ts',
        find: 'return below > HALF ? 0 : Math.min(this.written(window), below);',
        replace: 'return Math.min(this.written(window), below);',
      },
    ],
  },
  {
    name: 'backoff-index-only',
    what: 'Detail failures do not back off.',
    requirement: 'SINK-BACKS-OFF',
    phrase: 'no back-off',
    edits: [
      {
        file: 'visit.ts',
        find: 'thread.failuresInRow += 1;',
        replace: "if (lane === 'detail') return taken;\n thread.failuresInRow += 1;",
      },
    ],
  },
  {
    name: 'undefined-detail',
    what: 'A sink that returns nothing for detail took all.',
    requirement: 'SINK-NONSENSE',
    phrase: 'none was delivered',
    edits: [
      {
        file: 'visit.ts',
        find: 'const taken: unknown = sink.write(batch);',
        replace:
          "let taken: unknown = sink.write(batch);\n if (batch.lane === 'detail' && (taken as number) > batch.count) taken = batch.count;",
      },
    ],
  },
  {
    name: 'left-detail-none',
    what: 'stop() never tells that detail events are left.',
    requirement: 'STOP-DEADLINE',
    phrase: 'says it left 0 detail events',
    edits: [
      {
        file: 'stop.ts',
        find: 'leftDetail += thread.dueDetail(true, closedTail(view, slot, SLOT.detailClose, windows.tail));',
        replace: '',
      },
    ],
  },
];
