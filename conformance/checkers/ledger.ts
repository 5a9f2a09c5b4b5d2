/** The books: they balance, and they are true. */
import type { HistoryRecord, Lane, RecordOf } from '../../spec/index.js';
import { analyse, type LaneHistory } from './analysis.js';
import { MOST_FINDINGS, finding, type Finding } from './finding.js';
import { isRealStop } from './settled.js';

type Metrics = RecordOf<'metrics'>;
type Ledger = Metrics['index'];

/** Outcomes that a lane counts as rejected; the others mean that the thread had no lane any more. */
const COUNTED: ReadonlySet<string> = new Set(['LANE_FULL', 'DETAIL_FULL', 'TIMED_OUT']);

/** Records by which books move. Where lines have no order across threads, metrics that one of them follows were not taken at rest. */
export const MOVES: ReadonlySet<HistoryRecord['type']> = new Set(['emit', 'submit', 'batch']);

/** Metrics that were taken at rest: all of a stepped history; of a free one the last, if nothing moved after it. */
function restingMetrics(history: readonly HistoryRecord[]): { record: Metrics; at: number }[] {
  const resting: { record: Metrics; at: number }[] = [];
  const free = analyse(history).mode === 'free';
  history.forEach((record, at) => {
    if (free && (record.type === 'metrics' || MOVES.has(record.type))) resting.length = 0;
    if (record.type === 'metrics') resting.push({ record, at });
  });
  return resting;
}

/** The two identities, for each thread and in total. */
export function findImbalance(history: readonly HistoryRecord[]): Finding[] {
  return restingMetrics(history)
    .flatMap(({ record, at }) => imbalanceOf(record, at))
    .slice(0, MOST_FINDINGS);
}

/** The same for one record, which is taken to be told at rest. */
export function imbalanceOf(record: Metrics, at: number): Finding[] {
  const found: Finding[] = [];
  for (const lane of ['index', 'detail'] as const) {
    check(record[lane], `in total, ${lane} lane`, at, found);
    for (const thread of record.threads) check(thread[lane], `thread ${thread.thread}, ${lane} lane`, at, found);
  }
  return found;
}

function check(ledger: Ledger, where: string, at: number, found: Finding[]): void {
  const { attempted, accepted, rejected, delivered, pending, evicted, left } = ledger;
  if (attempted !== accepted + rejected) {
    const seen = `attempted ${attempted}, accepted ${accepted}, rejected ${rejected}`;
    found.push(
      finding('ledger', `${where}: the ledger does not balance: ${seen}`, 'attempted = accepted + rejected', seen, [
        at,
      ]),
    );
  }
  if (accepted !== delivered + pending + evicted + left) {
    const seen = `accepted ${accepted}, delivered ${delivered}, pending ${pending}, evicted ${evicted}, left ${left}`;
    found.push(
      finding(
        'ledger',
        `${where}: the ledger does not balance: ${seen}`,
        'accepted = delivered + pending + evicted + left',
        seen,
        [at],
      ),
    );
  }
}

/** What is known of a lane after a record. `untold`: attempts of which nobody knows whether they were accepted. */
interface Told {
  accepted: number;
  rejected: number;
  delivered: number;
  untold: number;
}

const nothing = (): Told => ({ accepted: 0, rejected: 0, delivered: 0, untold: 0 });

/** A lane's counts after each record that changed them, ascending. */
function courseOf(history: readonly HistoryRecord[], lane: LaneHistory): { record: number; told: Told }[] {
  const changes: { record: number; field: keyof Told; by: number }[] = [];
  for (const { count, record } of lane.accepted) changes.push({ record, field: 'accepted', by: count });
  for (const { count, record } of lane.unknown) changes.push({ record, field: 'untold', by: count });
  for (const { count, record, outcome } of lane.rejected) {
    // A group without a detail lane is counted in the lane that there is.
    const group = outcome === 'NO_DETAIL_LANE' && lane.lane === 'index' && history[record]!.type === 'submit';
    if (group || COUNTED.has(outcome)) changes.push({ record, field: 'rejected', by: count });
  }
  for (const { acknowledged, record } of lane.deliveries)
    changes.push({ record, field: 'delivered', by: acknowledged });
  changes.sort((a, b) => a.record - b.record);
  let told = nothing();
  return changes.map(({ record, field, by }) => {
    told = { ...told, [field]: told[field] + by };
    return { record, told };
  });
}

/** The counts just before record `end`. */
function toldBefore(course: readonly { record: number; told: Told }[], end: number): Told {
  let low = 0;
  let high = course.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (course[middle]!.record < end) low = middle + 1;
    else high = middle;
  }
  return course[low - 1]?.told ?? nothing();
}

/**
 * Accepted, rejected and delivered as the producers were told and the sink has acknowledged, at each metrics record (free: at
 * the last, when it was taken at rest). Not for several drains over one arena: what each of them counts is its own.
 */
