/** Fairness in turns, not in time: visits, backlog, lag, waits and shares of stepped histories (index lane). */
import { fairnessIndex, maxMinShares, type HistoryRecord } from '../../spec/index.js';
import { analyse } from './analysis.js';
import { MOST_FINDINGS } from './delivery.js';
import { finding, type Finding } from './finding.js';

/** Batches of one thread that follow each other within one iteration. */
export interface VisitHistory {
  readonly thread: number;
  /** Events that the sink took. */
  index: number;
  detail: number;
  /** Iterations that had ended before. */
  readonly iteration: number;
  readonly records: number[];
}

export function visitsOf(history: readonly HistoryRecord[], { drain = 0 }: { drain?: number } = {}): VisitHistory[] {
  const visits: VisitHistory[] = [];
  let iteration = 0;
  history.forEach((record, at) => {
    if ((record.type === 'iteration' || record.type === 'stop') && record.drain === drain) iteration += 1;
    if (record.type !== 'batch' || record.drain !== drain) return;
    let visit = visits.at(-1);
    if (visit?.thread !== record.thread || visit.iteration !== iteration) {
      visit = { thread: record.thread, index: 0, detail: 0, iteration, records: [] };
      visits.push(visit);
    }
    visit[record.lane] += record.acknowledged;
    visit.records.push(at);
  });
  return visits;
}

/** What a walk over a stepped history tells, in order. */
interface Watcher {
  /** The thread has events to deliver, from here on. */
  begins?(thread: number): void;
  /** It has none left. */
  ends?(thread: number): void;
  /** A visit is over; `backlogged` says whether its thread still has events. */
  visited?(visit: VisitHistory, backlogged: ReadonlySet<number>): void;
  iterated?(record: Extract<HistoryRecord, { type: 'iteration' }>, at: number, backlogged: ReadonlySet<number>): void;
}

/** Follows who is backlogged: index events accepted and not acknowledged. */
function walk(history: readonly HistoryRecord[], watcher: Watcher): void {
  const pending = new Map<number, number>();
  const backlogged = new Set<number>();
  const ending = new Map<number, VisitHistory>();
  for (const visit of visitsOf(history)) ending.set(visit.records.at(-1)!, visit);
  const change = (thread: number, by: number): void => {
    const now = (pending.get(thread) ?? 0) + by;
    pending.set(thread, now);
    if (now > 0 && !backlogged.has(thread)) {
      backlogged.add(thread);
      watcher.begins?.(thread);
    } else if (now <= 0 && backlogged.delete(thread)) watcher.ends?.(thread);
  };
  history.forEach((record, at) => {
    if (record.type === 'emit' && record.lane === 'index' && record.outcome === 'accepted')
      change(record.thread, record.count);
    else if (record.type === 'submit' && record.phase !== 'begin' && record.outcome === 'accepted')
      change(record.thread, record.index[1]);
    else if (record.type === 'batch' && record.lane === 'index') change(record.thread, -record.acknowledged);
    else if (record.type === 'iteration') watcher.iterated?.(record, at, backlogged);
    const visit = ending.get(at);
    if (visit !== undefined) watcher.visited?.(visit, backlogged);
  });
}

function weightsOf(history: readonly HistoryRecord[]): (thread: number) => number {
  const { registrations, header } = analyse(history);
  const weighted = header?.config['policy'] === 'weighted-fair';
  return (thread) => (weighted ? (registrations.get(thread)?.weight ?? 1) : 1);
}

