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
import { detailModel } from '../checkers/detail-lane.js';
import type { Finding } from '../checkers/finding.js';
import { ownership } from '../checkers/ownership.js';
import { findOverfull, findWrongRefusals } from '../checkers/room.js';
import { slotFaults } from '../checkers/slots.js';
import type { HistoryRecord } from '../../spec/index.js';
import { detail, given, marks, markedWindows, metrics, nested, oneDrain, turns, windows } from './conditions.js';
import { atRest, first, isFree, noEvents, notDue, without, type Rule } from './rule.js';
import { scheduled } from './schedule.js';
import { FAIR_RULES } from './whole-rules-fair.js';
import { TURN_RULES } from './whole-rules-turns.js';

type History = readonly HistoryRecord[];

/** Faults of the detail lanes' emits: of one kind. */
const laneFaults =
  (kind: 'accepted' | 'refused') =>
  (history: History): Finding[] => {
    const threads = analyse(history)
      .lanes.filter(({ lane }) => lane === 'detail')
      .map(({ thread }) => thread);
    return threads.flatMap((thread) => detailModel(history, thread).faults.filter(({ rule }) => rule === kind));
  };

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
  { id: 'LEDGER-TRUE', silent: first(atRest, oneDrain, noEvents), whole: (history) => findUntruth(history) },
  {
    id: 'LEDGER-LEFT',
    silent: without('there is no stop()', (facts) => facts.count('stop')),
    whole: (history) => findLeftFaults(history),
  },
  ...FAIR_RULES,
  ...TURN_RULES,
];
