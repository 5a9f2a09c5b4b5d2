/** Rules that look at a history as a whole: lanes step by step, groups, slots, turns, books. */
import {
  analyse,
  findEventWaitFaults,
  findGroupFaults,
  findIterationFaults,
  findJoinFaults,
  findLagFaults,
  findLeftFaults,
  findLoss,
  findShareFaults,
  findUnmarkedDetail,
  findUnservedThreads,
  findUntruth,
  findWaitFaults,
  findWindowFaults,
  recordsOf,
  Regime,
  visitsOf,
  walk,
} from '../checkers/index.js';
import { detailModel } from '../checkers/detail-lane.js';
import { finding, type Finding } from '../checkers/finding.js';
import { ownership } from '../checkers/ownership.js';
import { findOverfull, findWrongRefusals } from '../checkers/room.js';
import { slotFaults } from '../checkers/slots.js';
import {
  POLICIES,
  creditCap,
  longestWaitVisits,
  serviceLagBound,
  type HistoryRecord,
  type RecordOf,
} from '../../spec/index.js';
import { atRest, first, isFree, noEvents, notDue, without, type Rule } from './rule.js';
import type { Facts } from './facts.js';

type History = readonly HistoryRecord[];

/** The header must give these numbers. */
const given =
  (...names: string[]) =>
  ({ config }: Facts): string | undefined => {
    const missing = names.filter((name) => typeof config[name] !== 'number');
    return missing.length === 0 ? undefined : `the header's config does not give ${missing.join(', ')}`;
  };

const nested = (facts: Facts): string | undefined =>
  facts.nested ? 'something happened while a visit was under way' : undefined;
const oneDrain = ({ severalDrains }: Facts): string | undefined =>
  severalDrains ? 'several drains shared the arena' : undefined;
const turns = without('there are no iterations', (facts) => facts.count('iteration'));
const detail = without('no detail event was accepted', ({ accepted }) => accepted.detail);
const marks = without('nothing was marked', (facts) => facts.count('mark'));
const windows = given('windowRecords', 'detailCapacity', 'preRoll', 'postRoll');
/** Without a mark no window is to be delivered, whatever its size. */
const markedWindows = (facts: Facts): string | undefined => (facts.count('mark') === 0 ? undefined : windows(facts));
const metrics = without('there are no metrics', (facts) => facts.count('metrics'));
const policy = ({ policies }: Facts): string | undefined => {
  const unknown = policies.find((name) => !(POLICIES as readonly string[]).includes(name));
  return unknown === undefined ? undefined : `nothing is known of the policy '${unknown}'`;
};
/** Bounds of policies in which nobody goes before another. */
const oneLine = (facts: Facts): string | undefined =>
  policy(facts) ??
  (facts.policies.includes('priority') ? "under the policy 'priority' threads of different classes differ" : undefined);

/** Shares over a whole history are of weights that stay as they are. */
const steadyWeights = without(
  'weights or limits changed',
  (facts) => facts.count('weight') + facts.count('configure') === 0,
);

/** Threads that have left, or were declared dead, lost nothing. */
const lossOf =
  (type: 'leave' | 'dead') =>
  (history: History): Finding[] => {
    const gone = new Set(
      recordsOf(history, type)
        .filter(({ record }) => record.outcome === 'accepted')
        .map(({ record }) => record.thread),
    );
    const told = findLoss(history).filter(({ message }) => gone.has(Number(/^thread (\d+),/.exec(message)?.[1])));
    return told;
  };

/** Faults of the detail lanes' emits: of one kind. */
const laneFaults =
  (kind: 'accepted' | 'refused') =>
  (history: History): Finding[] => {
    const threads = analyse(history)
      .lanes.filter(({ lane }) => lane === 'detail')
      .map(({ thread }) => thread);
    return threads.flatMap((thread) => detailModel(history, thread).faults.filter(({ rule }) => rule === kind));
  };

/** The history up to where turns of the schedule are no longer all that moves events. */
function scheduled(history: History, ends: readonly HistoryRecord['type'][], sinkFails: boolean): History {
  const end = history.findIndex(
    (record) =>
      ends.includes(record.type) || (sinkFails && record.type === 'batch' && record.acknowledged < record.count),
  );
  if (end < 0) return history;
  // what stop() delivered is told before the stop itself
  const begin = history[end]!.type === 'stop' ? 1 + history.slice(0, end).findLastIndex(isTurn) : end;
  return history.slice(0, begin);
}

