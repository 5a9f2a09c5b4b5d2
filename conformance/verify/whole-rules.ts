/** Rules that look at a history as a whole: lanes step by step, groups, slots, turns, books. */
import {
  analyse,
  findGroupFaults,
  findJoinFaults,
  findLeftFaults,
  findUnmarkedDetail,
  findUntruth,
  findWindowFaults,
} from '../checkers/index.js';
import { detailModel, type DetailModel } from '../checkers/detail-lane.js';
import type { Finding } from '../checkers/finding.js';
import { ownership } from '../checkers/ownership.js';
import { findOverfull, findWrongRefusals } from '../checkers/room.js';
import { isRealStop } from '../checkers/settled.js';
import { slotFaults } from '../checkers/slots.js';
import { windowsOf } from '../checkers/windows.js';
import type { HistoryRecord } from '../../spec/index.js';
import { detail, given, marks, markedWindows, nested, oneDrain, turns, windows } from './conditions.js';
import type { Facts } from './facts.js';
import { atRest, first, isFree, noEvents, notDue, unless, without, type Rule } from './rule.js';
import { scheduled } from './schedule.js';
import { FAIR_RULES } from './whole-rules-fair.js';
import { TURN_RULES } from './whole-rules-turns.js';

type History = readonly HistoryRecord[];

const detailThreads = (history: History): number[] =>
  analyse(history)
    .lanes.filter(({ lane }) => lane === 'detail')
    .map(({ thread }) => thread);

const markedAndSealed = (history: History): boolean =>
  detailThreads(history).some((thread) =>
    windowsOf(history, thread).some(({ marked, sealedBy }) => marked === 'yes' && sealedBy !== undefined),
  );

/** Faults of one kind of the detail lanes' emits, if some lane came to where they could be. */
function laneFaults(
  history: History,
  kind: 'accepted' | 'refused',
  shows: (lane: DetailModel) => boolean,
  never: string,
): readonly Finding[] | string {
  const lanes = detailThreads(history).map((thread) => detailModel(history, thread));
  const found = lanes.flatMap(({ faults }) => faults.filter(({ rule }) => rule === kind));
  return unless(found, lanes.some(shows) ? undefined : never);
}

const evicted = ({ windows }: DetailModel): boolean => windows.some((one) => one.evicted);

/** Only marked windows were left, or a younger unmarked one made room in place of a marked one. */
const pinned = ({ windows, full }: DetailModel): boolean => {
  const oldest = windows.findIndex(({ marked }) => marked !== undefined);
  return full.length > 0 || (oldest >= 0 && windows.slice(oldest).some((one) => one.evicted));
};

/** Which detail is marked, and so due beside its index event, depends on the sizes of windows. */
function joinFaults(history: History, facts: Facts): readonly Finding[] | string {
  const unknown = markedWindows(facts);
  return unless(findJoinFaults(history, { windows: unknown === undefined }), unknown);
}

/** A refusal for want of room; or with another code where there was none, and nothing wrong with what was asked for. */
const wantsRoom = ({ seen, expected }: Finding): boolean =>
  seen === 'REGISTRY_FULL' || (expected === 'REGISTRY_FULL' && seen !== 'unknown' && !seen.startsWith('INVALID_'));

/** Nobody registered where every slot was taken, nor when one was free again. */
function neverFull(history: History, slots: number): string | undefined {
  const alive = new Set<number>();
  let full = false;
  for (const record of history) {
    if ((record.type === 'leave' || record.type === 'dead') && record.outcome === 'accepted')
      alive.delete(record.thread);
    if (record.type !== 'register') continue;
    if (record.outcome === 'REGISTRY_FULL' || (full && record.outcome === 'accepted')) return undefined;
    if (record.outcome === 'accepted') full = alive.add(record.thread).size >= slots;
  }
  return 'nobody registered once every slot had been taken';
}

/** No metrics tell what a stop() left; what an incomplete one says itself can be compared where lines have an order. */
function leftUntold(history: History, { mode }: Facts): string | undefined {
  const stop = history.findIndex(({ type }) => type === 'stop');
  const told = history.some(
    (record, at) =>
      (record.type === 'metrics' && at > stop) ||
      (record.type === 'stop' && mode === 'stepped' && !record.complete && isRealStop(record)),
  );
  return told ? undefined : 'no metrics were read after stop()';
}

export const WHOLE_RULES: readonly Rule[] = [
  { id: 'LANE-UNMARKED-KEPT', silent: first(detail, markedWindows), whole: findUnmarkedDetail },
  {
    id: 'LANE-MARKED-ONCE',
    silent: first(detail, marks, windows, notDue),
    whole: (history) => {
      const found = findWindowFaults(history).filter(({ rule }) => rule !== 'unmarked');
      return unless(found, markedAndSealed(history) ? undefined : 'no marked window was sealed');
    },
  },
  {
    id: 'LANE-MARKED-PINNED',
    silent: first(
      isFree,
      nested,
      detail,
      windows,
      without('no mark pinned a window', ({ marked }) => marked),
    ),
    whole: (history) => laneFaults(history, 'accepted', pinned, 'no marked window stood in the way of an emit'),
  },
  {
    id: 'LANE-EVICT-OLDEST',
    silent: first(isFree, nested, detail, windows, turns),
    whole: (history) => laneFaults(history, 'refused', evicted, 'no window had to make room'),
  },
  {
    id: 'LANE-JOIN',
    silent: first(
      without('no index event was submitted with a detail event', ({ joined }) => joined),
      without('no batch tells the detail of an index event (`join`)', ({ joinsTold }) => joinsTold),
    ),
    whole: joinFaults,
  },
  {
    id: 'LANE-FULL-REJECTS',
    silent: first(isFree, noEvents, given('indexCapacity')),
    whole: (history, { full }) => unless(findOverfull(history), full === 0 ? 'no lane was full' : undefined),
  },
  {
    id: 'LANE-WHOLE-CAPACITY',
    silent: first(
      isFree,
      nested,
      turns,
      given('indexCapacity'),
      without('no lane was full', ({ full }) => full),
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
    whole: (history, { groups }) =>
      unless(findGroupFaults(history), groups === 0 ? 'no group was accepted' : undefined),
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
    whole: (history, facts) => {
      const { refused, overfull } = slotFaults(scheduled(history, ['stop'], false));
      const found = [...refused.filter(wantsRoom), ...overfull];
      return unless(found, neverFull(history, Number(facts.config['slots'])));
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
  { id: 'LEDGER-TRUE', silent: first(atRest, oneDrain, noEvents), whole: (history) => findUntruth(history) },
  {
    id: 'LEDGER-LEFT',
    silent: without('there is no stop()', (facts) => facts.count('stop')),
    whole: (history, facts) => unless(findLeftFaults(history), leftUntold(history, facts)),
  },
  ...FAIR_RULES,
  ...TURN_RULES,
];
