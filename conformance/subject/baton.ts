import type { BatonMessage } from './baton-worker.js';
import type { Hands } from './hands.js';
import type { ThreadCommand, ThreadReply } from './thread-actor.js';
import { poolFor, type PooledWorker, type WorkerPool } from './worker-pool.js';

const ENTRY = new URL('./baton-worker.js', import.meta.url);
/** Longest wait for a thread that holds the baton, ms. */
export const BATON_MS = 20_000;

/** Every logical thread is a real one; exactly one moves at a time, and the host waits for it. */
export class BatonHands implements Hands {
  readonly #pool: WorkerPool;
  readonly #workers = new Map<number, PooledWorker>();
  /** Threads that gave no answer: they are asked no more. */
  readonly #lost = new Set<number>();
  readonly #share: () => unknown;
  readonly #detailRecordBytes: number;
  readonly #timeoutMs: number;

  constructor(modulePath: string, share: () => unknown, detailRecordBytes: number, timeoutMs: number = BATON_MS) {
    this.#pool = poolFor(ENTRY, modulePath);
    this.#share = share;
    this.#detailRecordBytes = detailRecordBytes;
    this.#timeoutMs = timeoutMs;
  }

  perform(command: ThreadCommand): ThreadReply {
    if (this.#lost.has(command.thread)) return { outcomes: [] };
    try {
      let worker = this.#workers.get(command.thread);
      if (worker === undefined) {
        worker = this.#pool.take();
        this.#workers.set(command.thread, worker);
        const opened = this.#ask(worker, {
          type: 'open',
          shared: this.#share(),
          detailRecordBytes: this.#detailRecordBytes,
        });
        if (opened.threw !== undefined) {
          this.#lost.add(command.thread);
          return opened;
        }
      }
      return this.#ask(worker, { type: 'command', command });
    } catch (error) {
      this.kill(command.thread);
      this.#lost.add(command.thread);
      return { outcomes: [], threw: String(error) };
    }
  }

  kill(thread: number): void {
    this.#workers.get(thread)?.terminate();
    this.#workers.delete(thread);
  }

  close(): void {
    for (const [thread, worker] of this.#workers) {
      try {
        this.#ask(worker, { type: 'close' });
        this.#pool.give(worker);
      } catch {
        this.kill(thread);
      }
    }
    this.#workers.clear();
  }

  #ask(worker: PooledWorker, message: BatonMessage): ThreadReply {
    return worker.request(message, this.#timeoutMs) as ThreadReply;
  }
}