const isTurn = ({ type }: HistoryRecord): boolean => type === 'iteration' || type === 'visit';
const FAIR_ENDS = ['stop', 'leave', 'kill', 'dead', 'threw'] as const;
const isHold = (record: HistoryRecord): boolean => holdOf(record) !== undefined;

/** The thread whose queue it takes, by a group that begins or by hand. */
function holdOf(record: HistoryRecord): number | undefined {
  if (record.type === 'submit')
    return record.phase === 'begin' && record.outcome === 'accepted' ? record.thread : undefined;
  return record.type === 'acquire' && record.acquired ? record.thread : undefined;
}

/** The thread whose queue it lets go. */
function letGo(record: HistoryRecord): number | undefined {
  if (record.type === 'submit')
    return record.phase === 'commit' && record.outcome !== 'NOT_HOLDING' ? record.thread : undefined;
  return record.type === 'release' && record.outcome === 'accepted' ? record.thread : undefined;
}

/** Some thread's queue was held for more iterations than its credit grows and its turn is put off. */
function heldLong(history: History): string | undefined {
  const maxSkips = analyse(history).config('maxSkips', 0);
  const held = new Map<number, number>();
  for (const record of history) {
    const taken = holdOf(record);
    const free = letGo(record);
    if (taken !== undefined) held.set(taken, 0);
    if (free !== undefined) held.delete(free);
    if (record.type === 'iteration') {
      for (const [thread, iterations] of held) {
        if (iterations >= maxSkips)
          return `the queue of thread ${thread} was held for more than maxSkips (${maxSkips}) iterations`;
        held.set(thread, iterations + 1);
      }
    }
  }
  return undefined;
}

/** Service lag, where at least two threads had two visits. `held`: judge histories with held queues, or those without. */
function lag(history: History, held: boolean): readonly Finding[] | string {
  const part = scheduled(history, FAIR_ENDS, true);
  if (part.some(isHold) !== held) return held ? 'no queue was held' : 'a queue was held (see FAIR-LAG-SKIPS)';
  const visits = visitsOf(part);
  if (new Set(visits.map(({ thread }) => thread)).size < 2 || visits.length < 4)
    return 'there were not two visits to two threads';
  const long = heldLong(part);
  if (long !== undefined) return long;
  return findLagFaults(part, ({ quantum, maxSkips }) => (held ? serviceLagBound(quantum, maxSkips) : quantum));
}

function wait(history: History): readonly Finding[] | string {
  const part = scheduled(history, FAIR_ENDS, true);
  const { lanes, config } = analyse(part);
  const threads = new Set(lanes.map(({ thread }) => thread)).size;
  if (visitsOf(part).length <= threads) return 'there were too few visits to wait for';
  const long = heldLong(part);
  if (long !== undefined) return long;
  return findWaitFaults(part, longestWaitVisits(threads, part.some(isHold) ? config('maxSkips', 0) : 0));
}

/** The same in events of each other thread. */
function eventWait(history: History): readonly Finding[] | string {
  const part = scheduled(history, FAIR_ENDS, true);
  if (visitsOf(part).length <= analyse(part).registrations.size) return 'there were too few visits to wait for';
  return heldLong(part) ?? findEventWaitFaults(part);
}

/** Shares, where every thread was backlogged from the first visit to the last of at least ten rounds, and none was held. */
function shares(history: History): readonly Finding[] | string {
  const part = scheduled(history, FAIR_ENDS, true);
  if (part.some(isHold)) return 'a queue was held';
  const { lanes } = analyse(part);
  if (lanes.some(({ lane, deliveries }) => lane === 'detail' && deliveries.length > 0))
    return 'detail events took a part of the visits';
  const visits = visitsOf(part);
  const threads = lanes.filter(({ lane, accepted }) => lane === 'index' && accepted.length > 0).length;
  const first = visits[0]?.records[0] ?? 0;
  const early = new Set<number>();
  let idle = false;
  walk(part, {
    begins: (thread, at) => void (at < first ? early.add(thread) : (idle = true)),
    ends: () => (idle = true),
  });
  if (threads < 2 || idle || early.size < threads)
    return 'not every thread was backlogged from the first visit to the last';
  if (visits.length < 10 * threads) return `there were fewer than ${10 * threads} visits`;
  return findShareFaults(part, { minShare: 0.9, minJain: 0.9 });
}

