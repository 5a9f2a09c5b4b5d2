/** Room in the index lanes: what an emit must be told, from what was accepted and acknowledged before it (stepped). */
import type { HistoryRecord } from '../../spec/index.js';
import { analyse } from './analysis.js';
import { MOST_FINDINGS, finding, type Finding } from './finding.js';

/** One index lane at one moment, as its producer and the sink know it. */
interface Lane {
  /** Accepted and not acknowledged. */
  pending: number;
  /** Accepted since the lane was last empty between two turns of the drain. */
  sinceEmpty: number;
  /** The batch that was acknowledged last. */
  drainedBy: number;
}

/** Looks at every run of index events that were attempted, by emits and groups, with the lane as it was before. */
function walk(
  history: readonly HistoryRecord[],
  look: (emit: { thread: number; from: number; count: number; outcome: string; at: number }, lane: Lane) => void,
): void {
  const lanes = new Map<number, Lane>();
  const laneOf = (thread: number): Lane => {
    let lane = lanes.get(thread);
    if (lane === undefined) lanes.set(thread, (lane = { pending: 0, sinceEmpty: 0, drainedBy: 0 }));
    return lane;
  };
  history.forEach((record, at) => {
    if (record.type === 'batch' && record.lane === 'index') {
      const lane = laneOf(record.thread);
      lane.pending -= record.acknowledged;
      lane.drainedBy = at;
    } else if (record.type === 'iteration' || record.type === 'visit') {
      for (const lane of lanes.values()) if (lane.pending === 0) lane.sinceEmpty = 0;
    } else if (record.type === 'emit' && record.lane === 'index') {
      const { thread, from, count, outcome } = record;
      const lane = laneOf(thread);
      look({ thread, from, count, outcome, at }, lane);
      if (outcome === 'accepted') accept(lane, count);
    } else if (record.type === 'submit' && record.phase !== 'begin' && record.outcome === 'accepted') {
      const { thread, outcome } = record;
      const [from, count] = record.index;
      const lane = laneOf(thread);
      look({ thread, from, count, outcome, at }, lane);
      accept(lane, count);
    }
  });
}

function accept(lane: Lane, count: number): void {
  lane.pending += count;
  lane.sinceEmpty += count;
}

/** Events that were accepted although the lane held its whole capacity of events that the sink had not acknowledged. */
export function findOverfull(history: readonly HistoryRecord[]): Finding[] {
  const capacity = analyse(history).config('indexCapacity', 1024);
  const found: Finding[] = [];
  walk(history, ({ thread, from, count, outcome, at }, { pending, drainedBy }) => {
    if (outcome !== 'accepted' || pending + count <= capacity) return;
    const first = from + Math.max(0, capacity - pending);
    const message = `thread ${thread}, index lane: event ${first} was accepted into the lane of ${capacity} while ${capacity} events in it were not acknowledged`;
    found.push(finding('overfull', message, `LANE_FULL for event ${first}`, 'accepted', [drainedBy, at]));
  });
  return found.slice(0, MOST_FINDINGS);
}

/**
 * Events that were refused with LANE_FULL although there was room: at least `slack` records of the lane were
 * acknowledged (or never written). Without `slack`: the lane had been drained empty, and since then had taken less than its capacity.
 */
export function findWrongRefusals(history: readonly HistoryRecord[], slack?: number): Finding[] {
  const capacity = analyse(history).config('indexCapacity', 1024);
  const found: Finding[] = [];
  walk(history, ({ thread, from, count, outcome, at }, { pending, sinceEmpty, drainedBy }) => {
    if (outcome !== 'LANE_FULL' || count === 0) return;
    const held = slack === undefined ? sinceEmpty : pending;
    if (capacity - held < (slack ?? 1)) return;
    const message = `thread ${thread}, index lane: event ${from} was refused with LANE_FULL although the lane of ${capacity} held ${pending} events`;
    found.push(finding('refused', message, `event ${from} accepted`, 'LANE_FULL', [drainedBy, at]));
  });
  return found.slice(0, MOST_FINDINGS);
}
