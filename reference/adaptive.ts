/**
 * Quantum and batch of the policy `adaptive`: small while little comes, so that nobody waits for long; large under load,
 * so that a visit is worth its cost; batches as large as the sink writes them in good time.
 *
 * What makes the quantum grow (visits find more than it on average) and what makes it shrink (they find less than a quarter) lie
 * so far apart that neither a doubling nor a halving makes the other one true: under a steady load it settles.
 */
import { ADAPT_AFTER, type SchedulingConfig } from '../spec/config.js';

/** What one iteration saw. Times in ns. */
export interface IterationLoad {
  /** Full visits. */
  readonly visits: number;
  /** Records that were deliverable in their snapshots. */
  readonly pending: number;
  readonly tookNs: number;
  /** Inside `sink.write`, and how many records it acknowledged. */
  readonly writeNs: number;
  readonly acknowledged: number;
}

type Ask = 'grow' | 'shrink' | 'stay';

/** A size that doubles or halves when it was asked to often enough in a row. */
class Size {
  value: number;
  readonly #least: number;
  readonly #most: number;
  readonly #after: Readonly<Record<'grow' | 'shrink', number>>;
  #asked: Ask = 'stay';
  #times = 0;

  constructor(value: number, least: number, most: number, after: Readonly<Record<'grow' | 'shrink', number>>) {
    this.#least = least;
    this.#most = most;
    this.#after = after;
    this.value = this.within(value);
  }

  within(value: number): number {
    return Math.min(Math.max(value, this.#least), this.#most);
  }

  ask(what: Ask): void {
    this.#times = what === this.#asked ? this.#times + 1 : 1;
    this.#asked = what;
    if (what === 'stay' || this.#times < this.#after[what]) return;
    this.value = this.within(what === 'grow' ? this.value * 2 : Math.floor(this.value / 2));
    this.#times = 0;
  }
}

export class AdaptiveSizes {
  readonly #config: SchedulingConfig;
  readonly #quantum: Size;
  readonly #batch: Size;

  constructor(config: SchedulingConfig) {
    const { quantum, quantumMin, quantumMax, batchMin, batchMax } = config;
    const { growQuantum, shrinkQuantum, growBatch, shrinkBatch } = ADAPT_AFTER;
    this.#config = config;
    this.#quantum = new Size(quantum, quantumMin, quantumMax, { grow: growQuantum, shrink: shrinkQuantum });
    this.#batch = new Size(this.#quantum.value, batchMin, batchMax, { grow: growBatch, shrink: shrinkBatch });
  }

  /** Events a visit may take per unit of weight. */
  get quantum(): number {
    return this.#quantum.value;
  }

  /** Records of one batch at most. */
  get batch(): number {
    return this.#batch.value;
  }

  /** Learns from an iteration; one without visits teaches nothing. */
  observe({ visits, pending, tookNs, writeNs, acknowledged }: IterationLoad): void {
    if (visits === 0) return;
    const { targetIterationNs, targetWriteNs, batchMax } = this.#config;
    const { quantum, batch } = this;
    if (pending > quantum * visits && 2 * tookNs <= targetIterationNs) this.#quantum.ask('grow');
    else if (tookNs > targetIterationNs || 4 * pending < quantum * visits) this.#quantum.ask('shrink');
    else this.#quantum.ask('stay');
    if (acknowledged === 0) return;
    const want = this.#batch.within(writeNs === 0 ? batchMax : Math.floor((acknowledged * targetWriteNs) / writeNs));
    if (want >= 2 * batch) this.#batch.ask('grow');
    else this.#batch.ask(want < batch ? 'shrink' : 'stay');
  }
}
