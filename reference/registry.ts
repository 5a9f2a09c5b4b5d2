/** The registry as producers see it: claims a slot, from any thread. */
import { DEFAULT_PRIORITY, DEFAULT_WEIGHT, checkPriority, checkWeight } from '../spec/config.js';
import type { ThreadRegistry } from '../spec/contract.js';
import { DrainError } from '../spec/errors.js';
import { SLOT } from '../spec/layout.js';
import type { Arena } from './arena.js';
import { noteChange } from './ready-bits.js';
import { generationOf, isState, isStopping, loadState, nextGeneration, stateWord, swapState } from './slot-state.js';
import { ReferenceThreadHandle } from './thread-handle.js';
import { Windows } from './window.js';

export class ReferenceRegistry implements ThreadRegistry {
  readonly #arena: Arena;

  constructor(arena: Arena) {
    this.#arena = arena;
  }

  register({
    threadId,
    weight = DEFAULT_WEIGHT,
    priority = DEFAULT_PRIORITY,
  }: {
    readonly threadId: number;
    readonly weight?: number;
    readonly priority?: number;
  }): ReferenceThreadHandle {
    const arena = this.#arena;
    if (isStopping(arena)) throw new DrainError('STOPPED', `thread ${threadId} registers with a stopped drain`);
    checkWeight(weight);
    checkPriority(priority);
    if (!Number.isInteger(threadId) || threadId < 0 || threadId > 0xffff_ffff) {
      throw new DrainError('INVALID_ARGUMENT', `the thread id is ${threadId}`);
    }
    const { slot, generation } = this.#claim(threadId);
    this.#reset(slot, threadId, weight, priority);
    // Pairs with the drain's load of the state in discover(): publishes everything that was reset.
    swapState(arena, slot, generation, 'claimed', 'active');
    noteChange(arena, slot);
    if (isStopping(arena)) {
      // stop() may have looked at this slot before it was active: whoever swaps, the drain frees it
      swapState(arena, slot, generation, 'active', 'leaving');
      noteChange(arena, slot);
      throw new DrainError('STOPPED', `thread ${threadId} registers with a stopped drain`);
    }
    return new ReferenceThreadHandle(arena, slot, generation, threadId);
  }

  #claim(threadId: number): { slot: number; generation: number } {
    const { words, config } = this.#arena;
    for (let slot = 0; slot < config.slots; slot += 1) {
      const word = loadState(this.#arena, slot);
      if (!isState(word, 'free')) continue;
      const generation = nextGeneration(generationOf(word));
      const claimed = stateWord(generation, 'claimed');
      // Two registering threads swap the same word: one wins, the other goes on.
      if (Atomics.compareExchange(words, this.#arena.slot(slot, SLOT.state), word, claimed) === word)
        return { slot, generation };
    }
    throw new DrainError('REGISTRY_FULL', `thread ${threadId} finds all ${config.slots} slots taken`);
  }

  /** The slot is CLAIMED: nobody else touches it. */
  #reset(slot: number, threadId: number, weight: number, priority: number): void {
    const arena = this.#arena;
    const { initialCursor } = arena.config;
    const put = (field: number, value: number): void =>
      void Atomics.store(arena.words, arena.slot(slot, field), value | 0);
    put(SLOT.threadId, threadId);
    put(SLOT.weight, weight);
    put(SLOT.priority, priority);
    for (const cursor of [SLOT.indexTail, SLOT.indexHead, SLOT.detailTail, SLOT.nextWindow]) put(cursor, initialCursor);
    for (const zero of [SLOT.postRollLeft, SLOT.indexRejected, SLOT.detailRejected, SLOT.detailEvicted, SLOT.queue])
      put(zero, 0);
    Atomics.store(arena.longs, arena.slot(slot, SLOT.indexClose) / 2, 0n);
    Atomics.store(arena.longs, arena.slot(slot, SLOT.detailClose) / 2, 0n);
    new Windows(arena, slot).reset();
  }
}
