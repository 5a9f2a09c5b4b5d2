/** A drain on a thread of its own: it turns while there is work, sleeps when there is none, and is woken by the first event. */
import { Worker } from 'node:worker_threads';
import { DEFAULT_SLEEP_MS, DEFAULT_STOP_DEADLINE_NS, type DrainConfig } from '../spec/config.js';
import type { StopResult } from '../spec/contract.js';
import { DrainError } from '../spec/errors.js';
import { createArena, type Arena } from './arena.js';
import { ReferenceRegistry } from './registry.js';
import { wakeDrain } from './wake.js';

/** What the worker is told at its start. */
export interface DrainThreadData {
  readonly arena: SharedArrayBuffer;
  readonly config: DrainConfig;
  readonly sinkModule: string;
  readonly sinkData: unknown;
  readonly sleepMs: number;
  /** Set to 1 to ask for the stop. */
  readonly control: SharedArrayBuffer;
}

export interface DrainThreadOptions {
  readonly config?: Partial<DrainConfig>;
  /** URL of a module that exports `createSink(data): Sink`; it is imported in the drain's thread. */
  readonly sinkModule: string | URL;
  /** Anything that structured clone can send. */
  readonly sinkData?: unknown;
  /** Longest sleep, ms. */
  readonly sleepMs?: number;
}

/**
 * The drain thread died. What the lanes hold can still be drained by another drain over `arena`, except the lanes of
 * a thread whose submit queue it held at that moment (it died inside `sink.write`): they stay taken.
 */
export class DrainThreadError extends Error {
  override readonly name = 'DrainThreadError';
}

/** How long stop() waits beyond its deadline for the thread to answer, ms. */
const GRACE_MS = 10_000;
/** Longest deadline, ms: with the grace it is the longest time that a timer takes. */
const LONGEST_MS = 2 ** 31 - 1 - GRACE_MS;

export class DrainThread {
  readonly arena: SharedArrayBuffer;
  /** Producers register here; other threads open `arena`. */
  readonly registry: ReferenceRegistry;
  /** Resolves when the thread has stopped, rejects with DrainThreadError when it died. */
  readonly ended: Promise<StopResult>;
  readonly #view: Arena;
  readonly #worker: Worker;
  readonly #control: Int32Array;

  constructor(options: DrainThreadOptions) {
    const arena = createArena(options.config ?? {});
    this.#view = arena;
    this.arena = arena.buffer;
    this.registry = new ReferenceRegistry(arena);
    const control = new SharedArrayBuffer(8);
    this.#control = new Int32Array(control);
    const data: DrainThreadData = {
      arena: arena.buffer,
      config: arena.config,
      sinkModule: String(options.sinkModule),
      sinkData: options.sinkData,
      sleepMs: options.sleepMs ?? DEFAULT_SLEEP_MS,
      control,
    };
    this.#worker = new Worker(new URL('./drain-thread-worker.js', import.meta.url), { workerData: data });
    this.ended = new Promise((resolve, reject) => {
      let result: StopResult | undefined;
      this.#worker.once('message', (message: StopResult) => (result = message));
      this.#worker.once('error', (error: Error) =>
        reject(new DrainThreadError(`the drain thread died: ${error.message}`, { cause: error })),
      );
      this.#worker.once('exit', (code) => {
        if (result !== undefined) resolve(result);
        else reject(new DrainThreadError(`the drain thread ended with code ${code} before it was stopped`));
      });
    });
    this.ended.catch(() => undefined); // whoever calls stop() is told
  }

  /**
   * Everything accepted is delivered, then the thread ends. `deadlineNs` counts from when it sees the request; it is
   * rounded up to ms.
   * @throws DrainThreadError when it died, or does not answer; INVALID_ARGUMENT unless `deadlineNs` is at least 0
   */
  async stop({ deadlineNs = DEFAULT_STOP_DEADLINE_NS }: { readonly deadlineNs?: number } = {}): Promise<StopResult> {
    if (!(deadlineNs >= 0)) throw new DrainError('INVALID_ARGUMENT', `deadlineNs is ${deadlineNs}`);
    const deadlineMs = Math.min(Math.ceil(deadlineNs / 1e6), LONGEST_MS);
    this.#control[1] = deadlineMs;
    // Pairs with the worker's load: publishes the deadline. Then, as after an emit, look for a sleeper.
    Atomics.store(this.#control, 0, 1);
    wakeDrain(this.#view);
    const limit = deadlineMs + GRACE_MS;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new DrainThreadError(`the drain thread did not stop within ${limit} ms`)), limit);
    });
    try {
      return await Promise.race([this.ended, late]);
    } finally {
      clearTimeout(timer);
      await this.#worker.terminate();
    }
  }
}
