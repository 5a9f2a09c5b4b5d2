/** Which requirements a history alone can decide, when, and by which checker. */
import { finding, type Finding } from '../checkers/finding.js';
import type { Suspicion } from '../checkers/questions.js';
import {
  atRest,
  first,
  isFree,
  noBatch,
  noEvents,
  noIndex,
  notDue,
  unless,
  without,
  type Rule,
  type Seen,
} from './rule.js';
import { WHOLE_RULES } from './whole-rules.js';

const losses = ({ deliveries, facts }: Seen): readonly (Finding | Suspicion)[] => [
  ...(facts.end === 'stalled' ? [stalled(deliveries.records - 1)] : []),
  ...deliveries.losses(),
];

function stalled(last: number): Finding {
  const message = 'the drain delivered nothing more while threads still had events to emit';
  return finding('stalled', message, 'every event delivered while it turns', 'a standstill', [last]);
}

/** The rules that hold for every failing sink: nothing lost, repeated or passed over. */
const kept = (seen: Seen): readonly (Finding | Suspicion)[] => [
  ...(notDue(seen.facts) === undefined ? losses(seen) : []),
  ...seen.deliveries.duplicates(),
  ...seen.deliveries.disorders(),
];

/** Batches that came after a complete stop() had said that nothing was left, in histories whose lines have an order. */
const late = ({ conduct, facts }: Seen): readonly Finding[] =>
  facts.mode === 'free' ? [] : conduct.deliveredAfterStop;

/** Threads that have left, or were declared dead, lost nothing. */
const lossOf =
  (whose: 'gone' | 'died') =>
  ({ deliveries, facts }: Seen): readonly Suspicion[] | string => {
    const threads = facts[whose];
    const found = deliveries.losses(['index'], (thread) => threads.has(thread));
    const owed = [...threads].some((thread) => deliveries.lane(thread, 'index').accepted.size > 0);
    return unless(found, owed ? undefined : 'no index event of such a thread was accepted');
  };

/** What the sink did not take was offered again, or the drain had the time to. */
const again = (seen: Seen, times: number): readonly (Finding | Suspicion)[] | string =>
  unless(
    kept(seen),
    times === 0 && notDue(seen.facts) !== undefined ? 'what the sink did not take was never offered again' : undefined,
  );

const PASSING_RULES: readonly Rule[] = [
  {
    id: 'LOSS-EXACTLY-ONCE',
    silent: first(noEvents, notDue),
    passing: (seen) => unless(losses(seen), noIndex(seen.facts)),
  },
  { id: 'LOSS-NO-DUPLICATE', silent: noBatch, passing: ({ deliveries }) => deliveries.duplicates() },
  { id: 'LOSS-NO-PHANTOM', silent: noBatch, passing: ({ deliveries }) => deliveries.phantoms() },
  { id: 'LOSS-NOT-TORN', silent: noBatch, passing: ({ deliveries }) => deliveries.torn },
  {
    id: 'LOSS-ATTRIBUTION',
    silent: without('no batch was handed over', (facts) => facts.count('batch')),
    passing: ({ deliveries }) => [...deliveries.misattributed(), ...deliveries.missized],
  },
  {
    id: 'ITER-EMPTY',
    silent: without('no batch was handed over', (facts) => facts.count('batch')),
    passing: ({ deliveries }) => deliveries.empty,
  },
  { id: 'LANE-ORDER', silent: noBatch, passing: ({ deliveries }) => deliveries.disorders() },
  {
    id: 'SINK-THROW-KEEPS',
    silent: without('the sink never failed', ({ refusedBatches }) => refusedBatches),
    passing: (seen) => again(seen, seen.facts.offeredAgain),
  },
  {
    id: 'SINK-PARTIAL',
    silent: without('the sink never took a part of a batch', ({ partialBatches }) => partialBatches),
    passing: (seen) => again(seen, seen.facts.continued),
  },
  {
    id: 'THREAD-EMIT-AFTER-LEAVE',
    silent: first(
      isFree,
      without('no thread left', ({ left }) => left),
    ),
    passing: ({ conduct, facts }) =>
      unless(conduct.afterLeave, facts.afterLeave === 0 ? 'nobody called anything after leave()' : undefined),
  },
  {
    id: 'THREAD-DOUBLE-LEAVE',
    silent: first(
      isFree,
      without('no thread left twice', ({ leftAgain }) => leftAgain),
    ),
    passing: ({ conduct }) => conduct.leftTwice,
  },
  {
    id: 'THREAD-LEAVE-DELIVERS',
    silent: first(
      noEvents,
      notDue,
      without('no thread left', ({ left }) => left),
    ),
    passing: lossOf('gone'),
  },
  {
    id: 'THREAD-DEAD-DELIVERED',
    silent: first(
      noEvents,
      notDue,
      without('no thread was declared dead', ({ died }) => died.size),
    ),
    passing: lossOf('died'),
  },
  {
    id: 'STOP-REJECTS-LATER',
    silent: first(
      isFree,
      without('there is no stop()', (facts) => facts.count('stop')),
    ),
    passing: ({ conduct, facts }) =>
      unless(conduct.afterStop, facts.afterStop === 0 ? 'nobody called anything after stop()' : undefined),
  },
  {
    id: 'STOP-DELIVERS-ALL',
    silent: first(
      noEvents,
      without('no stop() was complete', ({ completeStop }) => completeStop),
    ),
    passing: (seen) => unless([...losses(seen), ...late(seen)], noIndex(seen.facts)),
  },
  {
    id: 'LEDGER-BALANCE',
    silent: atRest,
    passing: ({ conduct }) => conduct.imbalance,
  },
];

export const RULES: readonly Rule[] = [...PASSING_RULES, ...WHOLE_RULES];
