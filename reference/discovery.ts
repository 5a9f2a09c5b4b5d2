/** Which threads there are, and which of them have become backlogged: found without a look at those that are idle. */
import type { ThreadEvent } from '../spec/contract.js';
import type { Arena } from './arena.js';
import type { DrainCounters } from './metrics.js';
import { clearReady, isReady, readySlots, registryVersion, setReady } from './ready-bits.js';
import type { Scheduler } from './scheduler.js';
import { generationOf, isState, loadState } from './slot-state.js';
import { ThreadDrainState } from './thread-drain-state.js';

export class Discovery {
  /** By slot. */
  readonly tracked: (ThreadDrainState | undefined)[];
  readonly #arena: Arena;
  readonly #scheduler: Scheduler<ThreadDrainState>;
  readonly #counters: DrainCounters;
  readonly #tell: (event: ThreadEvent) => void;
  /** Of the registry, at the last discovery. */
  #version: number | undefined;

  constructor(
    arena: Arena,
    scheduler: Scheduler<ThreadDrainState>,
    counters: DrainCounters,
    tell: (event: ThreadEvent) => void,
  ) {
    this.#arena = arena;
    this.#scheduler = scheduler;
    this.#counters = counters;
    this.#tell = tell;
    this.tracked = new Array<ThreadDrainState | undefined>(arena.config.slots).fill(undefined);
  }

  /** Finds new threads, leaving ones, and those that have become backlogged. */
  discover(): void {
    const version = registryVersion(this.#arena);
    const slots = this.#slotsToLookAt(version);
    this.#version = version;
    for (const slot of slots) {
      if (!this.#joinIfBacklogged(slot) && isReady(this.#arena, slot)) {
        clearReady(this.#arena, slot);
        if (this.#joinIfBacklogged(slot)) setReady(this.#arena, slot);
      }
    }
  }

  /** Every slot, when one has changed its state since the last discovery; else those that may have work. */
  #slotsToLookAt(version: number): Iterable<number> {
    return version === this.#version ? readySlots(this.#arena) : this.tracked.keys();
  }

  /** @returns whether the slot has work */
  #joinIfBacklogged(slot: number): boolean {
    const thread = this.trackedIn(slot);
    if (thread?.hasWork !== true) return false;
    if (thread.list === undefined) this.#scheduler.join(thread);
    return true;
  }

  /** The thread that holds a slot now, tracked from here on. */
  trackedIn(slot: number): ThreadDrainState | undefined {
    const word = loadState(this.#arena, slot);
    if (!isState(word, 'active') && !isState(word, 'leaving')) return undefined;
    let thread = this.tracked[slot];
    if (thread?.generation !== generationOf(word)) {
      if (thread !== undefined) this.forget(thread, true); // reclaimed by another drain over this arena
      thread = new ThreadDrainState(this.#arena, slot);
      this.tracked[slot] = thread;
      this.#counters.registered += 1;
      this.report('registered', thread);
    }
    if (isState(word, 'leaving')) this.noticeLeaving(thread);
    return thread;
  }

  noticeLeaving(thread: ThreadDrainState): void {
    if (thread.leaving) return;
    thread.leaving = true;
    this.#scheduler.leaves(thread);
    this.report('leaving', thread);
  }

  /** After a turn: true when the thread has nothing to do, even at a second look without its ready bit. */
  isIdle(thread: ThreadDrainState): boolean {
    if (thread.hasWork) return false;
    clearReady(this.#arena, thread.slot);
    if (!thread.hasWork) return true;
    setReady(this.#arena, thread.slot);
    return false;
  }

  /** `elsewhere`: its slot is somebody else's by now, and only what this drain delivered is sure. */
  forget(thread: ThreadDrainState, elsewhere: boolean): void {
    if (elsewhere) this.#counters.retireElsewhere(thread);
    else this.#counters.retire(thread);
    if (this.tracked[thread.slot] === thread) this.tracked[thread.slot] = undefined;
  }

  /** True when an iteration would find something to do: looks where discover() would, and tracks nothing. */
  anyWork(): boolean {
    for (const slot of this.#slotsToLookAt(registryVersion(this.#arena))) {
      const word = loadState(this.#arena, slot);
      if (isState(word, 'leaving')) return true;
      if (isState(word, 'active') && new ThreadDrainState(this.#arena, slot).hasWork) return true;
    }
    return false;
  }

  /** Every thread that holds a slot now; those that no iteration has met yet are looked at, not tracked. */
  present(): ThreadDrainState[] {
    const present: ThreadDrainState[] = [];
    for (const [slot, tracked] of this.tracked.entries()) {
      const word = loadState(this.#arena, slot);
      if (!isState(word, 'active') && !isState(word, 'leaving')) continue;
      present.push(tracked?.generation === generationOf(word) ? tracked : new ThreadDrainState(this.#arena, slot));
    }
    return present;
  }

  report(event: ThreadEvent['event'], { threadId, slot, generation }: ThreadDrainState, heldNs?: number): void {
    try {
      this.#tell({ event, threadId, slot, generation, ...(heldNs !== undefined && { heldNs }) });
    } catch {
      // An observer that fails costs nobody an event: the turn goes on.
    }
  }
}