function quantum(history: History): Finding[] {
  const part = scheduled(history, ['stop'], false);
  const regime = new Regime(history);
  const spare = part.some(
    (record) => isHold(record) || (record.type === 'batch' && record.acknowledged < record.count),
  );
  const found: Finding[] = [];
  walk(part, {
    visited: ({ thread, index, detail: details, records }) => {
      const most = creditCap(regime.share(thread), regime.quantum, spare ? regime.maxSkips : 0);
      const taken = index + details;
      if (taken <= most) return;
      const message = `a visit to thread ${thread} delivered ${taken} events, its quantum is ${most}`;
      found.push(finding('quantum', message, `at most ${most} events a visit`, `${taken}`, records));
    },
    changed: (change) => {
      regime.apply(change);
    },
  });
  return found;
}

/** Iterations beyond a limit of the header. */
const limited =
  (limit: 'maxIterationVisits', field: 'visits') =>
  (history: History): Finding[] => {
    const most = analyse(history).config(limit, 0);
    return recordsOf(history, 'iteration').flatMap(({ record, at }) => {
      if (most === 0 || record[field] <= most) return [];
      const message = `an iteration made ${record[field]} ${field}, its limit is ${most}`;
      return [finding('limit', message, `at most ${most} ${field}`, `${record[field]}`, [at])];
    });
  };

/** Two looks at the metrics with nothing between them. */
function peeks(history: History): readonly Finding[] | string {
  const looks = history.flatMap((record, at) =>
    record.type === 'metrics' && history[at + 1]?.type === 'metrics' ? [at] : [],
  );
  if (looks.length === 0) return 'the metrics were never read twice in a row';
  return looks
    .filter((at) => JSON.stringify(history[at]) !== JSON.stringify(history[at + 1]))
    .map((at) => {
      const message = 'two looks at the metrics with nothing between them differ: looking changed something';
      return finding('peek', message, 'the same metrics', 'others', [at, at + 1]);
    });
}

/** Counters of the drain against its own iterations and batches. */
function counters(history: History): Finding[] {
  const told = { iterations: 0, visits: 0, skips: 0, batches: 0, sinkFailures: 0, reclaimed: 0 };
  const found: Finding[] = [];
  const add = (record: RecordOf<'iteration'>): void => {
    told.iterations += 1;
    for (const field of ['visits', 'skips', 'reclaimed'] as const) told[field] += record[field];
  };
  history.forEach((record, at) => {
    if (record.type === 'iteration') add(record);
    else if (record.type === 'batch') {
      told.batches += record.batches;
      if (record.acknowledged === 0) told.sinkFailures += 1;
    } else if (record.type === 'metrics') {
      for (const field of Object.keys(told) as (keyof typeof told)[]) {
        if (record[field] === told[field]) continue;
        const message = `the metrics say ${field} ${record[field]}, and it was ${told[field]}`;
        found.push(finding('metric', message, `${told[field]}`, `${record[field]}`, [at]));
      }
    }
  });
  return found;
}

