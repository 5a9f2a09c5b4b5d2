/** Service of backlogged threads beside each other: FAIR-LAG over intervals of full visits, nobody held or failing. */
import { violated } from './violation.js';
import type { Thread } from './world.js';

interface Pair {
  now: number;
  low: number;
  high: number;
}

export class Lag {
  readonly #pairs = new Map<string, Pair>();

  /** Forgets what was counted of a thread, or of all. */
  forget(thread?: Thread): void {
    for (const key of this.#pairs.keys())
      if (thread === undefined || key.split(':').includes(String(thread.id))) this.#pairs.delete(key);
  }

  /** A full visit; `others` are backlogged too. */
  visited(thread: Thread, served: number, others: readonly Thread[], quantum: number, at: number): void {
    for (const other of others) {
      const [lower, higher] = thread.id < other.id ? [thread, other] : [other, thread];
      const key = `${lower.id}:${higher.id}`;
      const pair = this.#pairs.get(key) ?? { now: 0, low: 0, high: 0 };
      this.#pairs.set(key, pair);
      pair.now += thread === lower ? served : -served;
      pair.low = Math.min(pair.low, pair.now);
      pair.high = Math.max(pair.high, pair.now);
      const lag = pair.high - pair.low;
      if (lag > quantum)
        violated(
          'FAIR-LAG',
          `between threads ${lower.id} and ${higher.id}, both backlogged, service per weight differs by ${lag} events`,
          `at most ${quantum}`,
          lag,
          at,
        );
    }
  }
}
