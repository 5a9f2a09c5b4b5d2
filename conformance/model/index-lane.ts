/** An index lane as the contract knows it: what was accepted and not acknowledged, in order. */

export interface Accepted {
  readonly sequence: number;
  /** Detail sequence that it was submitted with. */
  readonly join: number | undefined;
  /** The record that told of its acceptance. */
  readonly at: number;
}

/** What is known of something that depends on the drain: `maybe` where the contract leaves it free. */
export type Sure = 'yes' | 'no' | 'maybe';

/** Counts of a lane's ledger. */
export class Counts {
  accepted = 0;
  rejected = 0;
  delivered = 0;
}

export class IndexLane {
  readonly counts = new Counts();
  readonly pending: Accepted[] = [];
  readonly delivered = new Set<number>();
  /** Acknowledged in a call that is still under way: the drain may release these at its end. */
  loose = 0;
  readonly #capacity: number;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  fits(count: number): Sure {
    if (this.pending.length + count > this.#capacity) return 'no';
    return this.pending.length + this.loose + count > this.#capacity ? 'maybe' : 'yes';
  }

  accept(from: number, count: number, at: number, joins?: readonly [number, number]): void {
    this.counts.accepted += count;
    for (let i = 0; i < count; i += 1) {
      const join = joins !== undefined && i < joins[1] ? joins[0] + i : undefined;
      this.pending.push({ sequence: from + i, join, at });
    }
  }

  acknowledge(count: number): void {
    for (const { sequence } of this.pending.splice(0, count)) this.delivered.add(sequence);
    this.counts.delivered += count;
    this.loose += count;
  }
}
