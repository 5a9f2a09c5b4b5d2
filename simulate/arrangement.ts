/** How drains are laid over memory nodes. */
import type { DrainConfig } from '../spec/index.js';
import type { Costs, Numa } from './load.js';
import { NodeQueue } from './node-queue.js';
import type { SimThread } from './sim-thread.js';
import { VirtualDrain, type DrainObserver } from './virtual-drain.js';

export const ARRANGEMENTS = {
  plain: 'one drain, which stays on node 0 and visits the threads of all nodes in one order',
  'node-order': 'one drain; in each iteration it moves from node to node and visits the threads of each',
  'per-node': 'one drain on each node, for the threads of that node',
} as const;
export type Arrangement = keyof typeof ARRANGEMENTS;

/** What every drain of a run shares. */
export interface DrainParts {
  readonly config: DrainConfig;
  readonly costs: Costs;
  readonly numa: Numa;
}

export interface Arranged {
  readonly drains: readonly VirtualDrain[];
  readonly queues: readonly NodeQueue[];
}

export function arrange(
  arrangement: Arrangement,
  threads: readonly SimThread[],
  parts: DrainParts,
  observer: DrainObserver,
): Arranged {
  if (arrangement === 'plain') {
    const queues = [new NodeQueue(0, threads, parts.config)];
    return { drains: [new VirtualDrain({ ...parts, moves: false, queues }, observer)], queues };
  }
  const queues: NodeQueue[] = [];
  for (let node = 0; node < parts.numa.nodes; node += 1) {
    const own = threads.filter((thread) => thread.node === node);
    if (own.length > 0) queues.push(new NodeQueue(node, own, parts.config));
  }
  const drains =
    arrangement === 'node-order'
      ? [new VirtualDrain({ ...parts, moves: true, queues }, observer)]
      : queues.map((queue) => new VirtualDrain({ ...parts, moves: false, queues: [queue] }, observer));
  return { drains, queues };
}
