/** What a life that may be ended at any moment leaves behind in shared memory, and what can be told from it. */
import { errorNumber, outcomeOfNumber, type EmitOutcome } from '../../spec/errors.js';
import type { LifeResult, ThreadProgram } from '../../spec/load.js';
import { RunLog } from './run-log.js';

const WORD = {
  registered: 0,
  slot: 1,
  generation: 2,
  /** Events begun and ended. */
  begun: 3,
  done: 4,
  marksBegun: 5,
  marksDone: 6,
  indexRetries: 7,
  detailRetries: 8,
  /** u64. */
  startedNs: 10,
} as const;
const HEAD_BYTES = 64;

/** True when the i-th event of the program comes with a detail event. */
export const isGrouped = (program: ThreadProgram, event: number): boolean =>
  program.detailEvery > 0 && (event + 1) % program.detailEvery === 0;

export class LifeProgress {
  readonly buffer: SharedArrayBuffer;
  readonly #words: Int32Array;
  readonly #started: BigUint64Array;
  /** For each event that has ended: its outcome as a number of the error table. */
  readonly #outcomes: Uint8Array;

  constructor(eventsOrBuffer: number | SharedArrayBuffer) {
    this.buffer =
      typeof eventsOrBuffer === 'number' ? new SharedArrayBuffer(HEAD_BYTES + eventsOrBuffer) : eventsOrBuffer;
    this.#words = new Int32Array(this.buffer, 0, HEAD_BYTES / 4);
    this.#started = new BigUint64Array(this.buffer, WORD.startedNs * 4, 1);
    this.#outcomes = new Uint8Array(this.buffer, HEAD_BYTES);
  }

  get registered(): boolean {
    return Atomics.load(this.#words, WORD.registered) === 1;
  }

  get done(): number {
    return Atomics.load(this.#words, WORD.done);
  }

  start(slot: number, generation: number, startedNs: number): void {
    this.#words[WORD.slot] = slot;
    this.#words[WORD.generation] = generation;
    this.#started[0] = BigInt(startedNs);
    Atomics.store(this.#words, WORD.registered, 1);
  }

  begin(event: number): void {
    Atomics.store(this.#words, WORD.begun, event + 1);
  }

  retry(grouped: boolean): void {
    Atomics.add(this.#words, WORD.indexRetries, 1);
    if (grouped) Atomics.add(this.#words, WORD.detailRetries, 1);
  }

  end(event: number, outcome: EmitOutcome): void {
    this.#outcomes[event] = outcome === 'accepted' ? 0 : errorNumber(outcome);
    Atomics.store(this.#words, WORD.done, event + 1);
  }

  markBegin(): void {
    Atomics.add(this.#words, WORD.marksBegun, 1);
  }

  markEnd(): void {
    Atomics.add(this.#words, WORD.marksDone, 1);
  }

  /** The life's result as far as it is known; `markInFlight`: it died inside a mark(). */
  rebuild(program: ThreadProgram, threadId: number, endedNs: number): { life: LifeResult; markInFlight: boolean } {
    const words = this.#words;
    const registered = this.registered;
    const done = this.done;
    const index = new RunLog();
    const detail = new RunLog();
    const joins: [number, number][] = [];
    let details = 0;
    for (let event = 0; event < done; event += 1) {
      const outcome = outcomeOfNumber(this.#outcomes[event]!);
      index.add(event, outcome, 0);
      if (!isGrouped(program, event)) continue;
      detail.add(details, outcome, 0);
      if (outcome === 'accepted') joins.push([event, details]);
      details += 1;
    }
    if (Atomics.load(words, WORD.begun) > done) {
      index.add(done, 'unknown', 0);
      if (isGrouped(program, done)) detail.add(details, 'unknown', 0);
    }
    index.retried(words[WORD.indexRetries]!);
    detail.retried(words[WORD.detailRetries]!);
    const marksDone = words[WORD.marksDone]!;
    const life: LifeResult = {
      threadId,
      slot: registered ? words[WORD.slot]! : -1,
      generation: registered ? words[WORD.generation]! : -1,
      registered: registered ? 'accepted' : 'unknown',
      index: index.runs,
      detail: detail.runs,
      joins,
      marks: Array.from({ length: marksDone }, (_, i) => (i + 1) * program.markEvery),
      ended: 'terminate',
      startedNs: Number(this.#started[0]!),
      endedNs,
    };
    return { life, markInFlight: words[WORD.marksBegun]! > marksDone };
  }
}