/** The largest |S_i/w_i - S_j/w_j| over any interval in which both threads stay backlogged, and between whom. */
export function serviceLag(history: readonly HistoryRecord[]): {
  lag: number;
  threads: readonly [number, number];
  record: number;
} {
  const weight = weightsOf(history);
  const since = new Map<string, { difference: number; low: number; high: number }>();
  const backlogged = new Set<number>();
  let worst: { lag: number; threads: [number, number]; record: number } = { lag: 0, threads: [0, 0], record: 0 };
  const forget = (thread: number): void => {
    for (const key of since.keys()) if (key.split(' ').includes(`${thread}`)) since.delete(key);
  };
  walk(history, {
    begins: (thread) => void backlogged.add(thread),
    ends: (thread) => {
      backlogged.delete(thread);
      forget(thread);
    },
    visited: (visit) => {
      if (!backlogged.has(visit.thread)) return;
      const served = (visit.index + visit.detail) / weight(visit.thread);
      for (const other of backlogged) {
        if (other === visit.thread) continue;
        const [low, high] = visit.thread < other ? [visit.thread, other] : [other, visit.thread];
        const key = `${low} ${high}`;
        const pair = since.get(key) ?? { difference: 0, low: 0, high: 0 };
        pair.difference += visit.thread === low ? served : -served;
        pair.low = Math.min(pair.low, pair.difference);
        pair.high = Math.max(pair.high, pair.difference);
        since.set(key, pair);
        if (pair.high - pair.low > worst.lag)
          worst = { lag: pair.high - pair.low, threads: [low, high], record: visit.records.at(-1)! };
      }
    },
  });
  return worst;
}

/** A service lag beyond `bound` events per weight. */
export function findLagFaults(history: readonly HistoryRecord[], bound: number): Finding[] {
  const { lag, threads, record } = serviceLag(history);
  if (lag <= bound) return [];
  const message = `between threads ${threads.join(' and ')}, both backlogged, service per weight differs by ${lag} events`;
  return [finding('lag', message, `a service lag of at most ${bound}`, `${lag}`, [record])];
}

/** The most visits of others that a backlogged thread has waited for, and which thread. */
export function longestWait(history: readonly HistoryRecord[]): { wait: number; thread: number; record: number } {
  const waits = new Map<number, number>();
  let worst = { wait: 0, thread: 0, record: 0 };
  walk(history, {
    begins: (thread) => void waits.set(thread, 0),
    ends: (thread) => void waits.delete(thread),
    visited: (visit) => {
      for (const [thread, wait] of waits) {
        waits.set(thread, thread === visit.thread ? 0 : wait + 1);
        if (thread !== visit.thread && wait + 1 > worst.wait)
          worst = { wait: wait + 1, thread, record: visit.records.at(-1)! };
      }
    },
  });
  return worst;
}

/** A backlogged thread that waited for more than `boundVisits` visits of others. */
export function findWaitFaults(history: readonly HistoryRecord[], boundVisits: number): Finding[] {
  const { wait, thread, record } = longestWait(history);
  if (wait <= boundVisits) return [];
  const message = `thread ${thread} was backlogged and waited for ${wait} visits of other threads`;
  return [finding('wait', message, `a wait of at most ${boundVisits} visits`, `${wait} visits`, [record])];
}

/** Threads that were backlogged all through an iteration that was not cut short, and not visited in it, though nobody held their queue. */
export function findUnservedThreads(history: readonly HistoryRecord[]): Finding[] {
  const found: Finding[] = [];
  const held = heldDuring(history);
  let waiting = new Set<number>();
  const visited = new Set<number>();
  walk(history, {
    visited: (visit) => void visited.add(visit.thread),
    iterated: (record, at, backlogged) => {
      for (const thread of waiting) {
        if (record.truncated !== 'no' || visited.has(thread) || held(thread, at)) continue;
        const message = `thread ${thread} was backlogged, and a whole iteration made ${record.visits} visits and none to it`;
        found.push(
          finding('unserved', message, 'a turn for every backlogged thread', `no visit to thread ${thread}`, [at]),
        );
      }
      waiting = new Set(backlogged);
      visited.clear();
    },
    begins: () => undefined,
  });
  return [...firstIteration(history, held), ...found].slice(0, MOST_FINDINGS);
}

