/** Accepted means delivered: once, in order, and nothing else. */
import type { HistoryRecord, Lane } from '../../spec/index.js';
import type { LaneHistory } from './analysis.js';
import { DeliveryWatch } from './delivery-watch.js';
import type { Finding } from './finding.js';
import { settle } from './questions.js';
import { RunSet } from './runs.js';

const known = new WeakMap<readonly HistoryRecord[], DeliveryWatch>();

/** What passed by in a history. Made once for each history, however many checkers ask. */
export function deliveriesOf(history: readonly HistoryRecord[]): DeliveryWatch {
  let watch = known.get(history);
  if (watch === undefined) {
    watch = new DeliveryWatch();
    history.forEach((record, at) => watch!.observe(record, at));
    known.set(history, watch);
  }
  return watch;
}

/** Everything of a lane that the sink took. */
export function acknowledgedOf(lane: LaneHistory): RunSet {
  const set = new RunSet();
  for (const { from, acknowledged } of lane.deliveries) set.add(from, acknowledged);
  return set;
}

/** What the last stop() says it left, if it gave up: so much of each lane may be missing at the end. */
export function leftAtEnd(history: readonly HistoryRecord[]): Readonly<Record<Lane, number>> {
  return deliveriesOf(history).left;
}

/** Accepted events that the sink never took. For histories that end settled, or with a stop() that tells what it left. */
export function findLoss(
  history: readonly HistoryRecord[],
  { lanes = ['index'] }: { lanes?: readonly Lane[] } = {},
): Finding[] {
  return settle(history, deliveriesOf(history).losses(lanes));
}

/** Events that the sink took and was handed again. */
export function findDuplicates(history: readonly HistoryRecord[]): Finding[] {
  return settle(history, deliveriesOf(history).duplicates());
}

/** Events out of their order; and batches offered again from another record than the first that was not taken. */
export function findDisorder(history: readonly HistoryRecord[]): Finding[] {
  return settle(history, deliveriesOf(history).disorders());
}

/** Deliveries of what was never accepted: rejected, uncommitted, never attempted, or (stepped) not yet. */
export function findPhantoms(history: readonly HistoryRecord[]): Finding[] {
  return settle(history, deliveriesOf(history).phantoms());
}
