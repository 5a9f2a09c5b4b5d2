/** Threads that may have kept credit: their queue was held since their last visit, or the sink left some of it. */
import type { HistoryRecord } from '../../spec/index.js';
import { Holds } from './holds.js';
import { visitsOf } from './visits.js';

export class Carrying {
  readonly #history: readonly HistoryRecord[];
  /** Last records of visits, with whom they were to. */
  readonly #visits: ReadonlyMap<number, number>;
  readonly #held = new Holds();
  readonly #carrying = new Set<number>();
  #next = 0;

  constructor(history: readonly HistoryRecord[]) {
    this.#history = history;
    this.#visits = new Map(visitsOf(history).map(({ thread, records }) => [records.at(-1)!, thread]));
  }

  /** Who may have credit after this record. Asked in the order of the records. */
  at(record: number): ReadonlySet<number> {
    for (; this.#next <= record && this.#next < this.#history.length; this.#next += 1) this.#observe(this.#next);
    return this.#carrying;
  }

  #observe(at: number): void {
    const record = this.#history[at]!;
    const visited = this.#visits.get(at);
    if (visited !== undefined && !this.#held.has(visited)) this.#carrying.delete(visited);
    if (record.type === 'batch' && record.acknowledged < record.count) this.#carrying.add(record.thread);
    const taken = this.#held.observe(record);
    if (taken !== undefined) this.#carrying.add(taken);
  }
}
