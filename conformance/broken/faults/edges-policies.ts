import type { Fault } from '../fault.js';

/** Faults that show only under another policy, in a later iteration, beyond a width of numbers, or beside detail. */
export const FAULTS: readonly Fault[] = [
  {
    name: 'limit-visits-alternate',
    what: 'Every other iteration knows no limit of visits.',
    requirement: 'ITER-LIMIT-VISITS',
    phrase: 'visits, its limit is 3',
    edits: [
      {
        file: 'drain-iterator.ts',
        find: "if (maxIterationVisits > 0 && result.visits >= maxIterationVisits) return 'visits';",
        replace:
          "if (maxIterationVisits > 0 && result.visits >= maxIterationVisits && this.parts.counters.iterations % 2 === 0) return 'visits';",
      },
    ],
  },
  {
    name: 'limit-events-first',
    what: 'The limit of events holds in the first iteration only.',
    requirement: 'ITER-LIMIT-EVENTS',
    phrase: 'began a visit after',
    edits: [
      {
        file: 'drain-iterator.ts',
        find: 'result.delivered >= maxIterationEvents',
        replace: 'result.delivered >= maxIterationEvents && this.parts.counters.iterations === 0',
      },
    ],
  },
  {
    name: 'limit-time-total',
    what: "The limit of time counts from the drain's first iteration on.",
    requirement: 'ITER-LIMIT-TIME',
    phrase: 'was cut after',
    edits: [
      {
        file: 'drain-iterator.ts',
        find: 'this.environment.now() - started >= BigInt(maxIterationNs)',
        replace: 'this.environment.now() - ((this as any).first ??= started) >= BigInt(maxIterationNs)',
      },
    ],
  },
];
