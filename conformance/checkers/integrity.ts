/** What is inside a batch: whole records, of the thread and lane that it names. */
import type { HistoryRecord } from '../../spec/index.js';
import { deliveriesOf } from './delivery.js';
import type { Finding } from './finding.js';

/** Records whose bytes are no record that anybody wrote. */
export function findTorn(history: readonly HistoryRecord[]): readonly Finding[] {
  return deliveriesOf(history).torn;
}

/** Records in a batch of another thread, and batches under a slot or generation that their thread never had. */
export function findMisattribution(history: readonly HistoryRecord[]): readonly Finding[] {
  return deliveriesOf(history).misattributed();
}

/** Batches that are none: wrong sizes, wrong counts, empty. */
export function findMalformed(history: readonly HistoryRecord[]): readonly Finding[] {
  return deliveriesOf(history).malformed;
}
