import type { Fault } from '../fault.js';

/** One broken drain, or more, for each requirement of the family LANE. */
export const FAULTS: readonly Fault[] = [
  {
    name: 'index-every-other-visit',
    what: 'Every second visit leaves the index lane alone.',
    requirement: 'LANE-INDEX-ALWAYS',
    phrase: 'delivered no index event',
    edits: [
      {
        file: 'visit.ts',
        find: 'const index = Math.min(pending,',
        replace: 'const index = Math.min(thread.visits % 2 === 0 ? 0 : pending,',
      },
    ],
  },
  {
    name: 'detail-takes-all',
    what: 'Marked detail may use up the whole allowance of a visit.',
    requirement: 'LANE-INDEX-ALWAYS',
    phrase: 'delivered no index event',
    edits: [
      {
        file: 'visit.ts',
        find: 'Math.min(due, Math.floor(allowance / 2))',
        replace: 'Math.min(due, allowance)',
      },
    ],
  },
  {
    name: 'spans-swapped',
    what: 'Where a batch wraps, its second span comes first.',
    requirement: 'LANE-ORDER',
    phrase: 'stands after event',
    edits: [
      {
        file: 'index-lane.ts',
        find: 'spans.push(this.#span(0, count - first))',
        replace: 'spans.unshift(this.#span(0, count - first))',
      },
    ],
  },
  {
    name: 'full-overwrites',
    what: 'The index lane takes one record more than it holds.',
    requirement: 'LANE-FULL-REJECTS',
    phrase: 'was accepted into the lane',
    bug: 'bug 31',
    edits: [
      {
        file: 'index-lane.ts',
        find: 'const free = this.#mask + 1 - count;',
        replace: 'const free = this.#mask + 2 - count;',
      },
    ],
  },
  {
    name: 'full-looks-empty',
    what: 'The number of pending records is reduced modulo the capacity.',
    requirement: 'LANE-FULL-EMPTY',
    phrase: 'was not drained whole',
    bug: 'bug 9',
    edits: [
      {
        file: 'visit.ts',
        find: 'const pending = distance(this.#at.indexTail, thread.lane.head);',
        replace:
          'const pending = distance(this.#at.indexTail, thread.lane.head) & (this.arena.config.indexCapacity - 1);',
      },
      {
        file: 'visit.ts',
        find: '    this.#sink = sink;',
        replace: '    this.#sink = sink;\n    this.arena = arena;',
      },
    ],
  },
  {
    name: 'head-in-steps',
    what: 'The producer sees the read cursor only in steps of four records.',
    requirement: 'LANE-WHOLE-CAPACITY',
    phrase: 'were writable again',
    bug: 'bug 1',
    edits: [
      {
        file: 'index-lane.ts',
        find: 'this.#seenHead = Atomics.load(this.#arena.words, this.#headWord) >>> 0;',
        replace: 'this.#seenHead = (Atomics.load(this.#arena.words, this.#headWord) & ~3) >>> 0;',
      },
    ],
  },
  {
    name: 'ordered-cursors',
    what: 'The capacity test compares cursors as numbers that never wrap.',
    requirement: 'LANE-WRAP',
    phrase: 'across the wrap of the cursors',
    bug: 'bug 7',
    edits: [
      {
        file: 'index-lane.ts',
        find: 'if (distance(this.#staged, this.#seenHead) <= free) return true;',
        replace: 'if (this.#staged - this.#seenHead <= free) return true;',
      },
    ],
  },
  {
    name: 'released-before-written',
    what: 'The space of a batch is released before the sink has it.',
    requirement: 'LANE-RELEASE-AFTER-ACK',
    phrase: 'space that the sink had not acknowledged',
    bug: 'bug 11',
    edits: [
      { file: 'visit.ts', find: 'if (taken > 0) lane.release(head, taken);', replace: 'lane.release(head, taken);' },
      {
        file: 'visit.ts',
        find: "const taken = this.#hand('index', offered, lane.spans(head, offered));",
        replace:
          "lane.release(head, offered);\n      const taken = this.#hand('index', offered, lane.spans(head, offered));",
      },
    ],
  },
  {
    name: 'unmarked-at-the-end',
    what: 'The final drain hands over unmarked windows too.',
    requirement: 'LANE-UNMARKED-KEPT',
    phrase: 'which was never marked',
    edits: [
      {
        file: 'thread-drain-state.ts',
        find: 'return final ? [WINDOW_STATE.sealedMarked, WINDOW_STATE.openMarked]',
        replace: 'return final ? [WINDOW_STATE.sealedMarked, WINDOW_STATE.openMarked, WINDOW_STATE.sealed]',
      },
    ],
  },
  {
    name: 'youngest-window-first',
    what: 'The youngest marked window is drained first.',
    requirement: 'LANE-MARKED-ONCE',
    phrase: 'was drained after window',
    edits: [
      {
        file: 'visit.ts',
        find: 'if (older > age) [found, age] = [window, older];',
        replace: 'if (found === -1 || older < age) [found, age] = [window, older];',
      },
    ],
  },
  {
    name: 'window-freed-by-offer',
    what: 'A window is freed when its last records were offered, taken or not.',
    requirement: 'LANE-MARKED-ONCE',
    phrase: 'is marked and sealed, and its event',
    edits: [
      {
        file: 'visit.ts',
        find: 'if (released + taken === whole)',
        replace: 'if (released + offered === whole)',
      },
    ],
  },
  {
    name: 'pre-roll-short',
    what: 'mark() leaves out the window right before the open one.',
    requirement: 'LANE-PRE-ROLL',
    phrase: 'is marked and sealed, and its event',
    edits: [{ file: 'detail-writer.ts', find: 'back >= 1; back -= 1', replace: 'back > 1; back -= 1' }],
  },
  {
    name: 'pre-roll-long',
    what: 'mark() reaches one window further back.',
    requirement: 'LANE-PRE-ROLL',
    phrase: 'which was never marked',
    edits: [
      {
        file: 'detail-writer.ts',
        find: 'let back = Math.min(preRoll, this.#windows.count)',
        replace: 'let back = Math.min(preRoll + 1, this.#windows.count)',
      },
    ],
  },
  {
    name: 'post-roll-short',
    what: 'Without an open window, the next one already counts as post-roll.',
    requirement: 'LANE-POST-ROLL',
    phrase: 'is marked and sealed, and its event',
    edits: [{ file: 'detail-writer.ts', find: 'isOpen ? postRoll : postRoll + 1', replace: 'postRoll' }],
  },
  {
    name: 'post-roll-endless',
    what: 'The count of windows still to be marked never drops.',
    requirement: 'LANE-POST-ROLL',
    phrase: 'which was never marked',
    edits: [
      {
        file: 'detail-writer.ts',
        find: 'if (left > 0) this.#setPostRoll(left - 1);',
        replace: 'if (left > 1) this.#setPostRoll(left - 1);',
      },
    ],
  },
  {
    name: 'open-window-drained',
    what: 'A marked window is drained while it is open.',
    requirement: 'LANE-SEAL',
    phrase: 'was drained while it was open',
    edits: [
      {
        file: 'thread-drain-state.ts',
        find: ': [WINDOW_STATE.sealedMarked];',
        replace: ': [WINDOW_STATE.sealedMarked, WINDOW_STATE.openMarked];',
      },
      {
        file: 'thread-drain-state.ts',
        find: 'if (this.windows.state(window) === WINDOW_STATE.sealedMarked) return true;',
        replace: 'if (this.dueStates(false).includes(this.windows.state(window))) return true;',
      },
    ],
  },
  {
    name: 'seal-does-nothing',
    what: 'seal() leaves the open window open.',
    requirement: 'LANE-SEAL',
    phrase: 'is marked and sealed, and its event',
    edits: [
      {
        file: 'thread-handle.ts',
        find: `this.#detail.seal();
    this.#announce();
    return 'accepted';`,
        replace: "this.#announce();\n    return 'accepted';",
      },
    ],
  },
  {
    name: 'evicts-lowest-place',
    what: 'The unmarked window in the lowest place is evicted, however old it is.',
    requirement: 'LANE-EVICT-OLDEST',
    phrase: 'not the oldest windows were evicted',
    edits: [
      {
        file: 'detail-writer.ts',
        find: 'window = this.#windows.oldest(next, WINDOW_STATE.sealed);',
        replace:
          'window = Array.from({ length: this.#windows.count }, (_, at) => this.#windows.state(at)).indexOf(WINDOW_STATE.sealed);',
      },
    ],
  },
  {
    name: 'evicted-not-counted',
    what: 'Evicted records are not counted.',
    requirement: 'LANE-EVICT-OLDEST',
    phrase: 'were evicted, and',
    edits: [
      { file: 'detail-writer.ts', find: 'this.#evict(window);', replace: 'void window;' },
      { file: 'detail-writer.ts', find: '#evict(window: number): void', replace: 'evict(window: number): void' },
    ],
  },
  {
    name: 'marked-evicted',
    what: 'A marked window makes room when no unmarked one is left.',
    requirement: 'LANE-MARKED-PINNED',
    phrase: 'only marked windows were left',
    bug: 'bug 29',
    edits: [
      {
        file: 'detail-writer.ts',
        find: 'window = this.#windows.oldest(next, WINDOW_STATE.sealed);',
        replace: 'window = this.#windows.oldest(next, WINDOW_STATE.sealed, WINDOW_STATE.sealedMarked);',
      },
    ],
  },
  {
    name: 'join-erased',
    what: 'A submitted index record loses its detail sequence.',
    requirement: 'LANE-JOIN',
    phrase: 'a submitted record was changed',
    edits: [
      {
        file: 'thread-handle.ts',
        find: 'for (const record of group.index) this.#index.stage(record);',
        replace:
          'for (const record of group.index) this.#index.stage(record.map((byte, at) => (at < 24 ? byte : 0xff)));',
      },
    ],
  },
  {
    name: 'group-without-detail',
    what: 'A commit publishes the index records only.',
    requirement: 'LANE-JOIN',
    phrase: 'never was',
    edits: [
      {
        file: 'thread-handle.ts',
        find: 'if (this.#hasDetail) this.#detail.publish();',
        replace: 'if (this.#hasDetail) this.#detail.rollBack();',
      },
    ],
  },
  {
    name: 'short-records',
    what: 'A record that is too short is accepted.',
    requirement: 'LANE-RECORD-SIZE',
    phrase: 'of a wrong size were not refused',
    edits: [
      { file: 'thread-handle.ts', find: 'if (record.length !== bytes) {', replace: 'if (record.length > bytes) {' },
    ],
  },
  {
    name: 'room-tested-for-equality',
    what: 'A producer that waits for room goes on only when exactly what it needs has become free.',
    requirement: 'LANE-WHOLE-CAPACITY',
    phrase: 'were writable again',
    bug: 'bug 14',
    edits: [
      {
        file: 'index-lane.ts',
        find: '    return distance(this.#staged, this.#seenHead) <= free;',
        replace: '    return distance(this.#staged, this.#seenHead) === free;',
      },
    ],
  },
];
