/** The books: they balance, and they are true. */
import type { HistoryRecord, Lane, RecordOf } from '../../spec/index.js';
import { analyse, type LaneHistory } from './analysis.js';
import { MOST_FINDINGS, finding, type Finding } from './finding.js';
import { isRealStop } from './settled.js';

type Metrics = RecordOf<'metrics'>;
type Ledger = Metrics['index'];

/** Outcomes that a lane counts as rejected; the others mean that the thread had no lane any more. */
const COUNTED: ReadonlySet<string> = new Set(['LANE_FULL', 'DETAIL_FULL', 'TIMED_OUT']);

/** The two identities, for each thread and in total. */
export function findImbalance(history: readonly HistoryRecord[]): Finding[] {
  const found: Finding[] = [];
  history.forEach((record, at) => {
    if (record.type !== 'metrics') return;
    for (const lane of ['index', 'detail'] as const) {
      check(record[lane], `in total, ${lane} lane`, at, found);
      for (const thread of record.threads) check(thread[lane], `thread ${thread.thread}, ${lane} lane`, at, found);
    }
  });
  return found.slice(0, MOST_FINDINGS);
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
 * the end). Not for several drains over one arena: what each of them counts is its own.
 */
export function findUntruth(history: readonly HistoryRecord[]): Finding[] {
  const { lanes, mode } = analyse(history);
  if (history.some((record) => 'drain' in record && record.drain > 0)) return [];
  const ordered = mode === 'stepped';
  const courses = lanes.map((lane) => ({ lane, course: courseOf(history, lane) }));
  const found: Finding[] = [];
  history.forEach((record, at) => {
    if (record.type !== 'metrics') return;
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
  });
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

/** What stop() says it left is what is left, and is in the ledger as left, from then on. */
export function findLeftFaults(history: readonly HistoryRecord[]): Finding[] {
  const found: Finding[] = [];
  let stop: RecordOf<'stop'> | undefined;
  history.forEach((record, at) => {
    if (record.type === 'stop') {
      stop = record;
      if (isRealStop(record)) found.push(...wrongLeft(history, record, at));
    }
    if (record.type !== 'metrics' || stop === undefined) return;
    const wanted: [Lane, number][] = [
      ['index', stop.leftIndex],
      ['detail', stop.leftDetail],
    ];
    for (const [lane, left] of wanted) {
      if (record[lane].left === left) continue;
      const message = `${lane} lane: stop() left ${left} events, and the ledger says ${record[lane].left}`;
      found.push(finding('ledger-left', message, `left ${left}`, `left ${record[lane].left}`, [at]));
    }
  });
  return found.slice(0, MOST_FINDINGS);
}

/** What an incomplete stop says it left of the index lanes, against what was accepted and not acknowledged (stepped). */
function wrongLeft(history: readonly HistoryRecord[], stop: RecordOf<'stop'>, at: number): Finding[] {
  const { lanes, mode } = analyse(history);
  if (mode === 'free' || stop.complete) return [];
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
