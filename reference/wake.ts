/**
 * Sleeping and waking. The drain announces that it sleeps, looks once more, then waits; a producer publishes,
 * then looks for a sleeper. Both orders are store-then-load, and sequentially consistent: either the drain sees the event,
 * or the producer sees the sleeper. The wait is bounded all the same, so that a producer that cannot wake us
 * (a native thread) costs latency, never an event.
 */
import { HEADER } from '../spec/layout.js';
import type { Arena } from './arena.js';

/** Called by producers after each publication. */
export function wakeDrain(arena: Arena): void {
  const sleeping = arena.header(HEADER.sleeping);
  // Pairs with the store of 1 in sleep(); the swap lets only one of many producers wake the drain.
  if (Atomics.load(arena.words, sleeping) !== 1 || Atomics.compareExchange(arena.words, sleeping, 1, 0) !== 1) return;
  const sequence = arena.header(HEADER.wakeSequence);
  Atomics.add(arena.words, sequence, 1);
  Atomics.notify(arena.words, sequence);
}

/** Longest wait, ms. Atomics.wait() takes what is no number for "without end". */
const LONGEST_MS = 2 ** 32 - 1;

/**
 * Sleeps until a producer wakes us, `hasWork` is true, or `timeoutMs` are over (what is not above 0 does not wait).
 * @returns why it ended
 */
export function sleep(arena: Arena, timeoutMs: number, hasWork: () => boolean): 'work' | 'woken' | 'timeout' {
  const sleeping = arena.header(HEADER.sleeping);
  const sequence = arena.header(HEADER.wakeSequence);
  // Pairs with the load in wakeDrain(): whoever publishes from now on sees a sleeper.
  Atomics.store(arena.words, sleeping, 1);
  const seen = Atomics.load(arena.words, sequence);
  let why: 'work' | 'woken' | 'timeout' = 'work';
  if (!hasWork()) {
    const longest = timeoutMs > 0 ? Math.min(timeoutMs, LONGEST_MS) : 0;
    // Pairs with the add and notify in wakeDrain(): 'not-equal' is a wake-up that came before we slept.
    why = Atomics.wait(arena.words, sequence, seen, longest) === 'timed-out' ? 'timeout' : 'woken';
  }
  Atomics.store(arena.words, sleeping, 0);
  return why;
}

const cell = new Int32Array(new SharedArrayBuffer(4));

/** Blocks the calling thread for some ms. */
export function pauseMs(ms: number): void {
  Atomics.wait(cell, 0, 0, ms);
}