/** The same for the first iteration, before which nobody was seen waiting. */
function firstIteration(history: readonly HistoryRecord[], held: (thread: number, at: number) => boolean): Finding[] {
  const at = history.findIndex(({ type }) => type === 'iteration');
  const first = history[at];
  if (first?.type !== 'iteration' || first.truncated !== 'no') return [];
  const begins = history.findIndex(({ type }) => type === 'batch' || type === 'iteration');
  const visited = new Set(
    visitsOf(history)
      .filter(({ iteration }) => iteration === 0)
      .map(({ thread }) => thread),
  );
  const waiting = new Set<number>();
  history.slice(0, begins).forEach((record) => {
    if (record.type === 'emit' && record.lane === 'index' && record.outcome === 'accepted') waiting.add(record.thread);
  });
  return [...waiting]
    .filter((thread) => !visited.has(thread) && !held(thread, at))
    .map((thread) =>
      finding(
        'unserved',
        `thread ${thread} was backlogged, and the first iteration made no visit to it`,
        'a turn for every backlogged thread',
        `no visit to thread ${thread}`,
        [at],
      ),
    );
}

/** Whose queue was held by a submit or by hand at a record, or since the iteration before it. */
function heldDuring(history: readonly HistoryRecord[]): (thread: number, at: number) => boolean {
  const holds: { thread: number; from: number; to: number }[] = [];
  history.forEach((record, at) => {
    const begins =
      (record.type === 'submit' && record.phase === 'begin' && record.outcome === 'accepted') ||
      (record.type === 'acquire' && record.acquired);
    const ends =
      (record.type === 'submit' && record.phase === 'commit') ||
      record.type === 'release' ||
      (record.type === 'dead' && record.outcome === 'accepted');
    if (begins) holds.push({ thread: record.thread, from: at, to: Infinity });
    else if (ends) for (const hold of holds) if (hold.thread === record.thread && hold.to === Infinity) hold.to = at;
  });
  return (thread, at) => {
    const before = history.slice(0, at).findLastIndex(({ type }) => type === 'iteration');
    return holds.some((hold) => hold.thread === thread && hold.from < at && hold.to > before);
  };
}

export interface Share {
  readonly thread: number;
  readonly delivered: number;
  /** delivered / weighted max-min share of what was delivered in all. */
  readonly share: number;
}

/** Shares of the threads with demand, zeros included. */
export function shares(history: readonly HistoryRecord[]): Share[] {
  const weight = weightsOf(history);
  const lanes = analyse(history).lanes.filter(({ lane, accepted }) => lane === 'index' && accepted.length > 0);
  const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);
  const delivered = lanes.map((lane) => sum(lane.deliveries.map(({ acknowledged }) => acknowledged)));
  const demands = lanes.map((lane) => sum(lane.accepted.map(({ count }) => count)));
  const ideal = maxMinShares(
    demands,
    lanes.map(({ thread }) => weight(thread)),
    sum(delivered),
  );
  return lanes.map(({ thread }, i) => ({
    thread,
    delivered: delivered[i]!,
    share: ideal[i]! === 0 ? 1 : delivered[i]! / ideal[i]!,
  }));
}

/** Shares or an index of fairness below their limits. */
export function findShareFaults(
  history: readonly HistoryRecord[],
  { minShare, minJain }: { minShare: number; minJain: number },
): Finding[] {
  const all = shares(history);
  const found: Finding[] = [];
  const smallest = all.reduce<Share | undefined>(
    (low, one) => (low === undefined || one.share < low.share ? one : low),
    undefined,
  );
  const last = history.length - 1;
  if (smallest !== undefined && smallest.share < minShare) {
    const message = `thread ${smallest.thread} got ${smallest.share.toFixed(3)} of its fair share (${smallest.delivered} events)`;
    found.push(finding('share', message, `a share of at least ${minShare}`, smallest.share.toFixed(3), [last]));
  }
  const jain = fairnessIndex(all.map(({ share }) => ({ demand: 1, weight: 1, delivered: share })));
  if (jain <= minJain) {
    found.push(
      finding('jain', `Jain's index over delivered / fair share is ${jain}`, `more than ${minJain}`, `${jain}`, [last]),
    );
  }
  return found;
}
