/** Rules of fairness: over the stretches in which turns of the schedule are all that moves events. */
import {
  analyse,
  findEventWaitFaults,
  findLagFaults,
  findShareFaults,
  findUnservedThreads,
  findWaitFaults,
  visitsOf,
  walk,
} from '../checkers/index.js';
import type { Finding } from '../checkers/finding.js';
import { longestWaitVisits, serviceLagBound, type HistoryRecord } from '../../spec/index.js';
import { given, nested, oneDrain, oneLine, quanta, steadyWeights, turns } from './conditions.js';
import { first, isFree, noEvents, unless, type Rule } from './rule.js';
import { FAIR_ENDS, heldLong, isHold, scheduled } from './schedule.js';

type History = readonly HistoryRecord[];

/** Whether a thread had its turn while another was backlogged too: at all, and staying backlogged itself. */
function together(history: History): { readonly waited: boolean; readonly served: boolean } {
  const backlogged = new Set<number>();
  const seen = { waited: false, served: false };
  walk(history, {
    begins: (thread) => void backlogged.add(thread),
    ends: (thread) => void backlogged.delete(thread),
    visited: ({ thread }, more) => {
      if (backlogged.size - Number(backlogged.has(thread)) === 0) return;
      seen.waited = true;
      seen.served ||= more;
    },
  });
  return seen;
}

const waited = (history: History): string | undefined =>
  together(history).waited ? undefined : 'no thread waited for another';

/** Service lag, where at least two threads had two visits. `held`: judge histories with held queues, or those without. */
function lag(history: History, held: boolean): readonly Finding[] | string {
  const part = scheduled(history, FAIR_ENDS, true);
  if (part.some(isHold) !== held) return held ? 'no queue was held' : 'a queue was held (see FAIR-LAG-SKIPS)';
  const visits = visitsOf(part);
  if (new Set(visits.map(({ thread }) => thread)).size < 2 || visits.length < 4)
    return 'there were not two visits to two threads';
  const long = heldLong(part);
  if (long !== undefined) return long;
  const found = findLagFaults(part, ({ quantum, maxSkips }) => (held ? serviceLagBound(quantum, maxSkips) : quantum));
  return unless(found, together(part).served ? undefined : 'no two threads stayed backlogged while one had its turn');
}

function wait(history: History): readonly Finding[] | string {
  const part = scheduled(history, FAIR_ENDS, true);
  const { lanes, config } = analyse(part);
  const threads = new Set(lanes.map(({ thread }) => thread)).size;
  if (visitsOf(part).length <= threads) return 'there were too few visits to wait for';
  const long = heldLong(part);
  if (long !== undefined) return long;
  const most = longestWaitVisits(threads, part.some(isHold) ? config('maxSkips', 0) : 0);
  return unless(findWaitFaults(part, most), waited(part));
}

/** The same in events of each other thread. */
function eventWait(history: History): readonly Finding[] | string {
  const part = scheduled(history, FAIR_ENDS, true);
  if (visitsOf(part).length <= analyse(part).registrations.size) return 'there were too few visits to wait for';
  return heldLong(part) ?? unless(findEventWaitFaults(part), waited(part));
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

export const FAIR_RULES: readonly Rule[] = [
  {
    id: 'FAIR-ALL-SERVED',
    silent: first(isFree, oneDrain, nested, noEvents, turns),
    whole: (history) => findUnservedThreads(scheduled(history, ['stop'], false)),
  },
  {
    id: 'FAIR-LAG',
    silent: first(isFree, oneDrain, nested, turns, oneLine, quanta),
    whole: (history) => lag(history, false),
  },
  {
    id: 'FAIR-LAG-SKIPS',
    silent: first(isFree, oneDrain, nested, turns, oneLine, quanta, given('maxSkips')),
    whole: (history) => lag(history, true),
  },
  { id: 'FAIR-WAIT', silent: first(isFree, oneDrain, nested, turns, oneLine, given('maxSkips')), whole: wait },
  {
    id: 'FAIR-WAIT-EVENTS',
    silent: first(isFree, oneDrain, nested, turns, oneLine, quanta, given('maxSkips')),
    whole: eventWait,
  },
  { id: 'FAIR-JAIN', silent: first(isFree, oneDrain, nested, turns, oneLine, steadyWeights), whole: shares },
];
