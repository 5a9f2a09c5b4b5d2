/** Accepted means delivered: once, in order, and nothing else. */
import type { HistoryRecord, Lane } from '../../spec/index.js';
import { analyse, type Attempt, type LaneHistory } from './analysis.js';
import { finding, type Finding } from './finding.js';
import { RunSet, describeRun, type Run } from './runs.js';

/** Findings of one rule in one history; the first ones say what there is to say. */
export const MOST_FINDINGS = 20;

export const nameOf = ({ thread, lane }: LaneHistory): string => `thread ${thread}, ${lane} lane`;

/** Everything of a lane that the sink took. */
export function acknowledgedOf(lane: LaneHistory): RunSet {
  const set = new RunSet();
  for (const { from, acknowledged } of lane.deliveries) set.add(from, acknowledged);
  return set;
}

function setOf(attempts: readonly Attempt[]): RunSet {
  const set = new RunSet();
  for (const { from, count } of attempts) set.add(from, count);
  return set;
}

/** What the last stop() says it left, if it gave up: so much of each lane may be missing at the end. */
export function leftAtEnd(history: readonly HistoryRecord[]): Readonly<Record<Lane, number>> {
  const stop = history.findLast((record) => record.type === 'stop');
  if (stop === undefined || stop.complete) return { index: 0, detail: 0 };
  return { index: stop.leftIndex, detail: stop.leftDetail };
}

/** Accepted events that the sink never took. For histories that end settled, or with a stop() that tells what it left. */
export function findLoss(
  history: readonly HistoryRecord[],
  { lanes = ['index'] }: { lanes?: readonly Lane[] } = {},
): Finding[] {
  const found: Finding[] = [];
  const left = leftAtEnd(history);
  const missing = { index: 0, detail: 0 };
  const sets = new Map<LaneHistory, RunSet>();
  for (const lane of analyse(history).lanes) {
    const taken = acknowledgedOf(lane);
    sets.set(lane, taken);
    for (const { from, count } of lane.accepted) missing[lane.lane] += taken.absent(from, count);
  }
  for (const [lane, taken] of sets) {
    if (!lanes.includes(lane.lane) || missing[lane.lane] <= left[lane.lane]) continue;
    for (const { from, count, record } of lane.accepted) {
      const lost = taken.missing(from, count);
      if (lost === undefined) continue;
      const message = `${nameOf(lane)}: event ${describeRun(lost)} was accepted and never delivered`;
      found.push(
        finding('loss', message, `event ${describeRun(lost)} acknowledged by the sink`, 'not delivered', [
          record,
          history.length - 1,
        ]),
      );
      break;
    }
  }
  return found.slice(0, MOST_FINDINGS);
}

/** Events that the sink took and was handed again. */
export function findDuplicates(history: readonly HistoryRecord[]): Finding[] {
  const found: Finding[] = [];
  for (const lane of analyse(history).lanes) {
    const taken = new RunSet();
    for (const { from, count, acknowledged, record } of lane.deliveries) {
      const again = taken.common(from, count);
      if (again !== undefined) {
        const before = earlier(lane, again, record);
        const message = `${nameOf(lane)}: event ${describeRun(again)} was delivered twice`;
        found.push(
          finding(
            'duplicate',
            message,
            'each acknowledged event handed over once',
            `event ${describeRun(again)} again`,
            [before, record],
          ),
        );
        break;
      }
      taken.add(from, acknowledged);
    }
  }
  return found.slice(0, MOST_FINDINGS);
}

function earlier(lane: LaneHistory, run: Run, record: number): number {
  const before = lane.deliveries.find(({ from, acknowledged }) => from <= run.from && run.from < from + acknowledged);
  return before?.record ?? record;
}

/** Events out of their order; and batches offered again from another record than the first that was not taken. */
export function findDisorder(history: readonly HistoryRecord[]): Finding[] {
  const found: Finding[] = [];
  for (const lane of analyse(history).lanes) {
    const fault = laneDisorder(lane);
    if (fault !== undefined) found.push(fault);
  }
  return found.slice(0, MOST_FINDINGS);
}

function laneDisorder(lane: LaneHistory): Finding | undefined {
  let taken = -1; // the highest acknowledged sequence
  let offered: { next: number; record: number } | undefined; // what the sink did not take
  let previous: { to: number; record: number } | undefined; // the run before, in the same batch
  for (const { from, count, acknowledged, record } of lane.deliveries) {
    const within = previous?.record === record ? previous : undefined;
    if (within !== undefined && from < within.to) {
      const message = `${nameOf(lane)}: event ${from} stands after event ${within.to - 1} in one batch`;
      return finding('order', message, 'events in the order they were accepted', `${within.to - 1}, then ${from}`, [
        record,
      ]);
    }
    if (within === undefined && offered !== undefined && from !== offered.next) {
      const message = `${nameOf(lane)}: event ${offered.next} was not taken by the sink, and event ${from} was offered next`;
      return finding('order', message, `event ${offered.next} offered again first`, `event ${from}`, [
        offered.record,
        record,
      ]);
    }
    if (from <= taken) {
      const message = `${nameOf(lane)}: event ${from} was delivered after event ${taken}`;
      return finding('order', message, 'events in the order they were accepted', `${taken}, then ${from}`, [record]);
    }
    if (acknowledged > 0) taken = from + acknowledged - 1;
    if (acknowledged < count) {
      if (within === undefined || offered === undefined || offered.record !== record)
        offered = { next: from + acknowledged, record };
    } else if (offered?.record !== record) offered = undefined;
    previous = { to: from + count, record };
  }
  return undefined;
}

/** Deliveries of what was never accepted: rejected, uncommitted, never attempted, or (stepped) not yet. */
export function findPhantoms(history: readonly HistoryRecord[]): Finding[] {
  const analysis = analyse(history);
  const found: Finding[] = [];
  for (const lane of analysis.lanes) {
    const fault = lanePhantom(lane, analysis.mode === 'stepped');
    if (fault !== undefined) found.push(fault);
  }
  return found.slice(0, MOST_FINDINGS);
}

function lanePhantom(lane: LaneHistory, ordered: boolean): Finding | undefined {
  const allowed = [...lane.accepted, ...lane.unknown].sort((a, b) => a.record - b.record);
  const sound = ordered ? new RunSet() : setOf(allowed);
  let next = 0;
  for (const { from, count, record } of lane.deliveries) {
    for (; ordered && next < allowed.length && allowed[next]!.record < record; next += 1)
      sound.add(allowed[next]!.from, allowed[next]!.count);
    const phantom = sound.missing(from, count);
    if (phantom !== undefined) return phantomFinding(lane, phantom, record);
  }
  return undefined;
}

function phantomFinding(lane: LaneHistory, phantom: Run, record: number): Finding {
  const covers = ({ from, count }: Attempt): boolean => from <= phantom.from && phantom.from < from + count;
  const rejected = lane.rejected.find(covers);
  const staged = lane.staged.find(covers);
  const later = lane.accepted.find(covers);
  const why =
    later !== undefined
      ? ['before it was accepted', later.record]
      : rejected !== undefined
        ? [`though it was rejected with ${rejected.outcome}`, rejected.record]
        : staged !== undefined
          ? ['though its group was never committed', staged.record]
          : ['though nobody emitted it', record];
  const message = `${nameOf(lane)}: event ${phantom.from} was delivered ${why[0]}`;
  return finding('phantom', message, 'only accepted events delivered', `event ${phantom.from}`, [
    why[1] as number,
    record,
  ]);
}
