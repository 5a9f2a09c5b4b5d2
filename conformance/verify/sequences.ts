/** Sequences that a record names: what cannot be told apart is refused. */
import type { HistoryRecord, Lane } from '../../spec/index.js';
import type { DeliveryWatch } from '../checkers/delivery-watch.js';
import { HistoryError } from './history-error.js';

/** The place of a record. */
interface Place {
  readonly source: string;
  readonly line: number;
}

/** @throws HistoryError for sequences beyond exact numbers, and for an event that is accepted twice: of which one would a delivery be? */
export function checkSequences(record: HistoryRecord, deliveries: DeliveryWatch, place: Place): void {
  // no object is made for a sound record: this is asked millions of times
  if (record.type === 'batch') {
    for (const run of record.runs)
      if (!('torn' in run) && isBeyond(run.from, run.count))
        refuseBeyond(run.thread ?? record.thread, record.lane, run.from, run.count, place);
  } else if (record.type === 'emit') {
    const { thread, lane, from, count, outcome } = record;
    attempted(thread, lane, from, count, outcome === 'accepted', deliveries, place);
  } else if (record.type === 'submit') {
    const { thread, phase, outcome, index, detail } = record;
    const accepts = phase !== 'begin' && outcome === 'accepted';
    attempted(thread, 'index', index[0], index[1], accepts, deliveries, place);
    attempted(thread, 'detail', detail[0], detail[1], accepts, deliveries, place);
  }
}

function attempted(
  thread: number,
  lane: Lane,
  from: number,
  count: number,
  accepted: boolean,
  deliveries: DeliveryWatch,
  place: Place,
): void {
  if (isBeyond(from, count)) refuseBeyond(thread, lane, from, count, place);
  if (!accepted || count === 0) return;
  const again = deliveries.lane(thread, lane).accepted.common(from, count);
  if (again === undefined) return;
  throw new HistoryError({
    ...place,
    wrong: `event ${again.from} of thread ${thread} (${lane} lane) is accepted a second time`,
    expected: 'a sequence of its own for each event of a thread and lane',
    action: 'count on over the whole life of a thread, and give each life a thread id of its own',
  });
}

const isBeyond = (from: number, count: number): boolean => count - 1 > Number.MAX_SAFE_INTEGER - from;

function refuseBeyond(thread: number, lane: Lane, from: number, count: number, place: Place): never {
  throw new HistoryError({
    ...place,
    wrong: `${count} events from ${from} of thread ${thread} (${lane} lane) go beyond ${Number.MAX_SAFE_INTEGER}`,
    expected: 'sequences that are exact numbers',
    action: 'let each life of a thread count from a smaller sequence',
  });
}
