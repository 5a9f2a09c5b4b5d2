/** Faults that the METRIC requirements catch. */
import type { Fault } from '../fault.js';

export const FAULTS: readonly Fault[] = [
  {
    name: 'failures-counted-as-none',
    what: 'Sink failures are not added up.',
    requirement: 'METRIC-EXACT',
    phrase: 'the metrics say sinkFailures',
    edits: [
      {
        file: 'metrics.ts',
        find: '    this.sinkFailures += result.sinkFailures;\n',
        replace: '',
      },
    ],
  },
  {
    name: 'skips-counted-as-visits',
    what: 'A skip counts as a visit too.',
    requirement: 'METRIC-EXACT',
    phrase: 'the metrics say visits',
    edits: [
      {
        file: 'metrics.ts',
        find: '    this.visits += result.visits;\n',
        replace: '    this.visits += result.visits + result.sinkFailures;\n',
      },
    ],
  },
  {
    name: 'quiet-threads-left-out',
    what: 'Threads without deliveries are not listed.',
    requirement: 'METRIC-PER-THREAD',
    phrase: 'the metrics do not list it',
    edits: [
      {
        file: 'metrics.ts',
        find: 'const present = drain.parts.discovery.present();',
        replace: 'const present = drain.parts.discovery.present().filter((thread) => thread.index.delivered > 0);',
      },
    ],
  },
  {
    name: 'starved-left-out',
    what: 'The fairness index leaves out threads with nothing delivered.',
    requirement: 'METRIC-JAIN',
    phrase: 'the metrics give a fairness index',
    bug: 'Jain without zeros',
    edits: [
      {
        file: 'metrics.ts',
        find: '    jain: fairnessIndex(demand),',
        replace: '    jain: fairnessIndex(demand.filter(({ delivered }) => delivered > 0)),',
      },
    ],
  },
  {
    name: 'peek-takes',
    what: 'metrics() resets the credit it reports.',
    requirement: 'METRIC-PEEK',
    phrase: 'looking changed something',
    bug: 'bug 6',
    edits: [
      {
        file: 'metrics.ts',
        find: '  const [index, detail] = [indexLedger(thread), detailLedger(thread)];',
        replace: '  const [index, detail] = [indexLedger(thread), detailLedger(thread)];\n  thread.skips += 1;',
      },
    ],
  },
];
