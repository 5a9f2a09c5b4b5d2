/** Policy, limits, weights and classes that turns go by: as the history begins, and as its records change them. */
import {
  DEFAULT_CONFIG,
  DEFAULT_PRIORITY,
  DEFAULT_WEIGHT,
  type HistoryRecord,
  type RecordOf,
} from '../../spec/index.js';
import { analyse } from './analysis.js';
import { innerIterations, isRealStop } from './settled.js';
import { visitsOf } from './visit-history.js';

export type Change = RecordOf<'weight'> | RecordOf<'priority'> | RecordOf<'configure'>;

const known = new WeakMap<readonly HistoryRecord[], ReadonlyMap<number, readonly Change[]>>();

/**
 * Changes that were accepted, by the record after which turns of the first drain go by them: what came from inside its sink,
 * after the visit (weights, classes) or the iteration (configure) that was under way.
 */
export function changesOf(history: readonly HistoryRecord[]): ReadonlyMap<number, readonly Change[]> {
  let changes = known.get(history);
  if (changes === undefined) known.set(history, (changes = collect(history)));
  return changes;
}

const isChange = (record: HistoryRecord): record is Change =>
  (record.type === 'weight' || record.type === 'priority' || (record.type === 'configure' && record.drain === 0)) &&
  record.outcome === 'accepted';

function collect(history: readonly HistoryRecord[]): ReadonlyMap<number, readonly Change[]> {
  const changes = new Map<number, Change[]>();
  const put = (at: number, change: Change): void => void changes.set(at, [...(changes.get(at) ?? []), change]);
  const inner = innerIterations(history);
  const endsTurn = (record: HistoryRecord, at: number): boolean =>
    (record.type === 'iteration' && record.drain === 0 && !inner.has(at)) ||
    (record.type === 'visit' && record.drain === 0) ||
    (record.type === 'stop' && record.drain === 0 && isRealStop(record));
  const inside = nestedRecords(history);
  const ends = new Map(visitsOf(history).flatMap(({ records }) => records.map((batch) => [batch, records.at(-1)!])));
  history.forEach((record, at) => {
    if (!isChange(record)) return;
    const batch = inside.get(at);
    if (batch === undefined) put(at, record);
    else if (record.type !== 'configure') put(ends.get(batch) ?? batch, record);
    else {
      const end = history.findIndex((one, later) => later > batch && endsTurn(one, later));
      if (end >= 0) put(end, record);
    }
  });
  return changes;
}

/** Records that were written while the first drain's sink was at work, with the batch that it was at work on. */
export function nestedRecords(history: readonly HistoryRecord[]): ReadonlyMap<number, number> {
  const inside = new Map<number, number>();
  history.forEach((record, at) => {
    if (record.type !== 'batch' || record.drain !== 0) return;
    for (let one = Math.max(0, at - (record.nested ?? 0)); one < at; one += 1) inside.set(one, at);
  });
  return inside;
}

/** What is in force; `apply` what walk() tells. */
export class Regime {
  readonly #config: Record<string, number | string>;
  readonly #weights = new Map<number, number>();
  readonly #classes = new Map<number, number>();

  constructor(history: readonly HistoryRecord[]) {
    const { header, registrations } = analyse(history);
    this.#config = { ...header?.config };
    for (const { thread, weight } of registrations.values()) this.#weights.set(thread, weight);
    for (const record of history)
      if (record.type === 'register' && record.priority !== undefined)
        this.#classes.set(record.thread, record.priority);
  }

  get policy(): string {
    return String(this.#config['policy'] ?? DEFAULT_CONFIG.policy);
  }

  /** The largest that a turn may add, per share. */
  get quantum(): number {
    return this.number(this.policy === 'adaptive' ? 'quantumMax' : 'quantum');
  }

  get maxSkips(): number {
    return this.number('maxSkips');
  }

  number(name: keyof typeof DEFAULT_CONFIG): number {
    const value = this.#config[name] ?? DEFAULT_CONFIG[name];
    return typeof value === 'number' ? value : 0;
  }

  weight(thread: number): number {
    return this.#weights.get(thread) ?? DEFAULT_WEIGHT;
  }

  /** What the policy makes of the weight. */
  share(thread: number): number {
    return this.policy === 'weighted-fair' ? this.weight(thread) : 1;
  }

  /** The thread's own class. */
  priority(thread: number): number {
    return this.#classes.get(thread) ?? DEFAULT_PRIORITY;
  }

  apply(change: Change): void {
    if (change.type === 'weight') this.#weights.set(change.thread, change.weight);
    else if (change.type === 'priority') this.#classes.set(change.thread, change.priority);
    else Object.assign(this.#config, change.changes);
  }
}
