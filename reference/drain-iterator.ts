/** The drain: iterations over the registered threads, and everything else that the contract names. */
import { DEFAULT_STOP_DEADLINE_NS, type DrainConfig } from '../spec/config.js';
import type {
  Drain,
  DrainMetrics,
  DrainOptions,
  Environment,
  IterationResult,
  Sink,
  StopResult,
  ThreadEvent,
} from '../spec/contract.js';
import { DrainError } from '../spec/errors.js';
import { HEADER } from '../spec/layout.js';
import { attachArena, createArena, type Arena } from './arena.js';
import { DrainCounters, collectMetrics } from './metrics.js';
import { ReferenceRegistry } from './registry.js';
import { Scheduler } from './scheduler.js';
import { generationOf, isGeneration, isState, loadState, stateWord, swapState } from './slot-state.js';
import { stopDrain } from './stop.js';
import { release, takeOver, tryAcquire } from './submit-queue.js';
import { ThreadDrainState } from './thread-drain-state.js';
import { Visit } from './visit.js';
import { pauseMs, sleep } from './wake.js';

const REAL_TIME: Environment = {
  now: () => process.hrtime.bigint(),
  pause: (ns) => pauseMs(Number(ns) / 1e6),
};

const emptyResult = (): Mutable<IterationResult> => ({
  visits: 0,
  skips: 0,
  delivered: 0,
  batches: 0,
  sinkFailures: 0,
  reclaimed: 0,
  truncated: 'no',
});
type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** How an iteration is run: `stop()` knows no limits and no back-off. */
export interface IterationMode {
  readonly limited: boolean;
}

export class DrainIterator implements Drain {
  readonly config: DrainConfig;
  readonly registry: ReferenceRegistry;
  readonly environment: Environment;
  /** @internal */
  readonly counters = new DrainCounters();
  /**
   * By slot.
   * @internal
   */
  readonly tracked: (ThreadDrainState | undefined)[];
  /** @internal */
  readonly view: Arena;
  readonly #sink: Sink;
  readonly #scheduler: Scheduler;
  readonly #tell: (event: ThreadEvent) => void;
  /** Slots whose queue was taken with tryAcquireDrain. */
  readonly #held = new Set<number>();
  /** Inside sink.write: a call from there finds nothing to do. */
  #busy = false;

  constructor(options: DrainOptions) {
    this.view = options.arena === undefined ? createArena(options.config) : attachArena(options.arena, options.config);
    this.config = this.view.config;
    this.registry = new ReferenceRegistry(this.view);
    this.environment = options.environment ?? REAL_TIME;
    this.#sink = options.sink;
    this.#scheduler = new Scheduler(this.config);
    this.#tell = options.onThreadEvent ?? ((): void => undefined);
    this.tracked = new Array<ThreadDrainState | undefined>(this.config.slots).fill(undefined);
  }

  get arena(): SharedArrayBuffer {
    return this.view.buffer;
  }

  shareRegistry(): SharedArrayBuffer {
    return this.view.buffer;
  }

  drainIteration(): IterationResult {
    return this.iterate({ limited: true });
  }

  /** @internal */
  iterate(mode: IterationMode): IterationResult {
    const result = emptyResult();
    if (this.#busy) return result;
    this.#busy = true;
    const started = this.environment.now();
    this.#discover();
    const turns = this.#scheduler.length;
    for (let turn = 0; turn < turns; turn += 1) {
      result.truncated = mode.limited && result.visits > 0 ? this.#limit(result, started) : 'no';
      if (result.truncated !== 'no') break;
      this.#takeTurn(this.#scheduler.next()!, mode, result);
    }
    this.#scheduler.endIteration();
    this.counters.countIteration(result, Number(this.environment.now() - started));
    this.#busy = false;
    return result;
  }

  #limit(result: IterationResult, started: bigint): IterationResult['truncated'] {
    const { maxIterationVisits, maxIterationEvents, maxIterationNs } = this.config;
    if (maxIterationVisits > 0 && result.visits >= maxIterationVisits) return 'visits';
    if (maxIterationEvents > 0 && result.delivered >= maxIterationEvents) return 'events';
    if (maxIterationNs > 0 && this.environment.now() - started >= BigInt(maxIterationNs)) return 'time';
    return 'no';
  }

