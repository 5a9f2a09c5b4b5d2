import type { Fault } from '../fault.js';
import { SORTABLE_LISTS } from '../edits.js';

/** Faults that show only at an edge of what may be configured: limits, weights, sizes, slots and ids. */
export const FAULTS: readonly Fault[] = [
  {
    name: 'cfg-capacity-32bit',
    what: 'A capacity is taken modulo 2^32.',
    requirement: 'ARENA-CONFIG',
    phrase: "was told 'accepted'",
    edits: [
      {
        file: 'arena.ts',
        find: 'const config = resolveConfig(partial);',
        replace:
          'const config = resolveConfig((partial.indexCapacity ?? 0) > 2**32 ? { ...partial, indexCapacity: partial.indexCapacity! % 2 ** 32 } : partial);',
      },
    ],
  },
  {
    name: 'weight-16bit',
    what: 'A weight is taken modulo 2^16.',
    requirement: 'ARENA-CONFIG',
    phrase: "was told 'accepted'",
    edits: [
      {
        file: 'registry.ts',
        find: 'checkWeight(weight);',
        replace: 'if (Number.isInteger(weight) && weight > 65535) weight %= 65536;\n checkWeight(weight);',
      },
    ],
  },
  {
    name: 'weight-inherited',
    what: 'A reused slot keeps the weight of its first thread.',
    requirement: 'FAIR-WEIGHTS',
    phrase: 'both backlogged',
    edits: [
      {
        file: 'registry.ts',
        find: 'put(SLOT.weight, weight);',
        replace: 'if (generationOf(loadState(arena, slot)) === 1) put(SLOT.weight, weight);',
      },
    ],
  },
  {
    name: 'limit-first-only',
    what: 'With a limit of visits the others are not looked at.',
    requirement: 'ITER-LIMIT-EVENTS',
    phrase: 'began a visit after',
    edits: [
      {
        file: 'drain-iterator.ts',
        find: "if (maxIterationVisits > 0 && result.visits >= maxIterationVisits) return 'visits';",
        replace: "if (maxIterationVisits > 0) return result.visits >= maxIterationVisits ? 'visits' : 'no';",
      },
    ],
  },
  {
    name: 'events-limit-late',
    what: 'The limit of events must be exceeded.',
    requirement: 'ITER-LIMIT-EVENTS',
    phrase: 'events, its limit is',
    edits: [
      {
        file: 'drain-iterator.ts',
        find: 'result.delivered >= maxIterationEvents',
        replace: 'result.delivered > maxIterationEvents',
      },
    ],
  },
  {
    name: 'iteration-own-clock',
    what: 'The limit of time is by an own clock.',
    requirement: 'ITER-LIMIT-TIME',
    phrase: 'began a visit after',
    edits: [
      {
        file: 'drain-iterator.ts',
        find: "if (maxIterationNs > 0 && this.environment.now() - started >= BigInt(maxIterationNs)) return 'time';",
        replace:
          "if (maxIterationNs > 0 && process.hrtime.bigint() - started >= BigInt(maxIterationNs)) return 'time';",
      },
      {
        file: 'drain-iterator.ts',
        find: 'const started = this.environment.now();',
        replace: 'const started = process.hrtime.bigint();',
      },
    ],
  },
  {
    name: 'time-limit-late',
    what: 'The limit of time must be exceeded.',
    requirement: 'ITER-LIMIT-TIME',
    phrase: 'began a visit after 1000 ns',
    edits: [
      {
        file: 'drain-iterator.ts',
        find: 'started >= BigInt(maxIterationNs)',
        replace: 'started > BigInt(maxIterationNs)',
      },
    ],
  },
  {
    name: 'truncated-at-the-end',
    what: 'An iteration that served all says that it was cut.',
    requirement: 'ITER-LIMIT-VISITS',
    phrase: "says truncated 'visits'",
    edits: [
      {
        file: 'drain-iterator.ts',
        find: '      turns.take(scheduler.select()!);\n    }',
        replace: `      turns.take(scheduler.select()!);
    }
    if (mode.limited && result.visits > 0 && result.truncated === 'no') result.truncated = this.#limit(result, started);`,
      },
    ],
  },
  {
    name: 'cut-by-events-restarts',
    what: 'After a cut by events the next begins at the lowest slot.',
    requirement: 'ITER-CONTINUES',
    phrase: 'had no turn',
    edits: [
      {
        file: 'drain-iterator.ts',
        find: '    window.endIteration();',
        replace:
          "    window.endIteration();\n    if (result.truncated === 'events' || result.truncated === 'time') scheduler.restart();",
      },
      {
        file: 'scheduler.ts',
        find: '  /** The promoted threads come before',
        replace: `  restart(): void {
    this.#levels[0]!.sort((a, b) => a.slot - b.slot);
  }

  /** The promoted threads come before`,
      },
      SORTABLE_LISTS,
    ],
  },
  {
    name: 'quantum-one',
    what: 'A quantum of one is two.',
    requirement: 'ITER-QUANTUM',
    phrase: 'its quantum is 1',
    edits: [
      {
        file: 'scheduler.ts',
        find: 'return this.#sizes?.quantum ?? this.#config.quantum;',
        replace: 'return Math.max(2, this.#sizes?.quantum ?? this.#config.quantum);',
      },
    ],
  },
  {
    name: 'skips-count-for-limit',
    what: 'Skips count for the limit of visits.',
    requirement: 'QUEUE-OTHERS-GO-ON',
    phrase: 'did not deliver the event of thread 2',
    edits: [
      {
        file: 'drain-iterator.ts',
        find: 'mode.limited && result.visits > 0 ?',
        replace: 'mode.limited && result.visits + result.skips > 0 ?',
      },
      {
        file: 'drain-iterator.ts',
        find: 'result.visits >= maxIterationVisits',
        replace: 'result.visits + result.skips >= maxIterationVisits',
      },
    ],
  },
  {
    name: 'thread-id-float',
    what: 'Thread ids are rounded to float 32.',
    requirement: 'LOSS-ATTRIBUTION',
    phrase: 'was delivered in a batch of thread',
    edits: [
      {
        file: 'thread-drain-state.ts',
        find: 'arena.slot(slot, SLOT.threadId)) >>> 0',
        replace: 'arena.slot(slot, SLOT.threadId)) >>> 0; this.threadId = Math.fround(this.threadId)',
      },
      { file: 'thread-drain-state.ts', find: 'readonly threadId: number;', replace: 'threadId: number;' },
    ],
  },
  {
    name: 'index-big-lane',
    what: 'Lanes beyond 4096 records wrap at 4096.',
    requirement: 'LOSS-EXACTLY-ONCE',
    phrase: 'accepted and never delivered',
    edits: [
      {
        file: 'index-lane.ts',
        find: 'this.#arena.bytes.set(record, this.#start + (this.#staged & this.#mask)',
        replace: 'this.#arena.bytes.set(record, this.#start + (this.#staged & Math.min(this.#mask, 8191))',
      },
    ],
  },
  {
    name: 'signed-pending',
    what: 'Pending is a signed difference.',
    requirement: 'LOSS-EXACTLY-ONCE',
    phrase: 'accepted and never delivered',
    edits: [
      {
        file: 'visit.ts',
        find: 'const pending = distance(this.#at.indexTail, thread.lane.head);',
        replace: 'const pending = Math.max(0, (this.#at.indexTail | 0) - (thread.lane.head | 0));',
      },
    ],
  },
  {
    name: 'last-slot-not-stopped',
    what: 'stop does not look at the last slot.',
    requirement: 'STOP-DELIVERS-ALL',
    phrase: 'none was delivered',
    edits: [
      {
        file: 'stop.ts',
        find: 'function sendAway({ view, config }: DrainIterator): void {\n  for (let slot = 0; slot < config.slots;',
        replace:
          'function sendAway({ view, config }: DrainIterator): void {\n  for (let slot = 0; slot < config.slots - 1;',
      },
      {
        file: 'stop.ts',
        find: 'function isEmpty({ view, config }: DrainIterator): boolean {\n  for (let slot = 0; slot < config.slots;',
        replace:
          'function isEmpty({ view, config }: DrainIterator): boolean {\n  for (let slot = 0; slot < config.slots - 1;',
      },
    ],
  },
  {
    name: 'slots-one',
    what: 'One slot only: nothing is discovered after the first life.',
    requirement: 'THREAD-SLOTS-PLATEAU',
    phrase: 'slots leak',
    edits: [
      {
        file: 'discovery.ts',
        find: 'if (thread?.hasWork !== true) return false;',
        replace: 'if (thread?.hasWork !== true || (this.tracked.length === 1 && thread.generation >= 3)) return false;',
      },
    ],
  },
  {
    name: 'slots-256',
    what: 'Only 256 slots are looked at.',
    requirement: 'THREAD-STAYS-VISIBLE',
    phrase: 'accepted and never delivered',
    edits: [
      {
        file: 'discovery.ts',
        find: 'for (const slot of slots) {',
        replace: 'for (const slot of slots) {\n      if (slot >= 256) break;',
      },
    ],
  },
  {
    name: 'stop-own-clock',
    what: 'stop has a clock of its own.',
    requirement: 'STOP-DEADLINE',
    phrase: 'ns of the given clock in the sink',
    edits: [
      {
        file: 'stop.ts',
        find: 'Number(environment.now() - started) >= deadlineNs',
        replace: 'performance.now() * 1e6 - begun >= deadlineNs',
      },
      {
        file: 'stop.ts',
        find: 'const started = environment.now();',
        replace: 'const begun = performance.now() * 1e6;',
      },
    ],
  },
];
