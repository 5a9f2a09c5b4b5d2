/** The figures of docs/numa.md: each arrangement at several sizes, the threads spread evenly and unevenly, as Markdown. */
import { ARRANGEMENTS, type Arrangement } from './arrangement.js';
import { large, part, span, whole } from './format.js';
import { checkLoad, type Load } from './load.js';
import { simulate } from './simulate.js';

export interface NumaCase {
  readonly threads: number;
  readonly nodes: number;
  /** Three quarters of the threads on node 0; otherwise in turn on all. */
  readonly uneven?: boolean;
}

/** Of docs/numa.md. */
export const NUMA_CASES: readonly NumaCase[] = [
  ...[2, 4].flatMap((nodes) => [64, 256, 1024, 4096].map((threads) => ({ threads, nodes }))),
  ...[64, 4096].map((threads) => ({ threads, nodes: 2, uneven: true })),
];

/** Rounds of all threads: enough for windows of many rounds. */
const ROUNDS = 64;

export function numaLoad({ threads, nodes, uneven = false }: NumaCase): Load {
  const arrivals = { kind: 'backlogged' };
  const near = Math.ceil((threads * 3) / 4);
  const groups = uneven
    ? [
        { name: 'on node 0', count: near, arrivals, node: 0 },
        ...Array.from({ length: nodes - 1 }, (_, i) => ({
          name: `on node ${i + 1}`,
          count: Math.floor((threads - near + i) / (nodes - 1)),
          arrivals,
          node: i + 1,
        })),
      ]
    : [{ name: 'threads', count: threads, arrivals }];
  return checkLoad({ version: 1, groups, numa: { nodes }, visits: ROUNDS * threads }, 'the table');
}

/** One row for each case and arrangement; the speed also by that of the plain order. */
export function numaTable(cases: readonly NumaCase[]): string {
  const lines = [
    '| threads | nodes | arrangement | events/s | by plain | longest wait | in time | lag in a node | lag overall | smallest share |',
    '|--:|--:|---|--:|--:|--:|--:|--:|--:|--:|',
  ];
  for (const one of cases) {
    const load = numaLoad(one);
    let plain = 0;
    for (const arrangement of Object.keys(ARRANGEMENTS) as Arrangement[]) {
      const seen = simulate(load, 'round-robin', arrangement);
      if (arrangement === 'plain') plain = seen.eventsPerSecond;
      const cells = [
        whole(one.threads),
        `${one.nodes}${one.uneven === true ? ', uneven' : ''}`,
        arrangement,
        large(seen.eventsPerSecond),
        (seen.eventsPerSecond / plain).toFixed(2),
        whole(seen.longestWaitVisits),
        span(seen.longestWaitNs),
        whole(seen.serviceLagWithinNode),
        whole(seen.serviceLag),
        part(seen.minShare),
      ];
      lines.push(`| ${cells.join(' | ')} |`);
    }
  }
  return `${lines.join('\n')}\n`;
}
