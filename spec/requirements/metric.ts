import type { Requirement } from './requirement.js';

export const METRIC_REQUIREMENTS: readonly Requirement[] = [
  {
    id: 'METRIC-EXACT',
    level: 'MUST',
    title: 'metrics equal the history',
    text: 'Iterations, visits, skips, batches, sink failures, registrations and reclaims in the metrics equal what happened.',
    rationale: 'A metric that is nearly right sends people the wrong way.',
    source: ['seed 3.2', 'brief Metrics'],
    needs: ['metrics'],
    lookAt: 'counters on early-return paths',
  },
  {
    id: 'METRIC-PER-THREAD',
    level: 'MUST',
    title: 'statistics per thread',
    text: 'The metrics list every thread that holds a slot, with its own ledger, weight, skips and credit within [0, cap].',
    rationale: 'Fairness is a matter of single threads.',
    source: ['seed 3.2', 'brief Metrics'],
    needs: ['metrics'],
    lookAt: 'per-thread counters that survive the slot’s reuse',
  },
  {
    id: 'METRIC-JAIN',
    level: 'MUST',
    title: 'Jain counts the starved',
    text: 'The fairness index is over delivered / fair share of the threads with demand, those with nothing delivered included.',
    rationale: 'An index that leaves out zeros is 1.0 under total starvation.',
    source: ['seed 3.2', 'brief Metrics'],
    needs: ['metrics'],
    lookAt: 'which threads are in the sum',
  },
  {
    id: 'METRIC-PEEK',
    level: 'MUST',
    title: 'looking changes nothing',
    text: 'Reading the metrics, any number of times, changes nothing that is delivered, counted or scheduled afterwards.',
    rationale: 'A peek that moved the cursor lost data.',
    source: ['brief Metrics', 'bug 6'],
    needs: ['metrics'],
    lookAt: 'state that metrics() updates',
  },
];
