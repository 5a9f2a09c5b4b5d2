import type { Fault } from '../fault.js';

/** One broken drain, or more, for each requirement of the family FAIR. */
export const FAULTS: readonly Fault[] = [
  {
    name: 'always-the-same',
    what: 'The thread that was served last is chosen next.',
    requirement: 'FAIR-ALL-SERVED',
    phrase: 'was backlogged, and',
    edits: [
      { file: 'scheduler.ts', find: 'return this.#backlogged.shift();', replace: 'return this.#backlogged.pop();' },
    ],
  },
  {
    name: 'two-turns',
    what: 'An iteration gives each thread two turns.',
    requirement: 'FAIR-ALL-SERVED',
    phrase: 'was visited twice in one iteration',
    edits: [
      {
        file: 'drain-iterator.ts',
        find: 'const turns = this.#scheduler.length;',
        replace: 'const turns = this.#scheduler.length * 2;',
      },
    ],
  },
  {
    name: 'credit-not-spent',
    what: 'What a visit delivers is not taken from the credit.',
    requirement: 'FAIR-LAG',
    phrase: 'both backlogged, service per weight differs by',
    edits: [{ file: 'drain-iterator.ts', find: 'thread.credit - done.delivered', replace: 'thread.credit' }],
  },
  {
    name: 'lag-drifts',
    what: 'A skip throws the credit away.',
    requirement: 'FAIR-LAG-SKIPS',
    phrase: 'with a queue that was held',
    bug: 'credit thrown away on a skip',
    edits: [
      {
        file: 'drain-iterator.ts',
        find: 'thread.skips += 1;',
        replace: 'thread.skips += 1;\n      thread.credit = 0;',
      },
    ],
  },
  {
    name: 'joins-at-the-front',
    what: 'A thread that becomes backlogged is served first.',
    requirement: 'FAIR-WAIT',
    phrase: 'was backlogged and waited for',
    edits: [
      {
        file: 'scheduler.ts',
        find: 'thread.waitsFrom = this.#visits;\n    this.#backlogged.push(thread);',
        replace: 'thread.waitsFrom = this.#visits;\n    this.#backlogged.unshift(thread);',
      },
    ],
  },
  {
    name: 'weights-ignored',
    what: 'All weights are 1.',
    requirement: 'FAIR-WEIGHTS',
    phrase: 'with weights',
    edits: [
      {
        file: 'scheduler.ts',
        find: "return this.#config.policy === 'weighted-fair' ? thread.weight : 1;",
        replace: "return this.#config.policy === 'weighted-fair' ? 1 : 1;",
      },
    ],
  },
  {
    name: 'weights-halved',
    what: 'A weight counts half, rounded up.',
    requirement: 'FAIR-WEIGHTS',
    phrase: 'with weights',
    edits: [
      {
        file: 'scheduler.ts',
        find: "return this.#config.policy === 'weighted-fair' ? thread.weight : 1;",
        replace: "return this.#config.policy === 'weighted-fair' ? Math.ceil(thread.weight / 2) : 1;",
      },
    ],
  },
  {
    name: 'fullest-first',
    what: 'The thread with the largest backlog is always chosen.',
    requirement: 'FAIR-QUIET',
    phrase: 'one event in the quiet lane',
    bug: 'bug 4',
    edits: [
      {
        file: 'scheduler.ts',
        find: 'return this.#backlogged.shift();',
        replace:
          'const backlog = ({ lane }) => (lane.tail - lane.head) >>> 0;\n    this.#backlogged.sort((a, b) => backlog(b) - backlog(a));\n    return this.#backlogged.shift();',
      },
    ],
  },
  {
    name: 'half-share',
    what: 'The thread in slot 5 gets half of its share.',
    requirement: 'FAIR-JAIN',
    phrase: 'of its fair share',
    edits: [
      {
        file: 'scheduler.ts',
        find: 'const weight = this.#share(thread);',
        replace: 'const weight = this.#share(thread) * (thread.slot === 5 ? 0.5 : 1);',
      },
    ],
  },
  {
    name: 'credit-hoarded',
    what: 'A thread whose lane ran empty keeps its credit.',
    requirement: 'FAIR-CREDIT-RESET',
    phrase: 'it hoarded credit',
    edits: [
      {
        file: 'scheduler.ts',
        find: 'thread.listed = false;\n    thread.credit = 0;',
        replace: 'thread.listed = false;',
      },
      {
        file: 'drain-iterator.ts',
        find: 'done.exhausted ? 0 :',
        replace: 'done.exhausted && done.delivered < 0 ? 0 :',
      },
    ],
  },
  {
    name: 'smallest-credit-first',
    what: 'The thread with the smallest credit per pending event is chosen.',
    requirement: 'FAIR-QUIET',
    phrase: 'one event in the quiet lane',
    bug: 'smallest credits/pending',
    edits: [
      {
        file: 'scheduler.ts',
        find: 'return this.#backlogged.shift();',
        replace: [
          'const key = ({ lane, credit }) => (credit + 1) / ((lane.tail - lane.head) >>> 0);',
          'this.#backlogged.sort((a, b) => key(a) - key(b));',
          'return this.#backlogged.shift();',
        ].join('\n    '),
      },
    ],
  },
  {
    name: 'quantum-in-buffers',
    what: 'A visit costs one credit for its batch, however many events the batch has.',
    requirement: 'FAIR-LAG',
    phrase: 'both backlogged, service per weight differs by',
    bug: 'quantum counted in buffers',
    edits: [
      {
        file: 'drain-iterator.ts',
        find: 'thread.credit - done.delivered',
        replace: 'thread.credit - Math.min(1, done.delivered)',
      },
    ],
  },
];
