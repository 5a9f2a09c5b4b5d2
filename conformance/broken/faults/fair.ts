import type { Fault } from '../fault.js';
import { SORTABLE_LISTS } from '../edits.js';

/** Edits after which the thread with the smallest `key` is chosen. */
const leastFirst = (key: string): Fault['edits'] => [
  {
    file: 'scheduler.ts',
    find: 'const line = this.#nextLine();\n    const thread = line?.shift();',
    replace: `const key = ${key};
    this.#levels[0]!.sort((a, b) => key(a) - key(b));
    const line = this.#isOpen(this.#first) ? this.#first : this.#levels[0]!;
    const thread = line.shift();`,
  },
  SORTABLE_LISTS,
  {
    file: 'drain-iterator.ts',
    find: 'while (scheduler.hasNext) {',
    replace: 'for (let left = [...scheduler.waiting()].length; left > 0; left -= 1) {',
  },
];

/** One broken drain, or more, for each requirement of the family FAIR. */
export const FAULTS: readonly Fault[] = [
  {
    name: 'always-the-same',
    what: 'The thread that was served last is chosen next.',
    requirement: 'FAIR-ALL-SERVED',
    phrase: 'was backlogged, and',
    edits: [
      {
        file: 'scheduler.ts',
        find: '  putBack(thread: T): void {\n    this.#enqueue(thread);',
        replace: '  putBack(thread: T): void {\n    this.#levels[0]!.unshift(thread);',
      },
      {
        file: 'thread-list.ts',
        find: '  /** Takes the head out',
        replace: `  unshift(item: T): void {
    const rest = this.drain();
    this.push(item);
    for (const one of rest) this.push(one);
  }

  drain(): T[] {
    const all = [];
    for (let one = this.shift(); one !== undefined; one = this.shift()) all.push(one);
    return all;
  }

  /** Takes the head out`,
      },
    ],
  },
  {
    name: 'two-turns',
    what: 'An iteration gives each thread two turns.',
    requirement: 'FAIR-ALL-SERVED',
    phrase: 'was visited twice in one iteration',
    edits: [
      {
        file: 'scheduler.ts',
        find: 'thread.turn = this.iteration;',
        replace: 'thread.turn = thread.turn === -this.iteration ? this.iteration : -this.iteration;',
      },
    ],
  },
  {
    name: 'credit-not-spent',
    what: 'What a visit delivers is not taken from the credit.',
    requirement: 'FAIR-LAG',
    phrase: 'both backlogged, service per weight differs by',
    edits: [{ file: 'turns.ts', find: 'thread.credit - done.delivered', replace: 'thread.credit' }],
  },
  {
    name: 'lag-drifts',
    what: 'A skip throws the credit away.',
    requirement: 'FAIR-LAG-SKIPS',
    phrase: 'with a queue that was held',
    bug: 'credit thrown away on a skip',
    edits: [{ file: 'turns.ts', find: 'thread.skips += 1;', replace: 'thread.skips += 1;\n    thread.credit = 0;' }],
  },
  {
    name: 'joins-at-the-front',
    what: 'A thread that becomes backlogged is served first.',
    requirement: 'FAIR-WAIT',
    phrase: 'was backlogged and waited for',
    edits: [
      {
        file: 'scheduler.ts',
        find: 'thread.joined = this.iteration;\n    this.#enqueue(thread);',
        replace: `thread.joined = this.iteration;
    thread.level = 0;
    this.#levels[0]!.unshift(thread);`,
      },
      {
        file: 'thread-list.ts',
        find: '  /** Takes the head out',
        replace: `  unshift(item: T): void {
    const rest = this.drain();
    this.push(item);
    for (const one of rest) this.push(one);
  }

  drain(): T[] {
    const all = [];
    for (let one = this.shift(); one !== undefined; one = this.shift()) all.push(one);
    return all;
  }

  /** Takes the head out`,
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
        find: "return this.#config.policy === 'weighted-fair' ? weight : 1;",
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
        find: "return this.#config.policy === 'weighted-fair' ? weight : 1;",
        replace: "return this.#config.policy === 'weighted-fair' ? Math.ceil(weight / 2) : 1;",
      },
    ],
  },
  {
    name: 'fullest-first',
    what: 'The thread with the largest backlog is always chosen.',
    requirement: 'FAIR-QUIET',
    phrase: 'one event in the quiet lane',
    bug: 'bug 4',
    edits: leastFirst('({ lane }) => -((lane.tail - lane.head) >>> 0)'),
  },
  {
    name: 'half-share',
    what: 'The thread in slot 5 gets half of its share.',
    requirement: 'FAIR-JAIN',
    phrase: 'of its fair share',
    edits: [
      {
        file: 'scheduler.ts',
        find: 'const share = this.shareOf(thread);',
        replace: 'const share = this.shareOf(thread) * (thread.slot === 5 ? 0.5 : 1);',
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
        find: 'thread.list?.remove(thread);\n    thread.credit = 0;',
        replace: 'thread.list?.remove(thread);',
      },
      { file: 'turns.ts', find: 'done.exhausted ? 0 :', replace: 'done.exhausted && done.delivered < 0 ? 0 :' },
    ],
  },
  {
    name: 'smallest-credit-first',
    what: 'The thread with the smallest credit per pending event is chosen.',
    requirement: 'FAIR-QUIET',
    phrase: 'one event in the quiet lane',
    bug: 'smallest credits/pending',
    edits: leastFirst('({ lane, credit }) => (credit + 1) / ((lane.tail - lane.head) >>> 0)'),
  },
  {
    name: 'quantum-in-buffers',
    what: 'A visit costs one credit for its batch, however many events the batch has.',
    requirement: 'FAIR-LAG',
    phrase: 'both backlogged, service per weight differs by',
    bug: 'quantum counted in buffers',
    edits: [
      {
        file: 'turns.ts',
        find: 'thread.credit - done.delivered',
        replace: 'thread.credit - Math.min(1, done.delivered)',
      },
    ],
  },
];
