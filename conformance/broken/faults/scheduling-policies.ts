import type { Fault } from '../fault.js';

/** Broken drains of the policies `priority` and `adaptive`. */
export const FAULTS: readonly Fault[] = [
  {
    name: 'lowest-class-first',
    what: 'The lowest class that is not empty is served first.',
    requirement: 'FAIR-PRIORITY-ORDER',
    phrase: 'waited for its turn',
    edits: [{ file: 'scheduler.ts', find: 'this.#levels.findLast(', replace: 'this.#levels.find(' }],
  },
  {
    name: 'four-classes',
    what: 'All classes above 3 are one.',
    requirement: 'FAIR-PRIORITY-ORDER',
    phrase: 'waited for its turn',
    edits: [
      {
        file: 'scheduler.ts',
        find: 'this.#byPriority ? thread.priority : 0',
        replace: 'this.#byPriority ? Math.min(thread.priority, 3) : 0',
      },
    ],
  },
  {
    name: 'class-read-once',
    what: 'The class is the one of the registration, whatever setPriority() says.',
    requirement: 'FAIR-PRIORITY-ORDER',
    phrase: 'waited for its turn',
    edits: [
      {
        file: 'thread-drain-state.ts',
        find: 'return this.counter(SLOT.priority);',
        replace: 'return (this.priorityOnce ??= this.counter(SLOT.priority));',
      },
    ],
  },
  {
    name: 'nobody-ages',
    what: 'Waiting never raises anybody.',
    requirement: 'FAIR-AGEING',
    phrase: 'beside threads of higher classes thread',
    edits: [{ file: 'scheduler.ts', find: 'head.due <= this.iteration', replace: 'head.due < 0' }],
  },
  {
    name: 'ageing-ends-below-the-top',
    what: 'Waiting raises nobody into the two highest classes.',
    requirement: 'FAIR-AGEING',
    phrase: 'beside threads of higher classes thread',
    edits: [{ file: 'scheduler.ts', find: 'let level = TOP - 1;', replace: 'let level = TOP - 3;' }],
  },
  {
    name: 'boost-kept',
    what: 'A thread that waiting has raised keeps its class for ever.',
    requirement: 'FAIR-BOOST-ENDS',
    phrase: 'its boost was kept',
    edits: [
      {
        file: 'scheduler.ts',
        find: 'this.#byPriority ? thread.priority : 0',
        replace: 'this.#byPriority ? Math.max(thread.priority, thread.level) : 0',
      },
    ],
  },
  {
    name: 'boost-fades',
    what: 'A thread that was raised falls by one class at each turn, not to its own.',
    requirement: 'FAIR-BOOST-ENDS',
    phrase: 'its boost was kept',
    edits: [
      {
        file: 'scheduler.ts',
        find: 'this.#byPriority ? thread.priority : 0',
        replace: 'this.#byPriority ? Math.max(thread.priority, thread.level - 1) : 0',
      },
    ],
  },
  {
    name: 'finals-first',
    what: 'Final drains go before everybody else.',
    requirement: 'FAIR-FINAL-CLASS',
    phrase: 'two final drains in a row',
    edits: [
      {
        file: 'scheduler.ts',
        find: 'return this.#lastWasFinal && level !== undefined ? level : this.#finals;',
        replace: 'return this.#finals;',
      },
    ],
  },
  {
    name: 'finals-last',
    what: 'Final drains come when nobody else waits.',
    requirement: 'FAIR-FINAL-CLASS',
    phrase: 'were no final drain',
    edits: [
      {
        file: 'scheduler.ts',
        find: 'return this.#lastWasFinal && level !== undefined ? level : this.#finals;',
        replace: 'return level ?? this.#finals;',
      },
    ],
  },
  {
    name: 'quantum-without-limit',
    what: 'The adaptive quantum grows beyond quantumMax.',
    requirement: 'FAIR-ADAPTIVE-RANGE',
    phrase: 'under adaptive a visit',
    edits: [
      {
        file: 'adaptive.ts',
        find: "this.value = this.within(what === 'grow' ? this.value * 2 : Math.floor(this.value / 2));",
        replace: "this.value = what === 'grow' ? this.value * 2 : this.within(Math.floor(this.value / 2));",
      },
    ],
  },
  {
    name: 'batch-without-limit',
    what: 'The limit of a batch is worked out and not kept.',
    requirement: 'FAIR-ADAPTIVE-RANGE',
    phrase: 'under adaptive a batch',
    edits: [
      { file: 'visit.ts', find: 'this.#batch = batch === 0 ? Infinity : batch;', replace: 'this.#batch = Infinity;' },
    ],
  },
  {
    name: 'quantum-as-given',
    what: 'The adaptive quantum begins with the one of the configuration, whatever its limits.',
    requirement: 'FAIR-ADAPTIVE-RANGE',
    phrase: 'under adaptive a visit',
    edits: [{ file: 'adaptive.ts', find: 'this.value = this.within(value);', replace: 'this.value = value;' }],
  },
  {
    name: 'never-grows',
    what: 'The adaptive quantum does not grow.',
    requirement: 'FAIR-ADAPTIVE-FOLLOWS',
    phrase: 'visits do not follow the load',
    edits: [{ file: 'adaptive.ts', find: "this.#quantum.ask('grow')", replace: "this.#quantum.ask('stay')" }],
  },
  {
    name: 'never-shrinks',
    what: 'The adaptive quantum does not shrink.',
    requirement: 'FAIR-ADAPTIVE-FOLLOWS',
    phrase: 'visits do not follow the load',
    edits: [{ file: 'adaptive.ts', find: "this.#quantum.ask('shrink')", replace: "this.#quantum.ask('stay')" }],
  },
  {
    name: 'deaf-to-the-sink',
    what: 'Batches stay as large as they are before a slow sink.',
    requirement: 'FAIR-ADAPTIVE-FOLLOWS',
    phrase: 'batches do not follow the sink',
    edits: [{ file: 'adaptive.ts', find: "want < batch ? 'shrink' : 'stay'", replace: "'stay'" }],
  },
  {
    name: 'no-gap-below-the-target',
    what: 'The adaptive quantum grows until an iteration is too long, and shrinks then.',
    requirement: 'FAIR-ADAPTIVE-STEADY',
    phrase: 'visits go up and down',
    edits: [{ file: 'adaptive.ts', find: '2 * tookNs <= targetIterationNs', replace: 'tookNs <= targetIterationNs' }],
  },
  {
    name: 'no-gap-above-the-load',
    what: 'The adaptive quantum shrinks as soon as visits find less than it.',
    requirement: 'FAIR-ADAPTIVE-STEADY',
    phrase: 'visits go up and down',
    edits: [{ file: 'adaptive.ts', find: '4 * pending < quantum * visits', replace: 'pending < quantum * visits' }],
  },
];
