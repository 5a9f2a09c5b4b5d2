import type { Fault } from '../fault.js';

/** Faults of threads and slots that show only in a later life, or at the end of one. */
export const FAULTS: readonly Fault[] = [
  {
    name: 'generation-in-four-bits',
    what: 'Generations are counted in four bits.',
    requirement: 'THREAD-STALE-HANDLE',
    phrase: 'through the stale handle',
    edits: [
      {
        file: 'slot-state.ts',
        find: 'return (generation + 1) & GENERATION_MASK || 1;',
        replace: 'return (generation + 1) & 0xf || 1;',
      },
    ],
  },
  {
    name: 'generation-in-a-byte',
    what: 'Generations are counted in a byte.',
    requirement: 'THREAD-STALE-HANDLE',
    phrase: 'through the stale handle',
    edits: [
      {
        file: 'slot-state.ts',
        find: 'return (generation + 1) & GENERATION_MASK || 1;',
        replace: 'return (generation + 1) & 0xff || 1;',
      },
    ],
  },
  {
    name: 'reuse-met-late',
    what: 'A slot that is used again is met by the second iteration.',
    requirement: 'THREAD-JOIN-NEXT',
    phrase: 'was not delivered in the next one',
    edits: [
      {
        file: 'discovery.ts',
        find: 'this.#counters.registered += 1;',
        replace: `this.#counters.registered += 1;
      thread.joined = this.#scheduler.iteration;`,
      },
      {
        file: 'discovery.ts',
        find: 'if (thread.list === undefined) this.#scheduler.join(thread);',
        replace: `if (thread.generation > 1 && thread.joined === this.#scheduler.iteration) return true;
    if (thread.list === undefined) this.#scheduler.join(thread);`,
      },
    ],
  },
  {
    name: 'final-detail-at-once',
    what: 'A final drain delivers all marked detail in one visit.',
    requirement: 'THREAD-FINAL-BOUNDED',
    phrase: 'in one visit',
    edits: [
      {
        file: 'visit.ts',
        find: 'this.#deliverDetail(Math.min(due, allowance - index));',
        replace: 'this.#deliverDetail(this.#at.final ? due : Math.min(due, allowance - index));',
      },
    ],
  },
  {
    name: 'unmarked-keeps-slot',
    what: 'The slot of a thread that left unmarked detail behind is never free again.',
    requirement: 'THREAD-SLOTS-PLATEAU',
    phrase: 'slots leak',
    edits: [
      {
        file: 'turns.ts',
        find: "swapState(view, slot, generation, 'drained', 'free');",
        replace: "if (thread.evictedAtEnd === 0) swapState(view, slot, generation, 'drained', 'free');",
      },
    ],
  },
  {
    name: 'failure-keeps-slot',
    what: 'The slot of a thread for which the sink failed once is never free again.',
    requirement: 'THREAD-SLOTS-PLATEAU',
    phrase: 'slots leak',
    edits: [
      {
        file: 'thread-drain-state.ts',
        find: 'failuresInRow = 0;',
        replace: `failuresInRow = 0;
  failedOnce = false;`,
      },
      {
        file: 'visit.ts',
        find: 'this.result.sinkFailures += 1;',
        replace: `this.result.sinkFailures += 1;
      thread.failedOnce = true;`,
      },
      {
        file: 'turns.ts',
        find: "swapState(view, slot, generation, 'drained', 'free');",
        replace: "if (!thread.failedOnce) swapState(view, slot, generation, 'drained', 'free');",
      },
    ],
  },
  {
    name: 'final-drain-gives-up',
    what: 'A final drain ends after four failures in a row.',
    requirement: 'SINK-THROW-KEEPS',
    phrase: 'were accepted and',
    edits: [
      {
        file: 'visit.ts',
        find: 'this.result.finished = this.#at.final && this.#isDrained();',
        replace: 'this.result.finished = this.#at.final && (this.#isDrained() || thread.failuresInRow >= 4);',
      },
    ],
  },
  {
    name: 'last-one-after-a-part',
    what: 'A final drain ends when of a batch that was taken in part one event is left.',
    requirement: 'SINK-PARTIAL',
    phrase: 'after a batch was taken in part',
    edits: [
      {
        file: 'visit.ts',
        find: 'this.result.finished = this.#at.final && this.#isDrained();',
        replace:
          'this.result.finished = this.#at.final && (this.#isDrained() || distance(this.#at.indexTail, thread.lane.head) === 1 && this.result.delivered > 0 && this.result.delivered < allowance);',
      },
    ],
  },
  {
    name: 'stop-loses-patience',
    what: 'stop() gives up after six fruitless passes, long before its deadline.',
    requirement: 'STOP-DELIVERS-ALL',
    phrase: 'were accepted and',
    edits: [
      {
        file: 'stop.ts',
        find: 'environment.pause(BigInt(pause));',
        replace: 'environment.pause(BigInt(pause)); fruitless += 1; if (fruitless > 5) break;',
      },
      { file: 'stop.ts', find: 'let delivered = 0;', replace: 'let delivered = 0; let fruitless = 0;' },
    ],
  },
  {
    name: 'stop-keeps-first-clock',
    what: 'The deadline of a second stop() counts from the first one.',
    requirement: 'STOP-TWICE',
    phrase: 'is not complete',
    edits: [
      {
        file: 'stop.ts',
        find: 'const started = environment.now();',
        replace: 'const started = STARTED.get(drain) ?? environment.now(); STARTED.set(drain, started);',
      },
      {
        file: 'stop.ts',
        find: 'function setStopState',
        replace: 'const STARTED = new WeakMap<DrainIterator, bigint>();\nfunction setStopState',
      },
    ],
  },
];
