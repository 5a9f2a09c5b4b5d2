import type { Fault } from '../fault.js';

/** One broken drain, or more, for each requirement of the family ITER. */
export const FAULTS: readonly Fault[] = [
  {
    name: 'arena-in-the-module',
    what: 'The arena belongs to the module: the next drain finds the one before in it.',
    requirement: 'ITER-LIFECYCLE',
    phrase: 'a new drain delivered',
    edits: [
      {
        file: 'drain-iterator.ts',
        find: 'export class DrainIterator implements Drain {',
        replace: 'let kept: Arena | undefined;\nexport class DrainIterator implements Drain {',
      },
      {
        file: 'drain-iterator.ts',
        find: 'const view = options.arena === undefined ? createArena(options.config)',
        replace: 'const view = options.arena === undefined ? (kept ??= createArena(options.config))',
      },
    ],
  },
  {
    name: 'tail-reloaded',
    what: 'A visit looks at the tail again after each batch, and goes on.',
    requirement: 'ITER-SNAPSHOT',
    phrase: 'was delivered in the same visit',
    bug: 'bug 2',
    edits: [
      {
        file: 'visit.ts',
        find: 'if (this.#deliverIndex(index)) this.#deliverDetail(Math.min(due, allowance - index));',
        replace: [
          'for (let more = index; more > 0 && this.#deliverIndex(more); ) {',
          '  more = Math.min(distance(thread.lane.tail, thread.lane.head), allowance - this.result.delivered);',
          '}',
        ].join('\n'),
      },
    ],
  },
  {
    name: 'quantum-in-lanes',
    what: 'A visit empties the index lane, however long it is.',
    requirement: 'ITER-QUANTUM',
    phrase: 'its quantum is',
    edits: [{ file: 'turns.ts', find: '.run(thread.credit)', replace: '.run(2 ** 24)' }],
  },
  {
    name: 'quantum-for-each-lane',
    what: 'Index events do not count against what a visit may take of detail.',
    requirement: 'ITER-QUANTUM',
    phrase: 'its quantum is',
    edits: [
      {
        file: 'visit.ts',
        find: 'this.#deliverDetail(Math.min(due, allowance - index));',
        replace: 'this.#deliverDetail(Math.min(due, allowance));',
      },
      {
        file: 'visit.ts',
        find: 'Math.min(pending, allowance - Math.min(due, Math.floor(allowance / 2)))',
        replace: 'Math.min(pending, allowance)',
      },
    ],
  },
  {
    name: 'freed-when-empty',
    what: 'The space of a lane is freed only when the lane is empty.',
    requirement: 'ITER-BOUNDED-BATCH',
    phrase: 'the space is not freed in time',
    bug: 'bug 3',
    edits: [
      {
        file: 'index-lane.ts',
        find: 'this.#seenHead = Atomics.load(this.#arena.words, this.#headWord) >>> 0;',
        replace:
          'const head = Atomics.load(this.#arena.words, this.#headWord) >>> 0;\n    if (head === this.published) this.#seenHead = head;',
      },
    ],
  },
  {
    name: 'one-visit-more',
    what: 'An iteration makes one visit more than its limit.',
    requirement: 'ITER-LIMIT-VISITS',
    phrase: 'its limit is',
    edits: [
      {
        file: 'drain-iterator.ts',
        find: 'result.visits >= maxIterationVisits',
        replace: 'result.visits > maxIterationVisits',
      },
    ],
  },
  {
    name: 'cut-short-in-silence',
    what: 'An iteration that was cut short does not say so.',
    requirement: 'ITER-LIMIT-VISITS',
    phrase: "says truncated 'no'",
    edits: [
      {
        file: 'drain-iterator.ts',
        find: "if (result.truncated !== 'no') break;",
        replace: "if (result.truncated !== 'no') {\n        result.truncated = 'no';\n        break;\n      }",
      },
    ],
  },
  {
    name: 'limit-in-batches',
    what: 'The limit of events is compared with batches.',
    requirement: 'ITER-LIMIT-EVENTS',
    phrase: 'began a visit after it had delivered',
    edits: [
      {
        file: 'drain-iterator.ts',
        find: 'result.delivered >= maxIterationEvents',
        replace: 'result.batches >= maxIterationEvents',
      },
    ],
  },
  {
    name: 'limit-in-microseconds',
    what: 'The limit of time is taken for microseconds.',
    requirement: 'ITER-LIMIT-TIME',
    phrase: 'began a visit after',
    edits: [
      {
        file: 'drain-iterator.ts',
        find: 'started >= BigInt(maxIterationNs)',
        replace: 'started >= 1000n * BigInt(maxIterationNs)',
      },
    ],
  },
  {
    name: 'begins-at-the-first',
    what: 'Every iteration begins at the lowest slot.',
    requirement: 'ITER-CONTINUES',
    phrase: 'had no turn',
    edits: [
      {
        file: 'scheduler.ts',
        find: 'if (load !== undefined) this.#sizes?.observe(load);',
        replace: `const all = [...this.waiting()].sort((one, other) => one.slot - other.slot);
    for (const thread of all) thread.list.remove(thread);
    for (const thread of all) this.#enqueue(thread);`,
      },
    ],
  },
  {
    name: 'counts-what-it-offers',
    what: 'A batch is counted as delivered before the sink has taken it.',
    requirement: 'ITER-RESULT-EXACT',
    phrase: 'an iteration says delivered',
    edits: [{ file: 'visit.ts', find: 'this.result.delivered += taken;', replace: 'this.result.delivered += count;' }],
  },
  {
    name: 'reclaims-not-counted',
    what: 'A reclaimed slot is not told.',
    requirement: 'ITER-RESULT-EXACT',
    phrase: 'an iteration says reclaimed',
    edits: [{ file: 'turns.ts', find: 'this.tally.reclaimed += 1;', replace: 'this.tally.reclaimed += 0;' }],
  },
  {
    name: 'empty-batches',
    what: 'A visit hands over an index batch even if it is empty.',
    requirement: 'ITER-EMPTY',
    phrase: 'malformed',
    edits: [
      {
        file: 'visit.ts',
        find: '    const { lane } = this.#thread;\n    for (let left = count;',
        replace: `    const { lane } = this.#thread;
    if (count === 0) this.#hand('index', 0, lane.spans(lane.head, 0));
    for (let left = count;`,
      },
    ],
  },
  {
    name: 'empty-lanes-visited',
    what: 'Every thread is visited in every iteration, and its empty lanes are handed over.',
    requirement: 'ITER-EMPTY',
    phrase: 'malformed',
    edits: [
      {
        file: 'visit.ts',
        find: '    const { lane } = this.#thread;\n    for (let left = count;',
        replace: `    const { lane } = this.#thread;
    if (count === 0) this.#hand('index', 0, lane.spans(lane.head, 0));
    for (let left = count;`,
      },
      {
        file: 'discovery.ts',
        find: 'if (thread?.hasWork !== true) return false;',
        replace: 'if (thread === undefined) return false;',
      },
      {
        file: 'discovery.ts',
        find: 'return version === this.#version ? readySlots(this.#arena) : this.tracked.keys();',
        replace: 'return this.tracked.keys();',
      },
    ],
  },
];
