import type { Batch, Environment, Sink } from '../../spec/index.js';
import { type Append } from './attempt.js';
import { RunBuilder, readHead } from './decode.js';
import type { SinkBehaviour } from './sink-behaviour.js';

/** Time that moves only when a scenario, a sink's cost or a drain's pause moves it. */
export class VirtualClock implements Environment {
  #now = 0n;
  readonly now = (): bigint => this.#now;
  readonly pause = (ns: bigint): void => {
    const given = BigInt(ns);
    if (given > 0n) this.#now += given;
  };
}

/** What the sink of a scenario throws. */
export class SinkFailure extends Error {
  override readonly name = 'SinkFailure';
}

export interface RecorderOptions {
  readonly drain: number;
  readonly detailRecordBytes: number;
  readonly behaviour: SinkBehaviour;
  readonly clock: VirtualClock;
  readonly append: Append;
  /** Performs what the scenario wants to happen while this write is under way; the result: how many records that made. */
  duringWrite(): number;
}

/** The sink of a stepped scenario: writes down what it was handed. The bytes are read late, after the nested steps. */
export class Recorder implements Sink {
  readonly #options: RecorderOptions;

  constructor(options: RecorderOptions) {
    this.#options = options;
  }

  write(batch: Batch): number {
    const { drain, detailRecordBytes, behaviour, clock, append, duringWrite } = this.#options;
    const nested = duringWrite();
    const head = readHead(batch, detailRecordBytes);
    const builder = new RunBuilder(head.thread);
    builder.addBatch(head);
    const decision = behaviour.decide(head.thread, head.count);
    append({
      type: 'batch',
      drain,
      thread: head.thread,
      slot: head.slot,
      generation: head.generation,
      lane: head.lane,
      count: head.count,
      runs: builder.runs,
      acknowledged: decision.taken,
      batches: 1,
      ...(nested > 0 ? { nested } : {}),
      ...(head.malformed === undefined ? {} : { malformed: head.malformed }),
    });
    if (decision.last) append(behaviour.set({ op: 'sink', behaviour: 'accept' }));
    clock.pause(BigInt(decision.costNs));
    if (decision.throws) throw new SinkFailure('the sink of the scenario throws');
    return decision.returns as number;
  }
}
