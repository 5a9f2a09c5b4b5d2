/** Sequences that a record names: what cannot be told apart is refused. */
import type { HistoryRecord, Lane } from '../../spec/index.js';
import type { DeliveryWatch } from '../checkers/delivery-watch.js';
import { HistoryError } from './history-error.js';

interface Named {
  readonly thread: number;
  readonly lane: Lane;
  readonly from: number;
  readonly count: number;
}

/** The place of a record. */
interface Place {
  readonly source: string;
  readonly line: number;
}

/** @throws HistoryError for sequences beyond exact numbers, and for an event that is accepted twice: of which one would a delivery be? */
export function checkSequences(record: HistoryRecord, deliveries: DeliveryWatch, place: Place): void {
  if (record.type === 'batch') {
    for (const run of record.runs)
      if (!('torn' in run)) exact({ ...run, thread: run.thread ?? record.thread, lane: record.lane }, place);
  } else if (record.type === 'emit') attempted(record, record.outcome === 'accepted', deliveries, place);
  else if (record.type === 'submit') {
    const { thread, phase, outcome } = record;
    const accepts = phase !== 'begin' && outcome === 'accepted';
    for (const lane of ['index', 'detail'] as const) {
      const [from, count] = record[lane];
      attempted({ thread, lane, from, count }, accepts, deliveries, place);
    }
  }
}

function attempted(named: Named, accepted: boolean, deliveries: DeliveryWatch, place: Place): void {
  exact(named, place);
  const { thread, lane, from, count } = named;
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

function exact({ thread, lane, from, count }: Named, place: Place): void {
  if (count - 1 <= Number.MAX_SAFE_INTEGER - from) return;
  throw new HistoryError({
    ...place,
    wrong: `${count} events from ${from} of thread ${thread} (${lane} lane) go beyond ${Number.MAX_SAFE_INTEGER}`,
    expected: 'sequences that are exact numbers',
    action: 'let each life of a thread count from a smaller sequence',
  });
}
