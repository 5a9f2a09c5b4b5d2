/** Drains that do not what they say: none may earn a pass where it matters. */
import { FAMILIES } from '../../spec/index.js';
import type { Variant } from '../broken/fault.js';
import { LYING_CLAIMS } from './lying-claims.js';

/** A drain that lies, and what it must therefore not pass. */
export interface Liar extends Variant {
  /** Ids of requirements, or families (`LOSS`): all of the family that apply. */
  readonly lies: readonly string[];
}

/** What the sink is told in place of the batch; `false`: nothing at all. */
const offers = (call: string): Variant['edits'][number] => ({
  file: 'visit.ts',
  find: 'const taken = offer(this.#sink, { threadId, slot, generation, lane, recordBytes, count, spans });',
  replace: `const batch = { threadId, slot, generation, lane, recordBytes, count, spans };\n    ${call}`,
});
const metrics = (how: string): Variant['edits'][number] => ({
  file: 'drain-iterator.ts',
  find: '    return collectMetrics(this);',
  replace: `    const true_ = collectMetrics(this);\n    ${how}`,
});
/** What is lost when not every event arrives. */
const DELIVERY = [
  'LOSS-EXACTLY-ONCE',
  'LANE-FULL-EMPTY',
  'LANE-MARKED-ONCE',
  'QUEUE-GROUP-VISIBLE',
  'THREAD-LEAVE-DELIVERS',
  'THREAD-DEAD-DELIVERED',
  'STOP-DELIVERS-ALL',
];

export const LYING_DRAINS: readonly Liar[] = [
  ...LYING_CLAIMS,
  {
    name: 'delivers-nothing',
    what: 'Results, metrics and ledger say that everything was delivered; the sink is never called.',
    edits: [offers('const taken = batch.count;')],
    lies: Object.keys(FAMILIES),
  },
  {
    name: 'drops-every-second',
    what: 'Every second event is released and counted, and never handed over.',
    edits: [
      offers(`const kept = [];
    for (let i = 0; i < count; i += 1) {
      const all = Buffer.concat(spans);
      this.#thread.turn = !this.#thread.turn;
      if (this.#thread.turn) kept.push(all.subarray(i * recordBytes, (i + 1) * recordBytes));
    }
    const span = new Uint8Array(Buffer.concat(kept));
    const taken = kept.length === 0 ? count : offer(this.#sink, { ...batch, count: kept.length, spans: [span] }) > 0 ? count : 0;`),
    ],
    lies: [...DELIVERY, 'ITER-RESULT-EXACT', 'LEDGER-TRUE'],
  },
  {
    name: 'invents-events',
    what: 'Behind each batch comes one more, with the record that its thread has not emitted yet.',
    edits: [
      offers(`const taken = offer(this.#sink, batch);
    const last = Buffer.concat(spans).subarray(-recordBytes);
    const made = patternRecord(lane, recordBytes, last.readUInt32LE(16), last.readUInt32LE(0) + 1000);
    offer(this.#sink, { ...batch, count: 1, spans: [made] });`),
      {
        file: 'visit.ts',
        find: "import { backoffIterations } from '../spec/bounds.js';",
        replace:
          "import { backoffIterations } from '../spec/bounds.js';\nimport { patternRecord } from '../spec/records.js';",
      },
    ],
    lies: ['LOSS-NO-PHANTOM', 'LANE-FULL-REJECTS', 'LANE-MARKED-ONCE', 'ITER-RESULT-EXACT', 'METRIC-EXACT'],
  },
  {
    name: 'wrong-bytes',
    what: 'The right number of records is delivered, each of them filled with the same byte.',
    edits: [
      offers(`const taken = offer(this.#sink, { ...batch, spans: [new Uint8Array(recordBytes * count).fill(0xab)] });`),
    ],
    lies: Object.keys(FAMILIES),
  },
  {
    name: 'same-again',
    what: 'The right number of records is delivered, all of them copies of the first of their batch.',
    edits: [
      offers(`const own = Buffer.concat(spans);
    for (let i = 1; i < count; i += 1) own.copy(own, i * recordBytes, 0, recordBytes);
    const taken = offer(this.#sink, { ...batch, spans: [new Uint8Array(own)] });`),
    ],
    lies: [...DELIVERY, 'LANE-ORDER', 'LOSS-NO-DUPLICATE'],
  },
  {
    name: 'accepts-all',
    what: 'An emit into a full lane is told that it was accepted, and its event is dropped.',
    edits: [
      {
        file: 'thread-handle.ts',
        find: "    if (!this.#index.fits(1)) return 'LANE_FULL';",
        replace: "    if (!this.#index.fits(1)) return 'accepted';",
      },
    ],
    lies: [
      'LANE-FULL-REJECTS',
      'LANE-FULL-EMPTY',
      'LOSS-EXACTLY-ONCE',
      'LOSS-TINY-LANES',
      'LEDGER-TRUE',
      'QUEUE-PENDING-EXACT',
    ],
  },
  {
    name: 'stops-in-words',
    what: 'stop() says complete at once, and delivers nothing more.',
    edits: [
      {
        file: 'drain-iterator.ts',
        find: '    return stopDrain(this, deadlineNs);',
        replace: '    return { delivered: 0, leftIndex: 0, leftDetail: 0, complete: deadlineNs >= 0 };',
      },
    ],
    lies: ['STOP', 'LEDGER-LEFT'],
  },
  {
    name: 'stale-results',
    what: 'An iteration gives the result of the iteration before it.',
    edits: [
      {
        file: 'drain-iterator.ts',
        find: '    return this.iterate({ limited: true });',
        replace: `    const before = this.before ?? emptyTally();
    this.before = this.iterate({ limited: true });
    return before;`,
      },
      {
        file: 'drain-iterator.ts',
        find: '  drainIteration(): IterationResult {',
        replace: '  before;\n\n  drainIteration() {',
      },
    ],
    lies: [
      'ITER-RESULT-EXACT',
      'ITER-EMPTY',
      'ITER-LIMIT-VISITS',
      'ITER-LIMIT-EVENTS',
      'ITER-LIMIT-TIME',
      'QUEUE-SKIP-COUNTED',
    ],
  },
  {
    name: 'tidy-metrics',
    what: 'The books always balance: everything accepted is called delivered.',
    edits: [
      metrics(`const tidy = (one) => ({ ...one, accepted: one.attempted, delivered: one.attempted, rejected: 0, pending: 0, evicted: 0, left: 0 });
    const threads = true_.threads.map((one) => ({ ...one, index: tidy(one.index), detail: tidy(one.detail) }));
    return { ...true_, index: tidy(true_.index), detail: tidy(true_.detail), jain: 1, threads };`),
    ],
    lies: ['LEDGER-TRUE', 'LEDGER-EVICTED', 'LEDGER-LEFT', 'METRIC-PER-THREAD', 'METRIC-JAIN', 'QUEUE-PENDING-EXACT'],
  },
  {
    name: 'stale-metrics',
    what: 'The metrics stay what they were at the first look.',
    edits: [
      metrics('return (this.first ??= true_);'),
      {
        file: 'drain-iterator.ts',
        find: '  drainIteration(): IterationResult {',
        replace: '  first;\n\n  drainIteration() {',
      },
    ],
    lies: [
      'LEDGER-BALANCE',
      'LEDGER-TRUE',
      'LEDGER-EVICTED',
      'METRIC-EXACT',
      'METRIC-PER-THREAD',
      'QUEUE-PENDING-EXACT',
    ],
  },
];