export function findUntruth(history: readonly HistoryRecord[]): Finding[] {
  const { lanes, mode } = analyse(history);
  if (history.some((record) => 'drain' in record && record.drain > 0)) return [];
  const ordered = mode === 'stepped';
  const courses = lanes.map((lane) => ({ lane, course: courseOf(history, lane) }));
  const found: Finding[] = [];
  for (const { record, at } of restingMetrics(history)) {
    const claims = new Map(record.threads.map((one) => [one.thread, one]));
    const totals = { index: nothing(), detail: nothing() };
    for (const { lane, course } of courses) {
      const told = toldBefore(course, ordered ? at : Infinity);
      const total = totals[lane.lane];
      for (const field of ['accepted', 'rejected', 'delivered', 'untold'] as const) total[field] += told[field];
      const claimed = claims.get(lane.thread)?.[lane.lane];
      if (claimed !== undefined) compare(claimed, told, `thread ${lane.thread}, ${lane.lane} lane`, at, ordered, found);
    }
    for (const name of ['index', 'detail'] as const)
      compare(record[name], totals[name], `in total, ${name} lane`, at, ordered, found);
  }
  return found.slice(0, MOST_FINDINGS);
}

function compare(claimed: Ledger, told: Told, where: string, at: number, ordered: boolean, found: Finding[]): void {
  // retries of free producers are told in sum, whatever they were turned away for: only accepted and delivered are exact there
  for (const field of ordered
    ? (['accepted', 'rejected', 'delivered'] as const)
    : (['accepted', 'delivered'] as const)) {
    const most = told[field] + (field === 'delivered' ? 0 : told.untold);
    if (claimed[field] >= told[field] && claimed[field] <= most) continue;
    const truth = most === told[field] ? `${most}` : `${told[field]} to ${most}`;
    const message = `${where}: the ledger says ${field} ${claimed[field]}, and it was ${truth}`;
    found.push(finding('ledger-truth', message, `${field} ${truth}`, `${field} ${claimed[field]}`, [at]));
  }
}

/** What stop() says it left is what is left, and is in the ledger as left, from then on, until it is delivered after all. */
export function findLeftFaults(history: readonly HistoryRecord[]): Finding[] {
  const found: Finding[] = [];
  const free = analyse(history).mode === 'free';
  let stop: RecordOf<'stop'> | undefined;
  let since = { index: 0, detail: 0 };
  history.forEach((record, at) => {
    if (record.type === 'stop') {
      const real = isRealStop(record);
      if (real) found.push(...wrongLeft(history, record, at));
      // a call from inside the sink changes nothing of what an earlier stop left
      if (real || stop === undefined) [stop, since] = [record, { index: 0, detail: 0 }];
    } else if (record.type === 'batch') since[record.lane] += record.acknowledged;
    if (record.type !== 'metrics' || stop === undefined) return;
    const wanted: [Lane, number][] = [
      ['index', stop.leftIndex],
      ['detail', stop.leftDetail],
    ];
    for (const [lane, most] of wanted) {
      const left = Math.max(0, most - since[lane]);
      const told = record[lane].left;
      // free: the batches of these lines may have been delivered before the stop
      if (told === left || (free && told > left && told <= most)) continue;
      const message = `${lane} lane: stop() left ${most} events${left === most ? '' : `, ${most - left} of them were delivered since`}, and the ledger says ${told}`;
      found.push(finding('ledger-left', message, `left ${left}`, `left ${told}`, [at]));
    }
  });
  return found.slice(0, MOST_FINDINGS);
}

/**
 * What a stop says it left: nothing if it was complete; else of the index lanes what was accepted and not acknowledged
 * (stepped).
 */
function wrongLeft(history: readonly HistoryRecord[], stop: RecordOf<'stop'>, at: number): Finding[] {
  const { lanes, mode } = analyse(history);
  if (stop.complete) {
    const left = stop.leftIndex + stop.leftDetail;
    if (left === 0) return [];
    const message = `stop() says that it was complete, and that it left ${left} events`;
    return [finding('ledger-left', message, 'a complete stop leaves nothing', `left ${left}`, [at])];
  }
  if (mode === 'free') return [];
  const total = nothing();
  for (const lane of lanes.filter(({ lane: name }) => name === 'index')) {
    const told = toldBefore(courseOf(history, lane), at);
    for (const field of ['accepted', 'delivered', 'untold'] as const) total[field] += told[field];
  }
  const least = total.accepted - total.delivered;
  if (stop.leftIndex >= least && stop.leftIndex <= least + total.untold) return [];
  const message = `index lane: stop() says it left ${stop.leftIndex} events, and ${least} accepted ones are not delivered`;
  return [finding('ledger-left', message, `left ${least}`, `left ${stop.leftIndex}`, [at])];
}

/** All of the above. */
export function findLedgerFaults(history: readonly HistoryRecord[]): Finding[] {
  return [...findImbalance(history), ...findUntruth(history), ...findLeftFaults(history)].slice(0, MOST_FINDINGS);
}
