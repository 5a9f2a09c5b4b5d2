/** One thread's turn: it sits out, is skipped or is visited; and what becomes of it afterwards. */
import type { Environment, IterationResult, Sink } from '../spec/contract.js';
import type { Arena } from './arena.js';
import type { Discovery } from './discovery.js';
import type { FairnessWindow } from './fairness-window.js';
import type { LoadMeter } from './load-meter.js';
import type { DrainCounters } from './metrics.js';
import { noteChange } from './ready-bits.js';
import type { Scheduler } from './scheduler.js';
import { generationOf, isState, loadState, swapState } from './slot-state.js';
import { release, tryAcquire } from './submit-queue.js';
import type { ThreadDrainState } from './thread-drain-state.js';
import { Visit } from './visit.js';

/** What a drain's turns have to do with. */
export interface Surroundings {
  readonly view: Arena;
  readonly environment: Environment;
  readonly scheduler: Scheduler<ThreadDrainState>;
  readonly discovery: Discovery;
  readonly window: FairnessWindow;
  readonly counters: DrainCounters;
}

/** How an iteration is run: `stop()` knows no limits and no back-off. */
export interface IterationMode {
  readonly limited: boolean;
}

export type Tally = { -readonly [K in keyof IterationResult]: IterationResult[K] };
export const emptyTally = (): Tally => ({
  visits: 0,
  skips: 0,
  delivered: 0,
  batches: 0,
  sinkFailures: 0,
  reclaimed: 0,
  truncated: 'no',
});

/** Asked while its queue is held, so that no other drain can reclaim the slot from here on. */
export function isThere(view: Arena, { slot, generation }: ThreadDrainState): boolean {
  const word = loadState(view, slot);
  return generationOf(word) === generation && !isState(word, 'free');
}

/** The turns of one iteration. */
export class Turns {
  readonly tally = emptyTally();
  readonly #around: Surroundings;
  readonly #sink: Sink;
  readonly #mode: IterationMode;
  readonly #meter: LoadMeter | undefined;

  constructor(around: Surroundings, sink: Sink, mode: IterationMode, meter: LoadMeter | undefined) {
    this.#around = around;
    this.#sink = meter?.timed(sink) ?? sink;
    this.#mode = mode;
    this.#meter = meter;
  }

  take(thread: ThreadDrainState): void {
    const { view, scheduler, discovery } = this.#around;
    if (discovery.tracked[thread.slot] !== thread) return; // reclaimed by another drain in the meantime
    if (thread.backoff > 0 && this.#mode.limited) {
      thread.backoff -= 1;
      this.tally.visits += 1;
      this.#settle(thread, false);
      return;
    }
    scheduler.addCredit(thread);
    if (!tryAcquire(view, thread.slot)) {
      this.#skip(thread);
      return;
    }
    if (!isThere(view, thread)) {
      release(view, thread.slot); // reclaimed by another drain over this arena
      this.tally.visits += 1;
      scheduler.drop(thread);
      discovery.forget(thread, true);
      return;
    }
    this.#visit(thread);
  }

  #skip(thread: ThreadDrainState): void {
    thread.skipsInRow += 1;
    thread.skips += 1;
    this.tally.skips += 1;
    this.#watchQueue(thread);
    this.#settle(thread, true);
  }

  /** Reports a queue that has been found held in every attempt for long enough, once for each row of skips. */
  #watchQueue(thread: ThreadDrainState): void {
    const { environment, scheduler, discovery } = this.#around;
    const { stuckAfterNs } = scheduler.config;
    const now = environment.now();
    if (thread.skipsInRow === 1) thread.skippedSince = now;
    else if (!thread.stuck && stuckAfterNs > 0 && now - thread.skippedSince >= BigInt(stuckAfterNs)) {
      thread.stuck = true;
      discovery.report('queue-stuck', thread, Number(now - thread.skippedSince));
    }
  }

  #visit(thread: ThreadDrainState): void {
    const { view, scheduler, window } = this.#around;
    thread.skipsInRow = 0;
    thread.stuck = false;
    thread.visits += 1;
    this.tally.visits += 1;
    scheduler.beginVisit(thread);
    window.countVisit(thread);
    const done = new Visit(view, this.#sink, thread, scheduler).run(thread.credit);
    if (done.exhausted) scheduler.caughtUp(thread);
    // Whoever ran empty starts again: a thread that always has a little more must not hoard.
    thread.credit = done.exhausted ? 0 : thread.credit - done.delivered;
    this.tally.delivered += done.delivered;
    this.tally.batches += done.batches;
    this.tally.sinkFailures += done.sinkFailures;
    this.#meter?.countVisit(done.pending);
    if (done.finished) {
      this.#reclaim(thread);
    } else {
      release(view, thread.slot);
      this.#settle(thread, false);
    }
  }

  /** Looks once more after the turn: events may have come meanwhile, or gone to another drain. */
  #settle(thread: ThreadDrainState, skipped: boolean): void {
    const { scheduler, discovery } = this.#around;
    if (discovery.isIdle(thread)) scheduler.drop(thread);
    else if (skipped) scheduler.putBackSkipped(thread);
    else scheduler.putBack(thread);
  }

  /** LEAVING to DRAINED to FREE: from here on the slot may belong to somebody else. */
  #reclaim(thread: ThreadDrainState): void {
    const { view, scheduler, discovery, counters } = this.#around;
    const { slot, generation } = thread;
    thread.dropWindows();
    swapState(view, slot, generation, 'leaving', 'drained');
    scheduler.drop(thread);
    discovery.forget(thread, false);
    discovery.noticeLeaving(thread); // it may have left after this iteration had looked
    counters.reclaimed += 1;
    this.tally.reclaimed += 1;
    discovery.report('reclaimed', thread);
    release(view, slot);
    swapState(view, slot, generation, 'drained', 'free');
    noteChange(view, slot);
  }
}
