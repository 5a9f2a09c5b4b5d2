import { setTimeout as sleep } from 'node:timers/promises';
import { LifeResult as LifeSchema } from '../../spec/load.js';
import type { ProducerThreads } from '../../spec/index.js';
import type { Lived } from './produce.js';

/** Longest wait for all threads to end when told to, ms. */
export const HALT_MS = 5_000;

/** A life that has ended, as the host learns of it. */
export interface EndedLife extends Lived {
  /** Its thread died inside a mark(). */
  readonly markInFlight?: boolean;
}

/** The producing threads of a free scenario. */
export interface Producers {
  /** False once every thread has ended. */
  readonly running: boolean;
  /** Lives whose end is proved, each once. Lets the event loop turn when something needs it. */
  poll(): Promise<readonly EndedLife[]>;
  /** Makes all threads end; waits for that, but not for ever. `stop` stops the drain, for threads that know no other way. */
  halt(stop: () => void): Promise<readonly EndedLife[]>;
  /** What went wrong, apart from the lives. */
  readonly failures: readonly string[];
  close(): void;
}

/** Threads that the drain's own module runs (capability `producer-threads`). */
export class OwnProducers implements Producers {
  readonly failures: string[] = [];
  running = true;
  readonly #threads: ProducerThreads;

  constructor(threads: ProducerThreads) {
    this.#threads = threads;
  }

  poll(): Promise<readonly EndedLife[]> {
    if (!this.running) return Promise.resolve([]);
    let given: unknown;
    try {
      given = this.#threads.poll();
    } catch (error) {
      given = String(error);
    }
    if (given === null) return Promise.resolve([]);
    this.running = false;
    const lives = LifeSchema.array().safeParse(given);
    if (lives.success) return Promise.resolve(lives.data.map((life) => ({ life })));
    this.failures.push(`poll() gave ${JSON.stringify(given)?.slice(0, 200)}: ${lives.error.issues[0]!.message}`);
    return Promise.resolve([]);
  }

  async halt(stop: () => void): Promise<readonly EndedLife[]> {
    stop();
    const deadline = performance.now() + HALT_MS;
    for (;;) {
      const lives = await this.poll();
      if (!this.running) return lives;
      if (performance.now() >= deadline) break;
      await sleep(1);
    }
    this.failures.push('the producing threads did not end');
    this.running = false;
    return [];
  }

  close(): void {
    this.#threads.close();
  }
}
