import { LifeResult as LifeSchema } from '../../spec/load.js';
import type { ProducerThreads } from '../../spec/index.js';
import type { Lived } from './produce.js';

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
  /** Tells all threads to end; waits for that, but not for ever. */
  halt(): Promise<readonly EndedLife[]>;
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

  /** Its threads cannot be told to end: closing them is all there is. */
  async halt(): Promise<readonly EndedLife[]> {
    const lives = await this.poll();
    if (this.running) this.failures.push('the producing threads did not end');
    this.running = false;
    return lives;
  }

  close(): void {
    this.#threads.close();
  }
}
