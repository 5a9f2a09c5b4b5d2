/** The threads of a load that is described by flags. */
import type { LoadInput } from '../simulate/index.js';
import { UsageError } from './select.js';

/** Flags that describe threads. */
export interface LoadFlags {
  readonly threads?: number;
  readonly rate?: number;
  readonly backlog?: true | number;
  readonly weights?: number[];
  readonly priorities?: number[];
  readonly skipChance?: number;
}

/** As simulate/load.ts has it. */
const MOST_THREADS = 65_536;

type Group = LoadInput['groups'][number];

/**
 * Weights and priorities go round: the i-th thread has the i-th of each list, and threads that are alike are a group.
 * @returns undefined when no flag describes a thread
 * @throws UsageError
 */
export function groupsOf({ threads, rate, backlog, weights, priorities, skipChance }: LoadFlags): Group[] | undefined {
  if ([threads, rate, backlog, weights, priorities, skipChance].every((flag) => flag === undefined)) return undefined;
  if (rate !== undefined && backlog !== undefined)
    throw new UsageError('--rate and --backlog exclude each other: either events come, or they are always there.');
  const count = threads ?? 64;
  if (!Number.isSafeInteger(count) || count < 1 || count > MOST_THREADS)
    throw new UsageError(`--threads is ${count}; expected a whole number from 1 to ${MOST_THREADS}.`);
  const arrivals: Group['arrivals'] =
    rate === undefined
      ? { kind: 'backlogged', ...(typeof backlog === 'number' ? { pending: backlog } : {}) }
      : { kind: 'steady', rate };
  const groups = new Map<string, Group>();
  for (let i = 0; i < count; i += 1) {
    const weight = weights?.[i % weights.length];
    const priority = priorities?.[i % priorities.length];
    const words = [
      ...(weight === undefined ? [] : [`weight ${weight}`]),
      ...(priority === undefined ? [] : [`class ${priority}`]),
    ];
    const name = words.length === 0 ? 'threads' : words.join(' ');
    const before = groups.get(name);
    groups.set(name, {
      name,
      count: (before?.count ?? 0) + 1,
      arrivals,
      ...(weight === undefined ? {} : { weight }),
      ...(priority === undefined ? {} : { priority }),
      ...(skipChance === undefined ? {} : { heldChance: skipChance }),
    });
  }
  return [...groups.values()];
}
