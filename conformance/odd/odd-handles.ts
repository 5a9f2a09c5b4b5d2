/** Sound drains that claim less, say things in other words, or number them in another way. */
import { CAPABILITIES, type Capability } from '../../spec/index.js';
import type { Variant } from '../broken/fault.js';

const OTHER_ERROR = `class DrainError extends Error {
  constructor(code) {
    super('computer says no');
    this.code = code;
  }
}`;
/** Plain errors of its own in place of the project's. */
const otherErrors = (file: Variant['edits'][number]['file']): Variant['edits'][number] => ({
  file,
  find: "import { DrainError } from '../spec/errors.js';",
  replace: OTHER_ERROR,
});

export const ODD_HANDLES: readonly Variant[] = [
  {
    name: 'bare',
    what: 'Nothing is claimed, and nothing but the core is there at all.',
    without: Object.keys(CAPABILITIES) as Capability[],
    edits: [
      {
        file: 'index.ts',
        find: 'return new DrainIterator(options);',
        replace: `const { config, sink, environment } = options;
  const drain = new DrainIterator({ config: { ...config, detailCapacity: 0 }, sink, environment });
  return {
    registry: {
      register(asked) {
        const handle = drain.registry.register(asked);
        const { slot, generation, threadId } = handle;
        const left = () => handle.mark() === 'THREAD_LEFT' ? 'THREAD_LEFT' : 'NO_DETAIL_LANE';
        return {
          ...{ slot, generation, threadId },
          emitIndex: (record) => handle.emitIndex(record),
          emitDetail: left,
          mark: left,
          leave: () => handle.leave(),
        };
      },
    },
    drainIteration: () => drain.drainIteration(),
    stop: (asked) => drain.stop(asked),
    close: () => drain.close(),
  };`,
      },
    ],
  },
  {
    name: 'other-words',
    what: 'Errors are plain ones with a code and a message of its own.',
    edits: [
      ...(['arena.ts', 'registry.ts', 'drain-iterator.ts', 'stop.ts'] as const).map(otherErrors),
      {
        file: 'thread-handle.ts',
        find: "import { DrainError, type EmitOutcome } from '../spec/errors.js';",
        replace: OTHER_ERROR,
      },
    ],
  },
  {
    name: 'scattered-slots',
    what: 'The search for a free slot begins at a place that the thread id gives.',
    edits: [
      {
        file: 'registry.ts',
        find: '    for (let slot = 0; slot < config.slots; slot += 1) {\n',
        replace: `    for (let i = 0; i < config.slots; i += 1) {
      const slot = (Math.imul(threadId, 0x9e3779b1) >>> 0) % config.slots === 0 ? i : (threadId * 7 + i) % config.slots;
`,
      },
    ],
  },
  {
    name: 'bound-handles',
    what: 'A handle belongs to the thread that registered.',
    without: ['movable-handles'],
    edits: [],
  },
  {
    name: 'polls',
    what: 'waitForWork() sleeps a little and says that there may be work.',
    edits: [
      {
        file: 'drain-iterator.ts',
        find: '    const why = sleep(',
        replace: '    pauseMs(Math.min(timeoutMs, 1));\n    if (timeoutMs >= 0) return true;\n    const why = sleep(',
      },
    ],
  },
  {
    name: 'plain-metrics',
    what: 'The metrics give no credit, no longest wait and no times.',
    edits: [
      {
        file: 'metrics.ts',
        find: '    jain: fair',
        replace: `    iterationNs: 0,
    longestIterationNs: 0,
    jain: fair`,
      },
      {
        file: 'metrics.ts',
        find: 'index, detail, visits, skips, credit, longestWait }',
        replace: 'index, detail, visits, skips, credit: 0, longestWait: 0 }',
      },
    ],
  },
  {
    name: 'reuses-objects',
    what: 'One batch object, one span at an odd address and one result object are used again and again.',
    edits: [
      {
        file: 'visit.ts',
        find: 'const taken = offer(this.#sink, { threadId, slot, generation, lane, recordBytes, count, spans });',
        replace: `const BATCH = (this.#sink.batch ??= { room: Buffer.alloc(1), spans: [] });
    const bytes = recordBytes * count;
    if (bytes + 1 > BATCH.room.length) BATCH.room = Buffer.alloc(2 * bytes + 1);
    const span = BATCH.room.subarray(1, 1 + bytes);
    let at = 0;
    for (const one of spans) {
      span.set(one, at);
      at += one.length;
    }
    Object.assign(BATCH, { threadId, slot, generation, lane, recordBytes, count });
    BATCH.spans[0] = span;
    const taken = offer(this.#sink, BATCH);`,
      },
      {
        file: 'drain-iterator.ts',
        find: '  drainIteration(): IterationResult {',
        replace: `  result = {};
  nothing = {};

  drainIteration() {`,
      },
      {
        file: 'drain-iterator.ts',
        find: 'if (this.#busy) return emptyTally();',
        replace: 'if (this.#busy) return Object.assign(this.nothing, emptyTally());',
      },
      {
        file: 'drain-iterator.ts',
        find: '    this.#endBusy();\n    return result;',
        replace: '    this.#endBusy();\n    return Object.assign(this.result, result);',
      },
    ],
  },
];
