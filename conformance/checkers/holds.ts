/** Whose queue is held, as their producers and the callers of the drain were told. */
import type { HistoryRecord } from '../../spec/index.js';

export class Holds {
  /** By a group that is not committed yet; a proved death ends it. */
  readonly #byProducer = new Set<number>();
  /** By hand, with tryAcquireDrain(): only releaseDrain() ends it. */
  readonly #byDrain = new Set<number>();

  has(thread: number): boolean {
    return this.#byProducer.has(thread) || this.#byDrain.has(thread);
  }

  all(): Set<number> {
    return new Set([...this.#byProducer, ...this.#byDrain]);
  }

  /** @returns the thread whose queue is held from this record on */
  observe(record: HistoryRecord): number | undefined {
    switch (record.type) {
      case 'submit':
        if (record.phase === 'begin' && record.outcome === 'accepted') return hold(this.#byProducer, record.thread);
        if (record.phase === 'commit' && record.outcome !== 'NOT_HOLDING') this.#byProducer.delete(record.thread);
        return undefined;
      case 'kill':
        // it died inside a call: nobody knows whether it had the queue
        return record.during === 'submit' ? hold(this.#byProducer, record.thread) : undefined;
      case 'acquire':
        return record.acquired ? hold(this.#byDrain, record.thread) : undefined;
      case 'release':
        if (record.outcome === 'accepted') this.#byDrain.delete(record.thread);
        return undefined;
      case 'dead':
        if (record.outcome === 'accepted') this.#byProducer.delete(record.thread);
        return undefined;
      default:
        return undefined;
    }
  }
}

function hold(holders: Set<number>, thread: number): number {
  holders.add(thread);
  return thread;
}
