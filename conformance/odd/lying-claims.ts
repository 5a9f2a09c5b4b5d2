/** Drains that claim a capability and only play it. */
import { REQUIREMENTS, type Capability } from '../../spec/index.js';
import type { Liar } from './lying-drains.js';

/** Every requirement that needs this capability, but those that the drain keeps without it. */
function needing(capability: Capability, ...kept: readonly string[]): string[] {
  return REQUIREMENTS.filter(({ id, needs }) => needs.includes(capability) && !kept.includes(id)).map(({ id }) => id);
}

/** A handle of which some methods answer without doing anything. */
const handle = (methods: string): Liar['edits'][number] => ({
  file: 'registry.ts',
  find: '    return new ReferenceThreadHandle(arena, slot, generation, threadId);',
  replace: `    const handle = new ReferenceThreadHandle(arena, slot, generation, threadId);
    return Object.assign(handle, { ${methods} });`,
});
const drain = (find: string, replace: string): Liar['edits'][number] => ({ file: 'drain-iterator.ts', find, replace });

const WEIGHTS = {
  file: 'scheduler.ts',
  find: 'const share = this.shareOf(thread);',
  replace: 'const share = 1;',
} as const;
const SUBMIT = handle("beginSubmit: () => 'accepted', commitSubmit: () => 'accepted', submit: () => 'accepted'");
const DETAIL = handle("emitDetail: () => 'accepted', mark: () => 'accepted', seal: () => 'accepted'");
const DEATH = drain('    takeOver(this.view, slot);', '');
const EVENTS = drain('options.onThreadEvent ?? ((): void => undefined)', '() => undefined');

const NOTHING = `const none = { attempted: 0, accepted: 0, rejected: 0, delivered: 0, pending: 0, evicted: 0, left: 0 };
    const numbers = { iterations: 0, visits: 0, skips: 0, batches: 0, sinkFailures: 0, registered: 0, reclaimed: 0 };
    return { ...numbers, wakeups: 0, iterationNs: 0, longestIterationNs: 0, jain: 1, index: none, detail: none, threads: [] };`;
const METRICS = drain('    return collectMetrics(this);', NOTHING);
const ARENA = drain(
  '    return this.view.buffer;\n  }\n\n  shareRegistry',
  '    return new SharedArrayBuffer(1 << 16);\n  }\n\n  shareRegistry',
);

export const LYING_CLAIMS: readonly Liar[] = [
  {
    name: 'plays-weights',
    what: 'Weights are taken and change nothing.',
    edits: [WEIGHTS],
    lies: needing('weights'),
  },
  {
    name: 'plays-submit',
    what: 'Every group is told accepted, and none is written.',
    edits: [SUBMIT],
    lies: needing('submit'),
  },
  {
    name: 'always-busy',
    what: 'Every group is told that the queue is busy.',
    edits: [handle("beginSubmit: () => 'QUEUE_BUSY', commitSubmit: () => 'NOT_HOLDING', submit: () => 'QUEUE_BUSY'")],
    lies: needing('submit', 'QUEUE-EXCLUSIVE'),
  },
  {
    name: 'plays-detail',
    what: 'Detail is told accepted, marks and seals too, and nothing of it is kept.',
    edits: [DETAIL],
    lies: needing('detail'),
  },
  {
    name: 'plays-death',
    what: 'declareDead() returns and does nothing.',
    edits: [
      drain('    this.#checkSlot(slot);\n    const dead =', '    if (slot >= 0) return;\n    const dead ='),
      DEATH,
    ],
    lies: needing('death', 'THREAD-LANES-OUTLIVE', 'THREAD-KILLED-RUNNING'),
  },
  {
    name: 'plays-thread-events',
    what: 'No event of a thread is ever reported.',
    edits: [EVENTS],
    lies: needing('thread-events'),
  },
  {
    name: 'plays-metrics',
    what: 'The metrics are all zero.',
    edits: [METRICS],
    lies: needing('metrics'),
  },
  {
    name: 'plays-arena',
    what: 'drain.arena is some memory that nothing stands in.',
    edits: [ARENA],
    lies: needing('arena'),
  },
  {
    name: 'plays-acquire',
    what: 'tryAcquireDrain() always says yes, and takes nothing.',
    edits: [
      drain(
        '    this.#checkSlot(slot);\n    const thread = this.parts.discovery.trackedIn(slot);\n    if (thread === undefined || !tryAcquire(this.view, slot)) return false;',
        '    if (slot >= 0) return true;\n    const thread = this.parts.discovery.trackedIn(slot);',
      ),
    ],
    lies: ['QUEUE-TRY-NONBLOCKING', 'QUEUE-EXCLUSIVE'],
  },
  {
    name: 'plays-threads',
    what: 'A registry that is opened in another thread leads nowhere.',
    without: ['movable-handles'],
    edits: [
      {
        file: 'index.ts',
        find: 'return new ReferenceRegistry(attachArena(shared as SharedArrayBuffer));',
        replace: 'return new ReferenceRegistry(createArena(attachArena(shared).config));',
      },
      {
        file: 'index.ts',
        find: "import { attachArena } from './arena.js';",
        replace: "import { attachArena, createArena } from './arena.js';",
      },
    ],
    lies: [...needing('threads'), 'LOSS-SINGLE-EVENT', 'STOP-TWICE'],
  },
  {
    name: 'claims-everything',
    what: 'All of these at once.',
    edits: [
      WEIGHTS,
      EVENTS,
      METRICS,
      ARENA,
      drain('    this.#checkSlot(slot);\n    const dead =', '    if (slot >= 0) return;\n    const dead ='),
      handle(
        "emitDetail: () => 'accepted', mark: () => 'accepted', seal: () => 'accepted', beginSubmit: () => 'accepted', commitSubmit: () => 'accepted', submit: () => 'accepted'",
      ),
    ],
    lies: (['weights', 'submit', 'detail', 'thread-events', 'metrics', 'arena'] as const).flatMap((one) =>
      needing(one),
    ),
  },
];
