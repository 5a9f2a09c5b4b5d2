import type { RecordOf, Step } from '../../spec/index.js';

type SinkStep = Extract<Step, { op: 'sink' }>;

/** What a write comes to: records taken (from the front), and what the sink returns, unless it throws. */
export interface Decision {
  readonly taken: number;
  readonly returns: unknown;
  readonly throws: boolean;
  readonly costNs: number;
  /** The behaviour ends with this write: back to accept. */
  readonly last: boolean;
}

/** How the sink of a stepped scenario behaves now. */
export class SinkBehaviour {
  #step: SinkStep = { op: 'sink', behaviour: 'accept' };
  #left = Infinity;
  #nonsense = 0;

  /** From here on. @returns the record that says so */
  set(step: SinkStep): RecordOf<'sink'> {
    this.#step = step.times === 0 ? { op: 'sink', behaviour: 'accept' } : step;
    this.#left = this.#step.times ?? Infinity;
    const { behaviour, take, thread, costNs } = this.#step;
    return {
      type: 'sink',
      behaviour,
      ...(take === undefined ? {} : { take }),
      ...(thread === undefined ? {} : { thread }),
      ...(costNs === undefined ? {} : { costNs }),
    };
  }

  decide(thread: number, count: number): Decision {
    const { behaviour, take, thread: only, costNs = 0 } = this.#step;
    if (only !== undefined && only !== thread)
      return { taken: count, returns: count, throws: false, costNs: 0, last: false };
    this.#left -= 1;
    const last = this.#left <= 0;
    const takes = (taken: number, returns: unknown = taken): Decision => ({
      taken,
      returns,
      throws: false,
      costNs,
      last,
    });
    switch (behaviour) {
      case 'accept':
        return takes(count);
      case 'throw':
        return { taken: 0, returns: 0, throws: true, costNs, last };
      case 'refuse':
        return takes(0);
      case 'partial':
        return takes(Math.min(take ?? 1, count));
      case 'nonsense': {
        const answers = [-1, count + 1, NaN, 0.5, undefined, String(count), true, null, Infinity];
        this.#nonsense += 1;
        return { taken: 0, returns: answers[(this.#nonsense - 1) % answers.length], throws: false, costNs, last };
      }
    }
  }
}