  /** Finds new threads, leaving ones, and those that have become backlogged. */
  #discover(): void {
    for (let slot = 0; slot < this.config.slots; slot += 1) {
      const thread = this.#trackedIn(slot);
      if (thread?.hasWork === true) this.#scheduler.join(thread);
    }
  }

  /** The thread that holds a slot now, tracked from here on. */
  #trackedIn(slot: number): ThreadDrainState | undefined {
    const word = loadState(this.view, slot);
    if (!isState(word, 'active') && !isState(word, 'leaving')) return undefined;
    let thread = this.tracked[slot];
    if (thread?.generation !== generationOf(word)) {
      if (thread !== undefined) this.#forget(thread, true); // reclaimed by another drain over this arena
      thread = new ThreadDrainState(this.view, slot);
      this.tracked[slot] = thread;
      this.counters.registered += 1;
      this.#report('registered', thread);
    }
    if (isState(word, 'leaving')) this.#noticeLeaving(thread);
    return thread;
  }

  #noticeLeaving(thread: ThreadDrainState): void {
    if (thread.leaving) return;
    thread.leaving = true;
    this.#report('leaving', thread);
  }

  #takeTurn(thread: ThreadDrainState, mode: IterationMode, result: Mutable<IterationResult>): void {
    if (this.tracked[thread.slot] !== thread) return; // reclaimed by another drain in the meantime
    if (thread.backoff > 0 && mode.limited) {
      thread.backoff -= 1;
      result.visits += 1;
      this.#settle(thread, false);
      return;
    }
    this.#scheduler.addCredit(thread);
    if (!tryAcquire(this.view, thread.slot)) {
      thread.skipsInRow += 1;
      thread.skips += 1;
      result.skips += 1;
      this.#settle(thread, true);
      return;
    }
    if (!this.#isThere(thread)) {
      release(this.view, thread.slot); // reclaimed by another drain over this arena
      result.visits += 1;
      this.#scheduler.drop(thread);
      this.#forget(thread, true);
      return;
    }
    this.#visit(thread, result);
  }

  #visit(thread: ThreadDrainState, result: Mutable<IterationResult>): void {
    thread.skipsInRow = 0;
    thread.visits += 1;
    result.visits += 1;
    this.#scheduler.beginVisit(thread);
    const done = new Visit(this.view, this.#sink, thread).run(thread.credit);
    // Whoever ran empty starts again: a thread that always has a little more must not hoard.
    thread.credit = done.exhausted ? 0 : thread.credit - done.delivered;
    result.delivered += done.delivered;
    result.batches += done.batches;
    result.sinkFailures += done.sinkFailures;
    if (done.finished) {
      this.#reclaim(thread);
      result.reclaimed += 1;
    } else {
      release(this.view, thread.slot);
      this.#settle(thread, false);
    }
  }

  /** Looks once more after the turn: events may have come meanwhile, or gone to another drain. */
  #settle(thread: ThreadDrainState, skipped: boolean): void {
    if (thread.hasWork) this.#scheduler.putBack(thread, skipped);
    else this.#scheduler.drop(thread);
  }

  /** LEAVING to DRAINED to FREE: from here on the slot may belong to somebody else. */
  #reclaim(thread: ThreadDrainState): void {
    const { slot, generation } = thread;
    thread.dropWindows();
    swapState(this.view, slot, generation, 'leaving', 'drained');
    this.#scheduler.drop(thread);
    this.#forget(thread, false);
    this.#noticeLeaving(thread); // it may have left after this iteration had looked
    this.counters.reclaimed += 1;
    this.#report('reclaimed', thread);
    release(this.view, slot);
    swapState(this.view, slot, generation, 'drained', 'free');
  }

  /** `elsewhere`: its slot is somebody else's by now, and only what this drain delivered is sure. */
  #forget(thread: ThreadDrainState, elsewhere: boolean): void {
    if (elsewhere) this.counters.retireElsewhere(thread);
    else this.counters.retire(thread);
    if (this.tracked[thread.slot] === thread) this.tracked[thread.slot] = undefined;
  }

  #report(event: ThreadEvent['event'], { threadId, slot, generation }: ThreadDrainState): void {
    try {
      this.#tell({ event, threadId, slot, generation });
    } catch {
      // An observer that fails costs nobody an event: the turn goes on.
    }
  }

  tryAcquireDrain(slot: number): boolean {
    this.#checkSlot(slot);
    const thread = this.#trackedIn(slot);
    if (thread === undefined || !tryAcquire(this.view, slot)) return false;
    if (!this.#isThere(thread)) {
      release(this.view, slot); // reclaimed by another drain between the look and the swap
      return false;
    }
    this.#held.add(slot);
    return true;
  }

  releaseDrain(slot: number): void {
    this.#checkHeld(slot);
    this.#held.delete(slot);
    release(this.view, slot);
  }

  drainThreadLanes(slot: number, maxEvents: number): number {
    if (this.#busy) return 0;
    this.#checkHeld(slot);
    if (!Number.isInteger(maxEvents) || maxEvents < 1 || maxEvents > 2 ** 31) {
      throw new DrainError('INVALID_ARGUMENT', `maxEvents is ${maxEvents}`);
    }
    this.#busy = true;
    const done = new Visit(this.view, this.#sink, this.tracked[slot]!).run(maxEvents);
    this.counters.batches += done.batches;
    this.counters.sinkFailures += done.sinkFailures;
    this.#busy = false;
    return done.delivered;
  }

  /** `isOver` is a second cause not to sleep: whoever makes it true and then wakes the drain is not missed. */
  waitForWork(timeoutMs: number, isOver = (): boolean => false): boolean {
    const why = sleep(this.view, timeoutMs, () => isOver() || this.#anyWork());
    if (why === 'woken') this.counters.wakeups += 1;
    return why !== 'timeout' || this.#anyWork();
  }

  #anyWork(): boolean {
    for (let slot = 0; slot < this.config.slots; slot += 1) {
      const word = loadState(this.view, slot);
      if (isState(word, 'leaving')) return true;
      if (isState(word, 'active') && new ThreadDrainState(this.view, slot).hasWork) return true;
    }
    return false;
  }

  declareDead(slot: number, generation: number): void {
    this.#checkSlot(slot);
    const dead =
      isGeneration(generation) &&
      (swapState(this.view, slot, generation, 'active', 'leaving') ||
        swapState(this.view, slot, generation, 'claimed', 'free') ||
        loadState(this.view, slot) === stateWord(generation, 'leaving'));
    if (!dead) throw new DrainError('STALE_HANDLE', `slot ${slot} is not held by generation ${generation}`);
    takeOver(this.view, slot);
  }

  stop({ deadlineNs = DEFAULT_STOP_DEADLINE_NS }: { readonly deadlineNs?: number } = {}): StopResult {
    if (this.#busy) return { delivered: 0, leftIndex: 0, leftDetail: 0, complete: false };
    return stopDrain(this, deadlineNs);
  }

  /**
   * Every thread that holds a slot now; those that no iteration has met yet are looked at, not tracked.
   * @internal
   */
  presentThreads(): ThreadDrainState[] {
    const present: ThreadDrainState[] = [];
    for (let slot = 0; slot < this.config.slots; slot += 1) {
      const word = loadState(this.view, slot);
      if (!isState(word, 'active') && !isState(word, 'leaving')) continue;
      const tracked = this.tracked[slot];
      present.push(tracked?.generation === generationOf(word) ? tracked : new ThreadDrainState(this.view, slot));
    }
    return present;
  }

  metrics(): DrainMetrics {
    return collectMetrics(this);
  }

  close(): void {
    Atomics.store(this.view.words, this.view.header(HEADER.sleeping), 0);
  }

  #checkSlot(slot: number): void {
    if (!Number.isInteger(slot) || slot < 0 || slot >= this.config.slots) {
      throw new DrainError('INVALID_ARGUMENT', `slot ${slot} of ${this.config.slots}`);
    }
  }

  /** Asked while its queue is held, so that no other drain can reclaim the slot from here on. */
  #isThere({ slot, generation }: ThreadDrainState): boolean {
    const word = loadState(this.view, slot);
    return generationOf(word) === generation && !isState(word, 'free');
  }

  #checkHeld(slot: number): void {
    this.#checkSlot(slot);
    if (!this.#held.has(slot)) throw new DrainError('NOT_HOLDING', `this drain does not hold slot ${slot}`);
  }
}
