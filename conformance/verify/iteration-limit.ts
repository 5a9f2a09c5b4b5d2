/** Limits of visits: by the drain's own word, by what the sink saw, and whether an iteration that was cut short says so. */
import { findUnservedThreads, Regime, walk } from '../checkers/index.js';
import { finding, type Finding } from '../checkers/finding.js';
import { changesOf } from '../checkers/regime.js';
import type { HistoryRecord } from '../../spec/index.js';
import { unless } from './rule.js';
import { scheduled } from './schedule.js';
import type { Facts } from './facts.js';

type History = readonly HistoryRecord[];
const LIMIT = 'maxIterationVisits';

/** An iteration, with the limit that held while it was made. */
interface Iteration {
  readonly at: number;
  readonly limit: number;
  readonly made: number;
}

export function limitFaults(history: History, facts: Facts): readonly Finding[] | string {
  const { mode, nested, severalDrains } = facts;
  const changes = [...changesOf(history).values()].flat();
  if (mode === 'free' && changes.some((one) => one.type === 'configure' && LIMIT in one.changes))
    return `${LIMIT} was changed, and lines of a free history have no order`;
  const iterations = [...ofFirstDrain(history, mode === 'stepped' && !nested), ...ofOthers(history, facts)];
  const limited = iterations.filter(({ limit }) => limit > 0);
  const reached = limited.filter(({ made, limit }) => made >= limit);
  const found = reached.filter(({ made, limit }) => made > limit).map(beyond);
  const silent = mode === 'free' || nested || severalDrains ? [] : unsaid(history, reached);
  const why = limited.length === 0 ? 'no iteration had a limit of visits' : 'no iteration made as many as its limit';
  return unless([...found, ...silent], reached.length === 0 ? why : undefined);
}

/** `seen`: what the sink was handed can be told apart by iterations. */
function ofFirstDrain(history: History, seen: boolean): Iteration[] {
  const regime = new Regime(history);
  const iterations: Iteration[] = [];
  let visits = 0;
  walk(history, {
    // what was handed over before these belongs to no iteration that is told
    told: ({ type }) => {
      if (type === 'visit' || type === 'stop' || type === 'threw') visits = 0;
    },
    visited: () => (visits += 1),
    iterated: (record, at) => {
      iterations.push({ at, limit: regime.number(LIMIT), made: Math.max(record.visits, seen ? visits : 0) });
      visits = 0;
    },
    changed: (change) => {
      regime.apply(change);
    },
  });
  return iterations;
}

/** By their own word, as long as their limit is the header's. */
function ofOthers(history: History, { config }: Facts): Iteration[] {
  const changed = new Set<number>();
  return history.flatMap((record, at) => {
    if (record.type === 'configure' && LIMIT in record.changes) changed.add(record.drain);
    if (record.type !== 'iteration' || record.drain === 0 || changed.has(record.drain)) return [];
    return [{ at, limit: Number(config[LIMIT]), made: record.visits }];
  });
}

function beyond({ at, made, limit }: Iteration): Finding {
  const message = `an iteration made ${made} visits, its limit is ${limit}`;
  return finding('limit', message, `at most ${limit} visits`, `${made}`, [at]);
}

/** Iterations that made all their visits, passed a backlogged thread by, and say that they were not cut short. */
function unsaid(history: History, reached: readonly Iteration[]): Finding[] {
  const limits = new Map(reached.map(({ at, limit }) => [at, limit]));
  return findUnservedThreads(scheduled(history, ['stop'], false)).flatMap(({ evidence }) => {
    const limit = limits.get(evidence.at(-1)!);
    if (limit === undefined) return [];
    const message = `an iteration made the ${limit} visits of its limit while another thread waited, and does not say that it was cut short`;
    return [finding('limit', message, "truncated 'visits'", "'no'", evidence)];
  });
}
