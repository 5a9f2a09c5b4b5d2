/** What threads are owed, as the records of a stepped history pass by. */
import type { HistoryRecord, RecordOf } from '../../spec/index.js';

export class Dues {
  /** Index events by thread: accepted and not taken by the sink. */
  readonly #owed = new Map<number, number>();
  /** Their last batch was not taken whole: the drain may be backing off, and turn for nothing. */
  readonly #refused = new Set<number>();
  readonly #changed: (thread: number, owed: number) => void;

  constructor(changed: (thread: number, owed: number) => void) {
    this.#changed = changed;
  }

  observe(record: HistoryRecord): void {
    if (record.type === 'emit') {
      if (record.lane === 'index' && record.outcome === 'accepted') this.#add(record.thread, record.count);
    } else if (record.type === 'submit') {
      if (record.phase !== 'begin' && record.outcome === 'accepted') this.#add(record.thread, record.index[1]);
    } else if (record.type === 'batch') this.#deliver(record);
  }

  /** Index events that the sink has not taken. */
  of(thread: number): number {
    return this.#owed.get(thread) ?? 0;
  }

  /** The sink did not take its last batch whole: its slot may be taken still, though the drain turns for nothing. */
  waits(thread: number): boolean {
    return this.#refused.has(thread);
  }

  #add(thread: number, count: number): void {
    const owed = this.of(thread) + count;
    this.#owed.set(thread, owed);
    this.#changed(thread, owed);
  }

  #deliver({ thread, lane, count, runs, acknowledged }: RecordOf<'batch'>): void {
    if (acknowledged < count) this.#refused.add(thread);
    else this.#refused.delete(thread);
    if (lane !== 'index') return;
    let left = acknowledged;
    for (const run of runs) {
      if ('torn' in run) left -= 1;
      else {
        this.#add(run.thread ?? thread, -Math.max(0, Math.min(run.count, left)));
        left -= run.count;
      }
    }
  }
}
