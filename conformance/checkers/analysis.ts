/** A history, indexed by thread and lane. Made once for each history, however many checkers ask. */
import type { HistoryRecord, Lane, RecordOf } from '../../spec/index.js';
import type { Run } from './runs.js';

/** A run of attempts with one outcome. */
export interface Attempt extends Run {
  readonly outcome: string;
  /** Index of the record that tells the outcome. */
  readonly record: number;
}

/** A run that was handed to the sink under the identity that its bytes give. */
export interface Delivery extends Run {
  readonly record: number;
  /** How many of the run the sink took, from its front. */
  readonly acknowledged: number;
  readonly join?: number;
}

export interface LaneHistory {
  readonly thread: number;
  readonly lane: Lane;
  readonly accepted: Attempt[];
  /** The thread died before it could tell. */
  readonly unknown: Attempt[];
  readonly rejected: Attempt[];
  /** Staged by a `begin`; accepted only if a commit says so. */
  readonly staged: Attempt[];
  readonly deliveries: Delivery[];
}

export interface Registration {
  readonly thread: number;
  readonly slot: number | undefined;
  readonly generation: number | undefined;
  readonly weight: number;
  readonly record: number;
}

export interface Analysis {
  readonly header: RecordOf<'history'> | undefined;
  readonly mode: 'stepped' | 'free';
  readonly lanes: readonly LaneHistory[];
  readonly registrations: ReadonlyMap<number, Registration>;
  lane(thread: number, lane: Lane): LaneHistory;
  /** A number of the configuration, or what to take without it. */
  config(name: string, otherwise: number): number;
}

const known = new WeakMap<readonly HistoryRecord[], Analysis>();

export function analyse(history: readonly HistoryRecord[]): Analysis {
  let analysis = known.get(history);
  if (analysis === undefined) {
    analysis = make(history);
    known.set(history, analysis);
  }
  return analysis;
}

function make(history: readonly HistoryRecord[]): Analysis {
  const lanes = new Map<string, LaneHistory>();
  const registrations = new Map<number, Registration>();
  const laneOf = (thread: number, lane: Lane): LaneHistory => {
    const key = `${thread} ${lane}`;
    let found = lanes.get(key);
    if (found === undefined) {
      found = { thread, lane, accepted: [], unknown: [], rejected: [], staged: [], deliveries: [] };
      lanes.set(key, found);
    }
    return found;
  };
  const attempt = (thread: number, lane: Lane, from: number, count: number, outcome: string, record: number): void => {
    if (count === 0) return;
    const at = laneOf(thread, lane);
    const list = outcome === 'accepted' ? at.accepted : outcome === 'unknown' ? at.unknown : at.rejected;
    list.push({ from, count, outcome, record });
  };
  history.forEach((record, at) => {
    switch (record.type) {
      case 'register':
        if (record.outcome === 'accepted') {
          const { thread, slot, generation, weight } = record;
          registrations.set(thread, { thread, slot, generation, weight, record: at });
        }
        break;
      case 'emit':
        attempt(record.thread, record.lane, record.from, record.count, record.outcome, at);
        break;
      case 'submit':
        for (const [lane, [from, count]] of [
          ['index', record.index],
          ['detail', record.detail],
        ] as const) {
          if (record.phase === 'begin' && record.outcome === 'accepted') {
            if (count > 0) laneOf(record.thread, lane).staged.push({ from, count, outcome: 'staged', record: at });
          } else attempt(record.thread, lane, from, count, record.outcome, at);
        }
        break;
      case 'batch':
        addDeliveries(record, at, laneOf);
        break;
      default:
    }
  });
  const header = history.find((record) => record.type === 'history');
  return {
    header,
    mode: header?.mode ?? 'stepped',
    lanes: [...lanes.values()],
    registrations,
    lane: laneOf,
    config: (name, otherwise) => {
      const value = header?.config[name];
      return typeof value === 'number' ? value : otherwise;
    },
  };
}

function addDeliveries(
  batch: RecordOf<'batch'>,
  record: number,
  laneOf: (thread: number, lane: Lane) => LaneHistory,
): void {
  let before = 0;
  for (const run of batch.runs) {
    if ('torn' in run) {
      before += 1;
      continue;
    }
    const { from, count, join } = run;
    if (count === 0) continue;
    const acknowledged = Math.max(0, Math.min(count, batch.acknowledged - before));
    const delivery = { from, count, record, acknowledged };
    laneOf(run.thread ?? batch.thread, batch.lane).deliveries.push(
      join === undefined ? delivery : { ...delivery, join },
    );
    before += count;
  }
}
