/** The sink of a stress run: looks at every record, keeps counts and times, and no record. */
import { monotonicNs, pauseMs } from '../../conformance/subject/produce.js';
import type { Batch, Sink } from '../../spec/contract.js';
import { INDEX_RECORD_BYTES } from '../../spec/layout.js';
import { isIndexPattern } from '../../spec/records.js';
import type { StressSink } from '../../spec/stress.js';
import { COUNT, type Board } from './board.js';
import { Histogram } from './histogram.js';
import { isSameTime, isStamped, lateAt, sequenceAt, stampAt } from './stamp.js';

const WORDS = INDEX_RECORD_BYTES / 4;
/** A slow sink that owes less than this goes on, so that the clock's grain does not slow it further, ms. */
const LEAST_PAUSE_MS = 0.2;

export interface TallyOptions {
  readonly board: Board;
  readonly sink: StressSink;
  /** stamped: spec of stamp.ts; pattern: the test pattern, which has no time. */
  readonly format: 'stamped' | 'pattern';
  /** Times are worth keeping. */
  readonly timed: boolean;
}

/** Thrown by a sink that is away. */
export class SinkAway extends Error {
  override readonly name = 'SinkAway';
}

export class Tally implements Sink {
  delivered = 0;
  duplicated = 0;
  /** Torn, foreign, or of another thread than the batch says. */
  wrong = 0;
  /** Of the window under way; who closes it resets them. */
  readonly latency = new Histogram();
  readonly scheduled = new Histogram();
  /** How late the machine woke the threads, of all that was delivered. */
  readonly lateness = new Histogram();
  /** Called when so many events have been delivered. */
  milestone = Infinity;
  reached: (nowNs: number) => void = () => undefined;
  readonly #options: TallyOptions;
  readonly #board: Board;
  /** Sequence that comes next, of each id. */
  readonly #next: Uint32Array;
  readonly #check: (words: Uint32Array, at: number) => boolean;
  readonly #sequence: (words: Uint32Array, at: number) => number;
  #buffer: ArrayBufferLike | undefined;
  #words: Uint32Array = new Uint32Array(0);
  #owedMs = 0;

  constructor(options: TallyOptions) {
    this.#options = options;
    this.#board = options.board;
    this.#next = new Uint32Array(options.board.ids);
    const pattern = options.format === 'pattern';
    this.#check = pattern ? isIndexPattern : isStamped;
    this.#sequence = pattern ? (words, at) => words[at]! : sequenceAt;
  }

  write(batch: Batch): number {
    const { sink, timed } = this.#options;
    if (sink.kind === 'intermittent') this.#beThere(sink.upMs, sink.downMs);
    if (sink.kind === 'slow') this.#beSlow(sink.nsPerEvent * batch.count);
    const now = timed ? monotonicNs() : 0;
    let seen = 0;
    for (const span of batch.spans) seen += this.#take(span, batch.threadId, now);
    if (seen !== batch.count) this.wrong += Math.abs(seen - batch.count);
    this.delivered += seen;
    if (this.delivered >= this.milestone) this.reached(timed ? now : monotonicNs());
    return batch.count;
  }

  /** @returns records in it */
  #take(span: Uint8Array, thread: number, now: number): number {
    const [words, from] = this.#view(span);
    const to = from + Math.floor(span.byteLength / INDEX_RECORD_BYTES) * WORDS;
    if (!(thread >= 1 && thread < this.#next.length)) {
      this.wrong += (to - from) / WORDS;
      return (to - from) / WORDS;
    }
    let next = this.#next[thread]!;
    let good = 0;
    // events of one tick have one time: they are recorded together
    let first = from;
    let alike = 0;
    for (let at = from; at < to; at += WORDS) {
      if (words[at + 4] !== thread || !this.#check(words, at)) {
        this.wrong += 1;
        continue;
      }
      const ahead = (this.#sequence(words, at) - next) | 0;
      if (ahead < 0) {
        this.duplicated += 1;
        continue;
      }
      next = (next + ahead + 1) >>> 0;
      good += 1;
      if (now === 0) continue;
      if (alike > 0 && !isSameTime(words, first, at)) {
        this.#time(words, first, now, alike);
        alike = 0;
      }
      if (alike === 0) first = at;
      alike += 1;
    }
    if (alike > 0) this.#time(words, first, now, alike);
    this.#next[thread] = next;
    this.#board.add(thread, COUNT.delivered, good);
    return (to - from) / WORDS;
  }

  #time(words: Uint32Array, at: number, now: number, events: number): void {
    const latency = now - stampAt(words, at);
    this.latency.record(latency, events);
    const late = lateAt(words, at);
    this.scheduled.record(latency + late, events);
    this.lateness.record(late, events);
  }

  /** The words of a span and where it begins in them; a drain's arena is looked at in one view. */
  #view(span: Uint8Array): [Uint32Array, number] {
    if (span.byteOffset % 4 !== 0) return [new Uint32Array(span.slice().buffer), 0];
    if (span.buffer !== this.#buffer) {
      this.#buffer = span.buffer;
      this.#words = new Uint32Array(span.buffer, 0, Math.floor(span.buffer.byteLength / 4));
    }
    return [this.#words, span.byteOffset / 4];
  }

  #beThere(upMs: number, downMs: number): void {
    const sinceBegin = (monotonicNs() - this.#board.begin[0]!) / 1e6;
    if (sinceBegin >= 0 && sinceBegin % (upMs + downMs) >= upMs) throw new SinkAway('the sink of the load is away');
  }

  #beSlow(ns: number): void {
    this.#owedMs += ns / 1e6;
    if (this.#owedMs < LEAST_PAUSE_MS) return;
    const from = performance.now();
    pauseMs(this.#owedMs);
    this.#owedMs -= performance.now() - from; // what the clock's grain took beyond it is paid back
  }
}
