import { MinHeap } from './min-heap.js';

/**
 * Service lag of a window: how far the service per share of two threads that have been backlogged since its begin is apart.
 * Looked at after every visit, not only at the end of an iteration, where round robin has made everybody even again.
 */
export class LagTracker<T extends object> {
  readonly #service = new Map<T, number>();
  /** Both hold outdated entries, which are dropped when they come up: service only grows. */
  readonly #least = new MinHeap<T>();
  readonly #most = new MinHeap<T>();
  #largest = 0;

  /** Events per share; 0 for fewer than two threads. */
  get largest(): number {
    return this.#largest;
  }

  begin(threads: Iterable<T>): void {
    this.#service.clear();
    this.#least.clear();
    this.#most.clear();
    this.#largest = 0;
    for (const thread of threads) this.#set(thread, 0);
  }

  /** @returns nothing for a thread that is not among them */
  served(thread: T, eventsPerShare: number): void {
    const before = this.#service.get(thread);
    if (before === undefined) return;
    this.#set(thread, before + eventsPerShare);
    this.#tidy(this.#least, 1);
    this.#tidy(this.#most, -1);
    this.#largest = Math.max(this.#largest, -this.#most.topKey - this.#least.topKey);
  }

  /** Its backlog has ended. */
  drop(thread: T): void {
    this.#service.delete(thread);
  }

  #set(thread: T, service: number): void {
    this.#service.set(thread, service);
    this.#least.push(service, thread);
    this.#most.push(-service, thread);
  }

  #tidy(heap: MinHeap<T>, sign: number): void {
    while (heap.size > 0 && this.#service.get(heap.top!) !== sign * heap.topKey) heap.pop();
  }
}
