import type { Batch, RecordOf, Sink } from '../../spec/index.js';
import { RunBuilder, readHead, type BatchHead } from './decode.js';
import { SinkFailure } from './recorder.js';

/** A merged line ends when it has so many runs, so that no line grows without bound. */
const LONGEST_RUNS = 4096;

interface OpenBatch {
  readonly head: BatchHead;
  readonly builder: RunBuilder;
  count: number;
  batches: number;
}

export interface MergingOptions {
  readonly detailRecordBytes: number;
  /** Every n-th write throws; 0: never. */
  readonly throwEvery: number;
  /** Every n-th write takes half; 0: never. */
  readonly partialEvery: number;
}

/** The sink of a free scenario: batches that continue each other become one record, so that millions of events stay small. */
export class MergingRecorder implements Sink {
  /** Records that the sink took. */
  delivered = 0;
  /** The same of each thread. */
  readonly deliveredOf = new Map<number, number>();
  readonly #options: MergingOptions;
  readonly #open = new Map<number, OpenBatch>();
  readonly #closed: RecordOf<'batch'>[] = [];
  #writes = 0;

  constructor(options: MergingOptions) {
    this.#options = options;
  }

  write(batch: Batch): number {
    this.#writes += 1;
    const head = readHead(batch, this.#options.detailRecordBytes);
    const { throwEvery, partialEvery } = this.#options;
    const throws = throwEvery > 0 && this.#writes % throwEvery === 0;
    const half = partialEvery > 0 && this.#writes % partialEvery === 0;
    const taken = throws ? 0 : half ? Math.ceil(head.count / 2) : head.count;
    this.#add(head, taken);
    this.delivered += taken;
    this.deliveredOf.set(head.thread, (this.deliveredOf.get(head.thread) ?? 0) + taken);
    if (throws) throw new SinkFailure('the sink of the scenario throws');
    return taken;
  }

  /** All that was handed over; in order within a thread and lane. */
  finish(): RecordOf<'batch'>[] {
    for (const [key, open] of this.#open) this.#close(key, open, open.count);
    return this.#closed;
  }

  #add(head: BatchHead, taken: number): void {
    const key = head.thread * 2 + (head.lane === 'index' ? 0 : 1);
    let open = this.#open.get(key);
    const continues =
      open !== undefined &&
      head.malformed === undefined &&
      open.head.slot === head.slot &&
      open.head.generation === head.generation &&
      open.builder.runs.length < LONGEST_RUNS;
    if (open !== undefined && !continues) {
      this.#close(key, open, open.count);
      open = undefined;
    }
    if (open === undefined) {
      open = { head, builder: new RunBuilder(head.thread), count: 0, batches: 0 };
      this.#open.set(key, open);
    }
    open.builder.addBatch(head);
    open.count += head.count;
    open.batches += 1;
    // What was not taken will be offered again: nothing may be merged behind it.
    if (taken < head.count || head.malformed !== undefined) this.#close(key, open, open.count - head.count + taken);
  }

  #close(key: number, open: OpenBatch, acknowledged: number): void {
    const { thread, slot, generation, lane, malformed } = open.head;
    this.#open.delete(key);
    this.#closed.push({
      type: 'batch',
      drain: 0,
      thread,
      slot,
      generation,
      lane,
      count: open.count,
      runs: open.builder.runs,
      acknowledged,
      batches: open.batches,
      ...(malformed === undefined ? {} : { malformed }),
    });
  }
}
