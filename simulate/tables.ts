/** What a run showed, as tables for the terminal. */
import Table from 'cli-table3';
import pc from 'picocolors';
import { large, part, span, trim, whole } from './format.js';
import type { Load } from './load.js';
import type { SimulationResult } from './simulate.js';

const NO_LINES = Object.fromEntries(
  ['top', 'bottom', 'left', 'right', 'mid', 'middle'].flatMap((side) => {
    const names = side === 'mid' ? ['mid', 'left-mid', 'mid-mid', 'right-mid'] : [side];
    if (side === 'top' || side === 'bottom') names.push(`${side}-mid`, `${side}-left`, `${side}-right`);
    return names.map((name) => [name, '']);
  }),
);

type Alignment = 'left' | 'right';

/** A table without lines, indented by two; the last column's alignment holds for all that follow. */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  alignments: readonly Alignment[],
): string {
  const out = new Table({
    head: head.map((text) => pc.bold(text)),
    colAligns: head.map((_, i) => alignments[i] ?? alignments.at(-1)!),
    chars: NO_LINES,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 2 },
  });
  out.push(...rows.map((row) => [...row]));
  const lines = out.toString().split('\n');
  return lines.map((line) => `  ${line}`.trimEnd()).join('\n');
}

/** `policy`, and the arrangement where there are nodes. */
export function nameOf({ policy, arrangement }: SimulationResult, { numa }: Load): string {
  return numa.nodes === 1 ? policy : `${policy}, ${arrangement}`;
}

/** One row for each run. */
function policyTable(load: Load, results: readonly SimulationResult[]): string {
  const head = ['policy', 'ev/visit', 'events/s', 'Jain', 'min share', 'lag', 'wait', 'wait', 'quantum'];
  const rows = results.map((result) => [
    nameOf(result, load),
    trim(result.eventsPerVisit, 1),
    large(result.eventsPerSecond),
    part(result.jain),
    part(result.minShare),
    whole(result.serviceLag),
    whole(result.longestWaitVisits),
    span(result.longestWaitNs),
    result.quantum.least === result.quantum.most
      ? whole(result.quantum.most)
      : `${whole(result.quantum.least)} to ${whole(result.quantum.most)}`,
  ]);
  return table(head, rows, ['left', 'right']);
}

/** One row for each run and group. */
function groupTable(load: Load, results: readonly SimulationResult[]): string {
  const head = ['policy', 'group', 'threads', 'events', 'share', 'P50', 'P99', 'wait', 'wait'];
  const rows = results.flatMap((result) =>
    result.groups.map((group, i) => [
      i === 0 ? nameOf(result, load) : '',
      group.name,
      whole(group.threads),
      large(group.events),
      group.share === undefined ? '–' : trim(group.share, 3),
      group.latencyP50Ns === undefined ? '–' : span(group.latencyP50Ns),
      group.latencyP99Ns === undefined ? '–' : span(group.latencyP99Ns),
      whole(group.longestWaitVisits),
      span(group.longestWaitNs),
    ]),
  );
  return table(head, rows, ['left', 'left', 'right']);
}

const ENDED = {
  visits: 'the visits were made',
  duration: 'the time was over',
  load: 'nothing more came',
} as const;

/** The whole answer. */
export function renderSimulation(load: Load, results: readonly SimulationResult[]): string {
  const { costs, numa, seed, groups } = load;
  const threads = groups.reduce((sum, { count }) => sum + count, 0);
  const about = [
    `${whole(threads)} ${threads === 1 ? 'thread' : 'threads'} in ${groups.length} ${groups.length === 1 ? 'group' : 'groups'}, seed ${seed}`,
    `a visit costs ${span(costs.visitNs)}, an event ${span(costs.eventNs)}, a sink write ${span(costs.sinkNs)}, a skip ${span(costs.skipNs)}`,
  ];
  if (numa.nodes > 1)
    about.push(
      `${numa.nodes} nodes: from another one a visit costs ${numa.remoteVisitFactor} times as much, an event ${numa.remoteEventFactor} times; a move ${span(numa.moveNs)}`,
    );
  const ends = results.map(
    (result) =>
      `${nameOf(result, load)}: ${whole(result.visits)} visits, ${whole(result.skips)} skips, ${span(result.virtualNs)} (${ENDED[result.ended]})`,
  );
  return `${[
    pc.dim(about.map((line) => `  ${line}`).join('\n')),
    policyTable(load, results),
    groupTable(load, results),
    pc.dim(
      [
        '  Jain, lag: of the worst window; min share: of the whole run; all by the shares that the policy heeds (its weights, or equal).',
        '  share: delivered, by what the weights ask for. wait: in visits to others, and in time; P50, P99: until written.',
        ...ends.map((line) => `  ${line}`),
      ].join('\n'),
    ),
  ].join('\n\n')}\n`;
}
