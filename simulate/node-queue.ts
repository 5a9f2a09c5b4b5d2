import { Scheduler } from '../reference/scheduler.js';
import type { DrainConfig } from '../spec/index.js';
import { MinHeap } from './min-heap.js';
import type { SimThread } from './sim-thread.js';

/** The threads that one scheduler serves: those that are backlogged stand in its lists, the others wait for their next event. */
export class NodeQueue {
  readonly node: number;
  readonly scheduler: Scheduler<SimThread>;
  /** Threads in the scheduler's lists. */
  backlogged = 0;
  readonly #idle = new MinHeap<SimThread>();
  /** Those that leave, the first first. */
  readonly #leavers: SimThread[];
  #nextLeaver = 0;

  constructor(node: number, threads: readonly SimThread[], config: DrainConfig) {
    this.node = node;
    this.scheduler = new Scheduler(config);
    this.#leavers = threads.filter(({ leaveNs }) => leaveNs < Infinity).sort((a, b) => a.leaveNs - b.leaveNs);
    for (const thread of threads) this.#waitForNext(thread);
  }

  /** When the first of the idle threads is to be looked at; Infinity: never. */
  get nextNs(): number {
    return this.#idle.topKey;
  }

  /** Step 2 of an iteration: who leaves, and who has become backlogged (whose next event has come, or who leaves), in slot order. */
  discover(now: number, visits: number): void {
    for (let next = this.#leavers[this.#nextLeaver]; next !== undefined && next.leaveNs <= now;) {
      next.leave();
      if (next.queued) this.scheduler.leaves(next);
      this.#nextLeaver += 1;
      next = this.#leavers[this.#nextLeaver];
    }
    const due: SimThread[] = [];
    while (this.#idle.topKey <= now) due.push(this.#idle.pop()!);
    due.sort((a, b) => a.slot - b.slot);
    for (const thread of due) {
      thread.queued = true;
      thread.waitsSinceVisit = visits;
      // it has waited since its event came, not since it was found
      thread.waitsSinceNs = Math.min(thread.nextNs, now);
      this.backlogged += 1;
      this.scheduler.join(thread);
    }
  }

  /** After a turn: the thread has nothing left, or is gone. */
  drop(thread: SimThread): void {
    this.scheduler.drop(thread);
    thread.queued = false;
    this.backlogged -= 1;
    if (!thread.gone) this.#waitForNext(thread);
  }

  #waitForNext(thread: SimThread): void {
    const next = thread.nextNs;
    if (next < Infinity) this.#idle.push(next, thread);
  }
}
