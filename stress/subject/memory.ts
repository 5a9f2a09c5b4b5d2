/** Memory of the calling thread's heap, with and without a collection before; and when the threads of a load collect. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
/** Frees all garbage of the calling thread. */
export const collect = runInNewContext('gc') as () => void;

/**
 * Every thread's heap grows and shrinks with its garbage: dozens of them hide what a drain leaks. Where windows are this long every
 * thread collects once in each; a collection takes milliseconds.
 */
const LONG_WINDOW_MS = 5000;

export const isLong = (load: { readonly windowMs: number }): boolean => load.windowMs >= LONG_WINDOW_MS;

/** When a producing thread collects: once a window, each at another moment of it. */
export class Collector {
  readonly #everyNs: number;
  #nextNs: number;

  /** `phase`: part of a window, 0 to 1. */
  constructor(load: { readonly windowMs: number }, beginNs: number, phase: number) {
    this.#everyNs = isLong(load) ? load.windowMs * 1e6 : Infinity;
    this.#nextNs = beginNs + phase * this.#everyNs;
  }

  /** To be called where a pause hurts nobody. */
  look(nowNs: number): void {
    if (!(nowNs >= this.#nextNs)) return;
    this.#nextNs = nowNs + this.#everyNs;
    collect();
  }
}

/** Heap in use and what it holds outside of the heap, bytes. */
export function heapBytes(): number {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** The same after a collection of all garbage. */
export function collectedHeapBytes(): number {
  collect();
  return heapBytes();
}
