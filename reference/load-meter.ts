/** What an iteration costs and finds, for the policy `adaptive`: nobody else asks for the time around each write. */
import type { Batch, Environment, Sink } from '../spec/contract.js';
import type { IterationLoad } from './adaptive.js';

export class LoadMeter {
  readonly #environment: Environment;
  #visits = 0;
  #pending = 0;
  #writeNs = 0;

  constructor(environment: Environment) {
    this.#environment = environment;
  }

  /** The same sink, its writes timed; one that throws takes time as well. */
  timed(sink: Sink): Sink {
    return {
      write: (batch: Batch): number => {
        const started = this.#environment.now();
        try {
          return sink.write(batch);
        } finally {
          this.#writeNs += Number(this.#environment.now() - started);
        }
      },
    };
  }

  /** A full visit, and how many records were deliverable in its snapshot. */
  countVisit(pending: number): void {
    this.#visits += 1;
    this.#pending += pending;
  }

  /** Of the iteration that took so long, ns, and in which the sink acknowledged so many records. */
  load(tookNs: number, acknowledged: number): IterationLoad {
    return { visits: this.#visits, pending: this.#pending, tookNs, writeNs: this.#writeNs, acknowledged };
  }
}
