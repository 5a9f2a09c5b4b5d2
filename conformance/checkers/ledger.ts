/** The books: they balance, and they are true. */
import type { HistoryRecord, Lane, RecordOf } from '../../spec/index.js';
import { analyse, type LaneHistory } from './analysis.js';
import { MOST_FINDINGS } from './delivery.js';
import { finding, type Finding } from './finding.js';

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

interface Told {
  accepted: number;
  rejected: number;
  delivered: number;
}

function toldBefore(lane: LaneHistory, end: number, ordered: boolean): Told {
  const told: Told = { accepted: 0, rejected: 0, delivered: 0 };
  const until = ordered ? end : Infinity;
  for (const { count, record } of lane.accepted) if (record < until) told.accepted += count;
  for (const { count, record, outcome } of lane.rejected) {
    if (record < until && COUNTED.has(outcome)) told.rejected += count;
  }
  for (const { acknowledged, record } of lane.deliveries) if (record < until) told.delivered += acknowledged;
  return told;
}

/** Accepted, rejected and delivered as the producers were told and the sink has acknowledged, at each metrics record. */
export function findUntruth(history: readonly HistoryRecord[]): Finding[] {
  const { lanes, mode } = analyse(history);
  const found: Finding[] = [];
  const ordered = mode === 'stepped';
  history.forEach((record, at) => {
    if (record.type !== 'metrics') return;
    for (const name of ['index', 'detail'] as const) {
      const total: Told = { accepted: 0, rejected: 0, delivered: 0 };
      let exact = true;
      for (const lane of lanes.filter((one) => one.lane === name)) {
        const told = toldBefore(lane, at, ordered);
        exact &&= lane.unknown.length === 0;
        total.accepted += told.accepted;
        total.rejected += told.rejected;
        total.delivered += told.delivered;
        const claimed = record.threads.find(({ thread }) => thread === lane.thread);
        if (claimed !== undefined && exact)
          compare(claimed[name], told, `thread ${lane.thread}, ${name} lane`, at, ordered, found);
      }
      if (exact) compare(record[name], total, `in total, ${name} lane`, at, ordered, found);
    }
  });
  return found.slice(0, MOST_FINDINGS);
}

function compare(claimed: Ledger, told: Told, where: string, at: number, ordered: boolean, found: Finding[]): void {
  // retries of free producers are told in sum, whatever they were turned away for: only accepted and delivered are exact there
  for (const field of ordered
    ? (['accepted', 'rejected', 'delivered'] as const)
    : (['accepted', 'delivered'] as const)) {
    if (claimed[field] === told[field]) continue;
    const message = `${where}: the ledger says ${field} ${claimed[field]}, and it was ${told[field]}`;
    found.push(finding('ledger-truth', message, `${field} ${told[field]}`, `${field} ${claimed[field]}`, [at]));
  }
}

/** What stop() says it left is in the ledger as left, from then on. */
export function findLeftFaults(history: readonly HistoryRecord[]): Finding[] {
  const found: Finding[] = [];
  let stop: RecordOf<'stop'> | undefined;
  history.forEach((record, at) => {
    if (record.type === 'stop') stop = record;
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
  return found;
}

/** All of the above. */
export function findLedgerFaults(history: readonly HistoryRecord[]): Finding[] {
  return [...findImbalance(history), ...findUntruth(history), ...findLeftFaults(history)].slice(0, MOST_FINDINGS);
}
