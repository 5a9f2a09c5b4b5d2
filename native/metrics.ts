/** The addon's numbers as DrainMetrics; the order is that of native/bridge/drain_bridge.cpp. */
import type { DrainMetrics, FairnessMetrics, LaneLedger, ThreadMetrics } from '../spec/contract.js';

/** Reads numbers one after another. */
export class Reader {
  readonly #numbers: Float64Array;
  #at = 0;

  constructor(numbers: Float64Array) {
    this.#numbers = numbers;
  }

  get done(): boolean {
    return this.#at >= this.#numbers.length;
  }

  next(): number {
    this.#at += 1;
    return this.#numbers[this.#at - 1]!;
  }

  /** `count` items, the count being the next number. */
  list<T>(item: () => T): T[] {
    const items: T[] = [];
    for (let left = this.next(); left > 0; left -= 1) items.push(item());
    return items;
  }
}

function ledger(numbers: Reader): LaneLedger {
  return {
    attempted: numbers.next(),
    accepted: numbers.next(),
    rejected: numbers.next(),
    delivered: numbers.next(),
    pending: numbers.next(),
    evicted: numbers.next(),
    left: numbers.next(),
  };
}

function thread(numbers: Reader): ThreadMetrics {
  const [threadId, slot, generation, weight] = [numbers.next(), numbers.next(), numbers.next(), numbers.next()];
  const [visits, skips, credit, longestWait] = [numbers.next(), numbers.next(), numbers.next(), numbers.next()];
  const [priority, share] = [numbers.next(), numbers.next()];
  const [index, detail] = [ledger(numbers), ledger(numbers)];
  return { threadId, slot, generation, weight, index, detail, visits, skips, credit, longestWait, priority, share };
}

function fairnessOf(numbers: Reader): FairnessMetrics {
  return {
    windows: numbers.next(),
    delivered: numbers.next(),
    jain: numbers.next(),
    minShare: numbers.next(),
    serviceLag: numbers.next(),
    longestWait: numbers.next(),
    quantum: numbers.next(),
    batch: numbers.next(),
  };
}

/** Decodes what the addon's `metrics` returns. */
export function decodeMetrics(encoded: Float64Array): DrainMetrics {
  const numbers = new Reader(encoded);
  const head = {
    iterations: numbers.next(),
    visits: numbers.next(),
    skips: numbers.next(),
    batches: numbers.next(),
    sinkFailures: numbers.next(),
    registered: numbers.next(),
    reclaimed: numbers.next(),
    wakeups: numbers.next(),
    iterationNs: numbers.next(),
    longestIterationNs: numbers.next(),
    jain: numbers.next(),
  };
  const threads = numbers.next();
  const index = ledger(numbers);
  const detail = ledger(numbers);
  const fairness = fairnessOf(numbers);
  return { ...head, fairness, index, detail, threads: Array.from({ length: threads }, () => thread(numbers)) };
}
