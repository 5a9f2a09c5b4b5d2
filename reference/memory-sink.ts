import type { Batch, Sink } from '../spec/contract.js';

/** A batch with bytes of its own. */
export interface KeptBatch extends Omit<Batch, 'spans'> {
  /** `count` records. */
  readonly bytes: Uint8Array;
}

/** A sink that keeps a copy of everything, and takes everything. */
export class MemorySink implements Sink {
  readonly batches: KeptBatch[] = [];

  write({ spans, ...batch }: Batch): number {
    const bytes = new Uint8Array(batch.count * batch.recordBytes);
    let at = 0;
    for (const span of spans) {
      bytes.set(span, at);
      at += span.length;
    }
    this.batches.push({ ...batch, bytes });
    return batch.count;
  }

  /** Records of one thread and lane, in the order they came. */
  records(threadId: number, lane: Batch['lane']): Uint8Array[] {
    return this.batches
      .filter((batch) => batch.threadId === threadId && batch.lane === lane)
      .flatMap(({ bytes, recordBytes, count }) =>
        Array.from({ length: count }, (_, i) => bytes.subarray(i * recordBytes, (i + 1) * recordBytes)),
      );
  }
}
