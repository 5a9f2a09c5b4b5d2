import type { Fault } from '../fault.js';

/** Faults that show only where both lanes are busy, or in the detail lane alone, or where a lane is full. */
export const FAULTS: readonly Fault[] = [
  {
    name: 'spans-swapped-beside-detail',
    what: 'Where a batch wraps its second span comes first, if detail is due too.',
    requirement: 'LANE-ORDER',
    phrase: 'stands after event',
    edits: [
      {
        file: 'visit.ts',
        find: "const taken = this.#hand('index', offered, lane.spans(head, offered));",
        replace: `const spans = lane.spans(head, offered);
      if (this.#thread.dueDetail(this.#at.final, this.#at.detailTail) > 0) spans.reverse();
      const taken = this.#hand('index', offered, spans);`,
      },
    ],
  },
  {
    name: 'group-seals-one-window',
    what: 'Of the windows that a group fills only the first is sealed.',
    requirement: 'LANE-SEAL',
    phrase: 'is marked and sealed',
    edits: [
      {
        file: 'detail-writer.ts',
        find: 'for (const window of this.#full) this.#seal(window);',
        replace: 'for (const window of this.#full.slice(0, 1)) this.#seal(window);',
      },
    ],
  },
  {
    name: 'size-after-room',
    what: 'The size of a record is looked at only when there is room for it.',
    requirement: 'LANE-RECORD-SIZE',
    phrase: 'should throw RECORD_SIZE',
    edits: [
      {
        file: 'thread-handle.ts',
        find: "checkSize(record, INDEX_RECORD_BYTES, 'index');\n    const outcome",
        replace: "if (this.#index.fits(1)) checkSize(record, INDEX_RECORD_BYTES, 'index');\n    const outcome",
      },
    ],
  },
  {
    name: 'first-span-free-early',
    what: 'Where a batch wraps the space of its first span is free while the sink reads it.',
    requirement: 'LANE-RELEASE-AFTER-ACK',
    phrase: 'too early',
    edits: [
      {
        file: 'visit.ts',
        find: "const taken = this.#hand('index', offered, lane.spans(head, offered));",
        replace: `const spans = lane.spans(head, offered);
      if (spans.length === 2) lane.release(head, spans[0]!.length / 32);
      const taken = this.#hand('index', offered, spans);
      if (taken === 0) lane.release(head, 0);`,
      },
    ],
  },
  {
    name: 'small-batch-free-early',
    what: 'The space of a batch of less than four events is free while the sink reads it.',
    requirement: 'LANE-RELEASE-AFTER-ACK',
    phrase: 'too early',
    edits: [
      {
        file: 'visit.ts',
        find: "const taken = this.#hand('index', offered, lane.spans(head, offered));",
        replace: `if (offered < 4) lane.release(head, offered);
      const taken = this.#hand('index', offered, lane.spans(head, offered));
      if (taken === 0) lane.release(head, 0);`,
      },
    ],
  },
  {
    name: 'half-rounded-up',
    what: 'Detail takes the larger half of a visit.',
    requirement: 'LANE-INDEX-ALWAYS',
    phrase: 'delivered no index event',
    edits: [{ file: 'visit.ts', find: 'Math.floor(allowance / 2)', replace: 'Math.ceil(allowance / 2)' }],
  },
  {
    name: 'window-at-the-end-kept',
    what: 'A window with which a visit ends is not free again.',
    requirement: 'LANE-WHOLE-CAPACITY',
    phrase: 'were writable again',
    edits: [
      {
        file: 'visit.ts',
        find: 'if (released + taken === whole) windows.setState(window, WINDOW_STATE.free);',
        replace:
          'if (released + taken === whole && (this.#at.final || left > taken || released > 0 || this.#thread.dueDetail(false) === 0)) windows.setState(window, WINDOW_STATE.free);',
      },
    ],
  },
  {
    name: 'exact-group-refused',
    what: 'A group that fills the detail lane exactly is refused.',
    requirement: 'QUEUE-GROUP-WHOLE',
    phrase: 'which fit',
    edits: [
      {
        file: 'thread-handle.ts',
        find: 'return group.detail.length > this.#detail.room()',
        replace: 'return group.detail.length >= this.#detail.room()',
      },
    ],
  },
  {
    name: 'quiet-detail-waits',
    what: 'A thread with nothing but detail has a turn in each third iteration.',
    requirement: 'FAIR-QUIET',
    phrase: 'was not delivered in the next iteration',
    edits: [
      {
        file: 'discovery.ts',
        find: 'if (thread.list === undefined) this.#scheduler.join(thread);',
        replace: `const isQuiet = !thread.isLeaving && thread.lane.tail === thread.lane.head;
    if (isQuiet && this.#counters.iterations % 3 !== 0) return true;
    if (thread.list === undefined) this.#scheduler.join(thread);`,
      },
    ],
  },
  {
    name: 'limit-without-detail',
    what: 'The limit of events does not count detail.',
    requirement: 'ITER-LIMIT-EVENTS',
    phrase: 'began a visit after',
    edits: [
      {
        file: 'drain-iterator.ts',
        find: 'this.#limit(result, started) :',
        replace: 'this.#limit({ ...result, delivered: result.delivered - turns.detail }, started) :',
      },
      {
        file: 'turns.ts',
        find: 'readonly tally = emptyTally();',
        replace: `readonly tally = emptyTally();
  detail = 0;`,
      },
      {
        file: 'turns.ts',
        find: 'const done = new Visit(',
        replace: `this.detail -= thread.detail.delivered;
    const done = new Visit(`,
      },
      {
        file: 'turns.ts',
        find: 'this.tally.delivered += done.delivered;',
        replace: `this.tally.delivered += done.delivered;
    this.detail += thread.detail.delivered;`,
      },
    ],
  },
  {
    name: 'part-of-detail-untold',
    what: 'An iteration does not tell a part of a detail batch.',
    requirement: 'ITER-RESULT-EXACT',
    phrase: 'says delivered',
    edits: [
      {
        file: 'visit.ts',
        find: 'this.result.delivered += taken;',
        replace: 'if (taken === count || lane === "index") this.result.delivered += taken;',
      },
    ],
  },
  {
    name: 'empty-index-beside-detail',
    what: 'Where detail is due an empty index batch is handed over too.',
    requirement: 'ITER-EMPTY',
    phrase: 'count is 0',
    edits: [
      {
        file: 'visit.ts',
        find: 'if (this.#deliverIndex(index)) this.#deliverDetail(Math.min(due, allowance - index));',
        replace: `if (index === 0 && due > 0) this.#hand('index', 0, []);
    if (this.#deliverIndex(index)) this.#deliverDetail(Math.min(due, allowance - index));`,
      },
      { file: 'visit.ts', find: '+ span.length, 0) / count;', replace: '+ span.length, 0) / count || 32;' },
    ],
  },
  {
    name: 'detail-tail-again',
    what: 'A visit looks at the detail tail again after its index batch.',
    requirement: 'ITER-SNAPSHOT',
    phrase: 'in the same visit',
    edits: [
      {
        file: 'visit.ts',
        find: 'if (this.#deliverIndex(index)) this.#deliverDetail(Math.min(due, allowance - index));',
        replace: `if (this.#deliverIndex(index)) {
      const detailTail = thread.windows.tail;
      Object.assign(this.#at, { detailTail });
      this.#deliverDetail(Math.min(thread.dueDetail(this.#at.final, detailTail), allowance - index));
    }`,
      },
    ],
  },
  {
    name: 'index-once-more',
    what: 'After the detail a visit looks at the index lane again.',
    requirement: 'ITER-SNAPSHOT',
    phrase: 'in the same visit',
    edits: [
      {
        file: 'visit.ts',
        find: 'if (this.#deliverIndex(index)) this.#deliverDetail(Math.min(due, allowance - index));',
        replace:
          'if (this.#deliverIndex(index)) { this.#deliverDetail(Math.min(due, allowance - index)); const more = Math.min(distance(thread.lane.tail, thread.lane.head), allowance - this.result.delivered); if (!this.#at.final && due > 0 && more > 0) this.#deliverIndex(more); }',
      },
    ],
  },
  {
    name: 'failed-detail-dropped',
    what: 'A final drain ends when the sink fails for the detail that is left.',
    requirement: 'SINK-THROW-KEEPS',
    phrase: 'were accepted and',
    edits: [
      {
        file: 'visit.ts',
        find: 'return lane.head === this.#at.indexTail && this',
        replace:
          'return lane.head === this.#at.indexTail && this.result.sinkFailures > 0 || lane.head === this.#at.indexTail && this',
      },
    ],
  },
  {
    name: 'detail-time-out-uncounted',
    what: 'A detail emit that timed out is not counted as rejected.',
    requirement: 'LEDGER-TRUE',
    phrase: 'the ledger says rejected',
    edits: [
      {
        file: 'thread-handle.ts',
        find: "if (outcome === 'DETAIL_FULL' || outcome === 'TIMED_OUT')",
        replace: "if (outcome === 'DETAIL_FULL')",
      },
    ],
  },
  {
    name: 'part-of-detail-uncounted',
    what: 'A part of a detail batch is not counted as delivered.',
    requirement: 'LEDGER-TRUE',
    phrase: 'the ledger says delivered',
    edits: [
      {
        file: 'visit.ts',
        find: 'this.#thread.detail.delivered += taken;',
        replace: 'this.#thread.detail.delivered += taken === offered ? taken : 0;',
      },
    ],
  },
];