export const WHOLE_RULES: readonly Rule[] = [
  { id: 'LANE-UNMARKED-KEPT', silent: first(detail, markedWindows), whole: findUnmarkedDetail },
  {
    id: 'LANE-MARKED-ONCE',
    silent: first(detail, marks, windows, notDue),
    whole: (history) => findWindowFaults(history).filter(({ rule }) => rule !== 'unmarked'),
  },
  {
    id: 'LANE-MARKED-PINNED',
    silent: first(
      isFree,
      nested,
      detail,
      windows,
      without('no mark pinned a window', (facts) => facts.count('mark')),
    ),
    whole: laneFaults('accepted'),
  },
  {
    id: 'LANE-EVICT-OLDEST',
    silent: first(isFree, nested, detail, windows, turns),
    whole: laneFaults('refused'),
  },
  {
    id: 'LANE-JOIN',
    silent: without('no index event was submitted with a detail event', ({ joined }) => joined),
    whole: (history) => findJoinFaults(history),
  },
  { id: 'LANE-FULL-REJECTS', silent: first(isFree, noEvents, given('indexCapacity')), whole: findOverfull },
  {
    id: 'LANE-WHOLE-CAPACITY',
    silent: first(
      isFree,
      nested,
      turns,
      given('indexCapacity'),
      without('no lane was full', ({ outcomes }) => outcomes.get('LANE_FULL') ?? 0),
    ),
    whole: (history) => findWrongRefusals(history),
  },
  {
    id: 'QUEUE-EXCLUSIVE',
    silent: first(
      isFree,
      nested,
      without('no queue was held', (facts) => facts.begun + facts.count('acquire')),
    ),
    whole: (history) => ownership(history).faults,
  },
  {
    id: 'QUEUE-GROUP-VISIBLE',
    silent: without('no group was submitted', (facts) => facts.count('submit')),
    whole: (history) => findGroupFaults(history),
  },
  {
    id: 'THREAD-LEAVE-DELIVERS',
    silent: first(
      noEvents,
      notDue,
      without('no thread left', ({ left }) => left),
    ),
    whole: lossOf('leave'),
  },
  {
    id: 'THREAD-DEAD-DELIVERED',
    silent: first(
      noEvents,
      notDue,
      without('no thread was declared dead', ({ dead }) => dead),
    ),
    whole: lossOf('dead'),
  },
  {
    id: 'THREAD-REGISTRY-FULL',
    silent: first(
      isFree,
      nested,
      given('slots'),
      turns,
      without('no thread registered', (facts) => facts.count('register')),
    ),
    whole: (history) => {
      const { refused, overfull } = slotFaults(scheduled(history, ['stop'], false));
      return [...refused.filter(({ seen }) => seen === 'REGISTRY_FULL'), ...overfull];
    },
  },
  {
    id: 'THREAD-REUSE-AFTER-DRAIN',
    silent: first(
      isFree,
      without('no thread registered', (facts) => facts.count('register')),
    ),
    whole: (history) => {
      const { early, reused } = slotFaults(history);
      return early.length > 0 || reused > 0 ? early : 'no slot was given to another thread';
    },
  },
  {
    id: 'FAIR-ALL-SERVED',
    silent: first(isFree, oneDrain, nested, noEvents, turns),
    whole: (history) => findUnservedThreads(scheduled(history, ['stop'], false)),
  },
  {
    id: 'FAIR-LAG',
    silent: first(isFree, oneDrain, nested, turns, oneLine, given('quantum')),
    whole: (history) => lag(history, false),
  },
  {
    id: 'FAIR-LAG-SKIPS',
    silent: first(isFree, oneDrain, nested, turns, oneLine, given('quantum', 'maxSkips')),
    whole: (history) => lag(history, true),
  },
  { id: 'FAIR-WAIT', silent: first(isFree, oneDrain, nested, turns, oneLine, given('maxSkips')), whole: wait },
  {
    id: 'FAIR-WAIT-EVENTS',
    silent: first(isFree, oneDrain, nested, turns, oneLine, given('quantum', 'maxSkips')),
    whole: eventWait,
  },
  { id: 'FAIR-JAIN', silent: first(isFree, oneDrain, nested, turns, oneLine, steadyWeights), whole: shares },
  { id: 'ITER-QUANTUM', silent: first(isFree, oneDrain, nested, turns, policy, given('quantum')), whole: quantum },
  { id: 'ITER-RESULT-EXACT', silent: first(isFree, turns), whole: findIterationFaults },
  {
    id: 'ITER-LIMIT-VISITS',
    silent: first(turns, given('maxIterationVisits')),
    whole: limited('maxIterationVisits', 'visits'),
  },
  { id: 'LEDGER-TRUE', silent: first(atRest, oneDrain, noEvents), whole: (history) => findUntruth(history) },
  {
    id: 'LEDGER-LEFT',
    silent: without('there is no stop()', (facts) => facts.count('stop')),
    whole: (history) => findLeftFaults(history),
  },
  {
    id: 'METRIC-EXACT',
    silent: first(
      isFree,
      metrics,
      turns,
      nested,
      oneDrain,
      without('a drain was driven by hand or stopped', (facts) => facts.count('visit') + facts.count('stop') === 0),
    ),
    whole: counters,
  },
  { id: 'METRIC-PEEK', silent: first(isFree, metrics), whole: peeks },
];
