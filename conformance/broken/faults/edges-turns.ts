import type { Fault } from '../fault.js';

/** Faults of turns and books that show only beside skips, weights, failures, parts of batches or a second look. */
export const FAULTS: readonly Fault[] = [
  {
    name: 'skip-cap-unweighted',
    what: 'The cap of the credit of a skipped thread knows no weight.',
    requirement: 'QUEUE-SKIP-CREDIT',
    phrase: 'thrown away',
    edits: [
      {
        file: 'scheduler.ts',
        find: 'if (thread.skipsInRow >= this.#config.maxSkips) this',
        replace: `const cap = Math.max(this.#config.maxSkips + 1, thread.weight) * this.quantum;
    thread.credit = Math.min(thread.credit, cap);
    if (thread.skipsInRow >= this.#config.maxSkips) this`,
      },
    ],
  },
  {
    name: 'weights-always-count',
    what: 'Weights count under round robin too.',
    requirement: 'ITER-QUANTUM',
    phrase: 'its quantum is 6',
    edits: [
      {
        file: 'scheduler.ts',
        find: "return this.#config.policy === 'weighted-fair' ? weight : 1;",
        replace: 'return weight;',
      },
    ],
  },
  {
    name: 'hoards-one-by-one',
    what: 'A thread that always has one event more saves its credit up.',
    requirement: 'ITER-QUANTUM',
    phrase: 'its quantum is 6',
    edits: [
      {
        file: 'turns.ts',
        find: 'thread.credit = done.exhausted ? 0 : thread.credit - done.delivered;',
        replace: 'thread.credit -= done.delivered;',
      },
    ],
  },
  {
    name: 'skip-lifts-limit',
    what: 'An iteration that skipped somebody knows no limit of visits.',
    requirement: 'ITER-LIMIT-VISITS',
    phrase: 'its limit is 3',
    edits: [
      {
        file: 'drain-iterator.ts',
        find: "result.visits >= maxIterationVisits) return 'visits';",
        replace: "result.visits >= maxIterationVisits && result.skips === 0) return 'visits';",
      },
    ],
  },
  {
    name: 'limit-of-whole-batches',
    what: 'The limit of events does not count batches that were taken in part.',
    requirement: 'ITER-LIMIT-EVENTS',
    phrase: 'began a visit after',
    edits: [
      {
        file: 'drain-iterator.ts',
        find: 'this.#limit(result, started) :',
        replace: 'this.#limit({ ...result, delivered: result.delivered - turns.parts }, started) :',
      },
      {
        file: 'turns.ts',
        find: 'readonly tally = emptyTally();',
        replace: `readonly tally = emptyTally();
  parts = 0;`,
      },
      {
        file: 'turns.ts',
        find: 'this.tally.delivered += done.delivered;',
        replace: `this.tally.delivered += done.delivered;
    if (!done.exhausted && thread.credit > 0) this.parts += done.delivered;`,
      },
    ],
  },
  {
    name: 'time-of-events-only',
    what: 'An iteration that delivered nothing has no limit of time.',
    requirement: 'ITER-LIMIT-TIME',
    phrase: 'began a visit after',
    edits: [
      {
        file: 'drain-iterator.ts',
        find: 'if (maxIterationNs > 0 && this',
        replace: 'if (maxIterationNs > 0 && result.delivered > 0 && this',
      },
    ],
  },
  {
    name: 'empty-by-hand',
    what: 'A visit by hand hands over an index batch even if it is empty.',
    requirement: 'ITER-EMPTY',
    phrase: 'count is 0',
    edits: [
      {
        file: 'drain-iterator.ts',
        find: 'const done = new Visit(',
        replace: `const { threadId, generation, lane } = thread;
    if (lane.tail === lane.head)
      this.#sink.write({ threadId, slot, generation, lane: 'index', recordBytes: 32, count: 0, spans: [] });
    const done = new Visit(`,
      },
    ],
  },
  {
    name: 'infinity-is-all',
    what: 'A sink that returns Infinity took all.',
    requirement: 'SINK-NONSENSE',
    phrase: 'after an impossible acknowledgement',
    edits: [
      {
        file: 'visit.ts',
        find: 'const taken: unknown = sink.write(batch);',
        replace:
          'const answer: unknown = sink.write(batch); const taken: unknown = answer === Infinity ? batch.count : answer;',
      },
    ],
  },
  {
    name: 'part-ends-iteration',
    what: 'A batch that is taken in part ends the iteration.',
    requirement: 'SINK-OTHERS-GO-ON',
    phrase: 'was not delivered in iteration',
    edits: [
      {
        file: 'drain-iterator.ts',
        find: 'turns.take(scheduler.select()!);',
        replace: `const before = result.delivered;
      const thread = scheduler.select()!;
      turns.take(thread);
      if (result.delivered > before && thread.credit > 0) break;`,
      },
    ],
  },
  {
    name: 'left-for-ever',
    what: 'What a stop() left stays in the left count when a second one has delivered it.',
    requirement: 'LEDGER-BALANCE',
    phrase: 'does not balance',
    edits: [
      {
        file: 'metrics.ts',
        find: 'pending: pending - due, evicted, left: due };',
        replace:
          'pending: pending - due, evicted, left: LEFT.set(counts, Math.max(due, LEFT.get(counts) ?? 0)).get(counts)! };',
      },
      {
        file: 'metrics.ts',
        find: 'type Sums =',
        replace: 'const LEFT = new WeakMap<LaneCounts, number>();\ntype Sums =',
      },
    ],
  },
  {
    name: 'accepted-at-visits',
    what: 'The accepted count of a backlogged thread is that of its last visit.',
    requirement: 'LEDGER-TRUE',
    phrase: 'the ledger says accepted',
    edits: [
      {
        file: 'metrics.ts',
        find: `thread.countAccepted();
  const pending`,
        replace: `if (thread.list === undefined) thread.countAccepted();
  const pending`,
      },
    ],
  },
  {
    name: 'skips-beside-visits-only',
    what: 'Skips of an iteration without visits are not in the metrics.',
    requirement: 'METRIC-EXACT',
    phrase: 'the metrics say skips',
    edits: [
      {
        file: 'metrics.ts',
        find: 'this.skips += result.skips;',
        replace: 'if (result.visits > 0) this.skips += result.skips;',
      },
    ],
  },
  {
    name: 'registered-once-a-slot',
    what: 'Only the first thread of a slot counts as registered.',
    requirement: 'METRIC-EXACT',
    phrase: 'the metrics say registered',
    edits: [
      {
        file: 'discovery.ts',
        find: 'this.#counters.registered += 1;',
        replace: 'if (thread.generation === 1) this.#counters.registered += 1;',
      },
    ],
  },
  {
    name: 'peek-forgets-skips',
    what: 'metrics() forgets how often a thread was skipped in a row.',
    requirement: 'METRIC-PEEK',
    phrase: 'looking changed something',
    edits: [
      {
        file: 'metrics.ts',
        find: 'const [index, detail] = [indexLedger(thread), detailLedger(thread)];',
        replace: 'const [index, detail] = [indexLedger(thread), detailLedger(thread)]; thread.skipsInRow = 0;',
      },
    ],
  },
  {
    name: 'peek-takes-a-turn',
    what: 'metrics() puts the thread whose turn it is to the end.',
    requirement: 'METRIC-PEEK',
    phrase: 'looking changed something',
    edits: [
      {
        file: 'drain-iterator.ts',
        find: 'return collectMetrics(this);',
        replace: `const [head] = this.parts.scheduler.waiting();
    const line = head?.list;
    line?.push(line.shift()!);
    return collectMetrics(this);`,
      },
    ],
  },
  {
    name: 'weight-told-in-a-byte',
    what: 'The metrics tell a weight of at most 255.',
    requirement: 'METRIC-PER-THREAD',
    phrase: 'and the metrics say 255',
    edits: [
      {
        file: 'metrics.ts',
        find: '...{ threadId, slot, generation, weight, index,',
        replace: '...{ threadId, slot, generation, weight: Math.min(weight, 255), index,',
      },
    ],
  },
  {
    name: 'credit-over-its-cap',
    what: 'The metrics tell one event of credit more for a thread that is skipped.',
    requirement: 'METRIC-PER-THREAD',
    phrase: 'its cap is',
    edits: [
      {
        file: 'metrics.ts',
        find: 'visits, skips, credit, longestWait },',
        replace: 'visits, skips, credit: thread.skipsInRow > 0 ? credit + 1 : credit, longestWait },',
      },
    ],
  },
];
